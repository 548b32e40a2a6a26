"""The unit's signed statement of intended purpose."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lysglimt.clinic.people import actions
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.forms import StatementForm
from lysglimt.clinic.people.models import DecisionSupportStatement


@require_http_methods(["GET", "POST"])
@allowed("unit.statement")
def statement(request: SignedInRequest) -> HttpResponse:
    unit = request.user.unit
    form = StatementForm(typed(request))
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        actions.state_purpose(unit=unit, on=on, by=request.user, at=timezone.now())
        messages.success(request, gettext("Signed."))
        return redirect("unit.statement")
    said = DecisionSupportStatement.objects.in_force().in_unit(unit.pk).select_related("by")
    context = {
        "form": form,
        "said": list(said),
        "journal_mode": unit.journal_mode,
        "unit": unit,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "people/statement.html", context, status=status)
