"""What is stored of courses: a few questions of the database, however many courses."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import DateField, QuerySet, Value
from django.db.models.functions import Cast

from lysglimt.clinic.people.facts import Fact

from .models import Course, CourseDecision, CoursePause, Rating, SessionGiven, StopTrigger

AFact = TypeVar("AFact", bound=Fact)
OfCourse = CourseDecision | StopTrigger | CoursePause
Rows = QuerySet[Any, Any]


class Matter(StrEnum):
    """What a turn is."""

    DECISION = "decision"
    TRIGGER = "trigger"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A decision, an event that calls for a stop, or a planned absence; ``words`` say why.

    ``goals`` are the patient's own, as a decision has them.
    """

    course: Any
    matter: Matter
    kind: str
    at: datetime
    by_id: int
    by: str
    rule: str
    recommended: str
    words: str
    goals: str
    ground: str
    reversible: bool
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class CourseRecord:
    """A course with its rows: ``sessions`` and ``ratings`` hold every revision, oldest first.

    ``ratings`` are all of the patient. ``turns`` are those in force.
    """

    course: Course
    sessions: tuple[SessionGiven, ...]
    ratings: tuple[Rating, ...]
    turns: tuple[Turn, ...]

    @property
    def sessions_in_force(self) -> tuple[SessionGiven, ...]:
        """In the order in which they were given."""
        return tuple(sorted(in_force(self.sessions), key=lambda row: row.started_at))

    @property
    def ratings_in_force(self) -> tuple[Rating, ...]:
        """Of the course, and the patient's from before it was planned."""
        return tuple(row for row in in_force(self.ratings) if self._counts(row))

    def _counts(self, rating: Rating) -> bool:
        if rating.course_id is None:
            return rating.happened_at <= self.course.planned_at
        return rating.course_id == self.course.pk


def in_force(rows: Iterable[AFact]) -> tuple[AFact, ...]:
    """The newest revision of each entry that was not withdrawn, in the order they first came."""
    newest: dict[Any, AFact] = {}
    for row in rows:
        newest[row.entry] = row
    return tuple(row for row in newest.values() if not row.withdrawn)


def records_of(
    courses: Sequence[Course], *, sessions: Rows | None = None
) -> tuple[CourseRecord, ...]:
    """Three questions, however many courses. ``sessions`` may bring annotations of its own."""
    given = SessionGiven.objects.all() if sessions is None else sessions
    given = given.filter(course__in=courses).select_related("by").order_by("pk")
    patients = [course.patient_id for course in courses]
    rated = Rating.objects.filter(patient__in=patients).select_related("by").order_by("pk")
    by_course, by_patient = grouped(given, "course_id"), grouped(rated, "patient_id")
    turned: dict[Any, list[Turn]] = defaultdict(list)
    for turn in turns(courses):
        turned[turn.course].append(turn)
    return tuple(
        CourseRecord(
            course=course,
            sessions=tuple(by_course[course.pk]),
            ratings=tuple(by_patient[course.patient_id]),
            turns=tuple(turned[course.pk]),
        )
        for course in courses
    )


def grouped(rows: Rows, key: str) -> Mapping[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def turns(courses: Sequence[Course]) -> list[Turn]:
    """All three kinds in one question, in the order in which they happened."""
    decisions = told(CourseDecision, courses).values_list(
        *("course_id", Value("decision"), "kind", "happened_at", "by_id", "by__display_name"),
        *("rule", "recommended", "deviation", "goals", "ground", Value(value=False), *NO_DAYS),
        *REVISION,
    )
    triggers = told(StopTrigger, courses).values_list(
        *("course_id", Value("trigger"), "kind", "happened_at", "by_id", "by__display_name"),
        *(Value(""), Value(""), "note", Value(""), Value(""), "reversible", *NO_DAYS),
        *REVISION,
    )
    pauses = told(CoursePause, courses).values_list(
        *("course_id", Value("pause"), Value(""), "happened_at", "by_id", "by__display_name"),
        *(
            Value(""),
            Value(""),
            "why",
            Value(""),
            Value(""),
            Value(value=False),
            "first_day",
            "last_day",
        ),
        *REVISION,
    )
    rows = decisions.union(triggers, pauses, all=True)
    return sorted(map(turn, rows), key=lambda turn: turn.at)


def turn(row: Sequence[Any]) -> Turn:
    """The texts of a row are opened by the model they came from."""
    *values, entry, revision = row
    said = dict(zip(Turn.__slots__, values, strict=True)) | {"matter": Matter(values[1])}
    model, columns = TEXTS[said["matter"]]
    for name, column in columns.items():
        sealed: Any = model._meta.get_field(column)
        said[name] = sealed.read_in(said[name], [entry, revision])
    return Turn(**said)


REVISION = ("entry", "revision")
TEXTS: Mapping[Matter, tuple[type[OfCourse], Mapping[str, str]]] = {
    Matter.DECISION: (CourseDecision, {"words": "deviation", "goals": "goals"}),
    Matter.TRIGGER: (StopTrigger, {"words": "note"}),
    Matter.PAUSE: (CoursePause, {"words": "why"}),
}
NO_DAYS = (Cast(Value(None), DateField()), Cast(Value(None), DateField()))


def told(model: type[OfCourse], courses: Sequence[Course]) -> Rows:
    rows: Rows = model.objects.in_force().filter(course__in=courses)
    return rows.order_by()
