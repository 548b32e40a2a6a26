"""May this antiemetic be given to this person? The QTc, other medicines, and the heart are asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.medicine import Medicine
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .interactions import (
    NOT_KNOWN,
    WHICH,
    SessionCircumstances,
    interactions,
    without_a_code,
)

QTC_RULE = "RX-12"


class AskedFirst(StrEnum):
    """What is looked at before an antiemetic is given."""

    QTC = "qtc"
    LENGTHENING = "lengthening"
    HEART = "heart"
    DOPAMINE = "dopamine"


@dataclass(frozen=True, slots=True)
class Antiemetic:
    """One that a unit gives at the chair, and what is asked of it."""

    atc: str
    name: Text
    asks: tuple[AskedFirst, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Medicines that an antiemetic goes badly with."""

    id: str
    atc: tuple[str, ...]
    found: Text
    action: Text
    basis: Basis
    but_not: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeartDisease:
    """Diagnoses, by the beginnings of their codes, with which a doctor decides."""

    id: str
    codes: tuple[str, ...]
    found: Text
    action: Text
    question: Text
    basis: Basis


@dataclass(frozen=True, slots=True)
class NothingAgainst:
    """What is said where everything was asked and nothing found; ``dated`` with the day of the ECG."""

    found: Text
    dated: Text
    basis: Basis


@dataclass(frozen=True, slots=True)
class AntiemeticRules:
    antiemetic: tuple[Antiemetic, ...]
    lengthening: Beside
    heart: HeartDisease
    dopamine: Beside
    clear: NothingAgainst


@cache
def antiemetic_rules() -> AntiemeticRules:
    return read(AntiemeticRules, files("lysglimt.knowledge.safety") / "antiemetics.toml")


def lengthens_qt(atc: str) -> bool:
    """Is it among those that an antiemetic goes badly with for the QT interval?"""
    rule = antiemetic_rules().lengthening
    return atc.startswith(rule.atc) and not atc.startswith(rule.but_not)


def before_antiemetic(
    one: Antiemetic,
    taken: Iterable[Medicine] | None,
    circumstances: SessionCircumstances,
    *,
    diagnoses: Iterable[str] | None,
) -> tuple[Finding, ...]:
    """What speaks against it, or is to be asked first; one that is met where nothing does.

    ``diagnoses`` are the ICD-10 codes that hold now. None, of these or of the medicines, is that
    nobody asked.
    """
    rules = antiemetic_rules()
    others = None if taken is None else tuple(taken)
    found = (
        *_at_the_heart(one, circumstances, diagnoses),
        *_taken_with(one, others),
    )
    if found:
        return found
    qtc, day = circumstances.qtc_ms, circumstances.qtc_on
    said = rules.clear.found.filled(antiemetic=one.name)
    if AskedFirst.QTC in one.asks and day is not None:
        said = rules.clear.dated.filled(antiemetic=one.name, qtc=qtc, day=day)
    return (Finding(QTC_RULE, Standing.MET, said, rules.clear.basis),)


def _at_the_heart(
    one: Antiemetic, circumstances: SessionCircumstances, diagnoses: Iterable[str] | None
) -> Iterator[Finding]:
    if AskedFirst.QTC in one.asks:
        # Alcohol and grapefruit are of the session, and speak to no antiemetic.
        alone = replace(circumstances, alcohol_same_day=None, grapefruit=None)
        itself = interactions([Medicine(one.atc)], alone)
        yield from (found for found in itself if found.standing is not Standing.MET)
    if AskedFirst.HEART in one.asks:
        yield from _heart(one, antiemetic_rules().heart, diagnoses)


def _taken_with(one: Antiemetic, taken: tuple[Medicine, ...] | None) -> Iterator[Finding]:
    rules = antiemetic_rules()
    if taken is None:
        basis = rules.lengthening.basis
        yield Finding(QTC_RULE, Standing.UNKNOWN, NOT_KNOWN, basis, question=WHICH)
        return
    yield from without_a_code(taken)
    for asked, rule in (
        (AskedFirst.LENGTHENING, rules.lengthening),
        (AskedFirst.DOPAMINE, rules.dopamine),
    ):
        if asked in one.asks:
            yield from _beside(one, rule, taken)


def _beside(one: Antiemetic, rule: Beside, taken: tuple[Medicine, ...]) -> Iterator[Finding]:
    """The same medicine taken already is told too: it would be given twice."""
    names = [
        each.name or each.atc
        for each in taken
        if each.atc.startswith(rule.atc) and not each.atc.startswith(rule.but_not)
    ]
    if names:
        yield Finding(
            rule.id,
            Standing.CAUTION,
            rule.found.filled(antiemetic=one.name, names=", ".join(dict.fromkeys(names))),
            rule.basis,
            action=rule.action,
        )


def _heart(
    one: Antiemetic, rule: HeartDisease, diagnoses: Iterable[str] | None
) -> Iterator[Finding]:
    if diagnoses is None:
        asked = rule.question.filled(antiemetic=one.name)
        yield Finding(rule.id, Standing.UNKNOWN, NOT_KNOWN, rule.basis, question=asked)
        return
    names = [code for code in diagnoses if code.startswith(rule.codes)]
    if names:
        yield Finding(
            rule.id,
            Standing.CAUTION,
            rule.found.filled(antiemetic=one.name, names=", ".join(dict.fromkeys(names))),
            rule.basis,
            action=rule.action,
        )
