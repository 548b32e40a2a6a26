"""All that was ever said of a fact: what holds, and what was struck through."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from .facts import Fact

AFact = TypeVar("AFact", bound=Fact)


@dataclass(frozen=True, slots=True)
class Entry(Generic[AFact]):
    """One entry: its newest revision, and those it replaced, the newest first."""

    newest: AFact
    earlier: tuple[AFact, ...]


def entries(revisions: Iterable[AFact]) -> tuple[Entry[AFact], ...]:
    """In the order in which they were first entered."""
    kept: dict[object, list[AFact]] = {}
    for row in sorted(revisions, key=lambda row: row.revision):
        kept.setdefault(row.entry, []).append(row)
    said = sorted(kept.values(), key=lambda rows: rows[0].pk)
    return tuple(Entry(rows[-1], tuple(reversed(rows[:-1]))) for rows in said)


def in_force(said: Iterable[Entry[AFact]]) -> tuple[AFact, ...]:
    """Those that hold."""
    return tuple(entry.newest for entry in said if not entry.newest.withdrawn)
