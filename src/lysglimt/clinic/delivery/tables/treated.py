"""The treatment: courses, sessions, ratings and what was decided."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from lysglimt.clinic.chairside.charts_beside import sets_beside
from lysglimt.clinic.chairside.models import (
    DischargeRecord,
    ObservationShare,
    SedationScale,
    SessionOrder,
    VitalSet,
)
from lysglimt.clinic.chairside.reds import red_signs_in
from lysglimt.clinic.delivery.scope import Row, Scope
from lysglimt.clinic.referral.models import DecisionKind as Referred
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.history import facts_of, protocol_of
from lysglimt.clinic.treatment.models import CourseDecision, Rating, SessionGiven, WorkUpResult
from lysglimt.clinic.treatment.record import CourseRecord, Matter
from lysglimt.knowledge.monitoring.vital_signs import VitalSign
from lysglimt.knowledge.outcomes.relapse import RelapseDefinition, relapse
from lysglimt.knowledge.outcomes.trajectory import Rating as Rated
from lysglimt.knowledge.protocols.facts import CourseFacts, DecisionKind
from lysglimt.knowledge.protocols.induction_effect import induction_effect
from lysglimt.knowledge.protocols.protocol import Protocol
from lysglimt.knowledge.verdict import Standing

from .rows import code, day, minutes, newest

PRODUCTS = {"N01AX03": "racemic", "N06AX27": "esketamine", "N01AX14": "esketamine"}
"""By the ATC code of the protocol's product. What has another or none is something else."""
SIXTH = 6
BLOOD_TESTS = ("blood-count", "electrolytes", "kidney", "liver", "thyroid", "glucose")
"""Taken when each of them is; the day is that of the oldest. Own proposal."""
ECG, BLOOD_PRESSURE = "ecg", "blood-pressure"
OVER = frozenset({DecisionKind.STOP, DecisionKind.CLOSE})
PRESSURES = frozenset({VitalSign.SYSTOLIC.value, VitalSign.DIASTOLIC.value})
SUICIDAL_ITEMS = {"madrs": "i10", "phq9": "i9"}
RELAPSES_IN = "madrs"
"""The definitions of a relapse are made for it."""


def course(scope: Scope) -> Iterator[Row]:
    done, came = work_up(scope), accepted(scope)
    for record in scope.records:
        one, standing = record.course, record.course.standing
        given = record.sessions_in_force
        stopped = stop_of(record)
        yield {
            "course": scope.course(one.pk),
            "person": scope.person(one.patient_id),
            "unit": scope.known_as.number,
            "referral": referred(scope, came.get(one.patient_id, ()), on_day(one.planned_at)),
            **by_protocol(protocol_of(one)),
            "planned_on": one.planned_start,
            "earlier_courses": earlier(scope, record),
            "first_session_on": standing.first_session,
            "sixth_session_on": day(given[SIXTH - 1].started_at)
            if len(given) >= SIXTH
            else None,
            "last_session_on": standing.last_session,
            "sessions": standing.sessions,
            "phase": standing.phase,
            "as_of": standing.as_of,
            "rule_version": standing.rule_version,
            **examined(done.get(one.patient_id, {}), before=standing.first_session),
            "stopped_on": stopped["stopped_on"] if not standing.open else None,
            "stop_ground": stopped["stop_ground"] if not standing.open else None,
            **relapses(record),
        }


def by_protocol(protocol: Protocol) -> Row:
    return {
        "protocol": protocol.id,
        "protocol_version": protocol.version,
        "product": PRODUCTS.get(protocol.product.atc or "", "other"),
        "route": protocol.product.route.value,
    }


def earlier(scope: Scope, record: CourseRecord) -> int:
    """Courses of the patient here that were planned before, and in which something was given."""
    one = record.course
    return sum(
        other.course.patient_id == one.patient_id
        and other.course.planned_at < one.planned_at
        and bool(other.sessions_in_force)
        for other in scope.records
    )


def accepted(scope: Scope) -> Mapping[UUID, list[tuple[date, UUID]]]:
    """The referrals of each patient that were accepted, each with the day."""
    found: dict[UUID, list[tuple[date, UUID]]] = defaultdict(list)
    for one in scope.referrals:
        decided = scope.decisions.get(one.pk)
        if decided and decided.kind == Referred.ACCEPT:
            found[one.patient_id].append((on_day(decided.happened_at), one.pk))
    return found


def referred(scope: Scope, came: Iterable[tuple[date, UUID]], planned: date) -> str | None:
    """By the newest that was accepted when the course was planned."""
    before = [(on, key) for on, key in came if on <= planned]
    return scope.names.name("referral", max(before)[1]) if before else None


Done = Mapping[str, list[date]]


def work_up(scope: Scope) -> Mapping[UUID, Done]:
    found: dict[UUID, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    theirs = WorkUpResult.objects.in_force().filter(patient__in=scope.people)
    for patient, item, on in theirs.values_list("patient_id", "item", "done_on"):
        found[patient][item].append(on)
    return found


def examined(done: Done, *, before: date | None) -> Row:
    """The last of each up to the first session; of the blood tests the oldest, once all are there."""

    def last(item: str) -> date | None:
        fits = (on for on in done.get(item, ()) if before is None or on <= before)
        return max(fits, default=None)

    blood = [last(item) for item in BLOOD_TESTS]
    known = [on for on in blood if on is not None]
    return {
        "ecg_on": last(ECG),
        "blood_pressure_on": last(BLOOD_PRESSURE),
        "blood_tests_on": min(known) if len(known) == len(blood) else None,
    }


def stop_of(record: CourseRecord) -> Row:
    """By the last decision that ended it; where none did, the day since when it has been over."""
    over = [
        turn for turn in record.turns if turn.matter is Matter.DECISION and turn.kind in OVER
    ]
    if not over:
        return {"stopped_on": record.course.standing.phase_since, "stop_ground": None}
    return {"stopped_on": on_day(over[-1].at), "stop_ground": code(over[-1].ground)}


def relapses(record: CourseRecord) -> Row:
    """By both definitions, of those whom the induction has helped.

    Admissions and attempts have no place in the record yet: a relapse is told by ratings alone.
    """
    found = {
        "relapsed_on_default": RelapseDefinition.LYSGLIMT,
        "relapsed_on_janssen": RelapseDefinition.JANSSEN,
    }
    protocol, facts, on = (
        protocol_of(record.course),
        facts_of(record),
        record.course.standing.as_of,
    )
    baseline, since = helped(protocol, facts, on)
    if baseline is None or since is None:
        return dict.fromkeys(found)
    later = sorted(
        (
            Rated(row.instrument, row.happened_at, int(row.total), recall="")
            for row in record.ratings_in_force
            if row.instrument == RELAPSES_IN and row.total is not None
            if on_day(row.happened_at) > since
        ),
        key=lambda rated: rated.at,
    )
    said = {
        name: relapse(one, baseline=baseline, follow_up=later) for name, one in found.items()
    }
    return {name: day(one.at if one else None) for name, one in said.items()}


def helped(protocol: Protocol, facts: CourseFacts, on: date) -> tuple[int | None, date | None]:
    """Baseline, and the day of the evaluation, where it was a response or a remission."""
    if protocol.evaluation.instrument != RELAPSES_IN:
        return None, None
    outcome = induction_effect(protocol, facts, on).outcome
    if outcome is None or not (outcome.response or outcome.remission):
        return None, None
    return outcome.baseline.total, outcome.current.on


def session(scope: Scope) -> Iterator[Row]:
    """Numbered as they were given. The chart counts from the start: what was before is no effect."""
    beside = at_the_chair(scope)
    for record in scope.records:
        born = scope.particulars[record.course.patient_id].birth_date
        for number, given in enumerate(record.sessions_in_force, start=1):
            on = on_day(given.started_at)
            had = (on.month, on.day) >= (born.month, born.day)
            yield {
                "course": scope.course(record.course.pk),
                "session": number,
                "given_on": on,
                "minutes": minutes(given.stopped_at - given.started_at),
                "prescribed_mg": given.prescribed_mg,
                "delivered_mg": given.delivered_mg,
                "ended_early": bool(given.ended_early),
                **of_chart(given, age=on.year - born.year - (not had)),
                **beside.get(given.entry, {}),
            }


def of_chart(given: SessionGiven, *, age: int) -> Row:
    """What was highest, lowest and deepest since the start; nothing where nothing was charted."""
    charted = sets_beside(given)
    since = [one for one in charted if one.happened_at >= given.started_at]
    red = red_signs_in(charted, started=given.started_at, age=age)
    measured = any(one.systolic is not None for one in since)
    return {
        "systolic_highest": highest(since, "systolic"),
        "diastolic_highest": highest(since, "diastolic"),
        "pulse_highest": highest(since, "pulse"),
        "spo2_lowest": lowest(since, "spo2"),
        "pressure_red": any(sign in PRESSURES and not one.low for sign, one in red.items())
        if measured
        else None,
        "dissociation_highest": highest(since, "dissociation"),
        "moaas_lowest": lowest(on_scale(since, SedationScale.MOAAS), "sedation"),
        "rass_lowest": lowest(on_scale(since, SedationScale.RASS), "sedation"),
    }


def on_scale(sets: Iterable[VitalSet], scale: SedationScale) -> list[VitalSet]:
    return [one for one in sets if one.sedation_scale == scale]


def values(sets: Iterable[VitalSet], column: str) -> list[int]:
    return [said for one in sets if (said := getattr(one, column)) is not None]


def highest(sets: Iterable[VitalSet], column: str) -> int | None:
    return max(values(sets, column), default=None)


def lowest(sets: Iterable[VitalSet], column: str) -> int | None:
    return min(values(sets, column), default=None)


def at_the_chair(scope: Scope) -> Mapping[UUID, Row]:
    """By session: what was ordered, how it was watched, and how the patient left."""
    found: dict[UUID, Row] = defaultdict(dict)
    ours = {"session__course__in": scope.courses}
    orders = SessionOrder.objects.signed().filter(**ours)
    for key, dose in orders.values_list("session_id", "mg_per_kg"):
        found[key]["mg_per_kg"] = dose
    for share in ObservationShare.objects.filter(**ours):
        found[share.session_id] |= {
            "observations_planned": share.planned,
            "observations_on_time": share.on_time,
        }
    gone = DischargeRecord.objects.in_force().filter(**ours, left_at__isnull=False)
    for row in gone.defer("escort_telephone", "deviation"):
        found[row.session_id] |= {
            "discharge_met": row.standing <= Standing.NOTE,
            "escorted": bool(row.escort_name),
            "minutes_to_leaving": minutes_until(row.left_at, scope.started.get(row.session_id)),
        }
    return found


def minutes_until(left: datetime | None, started: datetime | None) -> int | None:
    """From the start of the dose to when the patient left."""
    return minutes(left - started) if left and started else None


def rating(scope: Scope) -> Iterator[Row]:
    """Of the courses that leave, and those that belong to no course. Answers stay, but for one item."""
    theirs = Rating.objects.in_force().filter(patient__in=scope.people)
    for row in theirs.order_by("pk"):
        if row.course_id is not None and row.course_id not in scope.courses:
            continue
        yield {
            "rating": scope.names.name("rating", row.entry),
            "person": scope.person(row.patient_id),
            "course": scope.course(row.course_id),
            "instrument": row.instrument,
            "instrument_version": row.instrument_version,
            "timing": row.timing,
            "mode": row.mode,
            "rated_on": on_day(row.happened_at),
            "total": row.total,
            "suicidal_item": row.answers.get(SUICIDAL_ITEMS.get(row.instrument, "")),
            "prorated": row.prorated,
        }


def decision(scope: Scope) -> Iterator[Row]:
    """Of several of one kind and day, the newest."""
    made = CourseDecision.objects.in_force().filter(course__in=scope.courses)
    rows = newest(
        ((row.course_id, on_day(row.happened_at), row.kind), row)
        for row in made.defer("deviation", "goals").order_by("happened_at", "pk")
    )
    for (key, on, kind), row in rows.items():
        yield {
            "course": scope.course(key),
            "decided_on": on,
            "kind": kind,
            "rule": code(row.rule),
            "recommended": code(row.recommended),
        }
