"""A chair's card on the board: how far, how long, what is due, what was measured last."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext

from lysglimt.clinic.design.numerals import span_of_minutes
from lysglimt.knowledge.monitoring.limits import Light, light
from lysglimt.knowledge.monitoring.start_gate import told_at_once
from lysglimt.knowledge.verdict import Standing

from .models import Session, VitalSet
from .ribbon import phase_said
from .sheet import Sheet, Stage
from .showing import Due, at_clock, due, stop_due
from .starts import not_let_through

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Flag:
    """``late`` asks for somebody now; the rest is to be known."""

    words: str
    late: bool = False


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

    def bare(self, *, numbers: bool) -> "Card":
        """For a wall: who it is and what was found is left out, that somebody is asked for is not."""
        asked = any(flag.late for flag in self.flags)
        return replace(
            self,
            session=None,
            patient=None,
            initials="",
            closed=False,
            pressure=self.pressure if numbers else None,
            flags=(Flag(gettext("See to the chair"), late=asked),) if self.flags else (),
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
    initials = "".join(name[:1] for name in f"{said.given_name} {said.family_name}".split())
    return Card(
        chair, taken=True, session=session.pk, patient=said.id, initials=initials.upper()
    )


def card_of(
    chair: str, session: Session, sheet: Sheet, *, judged: bool, called: datetime | None
) -> Card:
    """Unjudged, as in journal mode, no reading is judged, no observation and no wait is told."""
    shown = replace(
        of_whom(chair, session),
        phase=phase_said(sheet, sheet.stage),
        wait=wait(sheet, judged=judged),
        due=due(sheet) if judged else None,
    )
    flags = tuple(
        sorted(flagged(sheet, judged=judged, called=called), key=lambda one: not one.late)
    )
    if shown.closed:
        return replace(shown, flags=told_generally(flags))
    return replace(shown, pressure=pressure(sheet.sets), flags=flags)


def told_generally(flags: tuple[Flag, ...]) -> tuple[Flag, ...]:
    """To who may not read the chart: that there is something, and not what."""
    if not flags:
        return ()
    return (Flag(gettext("Something to see to at the chair"), late=flags[0].late),)


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
        return "", gettext("the wait is over since %s") % at_clock(home)
    return counted(sheet.now, home, gettext("until home at the earliest, %s"))


def counted(now: datetime, until: datetime, words: str) -> tuple[str, str]:
    """In whole minutes, the last one counted in."""
    return span_of_minutes(-((now - until) // MINUTE)), words % at_clock(until)


def pressure(sets: list[VitalSet]) -> Pressure | None:
    """Of the newest set in which it was measured, before the start, too."""
    read = [row for row in sets if row.systolic is not None and row.diastolic is not None]
    if not read:
        return None
    last, before = read[-1], read[-2] if len(read) > 1 else None
    change = None if before is None else (last.systolic or 0) - (before.systolic or 0)
    return Pressure(str(last), at_clock(last.happened_at), change)


def flagged(sheet: Sheet, *, judged: bool, called: datetime | None) -> Iterator[Flag]:
    if not_let_through(sheet.pump):
        yield Flag(gettext("Started, though the start check did not let it through"), late=True)
    if sheet.paused_since:
        yield Flag(gettext("Pause since %s") % at_clock(sheet.paused_since))
    if called:
        yield Flag(gettext("Doctor called %s") % at_clock(called), late=True)
    if judged:
        yield from readings(sheet)
        if stop := stop_due(sheet):
            kind, words = stop
            yield Flag(words, late=kind == "late")


def readings(sheet: Sheet) -> Iterator[Flag]:
    """By the range of the phase; a danger sign stands until a doctor has seen the patient."""
    if sheet.standing_signs:
        yield Flag(gettext("Danger sign"), late=True)
    worst = before_start(sheet) if sheet.stage is Stage.BEFORE else light(sheet.outside_now)
    if worst is Light.RED and not sheet.standing_signs:
        yield Flag(gettext("Outside the planned range: red"), late=True)
    elif worst is Light.AMBER:
        yield Flag(gettext("Outside the planned range: amber"))


def before_start(sheet: Sheet) -> Light:
    found = [one.standing for one in told_at_once(sheet.before, age=sheet.age)]
    if Standing.EXCLUDED in found:
        return Light.RED
    return Light.AMBER if found else Light.GREEN
