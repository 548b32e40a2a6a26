"""What is looked at over months in one course: what is due, overdue or done, when, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from lysglimt.knowledge.calendar import months_after
from lysglimt.knowledge.text import Text

from .exposure import (
    CourseExposure,
    ExposureCheck,
    Moment,
    due_days,
    exposure_grid,
)


class CheckStanding(StrEnum):
    """How a check stands on a day, the most pressing first."""

    OVERDUE = "overdue"
    DUE = "due"
    COMING = "coming"
    DONE = "done"
    NOT_DONE = "not-done"
    """Somebody wrote why it is not done."""
    LATER = "later"
    """It belongs to another part of the course."""
    AT_THE_CHAIR = "at-the-chair"
    """The chart of the session has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseOverMonths:
    """What is known of a course. ``seen`` is when each source was last there, by its name.

    ``seen`` holds every day on which ``lab:alt``, ``rating:ymrs``, ``workup:ecg`` or, by the
    check's own id, ``made:heart-baseline`` was recorded; ``unmade`` the days on which somebody
    wrote, by check, why it is not done. ``evaluated`` is the end of an induction that was
    shorter than six sessions. ``pregnancy_possible`` is False of whom cannot be pregnant.
    """

    sessions: tuple[date, ...] = ()
    evaluated: date | None = None
    ended: date | None = None
    seen: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    unmade: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    liver_abnormal: bool = False
    pregnancy_possible: bool = True

    def exposure(self, on: date) -> CourseExposure | None:
        """None before the first session."""
        given = sorted(self.sessions)
        if not given:
            return None
        grid = exposure_grid()
        target = grid.evaluated_after.value
        since = on - grid.frequent_over.value
        lately = sum(since < day <= on for day in given)
        return CourseExposure(
            first_session=given[0],
            evaluated=given[target - 1] if len(given) >= target else self.evaluated,
            ended=self.ended,
            frequent=lately > grid.frequent_above.value,
            liver_abnormal=self.liver_abnormal,
        )


@dataclass(frozen=True, slots=True)
class CheckDue:
    """One check: how it stands, the last day for it, when it was last done, and why it is asked."""

    check: ExposureCheck
    standing: CheckStanding
    why: Text
    by: date | None = None
    done_on: date | None = None

    @property
    def late(self) -> bool:
        return self.standing is CheckStanding.OVERDUE


PRESSING = tuple(CheckStanding)


def may_be_pregnant(*, sex: str, age: int) -> bool:
    """Is a test asked for? The start check asks each time, whoever it is."""
    return sex != "m" and age < exposure_grid().pregnancy_below.value


def checks_due(course: CourseOverMonths, on: date) -> tuple[CheckDue, ...]:
    """Every check of the grid that applies, the most pressing first, then by day."""
    asked = (
        one
        for one in exposure_grid().check
        if course.pregnancy_possible or one.domain != "pregnancy"
    )
    return tuple(sorted((check_due(one, course, on) for one in asked), key=_pressing))


def _pressing(one: CheckDue) -> tuple[int, date]:
    return PRESSING.index(one.standing), one.by or date.max


def overdue(course: CourseOverMonths, on: date) -> int:
    return sum(one.late for one in checks_due(course, on))


def check_due(check: ExposureCheck, course: CourseOverMonths, on: date) -> CheckDue:
    if check.at_the_chair:
        return CheckDue(check, CheckStanding.AT_THE_CHAIR, why(check))
    done = done_on(check, course.seen)
    unmade = max(course.unmade.get(check.id, ()), default=None)
    known = max((day for day in (done, unmade) if day), default=None)
    answered = CheckDue(check, _answered(known, unmade), why(check), done_on=known)
    if _asked_now(check, course, known):
        return replace(answered, standing=CheckStanding.DUE)
    exposure = course.exposure(on)
    if exposure is None or _forgotten(course, on):
        return answered
    days = due_days(
        check,
        exposure,
        last_done=_as_counted(check, known),
        sessions_since_last=_since(course.sessions, known),
        on=on,
    )
    if not days:
        return answered
    window = _window(check)
    standing = _pressed(days[0], window, on)
    return replace(answered, standing=standing, by=days[0] + window)


def _answered(known: date | None, unmade: date | None) -> CheckStanding:
    if known is None:
        return CheckStanding.LATER
    return CheckStanding.NOT_DONE if known == unmade else CheckStanding.DONE


def _asked_now(check: ExposureCheck, course: CourseOverMonths, known: date | None) -> bool:
    """What has no day: the baseline before a first session, and what goes with each session.

    The questions of a session are due with the last one, where nobody has answered since it.
    """
    if course.ended is not None:
        return False
    last = max(course.sessions, default=None)
    if check.moment is Moment.SESSION:
        return last is not None and (known is None or known < last)
    return check.moment is Moment.BASELINE and last is None and known is None


def done_on(check: ExposureCheck, seen: Mapping[str, Sequence[date]]) -> date | None:
    """The last day on which all that it needs had been seen, or it was entered by hand."""
    by_hand = max(seen.get(f"made:{check.id}", ()), default=None)
    parts = [_last(seen, ways) for ways in check.needs]
    known = [day for day in parts if day]
    whole = min(known) if known and len(known) == len(parts) else None
    return max((day for day in (by_hand, whole) if day), default=None)


def _last(seen: Mapping[str, Sequence[date]], ways: Iterable[str]) -> date | None:
    return max((day for way in ways for day in seen.get(way, ())), default=None)


def _as_counted(check: ExposureCheck, known: date | None) -> date | None:
    """What was done a little before the months were up is done."""
    if known and check.moment in {Moment.AFTER_END, Moment.IF_ABNORMAL}:
        return known + exposure_grid().notice.value
    return known


def _since(sessions: Iterable[date], known: date | None) -> int:
    return sum(known is None or day > known for day in sessions)


def _window(check: ExposureCheck) -> timedelta:
    """What is repeated, or stands before the first dose, has a last day; the others some days more."""
    once = {Moment.EVALUATION, Moment.AFTER_END, Moment.IF_ABNORMAL}
    return exposure_grid().grace.value if check.moment in once else timedelta(0)


def _pressed(by: date, window: timedelta, on: date) -> CheckStanding:
    if on > by + window:
        return CheckStanding.OVERDUE
    return (
        CheckStanding.DUE if on >= by - exposure_grid().notice.value else CheckStanding.COMING
    )


def _forgotten(course: CourseOverMonths, on: date) -> bool:
    """So long after the end nobody is reminded."""
    last = course.ended and months_after(course.ended, exposure_grid().reminded_for.value)
    return last is not None and on > last


WHY: Mapping[Moment, Text] = {
    Moment.BASELINE: Text("Før første økt", "Before the first session"),
    Moment.SESSION: Text("Ved hver økt", "With each session"),
    Moment.EVALUATION: Text("Etter økt {sessions}", "After session {sessions}"),
    Moment.MAINTENANCE: Text("I vedlikehold", "In maintenance"),
    Moment.MAINTENANCE_FREQUENT: Text(
        "I vedlikehold med mer enn én økt i uken",
        "In maintenance with more than one session a week",
    ),
    Moment.AFTER_END: Text("Etter slutt", "After the end"),
    Moment.IF_ABNORMAL: Text(
        "Etter slutt, fordi prøvene var unormale",
        "After the end, since the tests were abnormal",
    ),
}
EVERY = Text(", hver {months}. måned", ", every {months} months")
EVERY_SESSIONS = Text(" eller hver {sessions}. økt", " or each {sessions}th session")
EVERY_DAYS = Text(", hver {days}. dag", ", every {days} days")
MONTHS = Text(", {months} måneder", ", {months} months")
AND = Text(" og ", " and ")


def why(check: ExposureCheck) -> Text:
    """To which moment it belongs, and how often."""
    said = [WHY[check.moment].filled(sessions=exposure_grid().evaluated_after.value)]
    if check.every:
        said.append(EVERY.filled(months=check.every.value))
    if check.every_sessions:
        said.append(EVERY_SESSIONS.filled(sessions=check.every_sessions.value))
    if check.every_days:
        said.append(EVERY_DAYS.filled(days=check.every_days.value.days))
    if check.after:
        months = [str(one.value) for one in check.after]
        said.append(MONTHS.filled(months=Text(AND.nb.join(months), AND.en.join(months))))
    return Text("".join(one.nb for one in said), "".join(one.en for one in said))
