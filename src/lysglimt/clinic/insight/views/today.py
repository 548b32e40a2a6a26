"""Today in the unit: who sits where and when, what is not in place, and what waits for whom."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Count, JSONField, QuerySet, Subquery, Value
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from lysglimt.clinic.chairside.closed import chart_closed
from lysglimt.clinic.chairside.gone import gone_beside, gone_in
from lysglimt.clinic.chairside.screener import SCREENER
from lysglimt.clinic.cupboard.models import LedgerEntry
from lysglimt.clinic.cupboard.showing import left_behind
from lysglimt.clinic.design.scales import scale_name
from lysglimt.clinic.exposure.listed import of_patients
from lysglimt.clinic.incidents.late import late_reports, reports_beside
from lysglimt.clinic.incidents.models import Incident
from lysglimt.clinic.insight.after import to_telephone
from lysglimt.clinic.insight.asking_today import Parts, led, parts_with_asking
from lysglimt.clinic.insight.awaited import Awaited
from lysglimt.clinic.insight.chairs import chairs_beside, room_in
from lysglimt.clinic.insight.day import Day, Lacking, Place, Visit, day_of
from lysglimt.clinic.insight.owed import (
    Owed,
    evaluation_waits,
    for_a_doctor,
    of_referrals,
    person,
)
from lysglimt.clinic.insight.pages import May, address_of
from lysglimt.clinic.insight.parts import ARRANGED, Part
from lysglimt.clinic.insight.wordings import KINDS, LACKING, PROGRESS
from lysglimt.clinic.medicines.models import TaperPlan
from lysglimt.clinic.people.access import PatientPage, SignedInRequest, allowed
from lysglimt.clinic.people.models import (
    DecisionSupportStatement,
    EmergencyAccess,
    Professional,
    Unit,
)
from lysglimt.clinic.people.permissions import chapters_of, permits
from lysglimt.clinic.people.policy import DOCTORS, Role
from lysglimt.clinic.people.standing import relation, shut_out, with_standing
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.scheduling.models import AppointmentKind
from lysglimt.clinic.suicidality.deadlines import (
    Answering,
    answering_beside,
    answering_in,
    doctors_in,
    rota_beside,
)
from lysglimt.clinic.suicidality.schedule import waiting_to_ask
from lysglimt.clinic.treatment.gone import Gone
from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.clinic.treatment.templatetags.treatment import doctor_now
from lysglimt.clinic.treatment.terms import MATTERS, PHASES
from lysglimt.clinic.treatment.told import told_last
from lysglimt.clinic.treatment.unsigned import unsigned_in, unsigned_shown
from lysglimt.clinic.treatment.waiting_list import WaitingList
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.protocols.state import Matter, Phase

CONFIRM = "task.confirm"
MOST, FEW = 10, 5
"""Lines of a part that stand open in the middle, and beside; the others are folded away."""

ACTS = {
    "acknowledge": "task.acknowledge",
    "read_ratings": "rating",
    "open_session": "session",
    "begin_session": "session.open",
    "emergency": "emergency",
    "print_charts": "print.charts",
}
"""What the page asks of the reader's rights, by what it offers."""
COUNTED = (
    *("emergencies", "discrepancies", "losses", "left_behind", "incidents"),
    "tapers_late",
)
"""What waits for whoever answers for it: how many."""


@require_GET
@allowed("today")
def today(request: SignedInRequest) -> HttpResponse:
    unit, now, may = request.user.unit, timezone.now(), request.may
    closed, said = shut_out(request.user, at=now), said_of(unit, request)
    judged = bool(said["suggesting"])
    day = day_of(
        room_in(said["chairs"], unit.pk),
        now,
        judged=judged,
        but=closed,
        closed=chart_closed(request, at=now),
        asking=may("asking"),
    )
    tasks = tasks_waiting(request, but=closed, at=now)
    mine = list(to_confirm(tasks, request.user))
    listed = waiting_to_ask(unit, on=on_day(now), but=closed) if may("waiting") else None
    parts = owed_shown(day, listed, request, but=closed)
    parts = parts_with_asking(day, parts, listed, judged=judged, may=may)
    if may("after.check"):
        parts[Part.TELEPHONE] = [*to_telephone(request, at=now)]
    answering, others = answering_in(said), [one for one in tasks if one not in mine]
    context: dict[str, object] = {
        "day": on_day(now),
        "places": [place_shown(place, closed, request) for place in day.places],
        "expected": len(day.visits),
        **tasks_shown(others, now, by=request.user, answering=answering),
        **led(tasks, now, answering=answering, rota=doctors_in(said["rota"]), may=may),
        "to_confirm": [confirmed_in_one_tap(one) for one in mine],
        **arranged(request.user, parts, tasks),
        **over_months_counted(day, judged=judged and may("over-months")),
        **{f"may_{act}": may(operation) for act, operation in ACTS.items()},
        **{name: said[name] for name in (*COUNTED, "reports_late")},
    }
    whom = seen(day, tasks, parts) - closed
    return PatientPage(request, "insight/today.html", context, patients=whom)


def over_months_counted(day: Day, *, judged: bool) -> dict[str, int]:
    """Of how many patients under treatment something is overdue, and how many are held."""
    found = [*of_patients(day.to_ask, on=day.on)] if judged else []
    return {
        "over_months_late": sum(one.overdue > 0 for one in found if one.treated),
        "over_months_held": sum(bool(one.holds) for one in found if one.here),
    }


def tasks_waiting(
    request: SignedInRequest, *, but: Collection[UUID], at: datetime
) -> list[SafetyTask]:
    """The open tasks of the unit, but of those patients. Asks one question of the database."""
    waiting = SafetyTask.objects.open().in_unit(request.user.unit_id)
    here = waiting.with_additions().with_reports().exclude(patient__in=but)
    gone = gone_beside("patient", request.user, at=at)
    beside = here.annotate(**gone).select_related("unit")
    return list(with_standing(beside, request.user, chapters=chapters_of(CONFIRM), at=at))


def said_of(unit: Unit, request: SignedInRequest) -> dict[str, Any]:
    """Does the unit have decision support, and how much waits for the reader: emergency accesses, counts, incidents?

    Asks one question of the database.
    """
    statement = DecisionSupportStatement.objects.said_in(unit)
    asked: dict[str, Any] = {
        "suggesting": Subquery(statement.values("on")[:1]),
        **dict.fromkeys(COUNTED, Value(0)),
        "chairs": chairs_beside(unit.pk),
        **answering_beside(unit.pk),
        "rota": Value(None, output_field=JSONField()),
    }
    if request.may("emergencies"):
        asked["emergencies"] = number_of(EmergencyAccess.objects.to_acknowledge(request.user))
    if request.may("discrepancy.settle"):
        asked |= {
            "discrepancies": number_of(LedgerEntry.objects.disagreed().in_unit(unit.pk)),
            "losses": number_of(LedgerEntry.objects.unseen_losses().in_unit(unit.pk)),
            "left_behind": number_of(left_behind(unit.pk, on=on_day(timezone.now()))),
        }
    if request.may("tapers"):
        followed = TaperPlan.objects.in_unit(unit.pk)
        asked["tapers_late"] = number_of(followed.late(on_day(timezone.now())))
    if request.may("duty.answer"):
        asked["incidents"] = number_of(Incident.objects.unclosed().in_unit(unit.pk))
        asked |= reports_beside(unit.pk)
    if request.may("rota.plan"):
        asked["rota"] = rota_beside(unit.pk)
    row: dict[str, Any] = Unit.objects.filter(pk=unit.pk).annotate(**asked).values(*asked).get()
    late = late_reports(row, now=timezone.now()) if "reports_of" in row else 0
    return {**row, "reports_late": late}


def number_of(rows: QuerySet[Any]) -> Subquery:
    return Subquery(
        rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    )


def owed_shown(
    day: Day, listed: WaitingList | None, request: SignedInRequest, *, but: Collection[UUID]
) -> Parts:
    """By part, a line for each patient. What only a doctor does is told a doctor once."""
    may, doctor = request.may, request.user.role in DOCTORS
    found: Parts = {
        Part.RATINGS: sorted(
            (rating_shown(one, may) for one in day.awaited if one.rating), key=still_to_rate
        ),
        Part.COURSES: [
            course_shown(one, may)
            for one in day.awaited
            if (one.evaluation and not doctor) or (one.next_late_since and not one.evaluation)
        ],
    }
    if listed is not None:
        found[Part.REFERRALS] = of_referrals(listed, day.on, may=may)
    if doctor:
        found[Part.DOCTOR] = list(
            for_a_doctor(
                day.visits, day.awaited, listed, may=may, doctor=request.user.pk, but=but
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part with its lines: ``most`` stand open, ``more`` are folded away."""

    part: Part
    count: int
    owed: tuple[Owed, ...] = ()
    most: int = MOST

    @property
    def lines(self) -> tuple[Owed, ...]:
        return self.owed[: self.most]

    @property
    def more(self) -> tuple[Owed, ...]:
        return self.owed[self.most :]

    @property
    def late(self) -> int:
        return late_among(self.owed)

    @property
    def more_late(self) -> int:
        return late_among(self.more)


def late_among(owed: Iterable[Owed]) -> int:
    return sum(one.late_since is not None for one in owed)


def arranged(
    who: Professional, parts: Parts, tasks: list[SafetyTask]
) -> dict[str, list[PartShown]]:
    """The parts in the order of a role; a part that the role may not open is left out."""
    shown = {
        Part.CHAIRS: PartShown(Part.CHAIRS, 0),
        Part.TASKS: PartShown(Part.TASKS, sum(not doctor_now(one) for one in tasks)),
        **{part: PartShown(part, len(found), tuple(found)) for part, found in parts.items()},
    }
    order = ARRANGED[Role(who.role)]
    return {
        "middle": [shown[part] for part in order.middle if part in shown],
        "beside": [replace(shown[part], most=FEW) for part in order.beside if part in shown],
        "folded": [shown[part] for part in order.folded if part in shown],
    }


def seen(day: Day, tasks: list[SafetyTask], parts: Parts) -> set[UUID]:
    return {
        *(one.card.id for one in day.visits),
        *(task.patient_id for task in tasks),
        *(one.card.id for one in chain.from_iterable(parts.values())),
    }


def tasks_shown(
    tasks: list[SafetyTask], now: datetime, *, by: Professional, answering: Answering
) -> dict[str, object]:
    """A doctor now by itself, above the day; each with its patient, and whether it is late.

    And since when it is with the leader, where nobody has answered in time.

    With a doctor now stands whether the patient has gone home, to who may read the chart.
    """
    lines = [
        (task, task.patient.card(), task.due_at < now, answering.passed(task, now))
        for task in tasks
    ]
    return {
        "at_once": [(*line, gone_told(line[0], by)) for line in lines if doctor_now(line[0])],
        "tasks": [line for line in lines if not doctor_now(line[0])],
    }


def gone_told(task: SafetyTask, by: Professional) -> Gone | None:
    may_read = permits("session", Role(by.role), relation(task, by))
    return gone_in(task) if may_read else None


def to_confirm(tasks: list[SafetyTask], by: Professional) -> Iterator[SafetyTask]:
    """Of which another has written that one has seen the patient, after the last answer.

    Of tasks `with_standing`; none of a patient who has closed that part of the record to one.
    """
    for task in tasks:
        told = told_last(task)
        if (
            told
            and told.doctor_id == by.pk
            and not told.answered_since
            and permits(CONFIRM, Role(by.role), relation(task, by))
        ):
            yield task


def confirmed_in_one_tap(task: SafetyTask) -> dict[str, object]:
    return {"task": task, "card": task.patient.card(), "told": told_last(task)}


def place_shown(
    place: Place, closed: Collection[UUID], request: SignedInRequest
) -> dict[str, object]:
    visits = [visit_shown(one, closed, request) for one in place.visits]
    return {"chair": place.chair, "visits": visits}


def visit_shown(
    one: Visit, closed: Collection[UUID], request: SignedInRequest
) -> dict[str, object]:
    """A chair is taken, whoever may know by whom."""
    if one.card.id in closed:
        when = one.appointment
        return {"closed": one.card.id, "from": when.starts_at, "to": when.ends_at}
    standing = one.standing
    return {
        "visit": one,
        "kind": KINDS[AppointmentKind(one.appointment.kind)],
        "phase": PHASES[Phase(standing.phase)] if standing else "",
        "progress": PROGRESS[one.progress],
        "lacking": [(LACKING[each], put_right(each, one, request)) for each in one.lacking],
    }


def put_right(lacking: Lacking, one: Visit, request: SignedInRequest) -> str:
    """The address where it is put in place; empty where the day has no link of its own for it."""
    may = request.may
    match lacking:
        case Lacking.SECOND:
            shown = unsigned_shown(unsigned_in(one.appointment), request)
            return str(shown["unsigned_address"])
        case Lacking.DOCTOR_NOW:
            return address_of("task.acknowledge", one.appointment.doctor_task, may=may)
        case Lacking.SCREENER:
            return address_of("rating.record", one.card.id, SCREENER, may=may)
        case _:
            return ""


def course_shown(one: Awaited, may: May) -> Owed:
    """What is late in a course, or its evaluation: of that, nothing else need be next."""
    if one.evaluation:
        waits = evaluation_waits(one)
    else:
        waits = (str(MATTERS[Matter(one.standing.next_kind)]), one.next_late_since, None)
    return Owed(one.card, (waits,), person=person(one.card, may))


def still_to_rate(one: Owed) -> tuple[bool, int]:
    """What can still be rated in time comes first, then what was missed last."""
    late = one.late_since
    soon, late_on = one.pressing[1].toordinal(), late.toordinal() if late else 0
    return late is not None, -late_on or soon


def rating_shown(one: Awaited, may: May) -> Owed:
    """Late since, or by when; some have no last day."""
    name = one.standing.rating_instrument
    late = one.rating_late_since
    rating = f"{MATTERS[Matter.RATING]}: {scale_name(instrument(name))}"
    waits = (rating, late, None if late else one.standing.rating_due)
    return Owed(
        one.card,
        (waits,),
        address_of("rating.record", one.card.id, name, may=may),
        gettext("Rate the patient"),
        person(one.card, may),
    )
