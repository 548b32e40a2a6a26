"""One rule for who may be treated: its codes, its figures, its words and what it rests on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.quantities import MilligramsPerKilogram
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .candidate import DiagnosisStatus


class CriterionLevel(StrEnum):
    """What it means when a criterion is not met, or when what it warns of is present."""

    INCLUSION = "inclusion"
    EXCLUSION = "X"
    RELATIVE = "R"
    WARNING = "W"
    INFORMATION = "info"

    @property
    def standing(self) -> Standing:
        return {
            CriterionLevel.INCLUSION: Standing.EXCLUDED,
            CriterionLevel.EXCLUSION: Standing.EXCLUDED,
            CriterionLevel.RELATIVE: Standing.NEEDS_SPECIALIST,
            CriterionLevel.WARNING: Standing.CAUTION,
            CriterionLevel.INFORMATION: Standing.NOTE,
        }[self]


class Unless(StrEnum):
    """What a clinician's answer about a diagnosis makes of it: a note instead of a finding."""

    CONTROLLED = "controlled"
    NOT_SEVERE = "not-severe"


@dataclass(frozen=True, slots=True)
class DiagnosisClause:
    """Diagnoses that a criterion is about: ICD-10 codes and spans, less ``but_not``.

    It applies to the ``status`` listed. Where it does not apply to all, a diagnosis without
    a status is a question. How a code falls under a span is said in ``codes``.
    """

    codes: tuple[str, ...]
    basis: Basis
    but_not: tuple[str, ...] = ()
    status: tuple[DiagnosisStatus, ...] = tuple(DiagnosisStatus)
    unless: Unless | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of the gate. ``met`` says that all is well, ``reason`` that it is not.

    ``level`` decides how it stands when it is not, or ``counts_as`` where that is milder (an
    escort not yet agreed on does not exclude for good); ``overridable`` is false where no signature
    can stand in for what is missing. The words may hold ``{value}`` and the names of figures.
    """

    id: str
    level: CriterionLevel
    title: Text
    basis: Basis
    met: Text
    reason: Text
    question: Text
    action: Text | None = None
    counts_as: CriterionLevel | None = None
    overridable: bool = True
    diagnoses: tuple[DiagnosisClause, ...] = ()
    amounts: Mapping[str, Figure[Decimal]] = field(default_factory=dict)
    counts: Mapping[str, Figure[int]] = field(default_factory=dict)
    spans: Mapping[str, Figure[timedelta]] = field(default_factory=dict)
    doses: Mapping[str, Figure[MilligramsPerKilogram]] = field(default_factory=dict)
    words: Mapping[str, Text] = field(default_factory=dict)

    @property
    def facts(self) -> Mapping[str, object]:
        """The figures as the words may quote them: times in days."""
        days = {name: figure.value.days for name, figure in self.spans.items()}
        amounts = {name: figure.value for name, figure in self.amounts.items()}
        counts = {name: figure.value for name, figure in self.counts.items()}
        doses = {name: figure.value.value for name, figure in self.doses.items()}
        return {**days, **amounts, **counts, **doses}

    @property
    def standing(self) -> Standing:
        """Of a finding, if its rule says nothing else."""
        return (self.counts_as or self.level).standing

    def well(self, **facts: object) -> Finding:
        words = self.met.filled(**self.facts, **facts)
        return Finding(self.id, Standing.MET, words, self.basis)

    def asked(self, question: Text | None = None, **facts: object) -> Finding:
        """Unknown, with what to ask."""
        words = (question or self.question).filled(**self.facts, **facts)
        return Finding(self.id, Standing.UNKNOWN, NOT_KNOWN, self.basis, question=words)

    def found(
        self,
        reason: Text | None = None,
        *,
        standing: Standing | None = None,
        basis: Basis | None = None,
        action: Text | None = None,
        **facts: object,
    ) -> Finding:
        """What the criterion warns of, or what is missing, at its level if nothing else is said."""
        words = action or self.action
        return Finding(
            self.id,
            self.standing if standing is None else standing,
            (reason or self.reason).filled(**self.facts, **facts),
            basis or self.basis,
            action=words and words.filled(**self.facts, **facts),
        )


NOT_KNOWN = Text(nb="Ikke kjent.", en="Not known.")


@dataclass(frozen=True, slots=True)
class CriterionFile:
    """One data file of criteria that belong together."""

    criterion: tuple[Criterion, ...]


FILES = ("inclusion", "mind", "substances", "heart", "body", "course")
"""The data files in the order in which their findings are listed."""


@cache
def criteria() -> Mapping[str, Criterion]:
    """Every criterion by its id, in the order of the files. Raises Misstated."""
    folder = files("lysglimt.knowledge.eligibility") / "criteria"
    return by_id(
        criterion
        for name in FILES
        for criterion in read(CriterionFile, folder / f"{name}.toml").criterion
    )


def by_id(listed: Iterable[Criterion]) -> Mapping[str, Criterion]:
    """Raises Inconsistent when two share an id: one would silently take the other's place."""
    known: dict[str, Criterion] = {}
    for criterion in listed:
        if criterion.id in known:
            raise Inconsistent(f"two criteria are called {criterion.id}", id=criterion.id)
        known[criterion.id] = criterion
    return known
