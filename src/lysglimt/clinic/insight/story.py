"""What happened in a course, in order of time: ratings, sessions, decisions, corrections."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext

from lysglimt.clinic.design.numerals import day_written, numeral
from lysglimt.clinic.design.scales import scale_name
from lysglimt.clinic.people.facts import Fact
from lysglimt.clinic.treatment.models import Rating, SessionGiven
from lysglimt.clinic.treatment.record import CourseRecord, Turn
from lysglimt.clinic.treatment.record import Matter as TurnMatter
from lysglimt.clinic.treatment.terms import DECISIONS, TRIGGERS
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.protocols.facts import DecisionKind, TriggerKind

from .pages import May, address_of

TENTH = Decimal("0.1")
"""Milligrams are told to the tenth: 1,486 mg is read as more than a thousand."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the story. ``corrected`` are the results that no longer hold.

    ``address`` is the page about it; empty where there is none for this reader.
    """

    at: datetime
    what: str
    result: str
    by: str
    corrected: tuple[str, ...] = ()
    struck: bool = False
    late: bool = False
    address: str = ""


def story(record: CourseRecord, *, may: May) -> tuple[Event, ...]:
    """The newest first."""
    events = [
        *rated(record.ratings, may=may),
        *given(record, may=may),
        *map(turned, record.turns),
    ]
    return tuple(sorted(events, key=lambda event: event.at, reverse=True))


def rated(rows: Iterable[Rating], *, may: May) -> Iterator[Event]:
    written = answers_written if may("rating") else score_written
    for revisions in by_entry(rows).values():
        newest: Rating = revisions[-1]
        yield Event(
            at=newest.happened_at,
            what=scale_name(instrument(newest.instrument)),
            result=written(newest),
            by=str(newest.by),
            corrected=tuple(map(written, revisions[:-1])),
            struck=newest.withdrawn,
            late=revisions[0].late,
            address=address_of("rating", newest.pk, may=may),
        )


def score_written(row: Rating) -> str:
    scale = instrument(row.instrument)
    if row.total is not None:
        return numeral(trimmed(row.total))
    if scale.scoring.method.makes_total:
        return gettext("no total: answers are missing")
    return gettext("answered")


def answers_written(row: Rating) -> str:
    """The score; of yes and no about suicide what was answered yes, never a grade."""
    scale = instrument(row.instrument)
    said = [
        (item.label, row.answers.get(item.id))
        for item in scale.safety_items
        if item.allowed == (0, 1)
    ]
    if scale.scoring.method.makes_total or all(answer is None for _, answer in said):
        return score_written(row)
    language = get_language() or "nb"
    yes = [label.in_language(language) for label, answer in said if answer == 1]
    if not yes:
        return gettext("no to all that was asked")
    return gettext("yes: %(items)s") % {"items": "; ".join(yes)}


def given(record: CourseRecord, *, may: May) -> Iterator[Event]:
    numbers = {row.entry: n for n, row in enumerate(record.sessions_in_force, start=1)}
    for entry, revisions in by_entry(record.sessions).items():
        newest: SessionGiven = revisions[-1]
        session = gettext("Session")
        number = numbers.get(entry)
        yield Event(
            at=newest.started_at,
            what=f"{session} {number}" if number else session,
            result=session_written(newest),
            by=str(newest.by),
            corrected=tuple(session_written(old) for old in revisions[:-1]),
            struck=newest.withdrawn,
            late=revisions[0].late,
            address=address_of("session", entry, may=may),
        )


def session_written(row: SessionGiven) -> str:
    """What was given, and the highest pressure of its chart."""
    pressure = pressure_written(row)
    highest = gettext("highest %(pressure)s") % {"pressure": pressure} if pressure else ""
    return " · ".join(filter(None, (given_written(row), highest)))


def given_written(row: SessionGiven) -> str:
    minutes = int((row.stopped_at - row.started_at).total_seconds() // 60)
    given, ordered = row.delivered_mg, row.prescribed_mg
    parts = [
        f"{minutes} min"
        if given is None
        else f"{numeral(trimmed(given.quantize(TENTH)))} mg / {minutes} min"
    ]
    if given is not None and ordered is not None and given < ordered:
        parts.append(gettext("%(amount)s mg ordered") % {"amount": numeral(trimmed(ordered))})
    if row.ended_early:
        parts.append(gettext("ended early: %(why)s") % {"why": row.ended_early})
    return " · ".join(parts)


def pressure_written(row: SessionGiven) -> str:
    """The highest systolic pressure with its diastolic, where the chart has one."""
    systolic = vars(row).get("highest_systolic")
    diastolic = vars(row).get("its_diastolic")
    return f"{systolic}/{diastolic or '–'}" if systolic else ""


def turned(turn: Turn) -> Event:
    return Event(at=turn.at, what=turn_named(turn), result=turn_written(turn), by=turn.by)


def turn_named(turn: Turn) -> str:
    match turn.matter:
        case TurnMatter.DECISION:
            return str(DECISIONS[DecisionKind(turn.kind)])
        case TurnMatter.TRIGGER:
            return str(TRIGGERS[TriggerKind(turn.kind)])
        case TurnMatter.PAUSE:
            return gettext("Planned absence")


def turn_written(turn: Turn) -> str:
    if turn.matter is not TurnMatter.PAUSE or turn.first_day is None:
        return turn.words
    last = day_written(turn.last_day) if turn.last_day else gettext("until further notice")
    return f"{day_written(turn.first_day)} – {last}: {turn.words}"


def by_entry(rows: Iterable[Any]) -> Mapping[Any, Sequence[Any]]:
    found: dict[Any, list[Fact]] = defaultdict(list)
    for row in rows:
        found[row.entry].append(row)
    return found


def trimmed(number: Decimal) -> Decimal:
    """40, not 40.000; the digits that say something stay."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()
