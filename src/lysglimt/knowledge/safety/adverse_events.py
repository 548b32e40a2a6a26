"""What happened to the patient, in words that every clinic shares, and how bad it was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.text import Text


class EventGroup(StrEnum):
    """Where an adverse event belongs."""

    CARDIOVASCULAR = "cardiovascular"
    RESPIRATORY = "respiratory"
    NEUROLOGICAL = "neurological"
    PSYCHIATRIC = "psychiatric"
    EYE = "eye"
    GASTROINTESTINAL = "gastrointestinal"
    URINARY = "urinary"
    HEPATIC = "hepatic"
    PROCEDURE = "procedure"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class EventTerm:
    """One kind of event. ``grades`` are by number; a grade that is not there does not exist.

    A grade of suicidal ideation is for reporting an event; it is never shown as a risk.
    """

    id: str
    group: EventGroup
    name: Text
    basis: Basis
    ctcae: str | None = None
    grades: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventQuality:
    """What makes an event serious, or how surely the treatment caused it."""

    id: str
    name: Text
    basis: Basis


@dataclass(frozen=True, slots=True)
class GeneralGrades:
    """What each grade means of a term that has no table of its own."""

    grades: Mapping[str, Text]
    basis: Basis


@dataclass(frozen=True, slots=True)
class GradeLimits:
    """Where each grade begins, grade 1 first."""

    systolic: tuple[Figure[int], ...]
    diastolic: tuple[Figure[int], ...]
    alt: tuple[Figure[Decimal], ...]
    ggt: tuple[Figure[Decimal], ...]
    qtc: tuple[Figure[int], ...]
    qtc_longer: Figure[int]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All terms, with seriousness, causality and limits."""

    basis: Basis
    term: tuple[EventTerm, ...]
    seriousness: tuple[EventQuality, ...]
    causality: tuple[EventQuality, ...]
    limits: GradeLimits
    general: GeneralGrades

    @property
    def terms(self) -> Mapping[str, EventTerm]:
        return {term.id: term for term in self.term}


@cache
def taxonomy() -> Taxonomy:
    return read(Taxonomy, files("lysglimt.knowledge.safety") / "adverse_events.toml")


UNGRADED = frozenset({"suicidal-ideation", "suicide-attempt"})
"""Of these no grade is asked or shown: what is said of suicide opens a task for a clinician."""
GRADED_OF_OUR_OWN = "dissociation"


@dataclass(frozen=True, slots=True)
class Grades:
    """What may be picked of a term, by number; ``basis`` is on what the words rest."""

    words: Mapping[str, Text]
    basis: Basis


def grades_of(term: EventTerm) -> Grades:
    """By its own table, else in general; nothing of what happened to no body, and of suicide."""
    if term.id in UNGRADED or (term.group is EventGroup.OWN and term.id != GRADED_OF_OUR_OWN):
        return Grades({}, term.basis)
    if term.grades:
        return Grades(term.grades, term.basis)
    general = taxonomy().general
    return Grades(general.grades, general.basis)


def pressure_class(readings: Iterable[tuple[int, int]]) -> int | None:
    """The class 0 to 3 of a session's highest pressure (systolic, diastolic; mmHg).

    Not an adverse event: a transient rise is expected, so the register shows the peak class
    by itself. None without a reading. [ctcae]
    """
    limits = taxonomy().limits
    return max(
        (
            max(_reached(systolic, limits.systolic), _reached(diastolic, limits.diastolic))
            for systolic, diastolic in readings
        ),
        default=None,
    )


def alt_grade(x_uln: Decimal) -> int:
    """The grade 0 to 4 of ALT in multiples of the upper limit; a limit itself is not above it."""
    return _passed(x_uln, taxonomy().limits.alt)


def ggt_grade(x_uln: Decimal) -> int:
    """As ``alt_grade``, of GGT."""
    return _passed(x_uln, taxonomy().limits.ggt)


def qtc_grade(qtc_ms: int, *, before_ms: int | None = None) -> int:
    """The grade 0 to 3 of a QTc; 60 ms longer than before is grade 3. Grade 4 is a torsade."""
    limits = taxonomy().limits
    if before_ms is not None and qtc_ms - before_ms >= limits.qtc_longer.value:
        return len(limits.qtc)
    return _reached(qtc_ms, limits.qtc)


def _reached(value: int, limits: Sequence[Figure[int]]) -> int:
    return sum(value >= limit.value for limit in limits)


def _passed(value: Decimal, limits: Sequence[Figure[Decimal]]) -> int:
    return sum(value > limit.value for limit in limits)
