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
    ``earlier`` is the last session of another course before this one, ``new_medicine`` when the
    newest of those began that ask for an ECG.
    """

    sessions: tuple[date, ...] = ()
    evaluated: date | None = None
    ended: date | None = None
    seen: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    unmade: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    liver_abnormal: bool = False
    pregnancy_possible: bool = True
    earlier: date | None = None
    new_medicine: date | None = None

    def exposure(self, on: date) -> CourseExposure | None:
        """None before the first session."""
        given = sorted(self.sessions)
        if not given:
            return None
        grid = exposure_grid()
        target = grid.evaluated_after.value
        since = on - grid.frequent_over.value
        lately = sum(since < day <= on for day in given)
        sixth = given[target - 1] if len(given) >= target else None
        return CourseExposure(
            first_session=given[0],
            # An induction that was shorter was evaluated before the sixth session.
            evaluated=min((day for day in (sixth, self.evaluated) if day), default=None),
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
    done = _in_this_course(check, done_on(check, course.seen), course)
    unmade = _in_this_course(check, max(course.unmade.get(check.id, ()), default=None), course)
    known = max((day for day in (done, unmade) if day), default=None)
    answered = CheckDue(check, _answered(known, unmade), why(check), done_on=known)
    if _asked_now(check, course, known):
        return replace(answered, standing=CheckStanding.DUE)
    if began := _with_new_medicine(check, course, known):
        grace = exposure_grid().grace.value
        pressed = _pressed(began, grace, on)
        told = NEW_MEDICINE.filled(on=began)
        return replace(answered, standing=pressed, by=began + grace, why=told)
    days = _days(check, course, _counted(check, done=done, known=known), on=on)
    if not days:
        return answered
    window = _window(check)
    day = _put_off(check, days[0], done=done, unmade=unmade)
    return replace(answered, standing=_pressed(day, window, on), by=day + window)


def _in_this_course(
    check: ExposureCheck, day: date | None, course: CourseOverMonths
) -> date | None:
    """What was seen before the end of an earlier course is no baseline of this one."""
    old = check.moment is Moment.BASELINE and course.earlier is not None
    return None if old and day and course.earlier and day <= course.earlier else day


def _days(
    check: ExposureCheck, course: CourseOverMonths, known: date | None, *, on: date
) -> tuple[date, ...]:
    exposure = course.exposure(on)
    over = course.ended is not None and check.moment is Moment.BASELINE
    if exposure is None or over or _forgotten(course, on):
        return ()
    since = sorted(day for day in course.sessions if known is None or day > known)
    often = check.every_sessions.value if check.every_sessions else 0
    return due_days(
        check,
        exposure,
        last_done=known,
        sessions_since_last=len(since),
        on=since[often - 1] if 0 < often <= len(since) else on,
    )


def _counted(check: ExposureCheck, *, done: date | None, known: date | None) -> date | None:
    """Months are counted from the last time that it was done: why not is no test."""
    return done if check.repeated else _as_counted(check, known)


def _put_off(
    check: ExposureCheck, day: date, *, done: date | None, unmade: date | None
) -> date:
    """Why not puts off for a while what is repeated; then it is asked again."""
    if not check.repeated or unmade is None or (done and unmade <= done):
        return day
    return max(day, unmade + exposure_grid().put_off.value)


def _with_new_medicine(
    check: ExposureCheck, course: CourseOverMonths, known: date | None
) -> date | None:
    """When a medicine began that asks for it, and it was not answered since."""
    began = course.new_medicine if check.with_new_medicine else None
    going_on = course.sessions and course.ended is None
    return began if going_on and began and (known is None or known < began) else None


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
NEW_MEDICINE = Text(
    "Nytt legemiddel som kan forlenge QT-tiden, eller uten kode, fra {on}",
    "A new medicine that may lengthen the QT interval, or has no code, from {on}",
)
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
