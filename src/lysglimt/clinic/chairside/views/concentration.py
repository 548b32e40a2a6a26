"""Where a unit's doctor turns the reckoned concentration at the chair on or off."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.forms.concentration import ConcentrationForm
from lysglimt.clinic.chairside.models import ConcentrationSetting
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.science.kinetics.model import KineticModel, Route, default_for


@require_http_methods(["GET", "POST"])
@allowed("unit.concentration")
def concentration(request: SignedInRequest) -> HttpResponse:
    form = ConcentrationForm(typed(request))
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        actions.set_concentration(on=on, by=request.user, at=timezone.now())
        messages.success(request, gettext("Stored, with your name."))
        return redirect("unit.concentration")
    said = ConcentrationSetting.objects.said_in(request.user.unit).select_related("by")
    rows = list(said)
    context = {
        "model_notes": [in_words(default_for(one)) for one in Route],
        "form": form,
        "said": rows,
        "on": bool(rows and rows[0].on),
        "journal_mode": request.user.journal_mode,
        "unit": request.user.unit,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "chairside/concentration.html", context, status=status)


def in_words(model: KineticModel) -> tuple[str, list[str]]:
    """Its name, and what is to be known of it."""
    language = get_language() or "nb"
    notes = [one.in_language(language) for one in model.notes]
    return f"{model.name.in_language(language)}:", notes
