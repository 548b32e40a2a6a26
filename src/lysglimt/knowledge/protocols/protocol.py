"""What a protocol states: sessions, doses, windows, ratings, and on what each figure rests."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from lysglimt.knowledge.dosing.ceilings import OwnCeilings
from lysglimt.knowledge.dosing.escalation import LadderStep
from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.quantities import Milligrams, MilligramsPerKilogram
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

WEEK = 7
"""Calendar days in which "a week" of sessions is counted."""
DAY = timedelta(days=1)


class Kind(StrEnum):
    """Given here, only recorded beside it, or given in a registered study alone."""

    TREATMENT = "treatment"
    COMPARATOR = "comparator"
    RESEARCH = "research"


class Route(StrEnum):
    INTRAVENOUS = "iv"
    SUBCUTANEOUS = "sc"
    INTRANASAL = "nasal"
    ORAL = "oral"
    DEVICE = "device"


class When(StrEnum):
    """When a rating belongs in the course."""

    BASELINE = "baseline"
    BEFORE_SESSION = "before-session"
    AFTER_SESSION = "after-session"
    EVALUATION = "evaluation"
    MAINTENANCE = "maintenance"
    FOLLOW_UP = "follow-up"
    AFTER_STOP = "after-stop"
    AFTER_LAST_DOSE = "after-last-dose"


@dataclass(frozen=True, slots=True)
class Product:
    """What is given. ``atc`` is None for a device and where none is known.

    ``ketamine`` is true of both its mirror forms, together or alone, with a code or without.
    """

    name: Text
    route: Route
    atc: str | None
    ketamine: bool
    basis: Basis


@dataclass(frozen=True, slots=True)
class Dose:
    """The doses of the protocol. None stands for what the sources do not say.

    A dose by weight has ``per_kilogram`` and ``over``; one by device has ``first`` and
    ``amounts``. ``steps`` come after the first in that order. ``highest`` and ``cap`` are
    passed only by a named override; above ``warn_above`` the prescriber is told.
    """

    per_kilogram: Figure[MilligramsPerKilogram] | None = None
    over: Figure[timedelta] | None = None
    slow_over: Figure[timedelta] | None = None
    steps: tuple[LadderStep, ...] = ()
    highest: Figure[MilligramsPerKilogram] | None = None
    cap: Figure[Milligrams] | None = None
    warn_above: Figure[Milligrams] | None = None
    first: Figure[Milligrams] | None = None
    amounts: tuple[Figure[Milligrams], ...] = ()

    def ceilings(self, asked: MilligramsPerKilogram) -> OwnCeilings:
        """What this protocol allows without a named override where this dose is asked for."""
        named = any(step.named_doctor for step in self.steps)
        free = [step.dose for step in self.steps if not step.named_doctor]
        free += [self.per_kilogram] if self.per_kilogram else []
        top = max(free, key=lambda dose: dose.value, default=None)
        times = self._times(asked)
        return OwnCeilings(
            highest=self.highest,
            step=top if named else None,
            cap=self.cap,
            shortest=min(times, key=lambda over: over.value, default=None),
        )

    def _times(self, asked: MilligramsPerKilogram) -> tuple[Figure[timedelta], ...]:
        """The times of the steps with this dose; of a dose between the steps, all times."""
        stated = [(step.dose.value, step.over or self.over) for step in self.steps]
        if self.per_kilogram:
            stated.append((self.per_kilogram.value, self.over))
        same = [over for dose, over in stated if dose == asked and over]
        return tuple(same or [over for _, over in stated if over])


@dataclass(frozen=True, slots=True)
class EarlyEnd:
    """Induction may end once the patient is in remission after this many sessions."""

    after: Figure[int]


@dataclass(frozen=True, slots=True)
class Futility:
    """No futility stop before ``not_before``; no improvement at ``at`` is flagged."""

    not_before: Figure[int]
    at: Figure[int]
    improvement_below: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class Induction:
    """The first run of sessions.

    ``per_week`` is the most in any seven calendar days. ``minimum_gap``, ``maximum_gap`` and
    ``restart_gap`` count calendar days in Europe/Oslo from one session to the next: below the
    first is too early, above the second the run is broken, above the third a new baseline and
    a restart are proposed. ``counted_share`` is the percentage of the prescribed amount from
    which a session counts towards the run.
    """

    sessions: Figure[int] | None
    per_week: Figure[int] | None
    minimum_gap: Figure[timedelta] | None
    maximum_gap: Figure[timedelta] | None
    restart_gap: Figure[timedelta] | None = None
    every: Figure[timedelta] | None = None
    within: Figure[timedelta] | None = None
    counted_share: Figure[Decimal] | None = None
    may_end_early: EarlyEnd | None = None
    futility: Futility | None = None

    def __post_init__(self) -> None:
        _refuse_impossible_run(self)
        _refuse_impossible_gaps(self)


@dataclass(frozen=True, slots=True)
class Extension:
    """More sessions after a partial response, then evaluated again."""

    sessions: Figure[int]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """When the effect is judged: ``after`` sessions, so long after the last, by ``rule``.

    The engine counts ``earliest`` and ``latest`` in calendar days: 24 h is the day after.
    """

    after: Figure[int] | None
    earliest: Figure[timedelta]
    latest: Figure[timedelta]
    rule: str
    instrument: str
    baseline_within: Figure[timedelta]

    def __post_init__(self) -> None:
        if self.latest.value < self.earliest.value:
            raise Inconsistent(
                f"evaluation closes ({self.latest.value}) before it opens "
                f"({self.earliest.value})"
            )


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of maintenance: ``sessions`` of them (None: until it ends) at one interval.

    The interval may be changed by decision between ``shortest`` and ``longest``. A session is
    on time within ``margin`` either way, but never before the ``shortest`` where one is stated.
    """

    every: Figure[timedelta]
    shortest: Figure[timedelta] | None = None
    longest: Figure[timedelta] | None = None
    margin: Figure[timedelta] | None = None
    sessions: Figure[int] | None = None

    def __post_init__(self) -> None:
        every = days(self.every)
        shortest = days(self.shortest) if self.shortest else every
        longest = days(self.longest) if self.longest else every
        if not 0 < shortest <= every <= longest:
            raise Inconsistent(f"interval {every} days is not within {shortest} and {longest}")

    @property
    def least(self) -> int:
        """Days since the last session: one that is given sooner is a departure, and not offered."""
        if self.shortest:
            return days(self.shortest)
        return days(self.every) - (days(self.margin) if self.margin else 0)


@dataclass(frozen=True, slots=True)
class Review:
    """When maintenance is reviewed, and what changes its interval (EV-6)."""

    every_sessions: Figure[int]
    every_months: Figure[int]
    hard_at_sessions: Figure[int] | None
    hard_at_months: Figure[int] | None
    lengthen_by: Figure[timedelta]
    lengthen_at: Figure[Decimal]
    lengthen_after: Figure[int]
    shorten_by: Figure[timedelta]
    shorten_at_rise: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class Maintenance:
    """``sessions`` and ``months`` count from session 1 of the course."""

    stages: tuple[Stage, ...]
    sessions: Figure[int] | None = None
    months: Figure[int] | None = None
    review: Review | None = None

    def __post_init__(self) -> None:
        if not self.stages:
            raise Inconsistent("maintenance without a stage")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Months after the last dose at which the patient is seen, within ``within`` either way."""

    months: tuple[Figure[int], ...]
    within: Figure[timedelta]


@dataclass(frozen=True, slots=True)
class RatingPlan:
    """One instrument at one kind of moment.

    ``sessions`` are the numbers of the run it belongs to; empty means every one. ``months``
    are those of follow-up; empty means every visit. ``after`` is how long after the session or
    the last dose, within how long after the decision to stop, or in maintenance the shortest
    time since the last. ``recall`` names a
    variant of the recall window (``24h``); without it the instrument's own is used.
    """

    instrument: str
    when: When
    basis: Basis
    sessions: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    after: Figure[timedelta] | None = None
    recall: str = ""
    optional: bool = False

    def __post_init__(self) -> None:
        if self.after is None and self.when in {When.AFTER_STOP, When.AFTER_LAST_DOSE}:
            raise Inconsistent(f"{self.instrument} {self.when}: states no time after")


@dataclass(frozen=True, slots=True)
class Remission:
    """By which definition a patient of this protocol is called in remission."""

    instrument: str
    definition: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Ages:
    """For whom the protocol is written, in whole years: from ``youngest``, below ``below``."""

    youngest: Figure[int] | None = None
    below: Figure[int] | None = None


@dataclass(frozen=True, slots=True)
class Protocol:
    """One version of one way to treat. None stands for what the sources do not say."""

    id: str
    version: str
    name: Text
    kind: Kind
    summary: Text
    basis: Basis
    product: Product
    dose: Dose | None
    induction: Induction
    evaluation: Evaluation
    extension: Extension | None = None
    maintenance: Maintenance | None = None
    follow_up: FollowUp | None = None
    remission: Remission | None = None
    ratings: tuple[RatingPlan, ...] = ()
    observation: tuple[str, ...] = ()
    ages: Ages = Ages()

    def __post_init__(self) -> None:
        _refuse_early_evaluation(self)
        _refuse_short_maintenance(self)

    @property
    def key(self) -> tuple[str, str]:
        return self.id, self.version

    def outside(self, age: int) -> Finding | None:
        """Why a person of this age is outside the protocol; None when there is no such limit."""
        youngest, below = self.ages.youngest, self.ages.below
        if youngest and age < youngest.value:
            return _outside(age, youngest, Text("fra {value} år", "from {value} years"))
        if below and age >= below.value:
            return _outside(age, below, Text("under {value} år", "below {value} years"))
        return None


def _outside(age: int, limit: Figure[int], words: Text) -> Finding:
    allowed = words.filled(value=limit.value)
    return Finding(
        "protocol:age",
        Standing.NEEDS_SPECIALIST,
        Text(
            f"Protokollen er for alder {allowed.nb}; pasienten er {age} år",
            f"The protocol is for ages {allowed.en}; the patient is {age}",
        ),
        limit.basis,
    )


def days(figure: Figure[timedelta]) -> int:
    """Whole calendar days; part of a day counts as one."""
    return -(-figure.value // DAY)


def _refuse_impossible_run(induction: Induction) -> None:
    for name in ("sessions", "per_week"):
        figure = getattr(induction, name)
        if figure and figure.value < 1:
            raise Inconsistent(f"{name}: {figure.value} is not at least 1")
    early = induction.may_end_early
    if induction.sessions and early and not 1 <= early.after.value <= induction.sessions.value:
        raise Inconsistent(
            f"may_end_early: {early.after.value} is not within 1 and "
            f"{induction.sessions.value} sessions"
        )
    if induction.per_week and induction.minimum_gap:
        most = (WEEK - 1) // max(1, days(induction.minimum_gap)) + 1
        if induction.per_week.value > most:
            raise Inconsistent(
                f"per_week: {induction.per_week.value} sessions do not fit in seven days "
                f"{days(induction.minimum_gap)} days apart, the most is {most}"
            )


def _refuse_impossible_gaps(induction: Induction) -> None:
    if induction.minimum_gap and days(induction.minimum_gap) < 1:
        raise Inconsistent("minimum_gap: is not at least 1 calendar day")
    names = ("minimum_gap", "maximum_gap", "restart_gap")
    stated = [(name, figure) for name in names if (figure := getattr(induction, name))]
    for (lower, shorter), (higher, longer) in pairwise(stated):
        if days(longer) < days(shorter):
            raise Inconsistent(
                f"{higher}: {days(longer)} days is shorter than {lower}, {days(shorter)} days"
            )


def _refuse_early_evaluation(protocol: Protocol) -> None:
    sessions = protocol.induction.sessions
    after = protocol.evaluation.after
    if sessions and after and after.value != sessions.value:
        raise Inconsistent(
            f"evaluation.after: {after.value} sessions, but induction has {sessions.value}"
        )


def _refuse_short_maintenance(protocol: Protocol) -> None:
    gap = protocol.induction.minimum_gap
    if not (gap and protocol.maintenance):
        return
    for n, stage in enumerate(protocol.maintenance.stages, start=1):
        if stage.least < days(gap):
            raise Inconsistent(
                f"maintenance.stages.{n}: {stage.least} days is shorter than the minimum gap, "
                f"{days(gap)} days"
            )
