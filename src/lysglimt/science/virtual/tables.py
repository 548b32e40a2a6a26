"""The tables of the synthetic register: which columns, and what each holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read


class Holds(StrEnum):
    """``texts`` and ``counts`` are lists."""

    TEXT = "text"
    COUNT = "count"
    AMOUNT = "amount"
    DAY = "day"
    FLAG = "flag"
    TEXTS = "texts"
    COUNTS = "counts"


Columns = Mapping[str, Holds]
"""In the order of the row."""


@dataclass(frozen=True, slots=True)
class Tables:
    tables: Mapping[str, Columns]


@cache
def tables() -> Mapping[str, Columns]:
    return read(Tables, files("lysglimt.science.virtual") / "tables.toml").tables


Row = tuple[object, ...]
Rows = dict[str, list[Row]]
"""By table, in the order of the people."""


def empty() -> Rows:
    return {name: [] for name in tables()}
