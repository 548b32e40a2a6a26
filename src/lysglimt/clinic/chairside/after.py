"""After the infusion: what is left over, and whether the criteria for going home are met."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.monitoring.discharge import (
    OF_ITEM,
    DischargeFacts,
    answered,
    discharge,
    discharge_rules,
)
from lysglimt.knowledge.monitoring.recovery import SIGN_OF_ITEM, recovery_items
from lysglimt.knowledge.monitoring.vital_signs import VitalSet as Observed
from lysglimt.knowledge.monitoring.vital_signs import VitalSign
from lysglimt.knowledge.verdict import Finding, Standing, Verdict

from .ending import dose_ended
from .findings import told_once, unmet
from .models import Capacity, DischargeRecord, PreparationCheck
from .observing import overdue_by
from .stands import as_told
from .watched import Watched, unjudged
from .written import newest

OF_SCALE = {
    "aldrete": ("activity", "breathing", "circulation", "consciousness", "oxygen"),
    "padss": ("vitals", "walking", "nausea", "pain"),
}
SIGNATURES = {"nurse_signed": Capacity.NURSE, "doctor_signed": Capacity.DOCTOR}


def remainder_mg(sheet: Watched) -> tuple[Decimal | None, Decimal | None]:
    """What was drawn up, and what of it the pump did not give."""
    prepared = newest(PreparationCheck.objects.filter(order=sheet.order))
    if prepared is None or sheet.delivered_mg is None:
        return None, None
    return prepared.drawn_mg, prepared.drawn_mg - sheet.delivered_mg


def computed_items(sheet: Watched, *, journal_mode: bool) -> dict[str, int]:
    """The Aldrete and PADSS items that the readings since the stop answer."""
    return {} if journal_mode else dict(recovery_items(facts(sheet, {}, escort=False)))


def facts(sheet: Watched, answers: Mapping[str, object], *, escort: bool) -> DischargeFacts:
    """Of a session whose pump is stopped."""
    answers = as_told(answers, sheet.intent_told)
    known = {one.id for one in discharge_rules().conditions}
    yes_no: dict[str, bool | None] = {
        name: answer
        for name, answer in answers.items()
        if name in known and (answer is None or isinstance(answer, bool))
    }
    signed = {name: capacity in sheet.signatures for name, capacity in SIGNATURES.items()}
    read = DischargeFacts(
        route=sheet.route,
        dose_ended=dose_ended(sheet) or sheet.now,
        before=sheet.baseline,
        latest=latest(sheet, answers),
        earlier=earlier(sheet),
        answers={
            **yes_no,
            **signed,
            "escort": escort,
            "no_doctor_now": not sheet.doctor_awaited,
        },
        age=age_at(sheet),
        charted_as_gone=bool(sheet.departures),
        overdue=overdue_by(sheet),
        intent_assessed=sheet.intent_assessed and not sheet.doctor_awaited,
    )
    # What a reading answers follows the newest one, whatever stood when the list was filled in.
    points = {**answers, **recovery_items(read)}
    return replace(read, aldrete=total(points, "aldrete"), padss=total(points, "padss"))


@dataclass(frozen=True, slots=True)
class ItemRead:
    """An item of a recovery score that a reading answers: its points of two, and read when."""

    item: str
    points: int
    at: datetime


def items_read(sheet: Watched, *, journal_mode: bool) -> list[ItemRead]:
    """By the newest reading of each sign since the stop."""
    items = computed_items(sheet, journal_mode=journal_mode)
    read = {sign: one.at for one in since_stop(sheet) for sign in one.values}
    return [ItemRead(item, points, read[SIGN_OF_ITEM[item]]) for item, points in items.items()]


@dataclass(frozen=True, slots=True)
class Total:
    """A recovery score: its points of ``most``, ``least`` to go home, and its newest reading's time."""

    name: str
    points: int
    most: int
    least: Decimal
    at: datetime | None


def totals_now(sheet: Watched, record: DischargeRecord) -> list[Total]:
    """Each score with every item answered. Nothing in journal mode: nothing is judged there."""
    if unjudged(sheet.session):
        return []
    read, rule = items_read(sheet, journal_mode=False), discharge_rules().scores
    now = facts(sheet, record.answers, escort=False)
    scores = (
        ("Aldrete", "aldrete", now.aldrete, 5 * OF_ITEM, rule.aldrete.value),
        ("PADSS", "padss", now.padss, 4 * OF_ITEM, rule.padss_no_bleeding.value),
    )
    return [
        Total(name, points, most, least, newest_of(read, scale))
        for name, scale, points, most, least in scores
        if points is not None
    ]


def newest_of(read: Iterable[ItemRead], scale: str) -> datetime | None:
    return max((one.at for one in read if one.item.startswith(scale)), default=None)


def since_stop(sheet: Watched) -> list[Observed]:
    """Of who was charted as having left and came back, what was measured after that. [own-proposal]"""
    away = sheet.departures[-1].left_at if sheet.departures else None
    return [
        one
        for one in sheet.since_start
        if sheet.stopped and one.at >= sheet.stopped and (away is None or one.at > away)
    ]


def age_at(sheet: Watched) -> int:
    """In whole years, on the day of the session."""
    return sheet.session.course.patient.card().age(on_day(sheet.now))


def latest(sheet: Watched, answers: Mapping[str, object]) -> Observed:
    """The last reading of each sign since the stop; RASS as answered on the checklist."""
    since = since_stop(sheet)
    values = {sign: value for one in since for sign, value in one.values.items()}
    rass = answers.get("rass")
    if isinstance(rass, int):
        values[VitalSign.AROUSAL] = rass
    return Observed(
        at=since[-1].at if since else sheet.now,
        values=values,
        # A danger sign that nobody has said is over goes home with nobody.
        signs=frozenset(sheet.standing_signs),
        on_oxygen=next(
            (one.on_oxygen for one in reversed(since) if VitalSign.OXYGEN in one.values), False
        ),
    )


def earlier(sheet: Watched) -> Observed | None:
    """The last reading of each sign since the start that is not of the time since the stop."""
    since = {id(one) for one in since_stop(sheet)}
    until = [one for one in sheet.since_start if sheet.stopped and id(one) not in since]
    values = {sign: value for one in until for sign, value in one.values.items()}
    return Observed(at=until[-1].at, values=values) if until else None


def unmet_now(sheet: Watched, record: DischargeRecord) -> list[Finding]:
    """The criteria not met by the answers as written and the readings as they now are."""
    said = answered(facts(sheet, record.answers, escort=bool(record.escort_name.strip())))
    return unmet(
        verdict_now(sheet, record).findings, signatures=[said[name] for name in SIGNATURES]
    )


def verdict_now(sheet: Watched, record: DischargeRecord) -> Verdict:
    """Of the answers as written and the readings as they now are."""
    escort, journal_mode = bool(record.escort_name.strip()), unjudged(sheet.session)
    return discharge_verdict(sheet, record.answers, escort=escort, journal_mode=journal_mode)


def in_the_way(verdict: Verdict) -> list[Finding]:
    """All that keeps the patient here, the wait and the signatures among it, each told once."""
    return told_once(one for one in verdict.findings if one.standing > Standing.CAUTION)


def total(answers: Mapping[str, object], scale: str) -> int | None:
    """Of a scale whose every item is answered; of one with an item left out there is none."""
    points = [answers.get(f"{scale}.{item}") for item in OF_SCALE[scale]]
    if None in points:
        return None
    return sum(int(str(each)) for each in points)


def discharge_verdict(
    sheet: Watched, answers: Mapping[str, object], *, escort: bool, journal_mode: bool
) -> Verdict:
    """Of every criterion; in journal mode of what was answered alone."""
    known = facts(sheet, answers, escort=escort)
    if journal_mode:
        return Verdict.of(answered(known).values())
    return discharge(known, sheet.now).verdict
