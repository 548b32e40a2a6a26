"""Effects, contrasts and arms from a table as a user brings it: every row right, or none taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isfinite, log, sqrt

from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.text import Text
from lysglimt.science.evidence.arms import Counted, Measured
from lysglimt.science.evidence.effect_sizes import HALF, Measure
from lysglimt.science.evidence.network import Contrast
from lysglimt.science.evidence.trial_rows import Problem

Numbered = Sequence[tuple[int, Mapping[str, str]]]
"""The line of the file, and its cells by column."""
EFFECTS = ("yi", "vi")
CONTRASTS = ("study", "treat1", "treat2", "te", "se")
COUNTS = ("study", "treat", "events", "n")
MEANS = ("study", "treat", "mean", "sd", "n")


class Refused(Implausible):
    """A table that is not taken, with everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        said = f"row {first.row}: {first.column}: {first.value}, allowed is {first.allowed}"
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(
            said + more, field=first.column, value=first.value, allowed=first.allowed
        )
        self.problems = tuple(sorted(problems, key=lambda one: one.row))


@dataclass(frozen=True, slots=True)
class EffectsTable:
    studies: tuple[str, ...]
    yi: tuple[float, ...]
    vi: tuple[float, ...]
    others: tuple[Mapping[str, str], ...]
    """The cells of each row, for moderators and subgroups."""
    pairs: tuple[tuple[Counted, Counted], ...] = ()
    """Both arms of each trial, where counts were brought."""
    people: tuple[float, ...] = ()
    """Of each trial, where one arm alone was brought."""
    uninformative: tuple[str, ...] = ()
    """Trials where nobody, or everybody, in both arms had the event."""


class Cells:
    """Reads cells and gathers what is wrong with them."""

    def __init__(self, numbered: Numbered, needed: Sequence[str]) -> None:
        self.problems: list[Problem] = []
        self.rows = numbered
        names = numbered[0][1] if numbered else {}
        for name in needed if numbered else ():
            if name not in names:
                reason = Text("Kolonnen mangler.", "The column is missing.")
                self.problems.append(Problem(1, name, ", ".join(names), name, reason))
        if not numbered:
            reason = Text("Tabellen har ingen rader.", "The table has no rows.")
            self.problems.append(Problem(1, needed[0], "", "1 row or more", reason))
        self.check()

    def check(self) -> None:
        if self.problems:
            raise Refused(self.problems)

    def amiss(self, line: int, column: str, value: str, *, allowed: str) -> float:
        reason = Text("Verdien kan ikke brukes.", "The value cannot be used.")
        self.problems.append(Problem(line, column, value, allowed, reason))
        return 1.0

    def number(self, line: int, cells: Mapping[str, str], column: str) -> float:
        text = cells[column].strip()
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            return self.amiss(line, column, text, allowed="a number")
        return value if isfinite(value) else self.amiss(line, column, text, allowed="a number")

    def above_zero(self, line: int, cells: Mapping[str, str], column: str) -> float:
        value = self.number(line, cells, column)
        return value if value > 0 else self.amiss(line, column, cells[column], allowed="> 0")

    def word(self, line: int, cells: Mapping[str, str], column: str) -> str:
        text = cells[column].strip()
        if not text:
            self.amiss(line, column, text, allowed=column)
        return text


def effects_table(numbered: Numbered) -> EffectsTable:
    """``yi``, ``vi`` and, if there, ``study``. Raises Refused."""
    cells = Cells(numbered, EFFECTS)
    yi = tuple(cells.number(line, row, "yi") for line, row in numbered)
    vi = tuple(cells.above_zero(line, row, "vi") for line, row in numbered)
    cells.check()
    studies = tuple(
        row.get("study", "").strip() or str(n) for n, (_, row) in enumerate(numbered, 1)
    )
    return EffectsTable(studies, yi, vi, tuple(row for _, row in numbered))


def contrasts(numbered: Numbered, measure: Measure = Measure.OR) -> tuple[Contrast, ...]:
    """Contrasts as they are, or of arms: counts (``events``, ``n``) or means (``mean``, ``sd``, ``n``).

    Raises Refused.
    """
    names = numbered[0][1] if numbered else {}
    if "events" in names:
        return of_counts(numbered, measure)
    if "mean" in names:
        return of_means(numbered)
    cells = Cells(numbered, CONTRASTS)
    found = tuple(
        Contrast(
            cells.word(line, row, "study"), cells.word(line, row, "treat1"), cells.word(line, row, "treat2"),
            cells.number(line, row, "te"), cells.above_zero(line, row, "se"),
        )
        for line, row in numbered
    )  # fmt: skip
    cells.check()
    return found


def of_counts(numbered: Numbered, measure: Measure) -> tuple[Contrast, ...]:
    if measure not in {Measure.OR, Measure.RR, Measure.RD}:
        raise Implausible.of("measure", measure.value, "OR, RR, RD")
    cells = Cells(numbered, COUNTS)
    studies: dict[str, dict[str, Counted]] = {}
    for line, row in numbered:
        study, treat = cells.word(line, row, "study"), cells.word(line, row, "treat")
        events, n = cells.number(line, row, "events"), cells.above_zero(line, row, "n")
        arms = studies.setdefault(study, {})
        if treat in arms:
            cells.amiss(line, "treat", treat, allowed=f"once in {study}")
        elif not 0 <= events <= n:
            cells.amiss(line, "events", row["events"], allowed=f"0-{n:g}")
        else:
            arms[treat] = Counted(events, n)
    cells.check()
    return tuple(
        one
        for study, arms in studies.items()
        if tells(arms, measure)
        for one in between(
            study, {treat: valued(arm, arms, measure) for treat, arm in arms.items()}
        )
    )


def tells(arms: Mapping[str, Counted], measure: Measure) -> bool:
    """A ratio learns nothing from a trial where nobody, or everybody, had the event."""
    empty = {arm.events == 0 for arm in arms.values()} == {True}
    full = {arm.others == 0 for arm in arms.values()} == {True}
    return measure is Measure.RD or not (empty or full)


def valued(arm: Counted, arms: Mapping[str, Counted], measure: Measure) -> tuple[float, float]:
    """An arm on the scale of the measure, with its variance.

    Half a person is added in every arm of a trial that has an empty cell, so that contrasts add up.
    """
    is_empty = any(min(one.events, one.others) == 0 for one in arms.values())
    add = HALF if is_empty else 0.0
    a, b = arm.events + add, arm.others + add
    n = a + b
    match measure:
        case Measure.RD:
            return arm.events / arm.n, a * b / n**3
        case Measure.RR:
            return log(a / n), 1 / a - 1 / n
        case _:
            return log(a / b), 1 / a + 1 / b


def between(study: str, arms: Mapping[str, tuple[float, float]]) -> list[Contrast]:
    """Every pair of arms."""
    return [
        Contrast(
            study,
            one,
            other,
            arms[one][0] - arms[other][0],
            sqrt(arms[one][1] + arms[other][1]),
        )
        for one, other in combinations(sorted(arms), 2)
    ]


def of_means(numbered: Numbered) -> tuple[Contrast, ...]:
    cells = Cells(numbered, MEANS)
    studies: dict[str, dict[str, tuple[float, float]]] = {}
    for line, row in numbered:
        study, treat = cells.word(line, row, "study"), cells.word(line, row, "treat")
        mean, sd, n = (
            cells.number(line, row, "mean"),
            cells.above_zero(line, row, "sd"),
            cells.above_zero(line, row, "n"),
        )
        arms = studies.setdefault(study, {})
        if treat in arms:
            cells.amiss(line, "treat", treat, allowed=f"once in {study}")
        elif n <= 1:
            cells.amiss(line, "n", row["n"], allowed="2 or more")
        else:
            arm = Measured(mean, sd, n)
            arms[treat] = (arm.mean, arm.sd**2 / arm.n)
    cells.check()
    return tuple(one for study, arms in studies.items() for one in between(study, arms))
