"""A task for a patient's safety: answered, or told of a doctor who has seen to it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest, allowed, patient_page, typed
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.people.signing import NotADoctor
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.chair import (
    OF_THE_BODY_OR_THE_PUMP,
    AtTheChair,
    Question,
    at_the_chair,
    question,
)
from lysglimt.clinic.treatment.forms.tasks import AcknowledgeForm, NextContactForm, ReportForm
from lysglimt.clinic.treatment.gone import gone
from lysglimt.clinic.treatment.models import (
    ReportedAssessment,
    SafetyTask,
    TaskAcknowledgement,
)
from lysglimt.clinic.treatment.templatetags.treatment import doctor_now, for_a_doctor
from lysglimt.clinic.treatment.told import no_of, noes_on
from lysglimt.knowledge.errors import ClinicalError

page_and_form = require_http_methods(["GET", "POST"])

TASK = gettext_lazy("Safety task")
ANEW = gettext_lazy("Answer anew: may the patient be treated today?")
SEEN = gettext_lazy("A doctor has seen the patient")


@page_and_form
@allowed("task.acknowledge", of=SafetyTask)
def acknowledge(request: SignedInRequest, safety_task: SafetyTask) -> HttpResponse:
    """What asks for a doctor a doctor answers; another tells which doctor did."""
    theirs = not for_a_doctor(safety_task) or request.user.role in DOCTORS
    if request.method == "GET" and not theirs:
        return redirect("task.report", pk=safety_task.pk)
    chair = chair_of(request, safety_task)
    asked = question(safety_task, chair)
    before = own_answer(safety_task, by=request.user) if asked is Question.TREAT_TODAY else None
    form = AcknowledgeForm(typed(request), asked=asked)
    if request.method == "POST" and form.is_valid():
        try:
            answer(form, safety_task, before=before, by=request.user)
        except actions.Acknowledged as refusal:
            form.add_error(None, taken(refusal))
        except NotADoctor:
            form.add_error(
                None,
                gettext(
                    "The task asks for a doctor. A doctor who has seen the patient writes "
                    "what was done."
                ),
            )
        else:
            messages.success(request, gettext("The task is done."))
            return to_the_chair(safety_task, chair)
    heading = ANEW if before else TASK
    return task_page(request, safety_task, form, heading=heading, chair=chair)


def own_answer(safety_task: SafetyTask, *, by: Professional) -> TaskAcknowledgement | None:
    """The reader's own no of today: answered anew, it stands no more."""
    own = noes_on(timezone.localdate()).filter(task=safety_task, by=by)
    return own.select_related("task").first()


def answer(
    form: AcknowledgeForm,
    safety_task: SafetyTask,
    *,
    before: TaskAcknowledgement | None,
    by: Professional,
) -> None:
    said = form.in_words(form.cleaned_data["action_taken"])
    treat, now = form.may_be_treated(), timezone.now()
    if before is None:
        actions.acknowledge_task(
            safety_task=safety_task,
            action_taken=said,
            treat_today=treat,
            next_contact_on=form.cleaned_data["next_contact_on"],
            by=by,
            at=now,
        )
    else:
        actions.answer_anew(
            before=before, action_taken=said, treat_today=bool(treat), by=by, at=now
        )


def chair_of(request: SignedInRequest, safety_task: SafetyTask) -> AtTheChair | None:
    """Of what asks for a doctor now, to whom opens the page of the session."""
    if not (doctor_now(safety_task) and request.may("session")):
        return None
    return at_the_chair(safety_task, by=request.user, at=timezone.now())


def to_the_chair(safety_task: SafetyTask, chair: AtTheChair | None) -> HttpResponse:
    """Where the patient is: at the chair while the session is under way."""
    if chair is not None and chair.under_way:
        return redirect("session", pk=chair.session)
    return redirect("patient", pk=safety_task.patient_id)


@page_and_form
@allowed("task.report", of=SafetyTask)
def report(request: SignedInRequest, safety_task: SafetyTask) -> HttpResponse:
    if not for_a_doctor(safety_task):
        return redirect("task.acknowledge", pk=safety_task.pk)
    chair = chair_of(request, safety_task)
    form = ReportForm(
        typed(request),
        asked=question(safety_task, chair),
        doctors=doctors_of(safety_task),
    )
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            actions.report_assessment(
                safety_task=safety_task,
                told=form.told(),
                entered=form.entered(now),
                by=request.user,
                at=now,
            )
        except actions.Acknowledged as refusal:
            form.add_error(None, taken(refusal))
        except ClinicalError as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request,
                gettext("It is written down. The task is open until the doctor confirms it."),
            )
            return to_the_chair(safety_task, chair)
    return task_page(request, safety_task, form, heading=SEEN, chair=chair)


@require_POST
@allowed("task.confirm", of=ReportedAssessment)
def confirm(request: SignedInRequest, report: ReportedAssessment) -> HttpResponse:
    """One tap where it is read; what can no longer be confirmed is told, and read anew."""
    form = NextContactForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["next_contact_on"])))
        return redirect("task.acknowledge", pk=report.task_id)
    try:
        actions.confirm_assessment(
            report=report,
            next_contact_on=form.cleaned_data["next_contact_on"],
            by=request.user,
            at=timezone.now(),
        )
    except actions.Acknowledged as refusal:
        messages.error(request, taken(refusal))
    except ClinicalError as refusal:
        messages.error(request, sentence(refusal))
        return redirect("task.acknowledge", pk=report.task_id)
    else:
        messages.success(request, gettext("Your assessment is confirmed. The task is done."))
    return redirect("today")


def taken(refusal: ClinicalError) -> str:
    return gettext("%(who)s has written what was done already.") % {"who": refusal.facts["by"]}


def doctors_of(safety_task: SafetyTask) -> list[Professional]:
    """Of the unit that the task belongs to, who may have seen the patient."""
    found = Professional.objects.filter(
        unit=safety_task.unit_id, role__in=DOCTORS, is_active=True
    )
    return list(found.order_by("display_name", "username"))


def task_page(
    request: SignedInRequest,
    safety_task: SafetyTask,
    form: forms.Form,
    *,
    heading: Promise,
    chair: AtTheChair | None,
) -> HttpResponse:
    return patient_page(
        request,
        safety_task.patient.card(),
        "treatment/task.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        title=heading,
        chair=chair,
        task=safety_task,
        gone=gone(safety_task, request.user, timezone.now())
        if doctor_now(safety_task) and not (chair and chair.under_way)
        else None,
        told=safety_task.reports.in_force().newest_first().first(),
        may_report=request.may("task.report") and for_a_doctor(safety_task),
        no_today=no_of(safety_task.patient_id, on=timezone.localdate())
        if question(safety_task, chair) is Question.TREAT_TODAY
        else None,
        may_read_plan=request.may("rating"),
        may_plan=request.may("asking.patient") and of_suicide(safety_task),
        day_agreed=NextContactForm(auto_id="id_confirm_%s"),
    )


def of_suicide(safety_task: SafetyTask) -> bool:
    """Not what asks for a doctor for the body, or for the pump."""
    return safety_task.rule not in OF_THE_BODY_OR_THE_PUMP
