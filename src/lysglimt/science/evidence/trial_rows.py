"""A row of the trial table: one arm of one trial at one time."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import NamedTuple

from lysglimt.knowledge.text import Text

COLUMNS = (
    "trial_id", "first_author", "year", "journal", "doi", "pmid", "nct", "country", "design",
    "blinding", "population", "polarity", "trd_definition", "suicidal", "arm_label", "intervention",
    "dose", "dose_unit", "route", "sessions", "timepoint", "n_randomised", "n_analysed",
    "responders", "remitters", "relapsers", "response_pct", "remission_pct", "response_definition",
    "remission_definition", "scale", "baseline_mean", "baseline_sd", "endpoint_mean", "endpoint_sd",
    "change_mean", "change_sd", "change_se", "count_basis", "source_of_figures", "verified",
    "unverified_fields", "pool_flag", "notes",
)  # fmt: skip
NEEDED = (
    "trial_id", "design", "arm_label", "intervention", "timepoint", "source_of_figures", "verified",
)  # fmt: skip
COUNTS = ("n_randomised", "n_analysed", "responders", "remitters", "relapsers")
MEANS = ("baseline_mean", "endpoint_mean", "change_mean")
SPREADS = ("baseline_sd", "endpoint_sd", "change_sd", "change_se")
PERCENTS = ("response_pct", "remission_pct")
NUMBERS = (*COUNTS, *MEANS, *SPREADS, *PERCENTS)
SHORT_NAMES = {"n": ("n_randomised", "n_analysed"), "relapse": ("relapsers",)}
"""How `unverified_fields` speaks of several columns."""
MEMORY = "(memory)"


class Key(NamedTuple):
    trial: str
    arm: str
    timepoint: str


@dataclass(frozen=True, slots=True)
class Row:
    """``line`` of the file, as an editor counts; ``cells`` by column, those that were not seen empty."""

    line: int
    cells: Mapping[str, str]

    @property
    def key(self) -> Key:
        return Key(self.text("trial_id"), self.text("arm_label"), self.text("timepoint"))

    @property
    def id(self) -> str:
        return " | ".join(self.key)

    @property
    def trial(self) -> str:
        return self.text("trial_id")

    def text(self, column: str) -> str:
        return self.cells.get(column, "").strip()

    def number(self, column: str) -> float | None:
        """None when the cell is empty. A cell that is no number is refused before this is asked."""
        text = self.text(column)
        return float(text) if text else None

    @property
    def name(self) -> str:
        """Author and year, as a forest plot shows it."""
        named = f"{self.text('first_author')} {self.text('year')}".strip()
        return named or self.trial


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell, for the one who must mend it."""

    row: int
    column: str
    value: str
    allowed: str
    reason: Text


def seen(cells: Mapping[str, str]) -> dict[str, str]:
    """Without what the row itself says is from memory: unknown is an answer."""
    unseen: set[str] = set()
    for part in cells.get("unverified_fields", "").split(";"):
        word = part.strip().partition(" ")[0]
        unseen |= set(SHORT_NAMES.get(word, (word,)))
    unseen |= {name for name in COLUMNS[:-2] if MEMORY in cells.get(name, "")}
    return {name: "" if name in unseen else text for name, text in cells.items()}


def rows_of(numbered: Sequence[tuple[int, Mapping[str, str]]]) -> tuple[Row, ...]:
    return tuple(Row(line, seen(cells)) for line, cells in numbered)


@cache
def shipped() -> tuple[Row, ...]:
    """The verified rows that come with Lysglimt."""
    place = files("lysglimt.science.evidence") / "trials.csv"
    reader = csv.DictReader(StringIO(place.read_text(encoding="utf-8"), newline=""))
    return rows_of(list(enumerate(reader, start=2)))
