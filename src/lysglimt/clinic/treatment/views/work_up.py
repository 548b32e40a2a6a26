"""The examinations before the first session: which are missing or too old, and their results."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lysglimt.clinic.design.days import day_typed
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.forms import ReasonForm
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.pages import about
from lysglimt.clinic.referral.actions import SpeaksAgainst
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.examined import examined, planned_start
from lysglimt.clinic.treatment.forms.consent import WorkUpForm
from lysglimt.clinic.treatment.models import WorkUpResult

page_and_form = require_http_methods(["GET", "POST"])


@require_GET
@allowed("work_up", of=Patient)
def show(request: SignedInRequest, patient: Patient) -> HttpResponse:
    """For the day asked about, else the planned start, else today."""
    planned = planned_start(patient)
    asked = day_typed(request.GET.get("on", ""))
    start = asked or planned or timezone.localdate()
    return about(
        request,
        patient,
        "treatment/work_up.html",
        parts=examined(patient, start=start),
        start=start,
        planned=planned,
    )


@page_and_form
@allowed("work_up.record", of=Patient)
def record(request: SignedInRequest, patient: Patient) -> HttpResponse:
    form = WorkUpForm(typed(request), initial={"item": request.GET.get("item", "")})
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        entered = Entered(happened_at=now, entered_at=now, entry=form.cleaned_data["entry"])
        actions.record_work_up(
            patient=patient, found=form.found(), entered=entered, by=request.user, at=now
        )
        return redirect("work_up", pk=patient.pk)
    return about(request, patient, "treatment/record_work_up.html", form=form)


@page_and_form
@allowed("work_up.strike", of=WorkUpResult)
def strike(request: SignedInRequest, result: WorkUpResult) -> HttpResponse:
    form = ReasonForm(typed(request))
    patient = result.patient
    if request.method == "POST" and form.is_valid():
        try:
            actions.strike(
                fact=result,
                by=request.user,
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
        except SpeaksAgainst as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return redirect("work_up", pk=patient.pk)
    return about(request, patient, "treatment/strike_work_up.html", form=form, result=result)
