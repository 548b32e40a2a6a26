"""Every number in the data of eligibility and safety says what it rests on."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import pytest

from lysglimt.knowledge.eligibility.criterion import criteria
from lysglimt.knowledge.sources.library import library

ELIGIBILITY = files("lysglimt.knowledge.eligibility")
SAFETY = files("lysglimt.knowledge.safety")
DATA = [
    file
    for folder in (ELIGIBILITY, ELIGIBILITY / "criteria", SAFETY)
    for file in folder.iterdir()
    if file.name.endswith(".toml")
]


def bare_numbers(node: Any, *, based: bool = False) -> Iterator[Any]:
    """Numbers that stand in no figure and in no table with a basis."""
    if isinstance(node, dict):
        here = based or "basis" in node or {"mark", "source"} <= set(node)
        for part in node.values():
            yield from bare_numbers(part, based=here)
    elif isinstance(node, list):
        for part in node:
            yield from bare_numbers(part, based=based)
    elif isinstance(node, (int, float)) and not isinstance(node, bool) and not based:
        yield node


@pytest.mark.parametrize("file", DATA, ids=lambda file: file.name)
def test_every_figure_has_a_basis(file: Traversable) -> None:
    assert not list(bare_numbers(tomllib.loads(file.read_text(encoding="utf-8"))))


def test_a_number_without_a_basis_would_be_found() -> None:
    assert list(bare_numbers({"limit": 3, "other": {"value": 3, "mark": "own", "source": "x"}}))


@pytest.mark.parametrize("criterion", sorted(criteria()))
def test_a_criterion_is_worded_in_both_languages(criterion: str) -> None:
    rule = criteria()[criterion]
    texts = [rule.title, rule.met, rule.reason, rule.question, *rule.words.values()]
    assert all(text.nb.strip() and text.en.strip() for text in texts)
    assert rule.met != rule.reason
    assert rule.basis.source.key in library()
