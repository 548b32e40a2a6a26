"""On the second database a test is run that asks what no other asks; `make test-long` runs them all.

The whole run on SQLite writes down which statements each test sent, their values apart (`note`,
`write_down`). As a plugin of the run on PostgreSQL this leaves out every test that was written
down and sends nothing but what others send. A test that is not written down is run: what commits,
what starts other processes, what is new.
"""

import json
import re
import shutil
from collections.abc import Iterable, Mapping, Set
from functools import cache
from pathlib import Path

import pytest

from tests.databases import POSTGRESQL

FOUND = Path(__file__).resolve().parents[1] / ".asked"
"""One file for each process of a run."""
VALUES = re.compile(r"\(%s(?:, %s)*\)(?:, \(%s(?:, %s)*\))*")
"""Of a list, or of several rows: how many there are is not asked."""
NOTED: dict[str, Set[str]] = {}


@cache
def form(sql: str) -> str:
    return VALUES.sub("(%s)", sql)


def note(test: str, statements: Iterable[str]) -> None:
    NOTED[test] = {form(sql) for sql in statements if "SAVEPOINT" not in sql}


def forget() -> None:
    shutil.rmtree(FOUND, ignore_errors=True)


def write_down(process: str) -> None:
    FOUND.mkdir(exist_ok=True)
    numbers = {sql: n for n, sql in enumerate(sorted(set[str]().union(*NOTED.values())))}
    tests = {test: sorted(numbers[sql] for sql in sent) for test, sent in NOTED.items()}
    told = {"statements": [*numbers], "tests": tests}
    (FOUND / f"{process}.json").write_text(json.dumps(told), encoding="utf-8")


def written_down() -> dict[str, Set[str]]:
    found: dict[str, Set[str]] = {}
    for file in sorted(FOUND.glob("*.json")):
        told = json.loads(file.read_text(encoding="utf-8"))
        named = told["statements"]
        found |= {test: {named[n] for n in sent} for test, sent in told["tests"].items()}
    return found


def spared(sent: Mapping[str, Set[str]]) -> set[str]:
    """Tests without which every statement is still sent: of two alike, the one that sends less."""
    seen: set[str] = set()
    without: set[str] = set()
    for test in sorted(sent, key=lambda one: (-len(sent[one]), one)):
        if sent[test] <= seen:
            without.add(test)
        seen |= sent[test]
    return without


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not POSTGRESQL:
        return
    here = {item.nodeid for item in items}
    without = spared({test: sent for test, sent in written_down().items() if test in here})
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in without])
    items[:] = [item for item in items if item.nodeid not in without]
