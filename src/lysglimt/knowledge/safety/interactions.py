"""Which of the person's medicines matter to a session, and what is to be done about it?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.medicine import Medicine
from lysglimt.knowledge.quantities import Milligrams, half_up
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

__all__ = [
    "Medicine",
    "SessionCircumstances",
    "diazepam_for_warning",
    "interactions",
    "left_off",
    "left_off_since",
    "not_discussed",
    "timing_matters",
    "without_a_code",
]


class InteractionWeight(StrEnum):
    """How an interaction counts; none of them excludes by itself."""

    NONE = "none"
    NOTE = "note"
    CAUTION = "caution"
    SPECIALIST = "specialist"

    @property
    def standing(self) -> Standing:
        return {
            InteractionWeight.NONE: Standing.MET,
            InteractionWeight.NOTE: Standing.NOTE,
            InteractionWeight.CAUTION: Standing.CAUTION,
            InteractionWeight.SPECIALIST: Standing.NEEDS_SPECIALIST,
        }[self]


class Asked(StrEnum):
    """What a rule asks for beside the medicine, or instead of one."""

    ALCOHOL = "alcohol"
    GRAPEFRUIT = "grapefruit"
    QTC = "qtc"


@dataclass(frozen=True, slots=True)
class SessionCircumstances:
    """What is asked beside the medicines. None is unknown; ``male`` is for the QTc limit.

    ``late`` are the ATC codes of those that are taken in the evening or at bedtime. ``on`` is the
    day that is asked about: without it the QTc counts whatever its day. ``lengthened_on`` is when
    the newest medicine that lengthens it was begun.
    """

    alcohol_same_day: bool | None = None
    grapefruit: bool | None = None
    qtc_ms: int | None = None
    male: bool | None = None
    late: frozenset[str] = frozenset()
    qtc_on: date | None = None
    on: date | None = None
    lengthened_on: date | None = None


@dataclass(frozen=True, slots=True)
class MedicineGroup:
    """Medicines with one effect on the session, by the beginnings of their ATC codes."""

    id: str
    atc: tuple[str, ...]
    weight: InteractionWeight
    reason: Text
    basis: Basis
    but_not: tuple[str, ...] = ()
    asks: Asked | None = None
    action: Text | None = None
    question: Text | None = None

    def among(self, medicines: Iterable[Medicine]) -> tuple[Medicine, ...]:
        return tuple(
            one
            for one in medicines
            if one.atc.startswith(self.atc) and not one.atc.startswith(self.but_not)
        )


@dataclass(frozen=True, slots=True)
class Sedatives:
    """Benzodiazepines and the like: one finding for all of them together."""

    id: str
    atc: tuple[str, ...]
    note: Text
    warning: Text
    second_warning: Text
    question: Text
    unlisted: Text
    action: Text
    action_late: Text
    """Where some of it is taken in the evening or at bedtime."""
    basis: Basis


@dataclass(frozen=True, slots=True)
class DiscussedTiming:
    """Medicines of which is agreed when a needed dose is taken relative to the session."""

    id: str
    atc: tuple[str, ...]
    found: Text
    action: Text
    basis: Basis


@dataclass(frozen=True, slots=True)
class LeftOff:
    """Sedatives that were stopped so lately that it is told."""

    id: str
    within: Figure[timedelta]
    found: Text
    action: Text
    basis: Basis


@dataclass(frozen=True, slots=True)
class Equivalent:
    """The amount that counts as 10 mg of diazepam, for the warning only, never to convert."""

    atc: str
    name: Text
    amount: Figure[Milligrams]
    up_to: Figure[Milligrams] | None = None


@dataclass(frozen=True, slots=True)
class InteractionTable:
    """All rules with their figures."""

    warn_above: Figure[Milligrams]
    warn_again_from: Figure[Milligrams]
    qtc_below: Figure[int]
    qtc_below_men: Figure[int]
    qtc_within: Figure[timedelta]
    uncoded: Basis
    timing: DiscussedTiming
    left_off: LeftOff
    sedatives: Sedatives
    equivalent: tuple[Equivalent, ...]
    group: tuple[MedicineGroup, ...]


@cache
def interaction_table() -> InteractionTable:
    return read(InteractionTable, files("lysglimt.knowledge.safety") / "interactions.toml")


NOT_KNOWN = Text(nb="Ikke kjent.", en="Not known.")
WHICH = Text(
    nb="Hvilke legemidler bruker pasienten, med ATC-kode og døgndose?",
    en="Which medicines does the patient take, with ATC code and daily dose?",
)
UNCODED = Text(
    nb="{names} har ingen ATC-kode: ingen regel er spurt.",
    en="{names} has no ATC code: no rule was asked.",
)
UNNAMED = Text(nb="Et legemiddel uten navn", en="A medicine without a name")
WHAT_IS_IT = Text(
    nb="Hva slags legemiddel er {names}, og betyr det noe for økten?",
    en="What kind of medicine is {names}, and does it matter to the session?",
)


def interactions(
    medicines: Iterable[Medicine] | None, circumstances: SessionCircumstances | None = None
) -> tuple[Finding, ...]:
    """A finding for each group of medicines that matters; ``None`` is that nobody asked."""
    table = interaction_table()
    if medicines is None:
        basis = table.sedatives.basis
        return (Finding("RX", Standing.UNKNOWN, NOT_KNOWN, basis, question=WHICH),)
    taken, around = tuple(medicines), circumstances or SessionCircumstances()
    return (
        *without_a_code(taken),
        *_sedation(table, taken, around),
        *(finding for group in table.group for finding in _matching(group, taken, around)),
    )


def timing_matters(atc: str) -> bool:
    """Is it agreed of this medicine when a needed dose is taken?"""
    return atc.startswith(interaction_table().timing.atc)


def not_discussed(medicines: Iterable[Medicine]) -> tuple[Finding, ...]:
    """``medicines`` are those of which nobody has said when a needed dose is taken; one caution."""
    rule = interaction_table().timing
    names = _names(one for one in medicines if timing_matters(one.atc))
    if not names:
        return ()
    said = rule.found.filled(names=names)
    return (Finding(rule.id, Standing.CAUTION, said, rule.basis, action=rule.action),)


def left_off_since(on: date) -> date:
    """What was stopped before this day is told no more."""
    return on - interaction_table().left_off.within.value


def left_off(
    stopped: Iterable[tuple[Medicine, date]], *, taken: Iterable[Medicine], on: date
) -> Iterator[Finding]:
    """A caution for each sedative that was stopped lately, and is not taken anew."""
    table, now = interaction_table(), {one.atc for one in taken}
    rule = table.left_off
    for one, day in stopped:
        sedative = one.atc.startswith(table.sedatives.atc) and one.atc not in now
        if sedative and left_off_since(on) <= day <= on:
            said = rule.found.filled(names=_names([one]), day=day)
            yield Finding(rule.id, Standing.CAUTION, said, rule.basis, action=rule.action)


def without_a_code(taken: Iterable[Medicine]) -> Iterator[Finding]:
    """A question for each: no rule knows what it is."""
    table = interaction_table()
    for one in taken:
        if not one.atc:
            called = one.name or UNNAMED
            yield Finding(
                "RX",
                Standing.UNKNOWN,
                UNCODED.filled(names=called),
                table.uncoded,
                question=WHAT_IS_IT.filled(names=called),
            )


def _names(medicines: Iterable[Medicine]) -> str:
    return ", ".join(dict.fromkeys(one.name or one.atc for one in medicines))


def _matching(
    group: MedicineGroup, taken: Sequence[Medicine], around: SessionCircumstances
) -> Iterator[Finding]:
    matched = group.among(taken)
    match group.asks:
        case Asked.ALCOHOL if around.alcohol_same_day:
            yield _found(group)
        case Asked.GRAPEFRUIT if around.grapefruit:
            yield _found(group)
        case Asked.QTC if matched:
            yield _qtc(group, around)
        case None if matched:
            yield _found(group, names=_names(matched))
        case _:
            pass


def _found(group: MedicineGroup, **facts: object) -> Finding:
    return Finding(
        group.id,
        group.weight.standing,
        group.reason.filled(**facts),
        group.basis,
        action=group.action,
    )


QTC_SHORT = Text(
    nb="Ondansetron: QTc {qtc} ms er under grensen.",
    en="Ondansetron: QTc {qtc} ms is below the limit.",
)


QTC_OLD = Text(
    nb="Ondansetron: QTc {qtc} ms er fra {day}. Finnes et EKG som er høyst {days} dager gammelt, og nyere enn legemidlene som forlenger QT-tiden?",
    en="Ondansetron: QTc {qtc} ms is of {day}. Is there an ECG at most {days} days old, and newer than the medicines that lengthen the QT interval?",
)
NO_DAY = Text(nb="en ukjent dag", en="an unknown day")


def _counts(around: SessionCircumstances) -> bool:
    """A short QTc of long ago, or from before a medicine that lengthens it, vouches for nothing."""
    if around.on is None:
        return True
    first = around.on - interaction_table().qtc_within.value
    oldest = max(first, around.lengthened_on or first)
    return around.qtc_on is not None and around.qtc_on >= oldest


def _qtc(group: MedicineGroup, around: SessionCircumstances) -> Finding:
    """The limit of men is the lower; the sex is asked for only where it decides."""
    table, qtc = interaction_table(), around.qtc_ms
    men, women = table.qtc_below_men.value, table.qtc_below.value
    limits = {True: {men}, False: {women}, None: {men, women}}[around.male]
    if qtc is not None and qtc < min(limits):
        if not _counts(around):
            days = table.qtc_within.value.days
            old = QTC_OLD.filled(qtc=qtc, day=around.qtc_on or NO_DAY, days=days)
            return Finding(group.id, Standing.UNKNOWN, NOT_KNOWN, group.basis, question=old)
        return Finding(group.id, Standing.MET, QTC_SHORT.filled(qtc=qtc), group.basis)
    if qtc is not None and qtc >= max(limits):
        return _found(group, qtc=qtc, limit=max(limits))
    question = group.question and group.question.filled(men=men, women=women)
    return Finding(group.id, Standing.UNKNOWN, NOT_KNOWN, group.basis, question=question)


def diazepam_for_warning(medicines: Iterable[Medicine]) -> Fraction | None:
    """Milligrams of diazepam a day that sedatives count for; None when it cannot be reckoned.

    For the warning only: it rests on the smaller of the published amounts, so that it warns
    early. The same figure used to convert or to taper would be an overdose.
    """
    amounts = {one.atc: one.amount.value.value for one in interaction_table().equivalent}
    total = Fraction(0)
    for one in medicines:
        if one.mg_per_day is None or one.atc not in amounts:
            return None
        total += Fraction(one.mg_per_day) * 10 / Fraction(amounts[one.atc])
    return total


def _sedation(
    table: InteractionTable, taken: Sequence[Medicine], around: SessionCircumstances
) -> Iterator[Finding]:
    rule = table.sedatives
    matched = [one for one in taken if one.atc.startswith(rule.atc)]
    if not matched:
        return
    listed = {one.atc for one in table.equivalent}
    reckoned = [one for one in matched if one.atc in listed and one.mg_per_day is not None]
    for one in matched:
        if one not in reckoned:
            question = rule.question if one.atc in listed else rule.unlisted
            yield Finding(
                rule.id,
                Standing.UNKNOWN,
                NOT_KNOWN,
                rule.basis,
                question=question.filled(names=_names([one])),
                action=_discussed(rule, [one], around),
            )
    if reckoned:
        yield _warning(table, reckoned, around)


def _discussed(
    rule: Sedatives, taken: Iterable[Medicine], around: SessionCircumstances
) -> Text:
    """The evening dose is named where one is taken: the night before a session it counts most."""
    late = [one for one in taken if one.atc in around.late]
    return rule.action_late.filled(names=_names(late)) if late else rule.action


def _warning(
    table: InteractionTable, reckoned: Sequence[Medicine], around: SessionCircumstances
) -> Finding:
    """At the level of what is known; more may be taken than was stated."""
    rule, mg = table.sedatives, diazepam_for_warning(reckoned) or Fraction(0)
    high, above = table.warn_again_from, table.warn_above
    words, standing, limit = rule.note, Standing.NOTE, above
    if mg > Fraction(above.value.value):
        words, standing = rule.warning, Standing.CAUTION
    if mg >= Fraction(high.value.value):
        words, limit = rule.second_warning, high
    shown = half_up(Decimal(mg.numerator) / Decimal(mg.denominator), Decimal("0.1"))
    return Finding(
        rule.id,
        standing,
        words.filled(names=_names(reckoned), mg=shown, limit=limit.value.value),
        rule.basis if standing is Standing.NOTE else limit.basis,
        action=_discussed(rule, reckoned, around),
    )
