"""What is open in a session: gathered from the chart for whoever takes it over. Nothing here writes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext

from lysglimt.clinic.people.facts import Fact
from lysglimt.clinic.sealing.values import derived
from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct, delivery_rules
from lysglimt.knowledge.monitoring.limits import Light, Outside, limits
from lysglimt.knowledge.safety.suicidality import Promptness
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding

from .checked import double_checked, late_check
from .device_card import ordered_said
from .models import Capacity, ChairEventKind, Handover, Session
from .responsible import doctor_named
from .sheet import Sheet, Stage, to_a_tenth
from .showing import at_clock, due, stop_due, written_plain
from .watched import unjudged
from .wordings import EVENTS, PAUSES
from .written import in_force

LATE, DUE = "late", "due"
LIGHTS = {Light.RED: LATE, Light.AMBER: DUE}
TO_KNOW = {
    ChairEventKind.DRUG_GIVEN: "",
    ChairEventKind.OXYGEN: "",
    ChairEventKind.DOCTOR_CALLED: "",
    ChairEventKind.DOCTOR_CAME: "",
    ChairEventKind.NEW_INTENT: LATE,
}
"""What was given and for what somebody was called, with its look."""


@dataclass(frozen=True, slots=True)
class Point:
    """``kind`` is its look: late is red, due is amber. What is ``moving`` is another each minute."""

    words: str
    kind: str = ""
    moving: bool = False


def points(sheet: Sheet) -> list[Point]:
    """The most urgent first; in journal mode nothing that is judged."""
    judged = not unjudged(sheet.session)
    return [
        *of_danger(sheet),
        *(outside_now(sheet) if judged else ()),
        *of_the_dose(sheet, judged=judged),
        *as_ordered(sheet),
        *(next_observation(sheet) if judged else ()),
        *(was_red(sheet) if judged else ()),
        *happened(sheet),
        *unchecked(sheet),
        *(missing(sheet) if sheet.stage is Stage.BEFORE else ()),
        *(before_home(sheet, judged=judged) if sheet.stopped else ()),
    ]


def in_both_languages(sheet: Sheet) -> list[dict[str, str]]:
    """As it is stored: what two people signed is read later in either language."""
    pairs = zip(points_in("nb", sheet), points_in("en", sheet), strict=True)
    return [{"nb": nb.words, "en": en.words, "kind": nb.kind} for nb, en in pairs]


def points_in(language: str, sheet: Sheet) -> list[Point]:
    with translation.override(language):
        return points(sheet)


def read_until(sheet: Sheet) -> str:
    """When the list was read, and what follows from all that stood on it and in the chart then."""
    at = sheet.now.isoformat()
    rows: list[Fact] = [
        *(*sheet.vital_rows, *sheet.event_rows, *sheet.pump_rows, *sheet.device_rows),
        *(*sheet.orders, *sheet.device_orders, *sheet.preparations, *sheet.device_checks),
        *(*sheet.gates, *sheet.discharges, *Handover.objects.filter(session=sheet.session)),
    ]
    charted = sorted(f"{row.entry} {row.revision}" for row in rows)
    listed = [f"{one.kind} {one.words}" for one in points_in("nb", sheet)]
    told = derived("open points", str(sheet.session.pk), at, *charted, "", *listed)
    return f"{at} {told.hex()[:32]}"


def read_at(read: str, *, by: datetime) -> datetime | None:
    """When the list was read, of what a page sends back; None of what no page was given."""
    try:
        at = datetime.fromisoformat(read.partition(" ")[0])
    except ValueError:
        return None
    return at if at.tzinfo and at <= by else None


def standing(sheet: Sheet) -> list[tuple[str, str]]:
    """What stays so from minute to minute, unless something has become due or has come."""
    return [(one.words, one.kind) for one in points_in("nb", sheet) if not one.moving]


def language() -> str:
    return translation.get_language() or "nb"


def said(text: Text) -> str:
    return text.in_language(language())


def of_danger(sheet: Sheet) -> Iterator[Point]:
    for sign, at in sheet.standing_signs.items():
        words = gettext("%(sign)s, told at %(at)s, stands")
        yield Point(words % {"sign": said(limits().signs[sign].name), "at": at_clock(at)}, LATE)
    if doctor_awaited(sheet.session):
        yield Point(
            gettext("A task asks for a doctor now, and no doctor has answered it"), LATE
        )


def doctor_awaited(session: Session) -> bool:
    waiting = SafetyTask.objects.open().filter(patient=session.course.patient_id)
    return bool(waiting.filter(promptness=Promptness.DOCTOR_NOW.value).exists())


def outside_now(sheet: Sheet) -> Iterator[Point]:
    for one in sorted(sheet.outside_now, key=lambda one: -one.light.rank):
        if one.sign not in sheet.standing_signs:
            yield Point(light_said(one), LIGHTS[one.light])


def light_said(one: Outside) -> str:
    word = gettext("Red") if one.light is Light.RED else gettext("Amber")
    return f"{word}: {said(one.reason)}"


def of_the_dose(sheet: Sheet, *, judged: bool) -> Iterator[Point]:
    """What the pump or the devices wait for, and why; what was done against the rules."""
    last = sheet.pump[-1] if sheet.pump else None
    if last and sheet.paused_since:
        words = gettext("The infusion stands still since %(at)s: %(why)s")
        why = str(PAUSES[PauseReason(last.pause_reason)])
        yield Point(words % {"at": at_clock(sheet.paused_since), "why": why}, DUE)
    over = stop_due(sheet)
    if over:
        yield Point(over[1], over[0])
    if sheet.nasal and sheet.started and not sheet.stopped:
        yield Point(f"{ordered_said(sheet.devices)}. {next_device(sheet)}", DUE)
    if judged:
        yield from (Point(told(one), LATE) for one in sheet.deviations)
        for one in sheet.resumed_against:
            yield Point(gettext("Resumed in spite of this: %s") % told(one), LATE)


def as_ordered(sheet: Sheet) -> Iterator[Point]:
    """While the drug is given: what was ordered, how far it has come, until when, and by which doctor."""
    if sheet.stage is not Stage.INFUSING:
        return
    order, given = sheet.order, to_a_tenth(sheet)
    if order is not None and given is not None:
        words = gettext("Ordered %(mg)s mg at %(rate)s ml/h; given %(given)s mg at %(at)s")
        figures = {"mg": order.dose_mg, "rate": order.rate_ml_h, "given": given}
        said = {name: written_plain(value) for name, value in figures.items()}
        yield Point(words % {**said, "at": at_clock(sheet.now)}, moving=True)
    if sheet.expected_stop and not sheet.paused_since:
        words = gettext("The dose is given at %s, as the pump runs now")
        yield Point(words % at_clock(sheet.expected_stop), moving=True)
    if resumed := sum(row.act == PumpAct.RESUME for row in sheet.pump):
        words = gettext("Resumed after a pause: %(n)s of at most %(most)s times")
        most = delivery_rules().resume.at_most.value
        yield Point(words % {"n": resumed, "most": most}, DUE)
    if doctor := doctor_named(sheet.device_orders or sheet.orders):
        yield Point(gettext("Doctor of the session: %s") % doctor)


def next_device(sheet: Sheet) -> str:
    following = sheet.devices.next_from
    return gettext("The next from %s") % at_clock(following) if following else ""


def told(finding: Finding) -> str:
    return said(finding.question or finding.reason)


def next_observation(sheet: Sheet) -> Iterator[Point]:
    following = due(sheet)
    if following is None:
        return
    words = {
        LATE: gettext("Observation overdue, it was planned at %s"),
        DUE: gettext("Observation due now, planned at %s"),
    }
    said = words.get(following.kind, gettext("Next observation planned at %s"))
    yield Point(said % following.at, following.kind)


def was_red(sheet: Sheet) -> Iterator[Point]:
    """Each set of this session that was red by a reading of its own, but for the last."""
    for row in sheet.sets[:-1]:
        red = [
            said(one.reason)
            for one in sheet.outside_of[row.pk]
            if one.light is Light.RED and not one.stands
        ]
        if red and sheet.given_at(row):
            words = gettext("Was red at %(at)s: %(what)s")
            yield Point(words % {"at": at_clock(row.happened_at), "what": "; ".join(red)})


def happened(sheet: Sheet) -> Iterator[Point]:
    rows = (row for row in in_force(sheet.event_rows) if row.kind in TO_KNOW)
    for row in sorted(rows, key=lambda row: row.happened_at):
        kind = ChairEventKind(row.kind)
        parts = (str(EVENTS[kind]), row.amount, row.comment)
        words = ": ".join(part for part in parts if part)
        yield Point(f"{at_clock(row.happened_at)} {words}", TO_KNOW[kind])


def unchecked(sheet: Sheet) -> Iterator[Point]:
    for row in in_force(sheet.event_rows):
        if row.kind == ChairEventKind.CHECK_PENDING:
            words = gettext(
                "Checked by two at %(at)s, the other person has not signed: %(what)s"
            )
            yield Point(words % {"at": at_clock(row.happened_at), "what": row.comment}, DUE)
    late = late_check(sheet.order, sheet.pump_rows)
    if late is not None and not late.entered:
        words = gettext("No two-person check stood before the start, and none is entered since")
        yield Point(words, LATE)


def missing(sheet: Sheet) -> Iterator[Point]:
    """Before the start."""
    steps = (
        (sheet.ordered is not None, gettext("the doctor's order")),
        (sheet.signed, gettext("the doctor's signature on the order")),
        (double_checked(sheet), gettext("the two-person check")),
        (sheet.gate is not None, gettext("the start check")),
    )
    for there, words in steps:
        if not there:
            yield Point(gettext("Missing before the start: %s") % words, DUE)


def before_home(sheet: Sheet, *, judged: bool) -> Iterator[Point]:
    if judged and sheet.earliest_home:
        yield Point(gettext("Going home at %s at the earliest") % at_clock(sheet.earliest_home))
    if not sheet.given:
        yield Point(gettext("The dose is not recorded yet."), DUE)
    if sheet.discharge is None:
        yield Point(gettext("The checklist for going home is not filled in"), DUE)
        return
    for one in sheet.unmet:
        yield Point(f"{gettext('Keeps the patient here:')} {told(one)}", DUE)
    for hand in sheet.voided:
        words = gettext("%(name)s signed the checklist at %(at)s, and it no longer holds")
        yield Point(words % {"name": hand.name, "at": at_clock(hand.at)}, DUE)
    unsigned = {
        Capacity.NURSE: gettext("No nurse has signed the checklist"),
        Capacity.DOCTOR: gettext("No doctor has signed the checklist"),
    }
    for capacity, words in unsigned.items():
        if capacity not in sheet.signatures and not sheet.voided:
            yield Point(words, DUE)
