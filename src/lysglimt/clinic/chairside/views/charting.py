"""Observations, the pump, events: recorded, corrected, struck out."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from lysglimt.clinic.chairside import actions, already
from lysglimt.clinic.chairside.forms.charting import (
    EventForm,
    PauseReasonForm,
    PumpForm,
    StrikeForm,
)
from lysglimt.clinic.chairside.forms.timing import Days, TimedForm, ask_when, days_of
from lysglimt.clinic.chairside.forms.vitals import CorrectionForm, VitalsForm
from lysglimt.clinic.chairside.in_words import in_words
from lysglimt.clinic.chairside.models import (
    ChairEvent,
    ChairEventKind,
    PumpEvent,
    Session,
    VitalSet,
)
from lysglimt.clinic.chairside.models.vitals import SessionPhase
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.chairside.showing import at_clock
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.facts import LATE_AFTER_MINUTES, Contradicted
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.errors import ClinicalError

from .checks import strike_check
from .ordering import about, doctors_of
from .readings import stored_row, unusual
from .session import chair_page

page_and_form = require_http_methods(["GET", "POST"])
NO_FIELD = "__all__"
REASON_SAID = "pause.reason-said"
"""Why a pause was corrected: each reads it in their own language."""


@require_POST
@allowed("vitals.record", of=Session)
def record_vitals(request: SignedInRequest, session: Session) -> HttpResponse:
    if "call_a_doctor" in request.POST:
        return call_a_doctor(request, session)
    form, now = VitalsForm(request.POST, auto_id="vitals_%s"), timezone.now()
    asked_when(form, session, at=now)
    if stored_row(request, session, form, now=now):
        return redirect("session", pk=session.pk)
    return chair_page(request, session, status=422, vitals=form)


def asked_when(form: TimedForm, session: Session, *, at: datetime) -> None:
    ask_when([form], days=days_of(session, at=at), at=at, left=left_at(session))


def left_at(session: Session) -> datetime | None:
    """Of a session as `allowed` finds it."""
    at: datetime | None = vars(session)["left_at"]
    return at


def call_a_doctor(request: SignedInRequest, session: Session) -> HttpResponse:
    """To a danger sign that stands and for which nobody was called; a row that is typed stays."""
    if actions.call_while_it_stands(session=session, by=request.user, at=timezone.now()):
        messages.success(request, gettext("A task asks for a doctor now."))
    return row_kept(request, session, row_begun(request.POST))


def row_kept(
    request: SignedInRequest, session: Session, row: dict[str, VitalsForm]
) -> HttpResponse:
    if row:
        messages.warning(request, gettext("The observation you began is not saved yet."))
        return chair_page(request, session, status=200, **row)
    return redirect("session", pk=session.pk)


@page_and_form
@allowed("vitals.correct", of=VitalSet)
def correct_vitals(request: SignedInRequest, row: VitalSet) -> HttpResponse:
    now = timezone.now()
    days = days_of(row.session, at=now)
    form = CorrectionForm(typed(request), row=row, days=days, at=now)
    if request.method == "POST" and form.is_valid() and accepted(request, form, row, now=now):
        return redirect("session", pk=row.session_id)
    struck = row.revised(withdrawn=True)
    return about(
        request,
        row.session,
        form,
        template="correct",
        heading=gettext("Correct the observation"),
        refusal=refusal_read(request, struck) if request.method == "GET" else "",
        **meanwhile(row, form),
    )


def meanwhile(row: VitalSet, form: CorrectionForm) -> dict[str, object]:
    """Another has corrected it: what stands now beside what was typed, which is kept in the form."""
    newest = row.session.vital_sets.history(row.entry).select_related("by").last()
    if not form.is_bound or newest is None or newest.pk == row.pk:
        return {}
    typed_now = (
        row.revised(**form.changed_columns()) if not form.errors.keys() - {NO_FIELD} else row
    )
    stands, mine = dict(in_words(newest)), dict(in_words(typed_now))
    lines = [(label, stands.get(label, "–"), mine.get(label, "–")) for label in stands | mine]
    return {"newest": newest, "beside": lines}


def refusal_read(request: SignedInRequest, struck: VitalSet) -> str:
    """That a doctor takes red out of the chart, and what others do, before anything is typed."""
    try:
        actions.refuse_red_lost(struck.session, struck, by=request.user, at=timezone.now())
    except actions.RedLost as refusal:
        return sentence(refusal)
    return ""


def accepted(
    request: SignedInRequest, form: CorrectionForm, row: VitalSet, *, now: datetime
) -> bool:
    said = form.cleaned_data
    if not said["withdrawn"] and unusual(form):
        return False
    changed: dict[str, Any] = {} if said["withdrawn"] else form.changed_columns()
    if "happened_at" in changed:
        # Measured at another time, it may be of another phase.
        changed["phase"] = sheet_of(row.session, now=now).phase(changed["happened_at"]).value
    try:
        actions.correct(
            fact=row,
            by=request.user,
            at=now,
            reason=said["reason"],
            withdrawn=said["withdrawn"],
            **changed,
        )
    except ClinicalError as refusal:
        form.add_error(None, sentence(refusal))
        return False
    return True


@require_POST
@allowed("pump.record", of=Session)
def record_pump(request: SignedInRequest, session: Session) -> HttpResponse:
    said = said_at_once(request.POST) or request.POST
    form, now = PumpForm(said, auto_id="pump_%s", doctors=doctors_of(session)), timezone.now()
    form.of_session(days_of(session, at=now), at=now)
    row = {} if said is request.POST else row_begun(request.POST)
    if not form.is_valid():
        return chair_page(request, session, status=422, pump=form, **row)
    act, at = form.cleaned_data["act"], form.happened_at(now)
    done = pump_recorded(request, session, form)
    if done is None and (known := already.done(session, act, at=at)):
        messages.info(request, already.told(known))
        return row_kept(request, session, row)
    if done is None:
        return chair_page(request, session, status=422, pump=form, **row)
    told = told_after(form, done, begun=bool(row))
    for words in told:
        messages.warning(request, words)
    if told:
        # Shown at once: what was typed is not kept for another page.
        return chair_page(request, session, status=200, **row)
    return redirect("session", pk=session.pk)


def told_after(form: PumpForm, done: PumpEvent, *, begun: bool) -> list[str]:
    """What was typed beside the act and is not stored with it."""
    told = [gettext("The observation you began is not saved yet.")] if begun else []
    why = form.cleaned_data["happened_because"]
    if done.act == PumpAct.START and why and not done.comment:
        words = gettext(
            "The start check lets the start through: the reason was not needed and is not kept: “%(why)s”"
        )
        told.append(words % {"why": why})
    return told


def said_at_once(posted: QueryDict) -> QueryDict | None:
    """Of a button that sends the row of readings along: it is done now, whatever time that has."""
    act, _, entry = posted.get("at_once", "").partition(" ")
    if not act:
        return None
    said = QueryDict(mutable=True)
    said.update({"act": act, "entry": entry, "ago": "0"})
    return said


def row_begun(posted: QueryDict) -> dict[str, VitalsForm]:
    """The row as it was typed, to be shown again; nothing of an empty one."""
    row = VitalsForm(posted, auto_id="vitals_%s")
    return {"vitals": row} if row.begun else {}


def pump_recorded(
    request: SignedInRequest, session: Session, form: PumpForm
) -> PumpEvent | None:
    """The act as it was stored; None where something is asked or it was refused."""
    now = timezone.now()
    try:
        order = session.orders.in_force().first()
        pumped = form.pumped(start_rate=order.rate_ml_h if order else None)
        then = form.happened_at(now)
        if form.ask_who_decided(actions.speaks_against(session, pumped, at=then)):
            return None
        if form.ask_whether_stopped(measured_after(session, pumped, stop=then)):
            return None
        return actions.record_pump(
            session=session,
            pumped=pumped,
            entered=form.entered(PumpEvent, at=now),
            by=request.user,
            at=now,
        )
    except Contradicted:
        raise
    except ClinicalError as refusal:
        form.add_error(None, sentence(refusal))
        return None


def measured_after(
    session: Session, pumped: actions.Pumped, *, stop: datetime
) -> datetime | None:
    """The last set of the infusion well after this stop of it; a few minutes are charting late."""
    if pumped.act is not PumpAct.STOP:
        return None
    sets = session.vital_sets.in_force().filter(phase=SessionPhase.INFUSION)
    late = stop + timedelta(minutes=LATE_AFTER_MINUTES)
    times = sets.filter(happened_at__gt=late).order_by("-happened_at")
    last: datetime | None = times.values_list("happened_at", flat=True).first()
    return last


@page_and_form
@allowed("pump.reason", of=PumpEvent)
def say_why_paused(request: SignedInRequest, row: PumpEvent) -> HttpResponse:
    """The pause was recorded first; now its reason. Of another act there is none to give."""
    if row.act != PumpAct.PAUSE:
        return redirect("session", pk=row.session_id)
    form = PauseReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        actions.correct(
            fact=row,
            by=request.user,
            at=timezone.now(),
            reason=REASON_SAID,
            pause_reason=form.cleaned_data["pause_reason"],
        )
        return redirect("session", pk=row.session_id)
    heading = gettext("Why was the infusion paused?")
    return about(request, row.session, form, template="form", heading=heading)


@require_POST
@allowed("event.record", of=Session)
def record_event(request: SignedInRequest, session: Session) -> HttpResponse:
    if "intent_said" in request.POST:
        return intent_said(request, session)
    form, now = EventForm(request.POST, auto_id="event_%s"), timezone.now()
    asked_when(form, session, at=now)
    if not form.is_valid():
        return chair_page(request, session, status=422, event=form)
    actions.record_event(
        session=session,
        happened=form.happened(),
        entered=form.entered(ChairEvent, at=now),
        by=request.user,
        at=now,
    )
    return redirect("session", pk=session.pk)


def intent_said(request: SignedInRequest, session: Session) -> HttpResponse:
    """One tap: stored at the time that is typed in the row, and whatever else is typed there stays."""
    now = timezone.now()
    days = days_of(session, at=now)
    form = tapped(request.POST, days, at=now)
    entered = form.entered(ChairEvent, at=now)
    if on_day(entered.happened_at) < session.planned_on:
        entered = replace(entered, happened_at=now)
    actions.record_event(
        session=session,
        happened=actions.Happened(kind=ChairEventKind.NEW_INTENT),
        entered=entered,
        by=request.user,
        at=now,
    )
    messages.success(request, gettext("A task asks for a doctor now."))
    if days.over(now) and not form.of_another_day:
        words = gettext(
            "It stands at %(at)s today, for no time was typed. Was it another day? Chart it once more with its time, and say so to the doctor."
        )
        messages.warning(request, words % {"at": at_clock(entered.happened_at)})
    return row_kept(request, session, row_begun(request.POST))


WHEN = ("ago", "day", "clock")


def tapped(posted: QueryDict, days: Days, *, at: datetime) -> TimedForm:
    """Its time, or now where that is not to be read; without an id of its own it is told anew."""
    entry = posted.get("intent_said") or str(uuid4())
    when = {"ago": "0"} | {name: posted[name] for name in WHEN if name in posted}
    form = TimedForm({"entry": entry, **when})
    form.of_session(days, at=at)
    if form.is_valid():
        return form
    now = TimedForm({"entry": entry, "ago": "0"})
    return now if now.is_valid() else tapped(QueryDict(), days, at=at)


@page_and_form
@allowed("pump.strike", of=PumpEvent)
def strike_pump(request: SignedInRequest, row: PumpEvent) -> HttpResponse:
    return strike(request, row)


@page_and_form
@allowed("event.strike", of=ChairEvent)
def strike_event(request: SignedInRequest, row: ChairEvent) -> HttpResponse:
    if row.kind == ChairEventKind.CHECK_PENDING:
        return strike_check(request, row)
    return strike(request, row)


def strike(request: SignedInRequest, row: PumpEvent | ChairEvent) -> HttpResponse:
    """Tapped by mistake: it stays, struck through."""
    form = StrikeForm(typed(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.strike(fact=row, by=request.user, at=timezone.now(), reason=reason)
        except ClinicalError as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, gettext("Struck out. It stays, struck through."))
            return redirect("session", pk=row.session_id)
    start = isinstance(row, PumpEvent) and row.act == PumpAct.START
    words = gettext(
        "A start is struck out if the pump has not run. If it runs, or has run, record Stop instead."
    )
    return about(
        request,
        row.session,
        form,
        template="form",
        heading=gettext("Strike out"),
        refusal=words if start else "",
    )
