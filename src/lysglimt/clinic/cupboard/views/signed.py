"""What every page of the cupboard does with a form: parse, ask the other's password last, write, answer."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lysglimt.clinic.chairside.forms.timing import EntryForm
from lysglimt.clinic.cupboard.models import LedgerEntry
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest
from lysglimt.clinic.people.facts import Contradicted, Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.permissions import KEEPING
from lysglimt.clinic.people.second_person import SecondPerson
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.safety.reporting import Duty, ReportTrigger, duties

page_and_form = require_http_methods(["GET", "POST"])
Write = Callable[[Entered, datetime], object]
FIELDS = {
    "witness": "checked_by",
    "value": "pieces",
    "piece": "piece_mg",
    "given": "given_mg",
    "residue": "residue_mg",
}
"""What a refusal is about, where the form calls it otherwise."""


def witnesses(by: Professional) -> list[Professional]:
    """Of the unit, who can be the second person."""
    found = Professional.objects.filter(unit=by.unit, role__in=KEEPING, is_active=True)
    return list(found.exclude(pk=by.pk).order_by("display_name"))


def done(request: SignedInRequest, form: Form, write: Write, *, told: str = "") -> bool:
    """Stored; else the form says why not. The password is asked last: a guess costs as much as at the door."""
    if request.method != "POST" or not form.is_valid() or not vouched(request, form):
        return False
    now = timezone.now()
    entered = (
        form.entered(LedgerEntry, at=now)
        if isinstance(form, EntryForm)
        else Entered(happened_at=now, entered_at=now)
    )
    try:
        write(entered, now)
    except Contradicted:
        raise
    except ClinicalError as refusal:
        said = str(refusal.facts.get("field", ""))
        field = FIELDS.get(said, said)
        form.add_error(field if field in form.fields else None, sentence(refusal))
        return False
    if told:
        messages.success(request, told)
    return True


def vouched(request: SignedInRequest, form: Form) -> bool:
    if not isinstance(form, SecondPerson) or not form.cleaned_data.get("checked_by"):
        return True
    return form.is_vouched_for(request)


def asked(
    request: SignedInRequest, form: Form, *, heading: str, back: str, **more: object
) -> HttpResponse:
    """The page of a form about nobody in particular; 422 when it was refused."""
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "heading": heading, "back": back, **more}
    return render(request, "cupboard/form.html", context, status=status)


def to_ledger(pk: object) -> HttpResponse:
    return redirect("ledger", pk=pk)


def missing_duties() -> list[Duty]:
    """To whom it is told that a drug is missing."""
    return [one for one in duties() if ReportTrigger.MEDICINE_MISSING in one.triggers]
