"""What is read once and kept is read anew by each file of tests here, so that its lines count."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

FOUND = pytest.StashKey[list[Any]]()
"""What was kept when all tests were gathered: they hold its rows, and its lines counted."""


def pytest_collection_finish(session: pytest.Session) -> None:
    session.stash[FOUND] = [one for one in keeping() if one.cache_info().currsize]


@pytest.fixture(autouse=True, scope="module")
def _nothing_is_kept(request: pytest.FixtureRequest) -> None:
    """A test whose lines are not counted may have been the first to ask for it."""
    for one in keeping():
        if one not in request.session.stash[FOUND]:
            one.cache_clear()


def keeping() -> Iterator[Any]:
    """The functions of `knowledge` that keep what they found."""
    for name, module in list(sys.modules.items()):
        if name.startswith("lysglimt.knowledge."):
            yield from (one for one in vars(module).values() if hasattr(one, "cache_clear"))
