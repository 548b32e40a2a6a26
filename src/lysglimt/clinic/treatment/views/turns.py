"""What breaks into a course: a reason to stop, planned absence, a task for a patient's safety."""

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
from lysglimt.clinic.people.signing import NotADoctor
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.actions import Acknowledged
from lysglimt.clinic.treatment.forms.turns import AcknowledgeForm, EventForm, PauseForm
from lysglimt.clinic.treatment.models import Course, SafetyTask

page_and_form = require_http_methods(["GET", "POST"])

STOP = gettext_lazy("A reason to stop")
AWAY = gettext_lazy("Planned absence")
TASK = gettext_lazy("Safety task")


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


@page_and_form
@allowed("task.acknowledge", of=SafetyTask)
def acknowledge(request: SignedInRequest, safety_task: SafetyTask) -> HttpResponse:
    form = AcknowledgeForm(typed(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data["action_taken"]
        try:
            actions.acknowledge_task(
                safety_task=safety_task, action_taken=said, by=request.user, at=timezone.now()
            )
        except Acknowledged as refusal:
            form.add_error(
                None,
                gettext("%(who)s has written what was done already.")
                % {"who": refusal.facts["by"]},
            )
        except NotADoctor:
            form.add_error(
                None,
                gettext(
                    "The task asks for a doctor now. A doctor who has seen the patient writes "
                    "what was done."
                ),
            )
        else:
            messages.success(request, gettext("The task is done."))
            return redirect("patient", pk=safety_task.patient_id)
    return form_page(request, safety_task.patient, form, heading=TASK, task=safety_task)


def form_page(
    request: SignedInRequest,
    patient: Patient,
    form: forms.Form,
    *,
    heading: Promise,
    task: SafetyTask | None = None,
) -> HttpResponse:
    return patient_page(
        request,
        patient.card(),
        "treatment/turn.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        title=heading,
        task=task,
    )
