"""A pool that can be named, repeated and compared: question, rows, version, fingerprint."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from json import dumps
from math import exp

import numpy as np

from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.text import Text

from .arms import Counted, Measured, counted_together, measured_together
from .definitions import definition
from .distributions import Numbers
from .effect_sizes import (
    OF_COUNTS,
    OF_MEANS,
    OF_ONE,
    OF_PAIRS,
    Effect,
    Measure,
    Uninformative,
)
from .heterogeneity import Method, Studies
from .pooling import FEWEST_FOR_KNAPP_HARTUNG, Fit, Test, checked, pool
from .questions import Query
from .selection import Chosen, SetAside, aside, chosen, people
from .trial_rows import Row

UNEVEN = 0.1
"""Arms that lose shares of their people further apart than this are said to. Own value."""


@dataclass(frozen=True, slots=True)
class StudyEffect:
    """One line of the forest plot; ``treated`` and ``controls`` as the plot writes them."""

    study: str
    name: str
    year: str
    yi: float
    vi: float
    treated: str
    controls: str
    rows: tuple[str, ...]
    arms: tuple[Counted, ...] | tuple[Measured, ...] = ()
    cautions: tuple[Text, ...] = ()

    @property
    def people(self) -> float:
        return sum(arm.n for arm in self.arms)


@dataclass(frozen=True, slots=True)
class Pool:
    """``floored`` stands beside a Knapp-Hartung interval: never narrower than without it."""

    query: Query
    studies: tuple[StudyEffect, ...]
    set_aside: tuple[SetAside, ...]
    fit: Fit | None
    floored: Fit | None
    version: str
    hash: str

    @property
    def effects(self) -> Studies:
        return checked([one.yi for one in self.studies], [one.vi for one in self.studies])

    @property
    def counted(self) -> tuple[Numbers, Numbers] | None:
        """Events and people of each trial, both arms together; None where means were pooled."""
        arms = [[arm for arm in one.arms if isinstance(arm, Counted)] for one in self.studies]
        if not all(arms):
            return None
        events = [sum(arm.events for arm in both) for both in arms]
        return np.asarray(events), np.asarray([one.people for one in self.studies])

    @property
    def figures(self) -> str:
        """A fingerprint of the question and its effects: the same in every version of the program."""
        effects = [(one.study, f"{one.yi:.6g}", f"{one.vi:.6g}") for one in self.studies]
        return sha256(dumps([str(self.query), effects]).encode()).hexdigest()

    @property
    def row_ids(self) -> tuple[str, ...]:
        return tuple(row for one in self.studies for row in one.rows)


def pooled(
    rows: Sequence[Row],
    question: Query,
    *,
    method: Method = Method.REML,
    test: Test | None = None,
) -> Pool:
    """What the rows say to the question. ``fit`` is None when no row does: unknown is an answer."""
    trials, left = chosen(rows, question)
    studies: list[StudyEffect] = []
    silent: list[SetAside] = []
    for trial in trials:
        try:
            studies.append(study_effect(trial, question))
        except Uninformative:
            silent += [
                aside(
                    row,
                    "uninformative",
                    Text(
                        "Ingen eller alle i begge armer.", "Nobody or everybody in both arms."
                    ),
                )
                for row in trial.rows
            ]
    fit = floored = None
    if studies:
        effects = checked([one.yi for one in studies], [one.vi for one in studies])
        fit = pool(effects, method=method, test=test)
        floored = beside(effects, fit)
    said = version("lysglimt")
    used = {row.id: row for trial in trials for row in trial.rows}
    return Pool(
        question, tuple(studies), (*left, *silent), fit, floored, said,
        fingerprint(question, used, f"{method} {fit.test if fit else test} {said}"),
    )  # fmt: skip


def beside(effects: Studies, fit: Fit) -> Fit | None:
    """The floored variant, where the interval is that of Knapp and Hartung."""
    if fit.test is not Test.KNHA or fit.k < FEWEST_FOR_KNAPP_HARTUNG:
        return None
    return pool(effects, method=fit.method, test=Test.ADHOC)


def fingerprint(question: Query, rows: Mapping[str, Row], how: str) -> str:
    """The same for the same question, figures, way of pooling and version; else another."""
    said = [str(question), how, {name: dict(rows[name].cells) for name in sorted(rows)}]
    return sha256(dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def study_effect(trial: Chosen, question: Query) -> StudyEffect:
    """Arms of the same side are taken as one. Raises Uninformative."""
    effect, arms = (counts if question.outcome.is_counted else means)(trial, question)
    first, (treated, *controls) = trial.rows[0], map(spoken, arms)
    return StudyEffect(
        trial.trial, first.name, first.text("year"), effect.yi, effect.vi,
        treated, "".join(controls), tuple(row.id for row in trial.rows),
        arms, tuple(cautions(trial, question)),
    )  # fmt: skip


def counts(trial: Chosen, question: Query) -> tuple[Effect, tuple[Counted, ...]]:
    treated = counted(trial.treated, question)
    if question.measure.is_single:
        return OF_ONE[question.measure](treated), (treated,)
    control = counted(trial.controls, question)
    return OF_COUNTS[question.measure](treated, control), (treated, control)


def counted(rows: Sequence[Row], question: Query) -> Counted:
    return counted_together(
        [
            Counted(row.number(question.outcome.column) or 0.0, people(row) or 0.0)
            for row in rows
        ]
    )


def means(trial: Chosen, question: Query) -> tuple[Effect, tuple[Measured, ...]]:
    one, other = measured(trial.treated, question), measured(trial.controls, question)
    is_paired = trial.rows[0].text("design") == "crossover"
    if is_paired and question.correlation is not None:
        return OF_PAIRS[question.measure](one, other, question.correlation), (one, other)
    return OF_MEANS[question.measure](one, other), (one, other)


def spoken(arm: Counted | Measured) -> str:
    if isinstance(arm, Counted):
        return f"{arm.events:g}/{arm.n:g}"
    return f"{arm.mean:.1f} ({arm.sd:.1f}) n={arm.n:g}"


def measured(rows: Sequence[Row], question: Query) -> Measured:
    name = question.outcome.column
    return measured_together(
        [
            Measured(
                row.number(f"{name}_mean") or 0.0,
                row.number(f"{name}_sd") or 0.0,
                people(row) or 0.0,
            )
            for row in rows
        ]
    )


def cautions(trial: Chosen, question: Query) -> list[Text]:
    """What a reader of the line must know: lost people, a definition of its own."""
    said = []
    lost = [
        kept
        for side in (trial.treated, trial.controls)
        if (kept := share_kept(side)) is not None
    ]
    if len(lost) == 2 and abs(lost[0] - lost[1]) > UNEVEN:
        said.append(
            Text(
                f"Av de randomiserte er {100 * lost[0]:.0f} % og {100 * lost[1]:.0f} % med: ulikt frafall.",
                f"Of those randomised {100 * lost[0]:.0f} % and {100 * lost[1]:.0f} % are counted: uneven loss.",
            )
        )
    if any(row.number("n_analysed") is None for row in trial.rows):
        said.append(
            Text("Nevneren er de randomiserte.", "The denominator is those randomised.")
        )
    if question.outcome.rule is not None:
        name = "response" if question.outcome.column == "responders" else "remission"
        stated = definition(trial.rows[0].text(f"{name}_definition"))
        said.append(
            Text(f"Definert som {stated.said.nb}.", f"Defined as {stated.said.en}.")
            if stated
            else Text("Definisjonen er ikke oppgitt.", "The definition is not stated.")
        )
    return said


def share_kept(rows: Sequence[Row]) -> float | None:
    pairs = [(row.number("n_analysed"), row.number("n_randomised")) for row in rows]
    if not pairs or any(analysed is None or not randomised for analysed, randomised in pairs):
        return None
    return sum(one[0] or 0 for one in pairs) / sum(one[1] or 0 for one in pairs)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is kept of a pool to compare the next with: effects by study, and the estimate."""

    query: str
    hash: str
    version: str
    effects: Mapping[str, tuple[float, float]]
    estimate: tuple[float, float, float] | None
    tau2: float | None


def snapshot(one: Pool) -> Snapshot:
    fit = one.fit
    return Snapshot(
        str(one.query), one.hash, one.version,
        {study.study: (study.yi, study.vi) for study in one.studies},
        (fit.estimate, fit.ci_lb, fit.ci_ub) if fit else None,
        fit.tau2 if fit else None,
    )  # fmt: skip


def difference(before: Snapshot, after: Snapshot, measure: Measure) -> tuple[Text, ...]:
    """What a reader must know of a new version: what came, what went, what it did to the answer.

    Raises Implausible when the two answer different questions.
    """
    if before.query != after.query:
        raise Implausible.of("query", before.query, after.query)
    if before.hash == after.hash:
        return ()
    old_ones, new_ones = before.effects.keys(), after.effects.keys()
    changed = {one for one in old_ones & new_ones if before.effects[one] != after.effects[one]}
    said = [
        Text(f"{nb}: {study}", f"{en}: {study}")
        for nb, en, studies in (
            ("Ny studie", "Trial added", new_ones - old_ones),
            ("Ikke lenger med", "Trial no longer in", old_ones - new_ones),
            ("Endrede tall", "Figures changed", changed),
        )
        for study in sorted(studies)
    ]
    if before.version != after.version:
        both = f"{before.version} -> {after.version}"
        said.append(Text(f"Versjon: {both}", f"Version: {both}"))
    old, new = estimated(before, measure), estimated(after, measure)
    said.append(Text(f"Estimat: {old} -> {new}", f"Estimate: {old} -> {new}"))
    return tuple(said)


def estimated(one: Snapshot, measure: Measure) -> str:
    """On the scale a reader knows: a ratio is not on its logarithm."""
    if one.estimate is None:
        return "-"
    middle, low, high = (exp(value) if measure.is_ratio else value for value in one.estimate)
    return f"{middle:.2f} ({low:.2f}, {high:.2f}), k = {len(one.effects)}"
