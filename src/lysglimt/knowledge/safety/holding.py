"""Which findings over months hold the treatment, since when, and has a doctor answered for them?"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Known, Standing

from .exposure import ExposureFacts, exposure_grid, exposure_verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenResult:
    """One result, as ``key`` names it: an amount, or negative or positive.

    ``what`` is an analyte, ``cystitis`` for a grade, ``outside`` for ketamine used outside the
    clinic, ``bladder`` for symptoms (with the grade, where it is set), ``elated`` for the answer
    to that question, ``ymrs`` for a rating, or ``doctor`` for a hold that a doctor has set.
    ``upper`` is the laboratory's own limit; ``circumstance`` is the answer to the question of its
    panel: an infection, symptoms from the liver, a prescribed medicine.
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
    """What holds the treatment until a doctor answers for it, or what is asked of a result.

    ``keys`` are all results that it rests on, also those that it is compared or counted with;
    ``since`` is the day of the first that nobody has answered for, ``newest`` of the last.
    ``repeat_by`` is when a new test is due that nobody has taken.
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
    def asks(self) -> bool:
        return self.finding.question is not None

    @property
    def name(self) -> str:
        """Of a rule one holds; of the same rule several may be asked."""
        return f"{self.rule}?{self.keys[0]}" if self.asks else self.rule

    @property
    def told(self) -> Finding:
        """The finding with the day of the last result that it rests on; a question names its own."""
        if self.asks:
            return self.finding
        words = SET if self.rule == BY_DOCTOR else DATED
        said = words.filled(what=self.finding.reason, on=self.newest)
        return replace(self.finding, reason=said)


DATED = Text("{what} Prøve eller svar fra {on}.", "{what} Test or answer of {on}.")
SET = Text("{what} Satt {on}.", "{what} Set on {on}.")
BY_DOCTOR = "LT-doctor"
LIVER = frozenset({"alt", "ast"})


@dataclass(frozen=True, slots=True)
class Tripped:
    """A result that trips a rule, those that it is compared or counted with, and what is said."""

    reading: SeenResult
    rests_on: tuple[SeenResult, ...]
    finding: Finding

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(one.key for one in self.rests_on)


def holds(
    readings: Iterable[SeenResult], *, answered: Collection[str] = ()
) -> tuple[Hold, ...]:
    """One a rule, the worst first. ``answered`` are the keys that a doctor has answered for.

    Nothing that is entered beside a result lifts what it holds, be it later or earlier: a
    doctor does. What nobody knows is a question of `open_questions`, never a hold.
    """
    told = in_order(readings)
    found: dict[str, list[Tripped]] = {}
    for one in tripped(told):
        if not set(one.keys) <= set(answered):
            found.setdefault(one.finding.criterion, []).append(one)
    listed = [_hold(rule, rows, told) for rule, rows in found.items()]
    return tuple(sorted(listed, key=lambda one: (-one.finding.standing, one.rule)))


def in_order(readings: Iterable[SeenResult]) -> tuple[SeenResult, ...]:
    return tuple(sorted(readings, key=lambda one: (one.on, one.key)))


def tripped(readings: Sequence[SeenResult]) -> Iterator[Tripped]:
    """Each result that trips a rule. In order of time."""
    for number, reading in enumerate(readings):
        before = [one for one in readings[:number] if one.what == reading.what]
        compared = COMPARED.get(reading.what, alone)(reading, before)
        read = READ.get(reading.what)
        if read is None or compared is None:
            continue
        for finding in exposure_verdict(read(compared)).findings:
            if finding.standing is not Standing.MET:
                yield Tripped(reading, compared, finding)


def _hold(rule: str, rows: Sequence[Tripped], told: Sequence[SeenResult]) -> Hold:
    """By the worst finding of those nobody has answered for, and of equal ones by the newest."""
    worst = max(rows, key=lambda one: (one.finding.standing, one.reading.on, one.reading.key))
    days = [_repeat_by(one.reading, told) for one in rows if one.reading.what in LIVER]
    return Hold(
        rule=rule,
        finding=worst.finding,
        since=rows[0].reading.on,
        newest=rows[-1].reading.on,
        keys=tuple(dict.fromkeys(key for one in rows for key in one.keys)),
        repeat_by=min((day for day in days if day), default=None),
    )


def _repeat_by(raised: SeenResult, told: Sequence[SeenResult]) -> date | None:
    """Within a week of it, where none of its kind was taken after it."""
    later = (one for one in told if one.what == raised.what and one.on > raised.on)
    if any(one.value is not None for one in later):
        return None
    return raised.on + exposure_grid().alt_repeat.value


def times_upper(reading: SeenResult) -> Decimal | None:
    """How many times the laboratory's own upper limit; None where one of them is not known."""
    if reading.value is None or not reading.upper:
        return None
    return reading.value / reading.upper


Compared = tuple[SeenResult, ...]
"""What a finding rests on: the result itself is the last."""
Compare = Callable[[SeenResult, Sequence[SeenResult]], Compared | None]


def alone(reading: SeenResult, _before: Sequence[SeenResult]) -> Compared:
    return (reading,)


def _dips(reading: SeenResult, before: Sequence[SeenResult]) -> Compared | None:
    """All that were positive without infection: a negative one between undoes none."""
    if not without_infection(reading):
        return None
    return (*filter(without_infection, before), reading)


def without_infection(dip: SeenResult) -> bool:
    return dip.positive is True and dip.circumstance is False


def _best_before(reading: SeenResult, before: Sequence[SeenResult]) -> Compared | None:
    """With the highest before it, so that no other test can take a fall away."""
    known = [one for one in before if one.value is not None]
    if reading.value is None or not known:
        return None
    return (max(known, key=_points), reading)


def _points(reading: SeenResult) -> int:
    return int(reading.value or 0)


COMPARED: Mapping[str, Compare] = {"urine-dip": _dips, "moca": _best_before}
"""What is read together with those before it; the others stand alone."""


def _alt(found: Compared) -> ExposureFacts:
    symptoms = found[-1].circumstance is True
    return ExposureFacts(alt_x_uln=_said(times_upper(found[-1])), liver_symptoms=symptoms)


def _ast(found: Compared) -> ExposureFacts:
    symptoms = found[-1].circumstance is True
    return ExposureFacts(ast_x_uln=_said(times_upper(found[-1])), liver_symptoms=symptoms)


def _said(ratio: Decimal | None) -> Decimal | None:
    """To the hundredth, upwards: what is above a limit is never rounded down to it."""
    return None if ratio is None else ratio.quantize(Decimal("0.01"), rounding="ROUND_UP")


def _dip(found: Compared) -> ExposureFacts:
    return ExposureFacts(positive_dips=len(found))


def _moca(found: Compared) -> ExposureFacts:
    best, now = map(_points, found)
    return ExposureFacts(moca_before=best, moca_now=now)


def _cystitis(found: Compared) -> ExposureFacts:
    return ExposureFacts(cystitis_grade=_points(found[-1]))


def _drugs(found: Compared) -> ExposureFacts:
    one = found[-1]
    return ExposureFacts(misuse_positive=one.positive is True and one.circumstance is False)


def _outside(found: Compared) -> ExposureFacts:
    return ExposureFacts(misuse_positive=found[-1].positive is True)


def _pregnant(found: Compared) -> ExposureFacts:
    return ExposureFacts(pregnancy_positive=found[-1].positive is True)


def _by_doctor(_found: Compared) -> ExposureFacts:
    return ExposureFacts(held_by_doctor=True)


READ: Mapping[str, Callable[[Compared], ExposureFacts]] = {
    "alt": _alt,
    "ast": _ast,
    "urine-dip": _dip,
    "moca": _moca,
    "cystitis": _cystitis,
    "drug-screen": _drugs,
    "outside": _outside,
    "hcg": _pregnant,
    "doctor": _by_doctor,
}
"""What each kind of result is read as; of the others no rule of 5.4 speaks."""
