"""Tests that a document names as its evidence, and the tests there are."""

import ast
import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py::\w+)`")


class Requirement(NamedTuple):
    """One row of the ASVS: ``tests`` are the ids of those that show it."""

    id: str
    chapter: str
    level: str
    applies: str
    how: str
    tests: str


def requirements() -> list[Requirement]:
    with (ROOT / "docs/security/asvs.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        assert tuple(next(rows)) == Requirement._fields
        return [Requirement(*row) for row in rows]


def named_in(document: Path) -> list[str]:
    return NAMED.findall(document.read_text(encoding="utf-8"))


@cache
def sentences_in(file: str) -> frozenset[str]:
    place = ROOT / file
    if not place.is_file():
        return frozenset()
    tree = ast.parse(place.read_text(encoding="utf-8"))
    found = (node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return frozenset(name for name in found if name.startswith("test_"))


def is_there(test: str) -> bool:
    file, _, name = test.partition("::")
    return name in sentences_in(file)
