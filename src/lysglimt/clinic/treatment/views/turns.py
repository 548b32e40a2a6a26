"""What breaks into a course: a reason to stop, planned absence."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from lysglimt.clinic.people.access import SignedInRequest, allowed, patient_page, typed
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.forms.turns import EventForm, PauseForm
from lysglimt.clinic.treatment.models import Course

page_and_form = require_http_methods(["GET", "POST"])

STOP = gettext_lazy("A reason to stop")
AWAY = gettext_lazy("Planned absence")


@page_and_form
@allowed("course.event", of=Course)
def event(request: SignedInRequest, course: Course) -> HttpResponse:
    form = EventForm(typed(request), initial={"at": timezone.localtime()})
    if request.method == "POST" and form.is_valid():
        now, said = timezone.now(), form.cleaned_data
        actions.record_trigger(
            course=course,
            kind=form.trigger(),
            entered=Entered(happened_at=said["at"], entered_at=now, entry=said["entry"]),
            by=request.user,
            at=now,
            note=said["note"],
        )
        messages.success(request, gettext("It is noted."))
        return redirect("patient", pk=course.patient_id)
    return form_page(request, course.patient, form, heading=STOP)


@page_and_form
@allowed("course.pause", of=Course)
def pause(request: SignedInRequest, course: Course) -> HttpResponse:
    form = PauseForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.pause_course(
            course=course, away=form.away(), by=request.user, at=timezone.now()
        )
        messages.success(request, gettext("It is noted."))
        return redirect("patient", pk=course.patient_id)
    return form_page(request, course.patient, form, heading=AWAY)


def form_page(
    request: SignedInRequest,
    patient: Patient,
    form: forms.Form,
    *,
    heading: Promise,
) -> HttpResponse:
    return patient_page(
        request,
        patient.card(),
        "treatment/turn.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        title=heading,
    )
