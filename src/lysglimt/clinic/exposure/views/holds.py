"""What holds the treatment: lifted by a doctor, or stopped for good; and all patients of the unit."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.exposure import actions
from lysglimt.clinic.exposure.beside import over_months_of
from lysglimt.clinic.exposure.forms.checks import HoldForm, LiftForm, StopForm
from lysglimt.clinic.exposure.listed import over_months_in_unit
from lysglimt.clinic.exposure.models import SafetyStop
from lysglimt.clinic.people.access import PatientPage, SignedInRequest, allowed, typed
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.pages import about
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.people.standing import shut_out
from lysglimt.clinic.referral.findings import finding_as_read
from lysglimt.clinic.treatment.models import Course
from lysglimt.knowledge.errors import ClinicalError

from .patients import entered, form_page

page_and_form = require_http_methods(["GET", "POST"])


@page_and_form
@allowed("hold.lift", of=Patient)
def lift(request: SignedInRequest, patient: Patient) -> HttpResponse:
    """What stands there is what is answered for; what has come since is read first."""
    journal = request.user.unit.journal_mode
    holds = () if journal else over_months_of(patient).waits
    form = LiftForm(typed(request), holds=holds, doctors=other_doctors(request.user))
    if request.method == "POST" and form.is_valid() and vouched(request, form):
        try:
            actions.lift_hold(patient=patient, lifted=form.lifted(), **entered(request, form))
        except ClinicalError as refusal:
            form.add_error(None, sentence(refusal))
            form.read_anew()
        else:
            messages.success(request, gettext("The hold is lifted, and signed by you."))
            return redirect("patient.over-months", pk=patient.pk)
    return about(request, patient, "exposure/lift.html", form=form, holds=holds)


def other_doctors(by: Professional) -> list[Professional]:
    """Of the unit, who can be the second."""
    found = Professional.objects.filter(unit=by.unit, role__in=DOCTORS, is_active=True)
    return list(found.exclude(pk=by.pk).order_by("display_name"))


def vouched(request: SignedInRequest, form: LiftForm) -> bool:
    """The password is asked last: a guess costs as much as at the door."""
    return not form.takes_two or form.is_vouched_for(request)


@page_and_form
@allowed("hold.set", of=Patient)
def set_hold(request: SignedInRequest, patient: Patient) -> HttpResponse:
    """A doctor's own hold, by no result. In journal mode nothing is held."""
    form = HoldForm(typed(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data["told"]
        actions.set_hold(patient=patient, told=told, **entered(request, form))
        messages.success(request, gettext("The treatment is on hold, and signed by you."))
        return redirect("patient.over-months", pk=patient.pk)
    heading = gettext("Put the treatment on hold")
    return form_page(request, patient, form, heading=heading)


@page_and_form
@allowed("safety-stop.decide", of=Course)
def stop(request: SignedInRequest, course: Course) -> HttpResponse:
    """In journal mode nothing is found; what the doctor decides is recorded all the same."""
    form, patient = StopForm(typed(request), by=request.user), course.patient
    journal = request.user.unit.journal_mode
    found = () if journal else tuple(one.told for one in over_months_of(patient).holds)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.stop_for_safety(
                course=course, stopped=form.stopped(found), **entered(request, form)
            )
        except ClinicalError as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, gettext("The treatment is stopped, and signed by you."))
            return redirect("safety-stop", pk=made.pk)
    return about(
        request, patient, "exposure/stop.html", form=form, findings=found, course=course
    )


@require_GET
@allowed("safety-stop", of=SafetyStop)
def stopped(request: SignedInRequest, safety_stop: SafetyStop) -> HttpResponse:
    return about(
        request,
        safety_stop.course.patient,
        "exposure/stopped.html",
        stop=safety_stop,
        findings=[finding_as_read(one) for one in safety_stop.findings],
        may_print=request.may("print.safety-stop"),
    )


@require_GET
@allowed("over-months")
def unit(request: SignedInRequest) -> HttpResponse:
    """Held first, then those who lack most. In journal mode nobody is held, and nothing is due."""
    here, on = request.user.unit, timezone.localdate()
    closed = shut_out(request.user, at=timezone.now())
    found = [] if here.journal_mode else over_months_in_unit(here.pk, on=on, but=closed)
    listed = {
        "held": [one for one in found if one.holds or one.questions],
        "late": [one for one in found if one.overdue and one.treated],
        "after": [one for one in found if one.overdue and not one.treated],
    }
    context: dict[str, object] = {**listed, "journal": here.journal_mode}
    shown = dict.fromkeys(one.card.id for rows in listed.values() for one in rows)
    return PatientPage(request, "exposure/unit.html", context, patients=shown)
