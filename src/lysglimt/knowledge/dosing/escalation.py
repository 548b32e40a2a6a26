"""May a higher dose be offered, and when is one step down due?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import pairwise

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.figures import Figure
from lysglimt.knowledge.quantities import MilligramsPerKilogram
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing, Verdict


@dataclass(frozen=True, slots=True)
class LadderStep:
    """``named_doctor``: this step is taken by a named doctor's override alone."""

    dose: Figure[MilligramsPerKilogram]
    over: Figure[timedelta] | None = None
    named_doctor: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    id: str
    after_sessions: Figure[int]
    unless_improved: Figure[Decimal]
    dissociation_at_most: Figure[Decimal]
    steps: tuple[LadderStep, ...]

    def __post_init__(self) -> None:
        doses = [step.dose.value for step in self.steps]
        if not doses or any(low >= high for low, high in pairwise(doses)):
            raise Inconsistent(f"ladder '{self.id}': each step is above the one before")

    def above(self, dose: MilligramsPerKilogram) -> LadderStep | None:
        return next((step for step in self.steps if step.dose.value > dose), None)

    def below(self, dose: MilligramsPerKilogram) -> LadderStep | None:
        return next((one for one in reversed(self.steps) if one.dose.value < dose), None)


@dataclass(frozen=True, slots=True)
class OlderCaution:
    """From this age no step before this session without a doctor's note. [AGE-1]"""

    age: Figure[int]
    before: Figure[int]


@dataclass(frozen=True, slots=True)
class Ladders:
    older: OlderCaution
    ladders: tuple[Ladder, ...]


@cache
def escalation_rules() -> Ladders:
    shelf = files("lysglimt.knowledge.dosing") / "catalogue" / "escalation.toml"
    return read(Ladders, shelf)


@cache
def ladders() -> Mapping[str, Ladder]:
    """Every escalation rule by its id."""
    return {ladder.id: ladder for ladder in escalation_rules().ladders}


@dataclass(frozen=True, slots=True)
class CourseSoFar:
    """What the offer rests on. None is unknown, and then nothing is offered.

    ``worst_dissociation`` is our own grade 0-4. ``red`` is any red reading so far, and
    ``red_in_last`` one in the last session. ``exposure_raised``: a drug that slows the breakdown
    of ketamine (RX-6). ``age`` is in whole years.
    """

    sessions: int
    dose: MilligramsPerKilogram
    reduction: Fraction | None
    worst_dissociation: int | None
    red: bool | None
    red_in_last: bool
    exposure_raised: bool = False
    age: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that may be taken, or none, with every reason. The doctor decides and signs."""

    step: LadderStep | None
    verdict: Verdict


def offered_step(ladder: Ladder, so_far: CourseSoFar) -> Offer:
    """One step down after red readings; one up when every condition is met. [IV-05 .. IV-07]"""
    if so_far.red_in_last:
        return Offer(ladder.below(so_far.dose), Verdict.of([_step_down(ladder)]))
    step = ladder.above(so_far.dose)
    findings = [*_conditions(ladder, so_far)]
    if step is None:
        findings.append(_top(ladder))
    elif step.named_doctor:
        findings.append(_named(step))
    verdict = Verdict.of(findings)
    blocked = any(f.standing in {Standing.UNKNOWN, Standing.EXCLUDED} for f in findings)
    return Offer(None if blocked else step, verdict)


def _conditions(ladder: Ladder, so_far: CourseSoFar) -> tuple[Finding, ...]:
    return (
        _enough_sessions(ladder, so_far),
        _too_little_gained(ladder, so_far),
        *_tolerated(ladder, so_far),
        *_early_for_the_older(so_far),
    )


def _early_for_the_older(so_far: CourseSoFar) -> Iterator[Finding]:
    """A ladder that steps early waits for a doctor's note where the patient is old."""
    older = escalation_rules().older
    if so_far.sessions >= older.before.value or (
        so_far.age is not None and so_far.age < older.age.value
    ):
        return
    standing = Standing.UNKNOWN if so_far.age is None else Standing.NEEDS_SPECIALIST
    yield Finding(
        "escalation:older",
        standing,
        Text(
            f"Fra {older.age.value} år økes dosen ikke før økt {older.before.value} uten legens notat",
            f"From {older.age.value} years no step before session {older.before.value} "
            "without a doctor's note",
        ),
        older.before.basis,
    )


def _enough_sessions(ladder: Ladder, so_far: CourseSoFar) -> Finding:
    after = ladder.after_sessions
    return Finding(
        "escalation:sessions",
        STANDS[so_far.sessions >= after.value],
        Text(f"Etter minst {after.value} økter", f"After at least {after.value} sessions"),
        after.basis,
    )


def _too_little_gained(ladder: Ladder, so_far: CourseSoFar) -> Finding:
    gained, enough = so_far.reduction, ladder.unless_improved
    below = None if gained is None else gained * 100 < Fraction(enough.value)
    return Finding(
        "escalation:improvement",
        STANDS[below],
        Text(f"Bedring under {enough.value} %", f"Improvement below {enough.value} %"),
        enough.basis,
    )


def _tolerated(ladder: Ladder, so_far: CourseSoFar) -> Iterator[Finding]:
    grade, worst, red = ladder.dissociation_at_most, so_far.worst_dissociation, so_far.red
    stated: tuple[tuple[str, bool | None, Text], ...] = (
        (
            "red",
            None if red is None else not red,
            Text("Ingen røde målinger hittil", "No red reading so far"),
        ),
        (
            "dissociation",
            None if worst is None else worst <= grade.value,
            Text(
                f"Dissosiasjon høyst grad {grade.value}",
                f"Dissociation of grade {grade.value} at most",
            ),
        ),
        (
            "exposure",
            not so_far.exposure_raised,
            Text(
                "Ingen legemidler som hever ketaminnivået (RX-6)",
                "No drug that raises the level of ketamine (RX-6)",
            ),
        ),
    )
    for name, met, reason in stated:
        yield Finding(f"escalation:{name}", STANDS[met], reason, grade.basis)


STANDS = {True: Standing.MET, False: Standing.EXCLUDED, None: Standing.UNKNOWN}
"""How a condition stands; what is not known is not met, and is asked for."""


def _step_down(ladder: Ladder) -> Finding:
    return Finding(
        "escalation:down",
        Standing.CAUTION,
        Text(
            "Rød måling i forrige økt: ett trinn ned",
            "A red reading last session: one step down",
        ),
        ladder.dissociation_at_most.basis,
    )


def _top(ladder: Ladder) -> Finding:
    return Finding(
        "escalation:top",
        Standing.EXCLUDED,
        Text("Ingen høyere dose i denne stigen", "There is no higher dose on this ladder"),
        ladder.steps[-1].dose.basis,
    )


def _named(step: LadderStep) -> Finding:
    return Finding(
        "escalation:named-doctor",
        Standing.NEEDS_SPECIALIST,
        Text(
            "Dette trinnet krever navngitt lege og begrunnelse",
            "This step takes a named doctor and a reason",
        ),
        step.dose.basis,
    )
