"""The course as a picture: scores over time, sessions, events, and where halved and remission lie."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext, pgettext

from lysglimt.clinic.design.numerals import day_written, numeral

from .scene import Box, Dot, Label, Line, Scale, Scene, spread, stacked, unbroken

WIDTH, HEIGHT = 760, 334
LEFT, RIGHT, TOP, FLOOR = 40, 590, 54, 254
"""The plot. Right of it is the gutter for what the lines mean, under it are the sessions."""
SESSIONS_AT = 286
DATES_AT = 326
LONGEST_GUTTER_LABEL = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """A score on a day; without a score it was due and is missing."""

    on: date
    score: int | None


@dataclass(frozen=True, slots=True)
class Happening:
    on: date
    what: str


@dataclass(frozen=True, slots=True)
class CoursePicture:
    """What the picture shows; the caller has decided what counts, the picture only shows it.

    ``remission_at`` is the highest score that counts as remission and ``remission_by`` the name
    of that definition. ``baseline`` may be missing: then no half is drawn.
    """

    instrument: str
    highest: int
    today: date
    readings: tuple[Reading, ...] = ()
    baseline: int | None = None
    remission_at: int | None = None
    remission_by: str = ""
    sessions: tuple[date, ...] = ()
    events: tuple[Happening, ...] = ()

    @property
    def first_day(self) -> date:
        return min(self._days) - timedelta(days=2)

    @property
    def last_day(self) -> date:
        return max(*self._days, self.first_day + timedelta(days=14)) + timedelta(days=2)

    @property
    def _days(self) -> tuple[date, ...]:
        readings = tuple(reading.on for reading in self.readings)
        events = tuple(event.on for event in self.events)
        return (self.today, *readings, *self.sessions, *events)


@dataclass(frozen=True, slots=True)
class Frame:
    across: Scale
    up: Scale

    @classmethod
    def around(cls, picture: CoursePicture) -> "Frame":
        first, last = picture.first_day.toordinal(), picture.last_day.toordinal()
        return cls(Scale(first, last, LEFT, RIGHT), Scale(0, picture.highest, FLOOR, TOP))

    def x(self, day: date) -> int:
        return self.across(day.toordinal())


def course_curve(picture: CoursePicture) -> Scene:
    frame = Frame.around(picture)
    readings = tuple(sorted(picture.readings, key=lambda reading: reading.on))
    points = [
        None if each.score is None else (frame.x(each.on), frame.up(each.score))
        for each in readings
    ]
    return Scene(
        name="course-curve",
        width=WIDTH,
        height=HEIGHT,
        title=gettext("%(instrument)s over the course") % {"instrument": picture.instrument},
        description=_in_words(picture, readings),
        columns=(gettext("Date"), gettext("What"), gettext("Result")),
        rows=_rows(picture, readings),
        boxes=_sessions(picture, frame),
        lines=(*_axes(), *_limits(picture, frame), *_days_marked(picture, frame)),
        curves=unbroken(points, "curve"),
        dots=tuple(_dot(each, frame) for each in readings),
        labels=_labels(picture, readings, frame),
    )


def _score(reading: Reading) -> str:
    return gettext("missing") if reading.score is None else str(reading.score)


def _dot(reading: Reading, frame: Frame) -> Dot:
    if reading.score is None:
        return Dot(frame.x(reading.on), FLOOR, "missing")
    return Dot(frame.x(reading.on), frame.up(reading.score), "point")


def _sessions(picture: CoursePicture, frame: Frame) -> tuple[Box, ...]:
    return tuple(
        Box(frame.x(day) - 3, SESSIONS_AT - 20, 6, 14, "session") for day in picture.sessions
    )


def _axes() -> tuple[Line, ...]:
    return (Line(LEFT, FLOOR, RIGHT, FLOOR, "axis"), Line(LEFT, TOP, LEFT, FLOOR, "axis"))


def _half(picture: CoursePicture) -> Decimal | None:
    return None if picture.baseline is None else Decimal(picture.baseline) / 2


@dataclass(frozen=True, slots=True)
class Level:
    """A score with a line of its own, and what it means."""

    score: float
    words: str
    kind: str


def _levels(picture: CoursePicture) -> list[Level]:
    """The levels with a line of their own, and what they mean."""
    levels: list[Level] = []
    if picture.baseline is not None:
        words = gettext("baseline %(score)s") % {"score": picture.baseline}
        levels.append(Level(picture.baseline, words, "baseline"))
    if (half := _half(picture)) is not None:
        words = gettext("halved: %(score)s") % {"score": numeral(half)}
        levels.append(Level(float(half), words, "limit"))
    if picture.remission_at is not None:
        words = gettext("remission ≤ %(score)s") % {"score": picture.remission_at}
        levels.append(Level(picture.remission_at, words, "limit remission"))
    return levels


def _limits(picture: CoursePicture, frame: Frame) -> tuple[Line, ...]:
    return tuple(
        Line(LEFT, frame.up(level.score), RIGHT, frame.up(level.score), level.kind)
        for level in _levels(picture)
    )


def _days_marked(picture: CoursePicture, frame: Frame) -> tuple[Line, ...]:
    events = tuple(
        Line(frame.x(event.on), TOP, frame.x(event.on), FLOOR, "event")
        for event in picture.events
    )
    today = frame.x(picture.today)
    return (*events, Line(today, TOP - 4, today, SESSIONS_AT - 4, "today"))


def _labels(
    picture: CoursePicture, readings: tuple[Reading, ...], frame: Frame
) -> tuple[Label, ...]:
    head = gettext("today %(date)s") % {"date": day_written(picture.today)}
    above = [Label(frame.x(picture.today), 14, head, "value", "middle")]
    above += [Label(frame.x(each.on), 14, each.what, "", "middle") for each in picture.events]
    return (
        *stacked(above, WIDTH, lanes=3),
        *_gutter(picture, frame),
        *_scores(readings, frame),
        *_foot(picture, frame),
        Label(LEFT - 6, TOP + 4, str(picture.highest), anchor="end"),
        Label(LEFT - 6, FLOOR + 4, "0", anchor="end"),
    )


def _gutter(picture: CoursePicture, frame: Frame) -> tuple[Label, ...]:
    labels = [
        Label(RIGHT + 6, frame.up(level.score) + 4, level.words, "limit-label")
        for level in _levels(picture)
    ]
    if picture.remission_at is not None and picture.remission_by:
        by = picture.remission_by
        if len(by) > LONGEST_GUTTER_LABEL:
            by = f"{by[: LONGEST_GUTTER_LABEL - 1]}…"
        labels.append(Label(RIGHT + 6, frame.up(picture.remission_at) + 5, by))
    return spread(labels, lowest_y=FLOOR + 12)


def _scores(readings: tuple[Reading, ...], frame: Frame) -> tuple[Label, ...]:
    """Above their point, or below it where the neighbour's number stands already."""
    placed: list[Label] = []
    for each in readings:
        point = FLOOR if each.score is None else frame.up(each.score)
        words = _score(each)
        kind = "" if each.score is None else "value"
        for y in (point - 9, point + 18):
            label = Label(frame.x(each.on), y, words, kind, "middle").within(WIDTH)
            if y <= FLOOR + 4 and not any(label.touches(other) for other in placed):
                placed.append(label)
                break
    return tuple(placed)


def _foot(picture: CoursePicture, frame: Frame) -> tuple[Label, ...]:
    numbers = [
        Label(frame.x(day), SESSIONS_AT + 10, str(number), "", "middle")
        for number, day in enumerate(sorted(picture.sessions), start=1)
    ]
    span = (picture.last_day - picture.first_day).days
    dates = [picture.first_day + timedelta(days=span * part // 6) for part in range(7)]
    ticks = [
        Label(frame.x(day), DATES_AT, day_written(day, year=False), "", "middle")
        for day in dates
    ]
    named = pgettext("under the curve", "sessions")
    lead = [Label(RIGHT + 6, SESSIONS_AT - 9, named)] if picture.sessions else []
    return (
        *stacked(numbers, WIDTH, lanes=1),
        *stacked(ticks, WIDTH, lanes=1),
        *lead,
    )


def _in_words(picture: CoursePicture, readings: tuple[Reading, ...]) -> str:
    said = [f"{day_written(each.on)}: {_score(each)}" for each in readings]
    levels = [level.words for level in _levels(picture)]
    counted = gettext("%(count)s sessions") % {"count": len(picture.sessions)}
    return ". ".join(("; ".join(said) or gettext("No score yet"), *levels, counted))


def _rows(picture: CoursePicture, readings: tuple[Reading, ...]) -> tuple[tuple[str, ...], ...]:
    """All that the picture shows, in order of time."""
    session = gettext("Session")
    rows = [
        *(
            (
                each.on,
                picture.instrument,
                _score(each),
            )
            for each in readings
        ),
        *(
            (day, f"{session} {number}", "")
            for number, day in enumerate(sorted(picture.sessions), start=1)
        ),
        *((event.on, event.what, "") for event in picture.events),
    ]
    ordered = sorted(rows, key=lambda row: row[0])
    return tuple((day_written(on), what, result) for on, what, result in ordered)
