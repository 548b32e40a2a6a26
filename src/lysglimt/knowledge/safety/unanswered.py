"""What the results over months cannot tell, and has to be asked before the next dose."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .analytes import analytes
from .exposure import ALT, AST, exposure_grid
from .holding import Hold, SeenResult, in_order, times_upper

ENZYMES: Mapping[str, Text] = {"alt": ALT, "ast": AST}
INCOMPLETE = "moca-incomplete"
"""A MoCA that was rated and has no total, as where the years of schooling are not known."""


def open_questions(
    readings: Iterable[SeenResult], *, answered: Collection[str] = ()
) -> tuple[Hold, ...]:
    """One a result that would hold if the answer was the worse one, in order of time.

    What a later result says of another day answers nothing of this one: somebody writes what
    was not known, or a doctor answers for it.
    """
    told = in_order(one for one in readings if _was_taken(one))
    newest = {kind_of(one): one.on for one in told}
    found = (
        Hold(finding.criterion, finding, one.on, one.on, (one.key,))
        for one in told
        if one.key not in answered
        for finding in _asked_of(InQuestion(one, told, newest[kind_of(one)] == one.on))
    )
    return tuple(found)


def kind_of(reading: SeenResult) -> str:
    """A MoCA without a total is answered by a later one with it."""
    return "moca" if reading.what == INCOMPLETE else reading.what


def _was_taken(reading: SeenResult) -> bool:
    return reading.value is not None or reading.positive is not None


@dataclass(frozen=True, slots=True)
class InQuestion:
    """A result among all, and whether no other of its kind is of a later day.

    Of one day there is no first and last: what answers the other answers it.
    """

    reading: SeenResult
    told: Sequence[SeenResult]
    newest: bool

    @property
    def of_the_day(self) -> Iterator[SeenResult]:
        """All of its kind, itself among them."""
        kind, day = kind_of(self.reading), self.reading.on
        return (one for one in self.told if one.on == day and kind_of(one) == kind)

    @property
    def unsaid(self) -> bool:
        return self.reading.positive is True and self.reading.circumstance is None


def _asked_of(one: InQuestion) -> Iterator[Finding]:
    ask = QUESTIONS.get(one.reading.what)
    found = ask(one) if ask else None
    if found:
        yield found


def _of_enzyme(one: InQuestion) -> Finding | None:
    """Its limit, where it could hold by the lowest that any laboratory has; else the symptoms."""
    grid, ratio = exposure_grid(), times_upper(one.reading)
    said = {"enzyme": ENZYMES[one.reading.what], "on": one.reading.on}
    if ratio is None:
        limit = analytes()[one.reading.what].limit
        lowest = limit.lowest.value if limit else 0
        could_hold = (one.reading.value or 0) > grid.alt_hold.value * lowest
        asked = one.newest or could_hold
        return _asked("liver", grid.alt_hold.basis, NO_LIMIT, **said) if asked else None
    raised = grid.alt_hold.value < ratio <= grid.alt_stop.value
    if raised and one.reading.circumstance is None:
        return _asked("liver", grid.alt_hold.basis, SYMPTOMS, **said)
    return None


def _of_dip(one: InQuestion) -> Finding | None:
    """Where it would hold if neither it nor another that nobody explained was an infection."""
    grid = exposure_grid()
    perhaps = [
        each
        for each in one.told
        if each.what == one.reading.what and each.positive and each.circumstance is not True
    ]
    if not one.unsaid or len(perhaps) < grid.dip_positive.value:
        return None
    return _asked("dip", grid.dip_positive.basis, INFECTION, on=one.reading.on)


def _of_screen(one: InQuestion) -> Finding | None:
    basis = exposure_grid().misuse.basis
    return _asked("misuse", basis, PRESCRIBED, on=one.reading.on) if one.unsaid else None


def _of_incomplete(one: InQuestion) -> Finding | None:
    if not one.newest or any(each.what == "moca" for each in one.of_the_day):
        return None
    return _asked("cognition", exposure_grid().moca_drop.basis, NO_TOTAL, on=one.reading.on)


def _of_bladder(one: InQuestion) -> Finding | None:
    """Symptoms that no doctor has graded."""
    if not one.newest or one.reading.positive is not True:
        return None
    if any(each.value is not None for each in one.of_the_day):
        return None
    basis = exposure_grid().cystitis_grade.basis
    return _asked("cystitis", basis, NO_GRADE, on=one.reading.on)


def _of_elation(one: InQuestion) -> Finding | None:
    """A yes, and no YMRS since."""
    since = (each for each in one.told if each.what == "ymrs" and each.on >= one.reading.on)
    if not one.newest or one.reading.positive is not True or any(since):
        return None
    return _asked("mania", exposure_grid().misuse.basis, ELATED, on=one.reading.on)


QUESTIONS: Mapping[str, Callable[[InQuestion], Finding | None]] = {
    "alt": _of_enzyme,
    "ast": _of_enzyme,
    "urine-dip": _of_dip,
    "drug-screen": _of_screen,
    INCOMPLETE: _of_incomplete,
    "bladder": _of_bladder,
    "elated": _of_elation,
}


def _asked(rule: str, basis: Basis, words: tuple[Text, Text], **facts: object) -> Finding:
    reason, question = (one.filled(**facts) for one in words)
    return Finding(f"LT-{rule}", Standing.UNKNOWN, reason, basis, question=question)


NO_TOTAL = (
    Text(
        nb="MoCA fra {on} har ingen sum, så den er ikke sammenlignet.",
        en="The MoCA of {on} has no total, so it is not compared.",
    ),
    Text(
        nb="Mangler et svar eller antall år med skole i MoCA?",
        en="Is an answer or the years of schooling missing in the MoCA?",
    ),
)
NO_LIMIT = (
    Text(
        nb="{enzyme} fra {on}: laboratoriets øvre grense er ikke skrevet, så prøven er ikke vurdert.",
        en="{enzyme} of {on}: the laboratory's upper limit is not written, so the test is not judged.",
    ),
    Text(
        nb="Hva er laboratoriets øvre grense for {enzyme}?",
        en="What is the laboratory's upper limit of {enzyme}?",
    ),
)
INFECTION = (
    Text(
        nb="Urinstiks fra {on} er positiv, og det er ikke sagt om det er en infeksjon.",
        en="The urine dip of {on} is positive, and it is not said whether there is an infection.",
    ),
    Text(
        nb="Er det funnet en urinveisinfeksjon?",
        en="Was an infection of the urinary tract found?",
    ),
)
PRESCRIBED = (
    Text(
        nb="Rusmiddelprøven fra {on} er positiv, og det er ikke sagt om et forskrevet legemiddel forklarer den.",
        en="The drug screen of {on} is positive, and it is not said whether a prescribed medicine explains it.",
    ),
    Text(
        nb="Forklarer et forskrevet legemiddel den positive prøven?",
        en="Does a prescribed medicine explain the positive screen?",
    ),
)
SYMPTOMS = (
    Text(
        nb="{enzyme} fra {on} er over grensen for å vente, og det er ikke sagt om pasienten har symptomer fra leveren.",
        en="{enzyme} of {on} is above the limit for a hold, and it is not said whether the patient has symptoms from the liver.",
    ),
    Text(
        nb="Har pasienten symptomer fra leveren?",
        en="Does the patient have symptoms from the liver?",
    ),
)
NO_GRADE = (
    Text(
        nb="Pasienten hadde plager fra blæra {on}, og ingen lege har satt grad.",
        en="The patient had symptoms from the bladder on {on}, and no doctor has graded them.",
    ),
    Text(
        nb="Hvilken grad av cystitt setter legen?",
        en="Which grade of cystitis does the doctor set?",
    ),
)
ELATED = (
    Text(
        nb="Pasienten var uvanlig oppstemt {on}, og YMRS er ikke skåret siden.",
        en="The patient was unusually elated on {on}, and YMRS has not been rated since.",
    ),
    Text(nb="Hva viser YMRS?", en="What does YMRS show?"),
)
