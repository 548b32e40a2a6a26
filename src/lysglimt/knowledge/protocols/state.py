"""Where a course stands: what is recorded, and apart from it what is advised."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.text import Text

from .facts import DecisionKind, RatingGiven

RULE_VERSION = "2026.1"
"""Stored with every answer; a rule that changes an answer changes it."""


class Phase(StrEnum):
    PLANNED = "planned"
    INDUCTION = "induction"
    EVALUATION = "evaluation"
    MAINTENANCE = "maintenance"
    FOLLOW_UP = "follow-up"
    CLOSED = "closed"


class Matter(StrEnum):
    """What can be due."""

    CONSENT = "consent"
    REGISTRATION = "registration"
    SESSION = "session"
    RATING = "rating"
    EVALUATION = "evaluation"
    REVIEW = "review"
    FOLLOW_UP = "follow-up"


class DueStatus(StrEnum):
    """Of one due matter on the day asked for."""

    UPCOMING = "upcoming"
    DUE = "due"
    OVERDUE = "overdue"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Ground:
    """Why: the rule's id (``EV-1``), the reason in words, and on what it rests."""

    rule: str
    reason: Text
    basis: Basis


@dataclass(frozen=True, slots=True)
class Departure:
    """What was done otherwise than planned, and what that means. ``code`` is stable."""

    code: str
    on: date
    ground: Ground


@dataclass(frozen=True, slots=True)
class Due:
    """One matter with its window, both days included; ``latest`` None means no limit is set.

    ``overdue`` holds whether or not something also blocks it.
    """

    matter: Matter
    earliest: date
    latest: date | None
    status: DueStatus
    overdue: bool
    ground: Ground
    blocked_by: tuple[Ground, ...] = ()
    session: int | None = None
    instrument: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A session (``decision`` None) or a decision: open to the clinician or not, and why."""

    decision: DecisionKind | None
    allowed: bool
    ground: Ground


@dataclass(frozen=True, slots=True)
class NextDecision:
    """What the rules propose be decided; ``proposed`` in order of preference."""

    proposed: tuple[DecisionKind, ...]
    ground: Ground


@dataclass(frozen=True, slots=True)
class Outcome:
    """Effect at the evaluation rating, or at the latest rating since session 1."""

    baseline: RatingGiven
    current: RatingGiven
    reduction: Fraction
    response: bool
    partial: bool
    remission: bool | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """Facts alone: shown in journal mode too.

    ``sessions`` are all exposures of the course, ``run`` those since the start or restart,
    ``counted`` those of the run that count towards induction; ``target`` is how many the
    protocol and the decisions so far call for (None: unknown).
    """

    phase: Phase
    since: date | None
    sessions: int
    run: int
    counted: int
    target: int | None
    maintenance_sessions: int
    interval_days: int | None
    first_session: date | None
    last_session: date | None
    baseline: RatingGiven | None
    deviations: tuple[Departure, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """DecisionMade support: not shown in journal mode."""

    next: NextDecision | None
    due: tuple[Due, ...]
    steps: tuple[Step, ...]
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class CourseState:
    protocol: str
    version: str
    rule_version: str
    on: date
    recorded: Recorded
    advice: Advice
