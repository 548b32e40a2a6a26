"""The session at the chair: one page on which everything is charted."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import uuid4

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.after import totals_now
from lysglimt.clinic.chairside.before import weighing_findings
from lysglimt.clinic.chairside.charted import happenings, lines
from lysglimt.clinic.chairside.checked import double_checked, late_check
from lysglimt.clinic.chairside.ending import counted_from
from lysglimt.clinic.chairside.findings import finding_as_read
from lysglimt.clinic.chairside.forms.charting import TILES, EventForm, PumpForm
from lysglimt.clinic.chairside.forms.points import ITEMS
from lysglimt.clinic.chairside.forms.timing import ask_when, days_of
from lysglimt.clinic.chairside.forms.vitals import COLUMNS, VitalsForm, danger_signs, one_tap
from lysglimt.clinic.chairside.from_monitor import monitor_card
from lysglimt.clinic.chairside.hands import from_paper, who_checked
from lysglimt.clinic.chairside.models import Capacity, Session, SessionOrder
from lysglimt.clinic.chairside.no_today import opened_all_the_same
from lysglimt.clinic.chairside.ribbon import ribbon
from lysglimt.clinic.chairside.sheet import Sheet, Stage, sheet_of, to_a_tenth
from lysglimt.clinic.chairside.showing import (
    at_clock,
    closed_since,
    dose_facts,
    dose_figures,
    doses_by_basis,
    due,
    overridden,
    pump_figures,
    rate_now,
    reckoning,
    speaking,
    stated,
)
from lysglimt.clinic.chairside.since_gate import against_start
from lysglimt.clinic.chairside.stands import is_old, said_when, typed_points
from lysglimt.clinic.chairside.starts import not_let_through, struck_start
from lysglimt.clinic.chairside.untold import as_told, in_both_languages
from lysglimt.clinic.chairside.watched import unjudged
from lysglimt.clinic.chairside.ways_out import ways_out
from lysglimt.clinic.people.access import (
    PatientPage,
    SignedInRequest,
    allowed,
    patient_page,
    typed,
)
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import DOCTORS, Role
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.scheduling.models import Appointment
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.clinic.treatment.models import Course
from lysglimt.clinic.treatment.told import answered_in, called_in, no_in, told_in
from lysglimt.clinic.treatment.unsigned import unsigned_in, unsigned_shown
from lysglimt.knowledge.monitoring.discharge import discharge_rules
from lysglimt.knowledge.protocols.protocol import Route
from lysglimt.knowledge.verdict import Finding, Standing

from .advice import advice, antiemetics_told
from .beside import as_shown, beside_what_happened, of_devices, without_the_network
from .polled import by_itself, followed, shown_to

Shown = Mapping[str, object]


AT_THE_CHAIR = {Route.INTRAVENOUS, Route.INTRANASAL}


@require_POST
@allowed("session.open", of=Appointment)
def open_session(request: SignedInRequest, appointment: Appointment) -> HttpResponse:
    """The patient has come: from the booking to the chair."""
    theirs = Course.objects.for_professional(request.user)
    course = get_object_or_404(theirs, pk=appointment.course)
    if protocol_of(course).product.route not in AT_THE_CHAIR:
        # The chair page charts infusions and nasal devices; any other session is recorded in its course.
        return redirect("course.record", pk=course.pk)
    session = actions.open_session(
        course=course,
        planned_on=on_day(appointment.starts_at),
        by=request.user,
        at=timezone.now(),
        chair=appointment.chair,
    )
    return redirect("session", pk=session.pk)


@require_GET
@allowed("session", of=Session)
def session(request: SignedInRequest, session: Session) -> HttpResponse:
    """Asked anew by itself it shows the same patient, and what others charted; no more than that."""
    page = chair_page(request, session)
    return followed(request, page, session) if by_itself(request) else page


def chair_page(
    request: SignedInRequest, session: Session, *, status: int = 200, **refused: Form
) -> PatientPage:
    """``refused`` are the forms that were sent and not accepted, as they were typed."""
    sheet = sheet_of(session, now=timezone.now(), by=request.user)
    judged = bool(getattr(session, "supported", False))
    context: dict[str, object] = {
        "session": session,
        "standing": session.course.standing,
        "sheet": sheet,
        "stage": sheet.stage.value,
        "journal_mode": not judged,
        **of_the_doctor(request, session),
        "sign_stands": bool(sheet.standing_signs),
        "started_against": next(iter(not_let_through(sheet.pump)), None),
        "danger_task": sheet.danger_task if request.may("task.acknowledge") else None,
        "uncalled": sheet.stage is not Stage.LEFT and sheet.uncalled,
        "number": session_number(session),
        "doctor": request.user.role in DOCTORS,
        "steps": ribbon(sheet, judged=judged),
        **dose_card(sheet.order, session_on=session.planned_on),
        **(of_devices(request, sheet, refused, judged=judged) if sheet.nasal else {}),
        **(
            preparing(request, sheet, judged=judged)
            if sheet.stage is Stage.BEFORE
            else running(request, sheet)
        ),
        **charting(request, sheet, refused, judged=judged),
        **advice(sheet, refused.get("vitals") or refused.get("monitor"), judged=judged),
        "monitor": None if sheet.stage is Stage.LEFT else monitor_card(sheet),
        "monitor_form": refused.get("monitor"),
        **without_the_network(request, sheet, judged=judged),
        "lines": lines(sheet, judged=judged),
        "happenings": happenings(sheet),
        **beside_what_happened(request, sheet),
    }
    context |= antiemetics_told(request, sheet, context)
    context |= as_shown(sheet, context)
    card = session.course.patient.card()
    return patient_page(request, card, "chairside/session.html", status=status, **context)


def of_the_doctor(request: SignedInRequest, session: Session) -> Shown:
    """Is a doctor asked for now, and what did one answer today? It stands whatever the stage."""
    answered, no = answered_in(session), no_in(session)
    return {
        "seen": shown_to(request, session.pk, at=timezone.now()),
        "doctor_called": called_in(session),
        "doctor_answered": None if answered == no else answered,
        "no_today": no,
        "no_answered": opened_all_the_same(no, session),
        "may_acknowledge": request.may("task.acknowledge"),
        "may_read_plan": request.may("rating") and not vars(session)["eligibility_closed"],
    }


def session_number(session: Session) -> int | None:
    """Which of the course this is; None for one that others have followed."""
    standing = session.course.standing
    last = standing.last_session
    if last is None or last < session.planned_on:
        return int(standing.sessions) + 1
    return int(standing.sessions) if last == session.planned_on else None


def dose_card(order: SessionOrder | None, *, session_on: date) -> Shown:
    if order is None:
        return {"order": None}
    return {
        "order": order,
        "signature": getattr(order, "signature", None),
        "dose_facts": dose_facts(order, session_on=session_on),
        "dose_figures": dose_figures(order),
        "reckoning": reckoning(order),
        "doses_by_basis": doses_by_basis(order),
        "order_findings": [finding_as_read(one) for one in order.plan["findings"]],
        # Orders from before the rule was asked have none.
        "against": speaking([finding_as_read(one) for one in order.plan.get("against", ())]),
        "overridden": overridden(order),
    }


def preparing(request: SignedInRequest, sheet: Sheet, *, judged: bool) -> Shown:
    """What stands between the patient and the start."""
    gate = sheet.gate
    against, findings = found_at_the_gate(request, sheet, judged=judged)
    stopping = [one for one in findings if one.standing > Standing.CAUTION]
    closed = closed_since(sheet, judged=judged)
    open_now = [*against, *(one for one in findings if one.standing is not Standing.MET)]
    now = vars(gate) if gate else {}
    ways = ways_out(
        sheet.session,
        [one.criterion for one in open_now],
        may=request.may,
        awaited=now.get("now_doctor_awaited"),
        infused=now.get("now_infused_in"),
    )
    answered = gate is None or closed or not stopping or gate.override_by_id is not None
    steps = steps_to_start(
        sheet, against=bool(against), closed=bool(closed), answered=bool(answered)
    )
    return {
        "missing": [words for there, words in steps if not there],
        **unsigned_shown(unsigned_in(sheet.session), request),
        "struck_start": struck_told(sheet),
        "weight_told": stated(weighing_findings(sheet)) if judged else [],
        "pump_figures": pump_figures(sheet.order) if sheet.order else [],
        "preparation": sheet.preparation,
        "gate": gate,
        "gate_closed": closed,
        "gate_against": [(one, ways.get(one.criterion)) for one in against],
        "gate_by": who_went_through(sheet),
        "checked_by": who_of_two(sheet),
        "gate_findings": [
            (one, word, ways.get(one.criterion)) for one, word in stated(findings)
        ],
        "untold": in_both_languages(),
        "told": told_in(now.get("now_told")),
        "gate_stopping": len(stopping),
        "gate_met": sum(one.standing is Standing.MET for one in findings),
        "may_be_overridden": bool(stopping) and not closed and may_be_overridden(sheet),
    }


def who_of_two(sheet: Sheet) -> str:
    row = sheet.device_check or sheet.preparation
    return who_checked(sheet.session, row, row.checked_by) if row else ""


def who_went_through(sheet: Sheet) -> object:
    first = sheet.gate_revisions[:1]
    return next(from_paper(sheet.session, first), first[0].by) if first else None


def may_be_overridden(sheet: Sheet) -> bool:
    unsigned = unsigned_in(sheet.session) is not None
    gate = sheet.gate
    return gate is not None and not actions.put_right(actions.stood(gate), unsigned=unsigned)


def struck_told(sheet: Sheet) -> tuple[str, Professional, str] | None:
    """When the start that was struck was, who struck it, and why."""
    row = struck_start(sheet)
    return None if row is None else (at_clock(row.happened_at), row.by, row.reason)


def found_at_the_gate(
    request: SignedInRequest, sheet: Sheet, *, judged: bool
) -> tuple[list[Finding], list[Finding]]:
    """What the record says now against the start, and what the gate wrote down."""
    session, gate = sheet.session, sheet.gate
    if gate is None:
        return [], []
    against = against_start(session, gate, at=sheet.now, judged=judged)
    written = [finding_as_read(one) for one in gate.findings]
    told = as_told([*against, *written], by=request.user, session=session)
    return told[: len(against)], told[len(against) :]


def steps_to_start(
    sheet: Sheet, *, against: bool, closed: bool, answered: bool
) -> tuple[tuple[bool, str], ...]:
    """Each with whether it is done. ``answered`` is what the start check found."""
    return (
        (sheet.ordered is not None, gettext("the doctor's order")),
        (sheet.signed, gettext("the doctor's signature on the order")),
        (double_checked(sheet), gettext("the two-person check")),
        (sheet.gate is not None, gettext("the start check")),
        (not against, gettext("what the record says now against the start")),
        (
            not closed,
            gettext("the start check anew: something was measured or changed after it"),
        ),
        (answered, gettext("an answer to what the start check found")),
    )


def may_sign(by: Professional, sheet: Sheet) -> bool:
    """One signature as a nurse, one as a doctor."""
    capacity = Capacity.DOCTOR if by.role in DOCTORS else Capacity.NURSE
    return by.role in {*DOCTORS, Role.NURSE} and capacity not in sheet.signatures


def running(request: SignedInRequest, sheet: Sheet) -> Shown:
    return {
        "delivered": to_a_tenth(sheet),
        "paused": sheet.paused_since,
        "rate_now": rate_now(sheet),
        "late_check": late_check(sheet.order, sheet.pump_rows),
        "may_check": request.may("order.check"),
        "unsaid": sheet.unsaid_pause,
        "earliest_home": sheet.earliest_home,
        "counted_from": counted_from(sheet),
        "discharge": sheet.discharge,
        "unmet": sheet.unmet,
        "totals": totals_now(sheet, sheet.discharge) if sheet.discharge else [],
        "old_points": points_old(sheet),
        "minutes_fresh": discharge_rules().fresh.value // timedelta(minutes=1),
        "given": sheet.given,
        "told": sheet.told,
        "may_sign": may_sign(request.user, sheet),
        "signatures": sheet.signatures,
        "voided": sheet.voided,
        "voiding": sheet.voiding,
        "departures": sheet.departures,
        "due": due(sheet),
    }


def points_old(sheet: Sheet) -> list[str]:
    """What was assessed in points so long ago that it is to be assessed anew; of who is here."""
    record = sheet.discharge
    if record is None or record.left_at or unjudged(sheet.session):
        return []
    words = {"rass": "RASS", **ITEMS}
    return [
        f"{words[name]} {at_clock(said_when(record, record.answers, name))}"
        for name in typed_points(record)
        if is_old(record, name, now=sheet.now)
    ]


def written_apart(event: Form) -> dict[str, Form]:
    """What is written, a drug or anything else, has a form and a time of its own."""
    if event.is_bound and event.data.get("kind") in {kind for kind, _ in TILES}:
        return {"other": EventForm(auto_id="other_%s")}
    event.auto_id = "other_%s"
    return {"event": EventForm(auto_id="event_%s"), "other": event}


def charting(
    request: SignedInRequest, sheet: Sheet, refused: Mapping[str, Form], *, judged: bool
) -> Shown:
    """The forms: as refused now, as kept when the sign-in ran out, or empty."""
    forms = {"vitals": VitalsForm, "pump": PumpForm, "event": EventForm}
    shown: dict[str, Form] = {}
    for name, form in forms.items():
        address = reverse(f"{name}.record", args=[sheet.session.pk])
        kept = None if request.method == "POST" else typed(request, action=address)
        shown[name] = refused.get(name) or form(kept, auto_id=f"{name}_%s")
    if sheet.stage is not Stage.LEFT:
        shown |= written_apart(shown["event"])
    left = sheet.discharge.left_at if sheet.discharge else None
    ask_when(shown.values(), days=days_of(sheet.session, at=sheet.now), at=sheet.now, left=left)
    if isinstance(shown["vitals"], VitalsForm):
        shown["vitals"].ask_whether_over(sheet.standing_signs)
    if judged and isinstance(shown["pump"], PumpForm):
        shown["pump"].tell_highest(sheet.resumption)
    return {
        **shown,
        "vital_fields": [shown["vitals"][column] for column in COLUMNS],
        "tiles": TILES,
        "danger_tiles": danger_signs(one_tap()),
        "intent_entry": uuid4(),
        "stop_entry": uuid4(),
        "pause_entry": uuid4(),
    }
