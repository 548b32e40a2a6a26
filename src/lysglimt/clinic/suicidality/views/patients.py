"""Whom is to be asked, and one patient: when next, what was tried, the safety plan."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import PatientPage, SignedInRequest, allowed, typed
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.forms import ReasonForm
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.pages import about
from lysglimt.clinic.people.standing import shut_out
from lysglimt.clinic.suicidality import actions
from lysglimt.clinic.suicidality.forms import NoteForm, PlanForm
from lysglimt.clinic.suicidality.models import AskingNote, CrisisText, SafetyPlan
from lysglimt.clinic.suicidality.schedule import (
    SCREENER,
    Asking,
    asking_of,
    asking_of_waiting,
    askings,
    by_patient,
    recent,
    standings_to_ask,
    waiting_to_ask,
)
from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.safety.asking import AskingEnd

page_and_form = require_http_methods(["GET", "POST"])


@require_GET
@allowed("asking")
def asking(request: SignedInRequest) -> HttpResponse:
    """Late first; then who is to be asked within a week. Who is further off is counted."""
    unit, now, on = request.user.unit, timezone.now(), timezone.localdate()
    closed = shut_out(request.user, at=now)
    listed = waiting_to_ask(unit, on=on, but=closed)
    rows = standings_to_ask(on).filter(recent(on), course__unit=unit)
    found = askings(
        rows.exclude(patient__in=closed), on=on, judged=not unit.journal_mode, listed=listed
    )
    late = [one for one in found if one.late_since]
    soon = [one for one in found if one.soon and not one.late_since]
    said = [one for one in found if one.plan.end is AskingEnd.SAID]
    context = {
        "late": late,
        "soon": soon,
        "further": sum(one.next is not None and not one.soon for one in found),
        "ended": sum(one.next is None for one in found) - len(said),
        "said": said,
        "journal": unit.journal_mode,
        "screener": SCREENER,
        **offered(request),
    }
    whom = dict.fromkeys(one.card.id for one in (*late, *soon, *said))
    return PatientPage(request, "suicidality/asking.html", context, patients=whom)


def offered(request: SignedInRequest) -> dict[str, object]:
    return {
        "may_rate": request.may("rating.record"),
        "may_note": request.may("asking.note"),
        "may_plan": request.may("safety-plan.write"),
        "may_contact": request.may("waiting.contacted"),
        "may_rota": request.may("rota"),
    }


@require_GET
@allowed("asking.patient", of=Patient)
def of_patient(request: SignedInRequest, patient: Patient) -> HttpResponse:
    rows = SafetyPlan.objects.filter(patient=patient).select_related("by")
    plans = list(rows.order_by("-revision"))
    plan = next((one for one in plans[:1] if not one.withdrawn), None)
    notes = AskingNote.objects.in_force().filter(patient=patient).select_related("by")
    tasks = SafetyTask.objects.with_answers().filter(patient=patient).with_additions()
    return about(
        request,
        patient,
        "suicidality/patient.html",
        asking=asking_for(request, patient),
        safety_plan=plan,
        earlier=plans[1:] if plan else plans,
        notes=list(notes.order_by("-happened_at", "-pk")),
        tasks=list(tasks.order_by("-opened_at", "-pk")),
        crisis=crisis_text(request),
        journal=request.user.unit.journal_mode,
        screener=SCREENER,
        now=timezone.now(),
        may_print=request.may("print.safety-plan"),
        may_acknowledge=request.may("task.acknowledge"),
        **offered(request),
    )


def asking_for(request: SignedInRequest, patient: Patient) -> Asking | None:
    """None where the patient has neither a course nor a referral here."""
    on, unit = timezone.localdate(), request.user.unit
    waiting = by_patient(waiting_to_ask(unit, on=on)).get(patient.pk)
    row = standings_to_ask(on).filter(patient=patient).first()
    if row is not None:
        return asking_of(row, on=on, judged=not unit.journal_mode, waiting=waiting)
    return asking_of_waiting(waiting) if waiting else None


def crisis_text(request: SignedInRequest) -> str:
    """What the unit tells its patients, in the reader's language; empty where it has not said."""
    row = CrisisText.objects.in_unit(request.user.unit_id).newest_first().first()
    return row.in_language((get_language() or "nb")[:2]) if row else ""


@page_and_form
@allowed("asking.note", of=Patient)
def note(request: SignedInRequest, patient: Patient) -> HttpResponse:
    form = NoteForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.note(
            patient=patient,
            kind=form.note_kind(),
            told=form.cleaned_data["told"],
            **entered(request, form),
        )
        return redirect("asking.patient", pk=patient.pk)
    heading = gettext("Not reached, or nobody asks any more")
    return about(request, patient, "suicidality/form.html", form=form, heading=heading)


@page_and_form
@allowed("asking.strike", of=AskingNote)
def strike_note(request: SignedInRequest, asking_note: AskingNote) -> HttpResponse:
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.strike_note(
            asking_note=asking_note,
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        return struck(request, asking_note.patient)
    return strike_page(request, asking_note.patient, form, title=asking_note.told)


@page_and_form
@allowed("safety-plan.write", of=Patient)
def write_plan(request: SignedInRequest, patient: Patient) -> HttpResponse:
    """Made with the patient, who sees the screen; a change is the next revision."""
    known = SafetyPlan.objects.filter(patient=patient).order_by("-revision").first()
    form = PlanForm(typed(request), known=known)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_plan(patient=patient, words=form.words(), **entered(request, form))
        except ClinicalError as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, gettext("The safety plan is saved."))
            return redirect("asking.patient", pk=patient.pk)
    heading = gettext("Safety plan")
    return about(
        request,
        patient,
        "suicidality/form.html",
        form=form,
        heading=heading,
        crisis=crisis_text(request),
        planning=True,
    )


@page_and_form
@allowed("safety-plan.strike", of=SafetyPlan)
def strike_plan(request: SignedInRequest, safety_plan: SafetyPlan) -> HttpResponse:
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.strike_plan(
            safety_plan=safety_plan,
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        return struck(request, safety_plan.patient)
    return strike_page(request, safety_plan.patient, form, title=gettext("Safety plan"))


def struck(request: SignedInRequest, patient: Patient) -> HttpResponse:
    messages.success(request, gettext("Struck out. It stays, struck through."))
    return redirect("asking.patient", pk=patient.pk)


def strike_page(
    request: SignedInRequest, patient: Patient, form: ReasonForm, /, *, title: str
) -> HttpResponse:
    return about(request, patient, "suicidality/strike.html", form=form, title=title)


def entered(request: SignedInRequest, form: Any) -> dict[str, Any]:
    """Who, when, and under which entry, of a form that is valid."""
    now = timezone.now()
    stamp = Entered(happened_at=now, entered_at=now, entry=form.cleaned_data["entry"])
    return {"entered": stamp, "by": request.user, "at": now}
