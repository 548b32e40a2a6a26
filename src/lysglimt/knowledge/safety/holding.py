"""Which findings over months hold the treatment, since when, and has a doctor answered for them?"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Known, Standing

from .exposure import ALT, AST, ExposureFacts, exposure_grid, exposure_verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenResult:
    """One result, as ``key`` names it: an amount, or negative or positive.

    ``what`` is an analyte, ``cystitis`` for a grade, or ``outside`` for ketamine used outside the
    clinic. ``upper`` is the laboratory's own limit; ``circumstance`` is the answer to the
    question of its panel: an infection, symptoms from the liver, a prescribed medicine.
    """

    key: str
    what: str
    on: date
    value: Decimal | None = None
    positive: Known = None
    upper: Decimal | None = None
    circumstance: Known = None


@dataclass(frozen=True, slots=True)
class Hold:
    """What holds the treatment until a doctor answers for it.

    ``keys`` are the results that it rests on, ``since`` the day of the first of them, and
    ``newest`` of the last. ``repeat_by`` is when a new test is due that nobody has taken.
    """

    rule: str
    finding: Finding
    since: date
    newest: date
    keys: tuple[str, ...]
    repeat_by: date | None = None

    @property
    def stops(self) -> bool:
        return self.finding.standing is Standing.EXCLUDED

    @property
    def told(self) -> Finding:
        """The finding with the day of the last result that it rests on."""
        said = DATED.filled(what=self.finding.reason, on=self.newest)
        return replace(self.finding, reason=said)


DATED = Text("{what} Prøve eller svar fra {on}.", "{what} Test or answer of {on}.")
LIVER = frozenset({"alt", "ast"})
ENZYMES: Mapping[str, Text] = {"alt": ALT, "ast": AST}


def holds(
    readings: Iterable[SeenResult],
    *,
    first_session: date | None,
    answered: Collection[str] = (),
) -> tuple[Hold, ...]:
    """One a rule, the worst first. ``answered`` are the keys that a doctor has answered for.

    A later result that is normal lifts nothing: a doctor does. What nobody knows is a question
    of `open_questions`, never a hold.
    """
    told = in_order(readings)
    found: dict[str, list[tuple[SeenResult, Finding]]] = {}
    for reading, finding in tripped(told, first_session=first_session):
        if reading.key not in answered:
            found.setdefault(finding.criterion, []).append((reading, finding))
    listed = [_hold(rule, rows, told) for rule, rows in found.items()]
    return tuple(sorted(listed, key=lambda one: (-one.finding.standing, one.rule)))


def in_order(readings: Iterable[SeenResult]) -> tuple[SeenResult, ...]:
    return tuple(sorted(readings, key=lambda one: (one.on, one.key)))


def tripped(
    readings: Sequence[SeenResult], *, first_session: date | None
) -> Iterator[tuple[SeenResult, Finding]]:
    """Each result that trips a rule, with what the rule says of it. In order of time."""
    for number, reading in enumerate(readings):
        before = [one for one in readings[:number] if one.what == reading.what]
        read = READ.get(reading.what)
        facts = read(ResultInTime(reading, before, first_session)) if read else None
        for finding in exposure_verdict(facts).findings if facts else ():
            if finding.standing is not Standing.MET:
                yield reading, finding


def _hold(
    rule: str, rows: Sequence[tuple[SeenResult, Finding]], told: Sequence[SeenResult]
) -> Hold:
    """By the worst finding of those nobody has answered for, and of equal ones by the newest."""
    worst, finding = max(rows, key=lambda one: (one[1].standing, one[0].on, one[0].key))
    newest = rows[-1][0]
    return Hold(
        rule=rule,
        finding=finding,
        since=rows[0][0].on,
        newest=newest.on,
        keys=tuple(dict.fromkeys(reading.key for reading, _ in rows)),
        repeat_by=_repeat_by(newest, told) if worst.what in LIVER else None,
    )


def _repeat_by(newest: SeenResult, told: Sequence[SeenResult]) -> date | None:
    """Within a week of the last raised one, where none was taken after it."""
    later = (one for one in told if one.what == newest.what and one.on > newest.on)
    if any(one.value is not None for one in later):
        return None
    return newest.on + exposure_grid().alt_repeat.value


@dataclass(frozen=True, slots=True)
class ResultInTime:
    """A result with those of its kind before it, and when the course began."""

    reading: SeenResult
    before: Sequence[SeenResult]
    first_session: date | None


Read = Callable[[ResultInTime], ExposureFacts | None]


def times_upper(reading: SeenResult) -> Decimal | None:
    """How many times the laboratory's own upper limit; None where one of them is not known."""
    if reading.value is None or not reading.upper:
        return None
    return reading.value / reading.upper


def _alt(one: ResultInTime) -> ExposureFacts:
    ratio, symptoms = _said(times_upper(one.reading)), one.reading.circumstance is True
    return ExposureFacts(alt_x_uln=ratio, liver_symptoms=symptoms)


def _ast(one: ResultInTime) -> ExposureFacts:
    ratio, symptoms = _said(times_upper(one.reading)), one.reading.circumstance is True
    return ExposureFacts(ast_x_uln=ratio, liver_symptoms=symptoms)


def _said(ratio: Decimal | None) -> Decimal | None:
    """To the hundredth, upwards: what is above a limit is never rounded down to it."""
    return None if ratio is None else ratio.quantize(Decimal("0.01"), rounding="ROUND_UP")


def _dip(one: ResultInTime) -> ExposureFacts | None:
    """Those since the last negative one, without infection."""
    if not _counts(one.reading):
        return None
    return ExposureFacts(positive_dips=len(_since_negative([*one.before, one.reading])))


def _counts(dip: SeenResult) -> bool:
    return dip.positive is True and dip.circumstance is False


def _since_negative(dips: Sequence[SeenResult]) -> list[SeenResult]:
    found: list[SeenResult] = []
    for dip in dips:
        if dip.positive is False:
            found.clear()
        elif _counts(dip):
            found.append(dip)
    return found


def _moca(one: ResultInTime) -> ExposureFacts | None:
    """Against the last before the first session; where there is none, against the first of all."""
    reading, first = one.reading, one.first_session
    known = [each for each in one.before if each.value is not None]
    if reading.value is None or not known or (first and reading.on <= first):
        return None
    baseline = [each for each in known if first and each.on <= first]
    compared = (baseline or known[:1])[-1]
    return ExposureFacts(moca_before=_points(compared), moca_now=_points(reading))


def _points(reading: SeenResult) -> int:
    return int(reading.value or 0)


def _cystitis(one: ResultInTime) -> ExposureFacts:
    return ExposureFacts(cystitis_grade=_points(one.reading))


def _drugs(one: ResultInTime) -> ExposureFacts:
    unexplained = one.reading.positive is True and one.reading.circumstance is False
    return ExposureFacts(misuse_positive=unexplained)


def _outside(one: ResultInTime) -> ExposureFacts:
    return ExposureFacts(misuse_positive=one.reading.positive is True)


def _pregnant(one: ResultInTime) -> ExposureFacts:
    return ExposureFacts(pregnancy_positive=one.reading.positive is True)


READ: Mapping[str, Read] = {
    "alt": _alt,
    "ast": _ast,
    "urine-dip": _dip,
    "moca": _moca,
    "cystitis": _cystitis,
    "drug-screen": _drugs,
    "outside": _outside,
    "hcg": _pregnant,
}
"""What each kind of result is read as; of the others no rule of 5.4 speaks."""


def open_questions(
    readings: Iterable[SeenResult], *, answered: Collection[str] = ()
) -> tuple[Finding, ...]:
    """What the newest results cannot tell: a limit or a circumstance that nobody has written."""
    newest = {kind_of(one): one for one in in_order(readings) if _was_taken(one)}
    known = (one for one in newest.values() if one.key not in answered)
    return tuple(found for one in known if (found := _question(one, readings)))


def kind_of(reading: SeenResult) -> str:
    """A MoCA without a total is answered by a later one with it."""
    return "moca" if reading.what == INCOMPLETE else reading.what


def _was_taken(reading: SeenResult) -> bool:
    return reading.value is not None or reading.positive is not None


def _question(reading: SeenResult, readings: Iterable[SeenResult]) -> Finding | None:
    grid = exposure_grid()
    unsaid = reading.positive is True and reading.circumstance is None
    match reading.what:
        case "alt" | "ast" if times_upper(reading) is None:
            enzyme = ENZYMES[reading.what]
            return _asked("liver", grid.alt_hold.basis, NO_LIMIT, enzyme=enzyme, on=reading.on)
        case "urine-dip" if unsaid and _would_hold(reading, readings):
            return _asked("dip", grid.dip_positive.basis, INFECTION, on=reading.on)
        case "drug-screen" if unsaid:
            return _asked("misuse", grid.misuse.basis, PRESCRIBED, on=reading.on)
        case str(what) if what == INCOMPLETE:
            return _asked("cognition", grid.moca_drop.basis, NO_TOTAL, on=reading.on)
        case _:
            return None


def _would_hold(dip: SeenResult, readings: Iterable[SeenResult]) -> bool:
    """Would it hold if there was no infection, and none in those before that nobody explained?"""
    dips = [
        one
        for one in in_order(readings)
        if one.what == dip.what and one.positive in {True, False}
    ]
    since: list[SeenResult] = []
    for one in dips:
        if one.positive is False:
            since.clear()
        elif one.circumstance is not True:
            since.append(one)
    return len(since) >= exposure_grid().dip_positive.value


def _asked(rule: str, basis: Basis, words: tuple[Text, Text], **facts: object) -> Finding:
    reason, question = (one.filled(**facts) for one in words)
    return Finding(f"LT-{rule}", Standing.UNKNOWN, reason, basis, question=question)


INCOMPLETE = "moca-incomplete"
"""A MoCA that was rated and has no total, as where the years of schooling are not known."""
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
