"""A chair's card on the board: how far, how long, what is due, what was measured last."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile
from uuid import UUID

from django.utils.translation import gettext

from lysglimt.clinic.design.numerals import span_of_minutes
from lysglimt.clinic.people.models import PatientCard
from lysglimt.knowledge.monitoring.limits import Light, light
from lysglimt.knowledge.monitoring.start_gate import told_at_once
from lysglimt.knowledge.verdict import Standing

from .models import Session, VitalSet
from .ribbon import phase_said
from .sheet import Sheet, Stage
from .showing import Due, at_time, due, stop_due
from .starts import not_let_through

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Flag:
    """``late`` asks for somebody, ``now`` at once; the rest is to be known."""

    words: str
    late: bool = False
    now: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Doctor:
    """``awaited`` since a task asked for one that none has answered; ``called`` and ``came`` by a tap."""

    awaited: datetime | None = None
    called: datetime | None = None
    came: datetime | None = None

    @property
    def on_the_way(self) -> bool:
        """Called, and nobody is charted as come since."""
        return self.called is not None and (self.came is None or self.came < self.called)


@dataclass(frozen=True, slots=True)
class Pressure:
    """The last blood pressure, when it was measured, and how the systolic differs from before."""

    value: str
    at: str
    change: int | None

    @property
    def arrow(self) -> str:
        if self.change is None:
            return ""
        return "→" if self.change == 0 else "↑" if self.change > 0 else "↓"

    @property
    def words(self) -> str:
        if self.change is None:
            return ""
        if self.change == 0:
            return gettext("as before")
        word = (
            gettext("%s higher than before")
            if self.change > 0
            else gettext("%s lower than before")
        )
        return word % abs(self.change)


@dataclass(frozen=True, slots=True)
class Card:
    """What is said of one chair: free, or ``taken``, though the chart is ``closed`` to the reader.

    ``wait`` is a time still to pass and what it is until.
    """

    chair: str
    taken: bool = False
    session: UUID | None = None
    patient: UUID | None = None
    initials: str = ""
    closed: bool = False
    phase: str = ""
    wait: tuple[str, str] | None = None
    due: Due | None = None
    pressure: Pressure | None = None
    flags: tuple[Flag, ...] = ()

    @property
    def kind(self) -> str:
        """The look: red where somebody is asked for now, amber where something is due."""
        due = self.due.kind if self.due else ""
        if due == "late" or any(flag.late for flag in self.flags):
            return "late"
        return "due" if due or self.flags else ""

    def bare(self, *, numbers: bool, at: datetime) -> "Card":
        """For a wall: who it is and what was found is left out, that somebody is asked for is not."""
        return replace(
            self,
            session=None,
            patient=None,
            initials="",
            closed=False,
            pressure=self.pressure if numbers else None,
            flags=told_generally(self.flags, at=at),
        )


def free(chair: str) -> Card:
    return Card(chair)


def contradicting(chair: str, session: Session) -> Card:
    words = gettext("The chart contradicts itself: open the session")
    return replace(of_whom(chair, session), flags=(Flag(words, late=True),))


def of_whom(chair: str, session: Session) -> Card:
    """A chair is taken, whoever may know by whom."""
    if vars(session)["chart_closed"]:
        return Card(chair, taken=True, closed=True)
    said = session.course.patient.card()
    return Card(
        chair, taken=True, session=session.pk, patient=said.id, initials=initials_of(said)
    )


def initials_of(said: PatientCard) -> str:
    return "".join(name[:1] for name in f"{said.given_name} {said.family_name}".split()).upper()


def card_of(
    chair: str, session: Session, sheet: Sheet, *, judged: bool, doctor: Doctor
) -> Card:
    """Unjudged, as in journal mode, no reading is judged, no observation and no wait is told."""
    shown = replace(
        of_whom(chair, session),
        phase=phase_said(sheet, sheet.stage),
        wait=wait(sheet, judged=judged),
        due=due(sheet) if judged else None,
    )
    flags = tuple(
        sorted(
            flagged(sheet, judged=judged, doctor=doctor),
            key=lambda one: (not one.now, not one.late),
        )
    )
    if shown.closed:
        return replace(shown, flags=told_generally(flags, at=sheet.now))
    return replace(shown, pressure=pressure(sheet.sets, now=sheet.now), flags=flags)


def told_generally(flags: tuple[Flag, ...], *, at: datetime) -> tuple[Flag, ...]:
    """To who may not read the chart: how urgent it is and since when, and not what."""
    if not flags:
        return ()
    most = max((one.now, one.late) for one in flags)
    urgent = [one for one in flags if (one.now, one.late) == most]
    since = min((one.since for one in urgent if one.since), default=None)
    now, late = most
    words = gettext("To the patient NOW") if now else gettext("See to the patient")
    if since:
        words = gettext("%(what)s, since %(at)s") % {
            "what": words,
            "at": at_time(since, now=at),
        }
    return (Flag(words, late=late, now=now, since=since),)


def wait(sheet: Sheet, *, judged: bool) -> tuple[str, str] | None:
    """How long the infusion still runs, or until the patient may go home at the earliest."""
    if sheet.stage is Stage.INFUSING and not sheet.nasal:
        stop = None if sheet.paused_since else sheet.expected_stop
        return (
            counted(sheet.now, stop, gettext("left of the infusion, until %s"))
            if stop
            else None
        )
    home = sheet.earliest_home if judged else None
    if home is None:
        return None
    if home <= sheet.now:
        over = gettext("the wait was over at %s")
        if sheet.stage is not Stage.READY:
            over = gettext("the wait was over at %s, the checklist remains")
        return "", over % at_time(home, now=sheet.now)
    return counted(sheet.now, home, gettext("until home at the earliest, %s"))


def counted(now: datetime, until: datetime, words: str) -> tuple[str, str]:
    """In whole minutes, the last one counted in."""
    return span_of_minutes(-((now - until) // MINUTE)), words % at_time(until, now=now)


def pressure(sets: list[VitalSet], *, now: datetime) -> Pressure | None:
    """Of the newest set in which it was measured, before the start, too."""
    read = [row for row in sets if row.systolic is not None and row.diastolic is not None]
    if not read:
        return None
    last, before = read[-1], read[-2] if len(read) > 1 else None
    change = None if before is None else (last.systolic or 0) - (before.systolic or 0)
    return Pressure(str(last), at_time(last.happened_at, now=now), change)


def flagged(sheet: Sheet, *, judged: bool, doctor: Doctor) -> Iterator[Flag]:
    yield from of_the_doctor(sheet, doctor)
    if since := sheet.paused_since:
        yield Flag(gettext("Pause since %s") % at_time(since, now=sheet.now), since=since)
    if judged:
        yield from readings(sheet)
        if stop := stop_due(sheet):
            kind, words = stop
            yield Flag(words, late=kind == "late")


def of_the_doctor(sheet: Sheet, doctor: Doctor) -> Iterator[Flag]:
    """What a doctor has answered, or has come for, is to be known and asks for nobody any more."""
    for start in not_let_through(sheet.pump):
        words = gettext("Started, though the start check did not let it through")
        yield Flag(words, late=doctor.awaited is not None, since=start.happened_at)
    if since := doctor.awaited:
        words = gettext("Doctor awaited, not answered, since %s") % at_time(
            since, now=sheet.now
        )
        yield Flag(words, late=True, since=since)
    if since := doctor.called:
        words = gettext("Doctor called %s") % at_time(since, now=sheet.now)
        yield Flag(words, late=doctor.on_the_way, since=since)


def readings(sheet: Sheet) -> Iterator[Flag]:
    """By the range of the phase; a danger sign stands until a doctor has seen the patient."""
    if signs := sheet.standing_signs:
        told = min(signs.values())
        yield Flag(gettext("Danger sign"), late=True, now=True, since=told)
    before = sheet.stage is Stage.BEFORE
    worst = before_start(sheet) if before else light(sheet.outside_now)
    since = None if before else outside_from(sheet, worst)
    if worst is Light.RED and not sheet.standing_signs:
        words = gettext("Outside the planned range: red")
        yield Flag(words, late=True, now=not before, since=since)
    elif worst is Light.AMBER:
        yield Flag(gettext("Outside the planned range: amber"), since=since)


def outside_from(sheet: Sheet, worst: Light) -> datetime | None:
    """The first of the sets that have been so, one after the other, until now."""
    run = takewhile(lambda one: light(one[1]) is worst, reversed(sheet.outside))
    return min((one.at for one, _ in run), default=None)


def before_start(sheet: Sheet) -> Light:
    found = [one.standing for one in told_at_once(sheet.before, age=sheet.age)]
    if Standing.EXCLUDED in found:
        return Light.RED
    return Light.AMBER if found else Light.GREEN
