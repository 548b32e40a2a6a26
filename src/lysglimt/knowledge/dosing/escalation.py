"""May a higher dose be offered, and when is one step down due?"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import pairwise

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import ClinicalError, Inconsistent
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.quantities import MilligramsPerKilogram, plain
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
    red_in_last: bool | None
    exposure_raised: bool | None = False
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


class NotOffered(ClinicalError):
    """The rules do not offer this dose now: a doctor answers for it by name, with the reason.

    ``reasons`` are the findings that speak against it, or that nobody knows.
    """

    code = "dosing.not-offered"

    def __init__(self, asked: MilligramsPerKilogram, reasons: Collection[Finding]) -> None:
        named = "; ".join(one.reason.en for one in reasons)
        super().__init__(
            f"mg_per_kg: {asked.value} is not offered now: {named}",
            field="mg_per_kg",
            value=f"{plain(asked.value)} mg/kg",
        )
        self.reasons = tuple(reasons)


def speaks_against(
    ladder: Ladder,
    so_far: CourseSoFar,
    *,
    asked: MilligramsPerKilogram,
    standard: MilligramsPerKilogram,
) -> tuple[Finding, ...]:
    """Why this dose is not offered now; empty for one that is, and up to the protocol's own.

    What was given before is no step; after red readings it is one step too high. [IV-07]
    """
    if asked <= standard:
        return ()
    found = [*_too_high_after_red(ladder, so_far, asked)]
    if asked > so_far.dose:
        found += [
            one for one in _conditions(ladder, so_far) if one.standing is not Standing.MET
        ]
        found += _beyond(ladder, so_far, asked)
    return tuple(found)


def _too_high_after_red(
    ladder: Ladder, so_far: CourseSoFar, asked: MilligramsPerKilogram
) -> Iterator[Finding]:
    lower = ladder.below(so_far.dose)
    if lower is not None and asked <= lower.dose.value:
        return
    if so_far.red_in_last:
        yield _step_down(ladder)
    elif so_far.red_in_last is None and asked <= so_far.dose:
        yield Finding(
            "escalation:down",
            Standing.UNKNOWN,
            Text(
                "Målingene i forrige økt er ikke kjent", "Last session's readings are unknown"
            ),
            ladder.dissociation_at_most.basis,
            question=QUESTIONS["red"],
        )


def _beyond(
    ladder: Ladder, so_far: CourseSoFar, asked: MilligramsPerKilogram
) -> Iterator[Finding]:
    """Above the top, more than one step, or a step that a named doctor alone takes."""
    step = ladder.above(so_far.dose)
    if step is None:
        yield _top(ladder)
        return
    if step.named_doctor:
        yield _named(step)
    if asked > step.dose.value:
        nb, en = plain(step.dose.value.value).replace(".", ","), plain(step.dose.value.value)
        yield Finding(
            "escalation:one-step",
            Standing.EXCLUDED,
            Text(f"Neste trinn er {nb} mg/kg", f"The next step is {en} mg/kg"),
            step.dose.basis,
        )


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
        question=QUESTIONS["age"] if so_far.age is None else None,
    )


def _enough_sessions(ladder: Ladder, so_far: CourseSoFar) -> Finding:
    after = ladder.after_sessions
    least, given = after.value, so_far.sessions
    return _stands(
        "sessions",
        after.basis,
        {
            True: Text(f"Etter minst {least} økter", f"After at least {least} sessions"),
            False: Text(
                f"{given} av minst {least} økter er gitt",
                f"{given} of at least {least} sessions are given",
            ),
        },
        met=given >= least,
    )


def _too_little_gained(ladder: Ladder, so_far: CourseSoFar) -> Finding:
    gained, enough = so_far.reduction, ladder.unless_improved
    percent = enough.value
    return _stands(
        "improvement",
        enough.basis,
        {
            True: Text(f"Bedring under {percent} %", f"Improvement below {percent} %"),
            False: Text(
                f"Bedringen er {percent} % eller mer", f"The improvement is {percent} % or more"
            ),
            None: Text("Bedringen er ikke målt", "The improvement is not measured"),
        },
        met=None if gained is None else gained * 100 < Fraction(percent),
    )


def _tolerated(ladder: Ladder, so_far: CourseSoFar) -> Iterator[Finding]:
    grade, worst, red = ladder.dissociation_at_most, so_far.worst_dissociation, so_far.red
    raised = so_far.exposure_raised
    yield _stands("red", grade.basis, RED, met=None if red is None else not red)
    yield _stands(
        "dissociation",
        grade.basis,
        {
            True: Text(
                f"Dissosiasjon høyst grad {grade.value}",
                f"Dissociation of grade {grade.value} at most",
            ),
            False: Text(
                f"Dissosiasjon over grad {grade.value}",
                f"Dissociation above grade {grade.value}",
            ),
            None: Text(
                "Graden av dissosiasjon er ikke registrert",
                "The grade of dissociation is not recorded",
            ),
        },
        met=None if worst is None else worst <= grade.value,
    )
    yield _stands("exposure", grade.basis, EXPOSURE, met=None if raised is None else not raised)


RED: Mapping[bool | None, Text] = {
    True: Text("Ingen røde målinger hittil", "No red reading so far"),
    False: Text("Rød måling i en tidligere økt", "A red reading in an earlier session"),
    None: Text(
        "Målingene i tidligere økter er ikke kjent",
        "The readings of earlier sessions are not known",
    ),
}
EXPOSURE: Mapping[bool | None, Text] = {
    True: Text(
        "Ingen legemidler som hever ketaminnivået (RX-6)",
        "No drug that raises the level of ketamine (RX-6)",
    ),
    False: Text(
        "Noe pasienten bruker, hever ketaminnivået (RX-6)",
        "Something the patient takes raises the level of ketamine (RX-6)",
    ),
    None: Text(
        "Det er ikke kjent om noe hever ketaminnivået (RX-6)",
        "It is not known whether anything raises the level of ketamine (RX-6)",
    ),
}
QUESTIONS: Mapping[str, Text] = {
    "improvement": Text(
        "Hvor mye bedre er pasienten siden utgangsverdien?",
        "How much better is the patient than at the baseline?",
    ),
    "red": Text(
        "Var noen måling rød i tidligere økter?", "Was any reading red in earlier sessions?"
    ),
    "dissociation": Text(
        "Hva var den verste dissosiasjonen hittil, grad 0–4?",
        "What was the worst dissociation so far, grade 0–4?",
    ),
    "exposure": Text(
        "Bruker pasienten grapefrukt eller noe annet som hever ketaminnivået?",
        "Does the patient take grapefruit or anything else that raises the level of ketamine?",
    ),
    "age": Text("Hvor gammel er pasienten?", "How old is the patient?"),
}
"""What is asked of a fact that the record does not have."""


def _stands(
    name: str, basis: Basis, said: Mapping[bool | None, Text], *, met: bool | None
) -> Finding:
    """In the words of how it stands: one that is not met never reads as if it were."""
    return Finding(
        f"escalation:{name}",
        STANDS[met],
        said[met],
        basis,
        question=QUESTIONS[name] if met is None else None,
    )


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
