"""The wordings a clinic may show, and loading a licensed one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.questionnaires import actions
from lysglimt.clinic.questionnaires.forms import WordingForm
from lysglimt.clinic.questionnaires.models import WordingPack
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.instruments.questionnaire import WordingRefused
from lysglimt.knowledge.instruments.wording import shelf


@require_http_methods(["GET", "POST"])
@allowed("wording")
def wording(request: SignedInRequest) -> HttpResponse:
    form = WordingForm(typed(request), request.FILES or None)
    if request.method == "POST" and form.is_valid() and loaded(request, form):
        messages.success(request, gettext("The wording is loaded."))
        return redirect("wording")
    packs = WordingPack.objects.in_force().filter(entity=request.user.unit.entity_id)
    context = {
        "form": form,
        "packs": [(instrument(pack.instrument), pack) for pack in packs.select_related("by")],
        "shipped": [(instrument(pack.instrument), pack) for pack in shelf()],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "questionnaires/wording.html", context, status=status)


def loaded(request: SignedInRequest, form: WordingForm) -> bool:
    """False when the file does not fit its instrument; the form says what differs."""
    said = form.cleaned_data
    try:
        actions.load_pack(
            entity=request.user.unit.entity,
            loaded=actions.Loaded(
                instrument=said["instrument"], language=said["language"], text=said["file"]
            ),
            by=request.user,
            at=timezone.now(),
        )
    except WordingRefused as refusal:
        form.refuse(refusal)
        return False
    return True
