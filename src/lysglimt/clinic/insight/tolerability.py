"""How the sessions were borne: what was given, the highest pressure, and what happened."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lysglimt.clinic.chairside.models import ChairEvent
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.text import Text

from .story import given_written, pressure_written


@dataclass(frozen=True, slots=True)
class SessionBorne:
    """``events`` are the words of what happened at the chair, each with how often.

    ``red`` is what was red, readings and danger signs.
    """

    number: int
    session: SessionGiven
    given: str
    pressure: str
    events: tuple[tuple[str, int], ...]
    red: tuple[Text, ...] = ()


def borne(
    sessions: Iterable[SessionGiven], *, red: Mapping[Any, tuple[Text, ...]]
) -> Iterator[SessionBorne]:
    """``red`` by session; empty in journal mode. Asks one question of the database."""
    rows = tuple(sessions)
    entries = [row.entry for row in rows]
    found: dict[Any, Counter[str]] = {entry: Counter() for entry in entries}
    events = ChairEvent.objects.in_force().filter(session__in=entries).order_by()
    for session, kind in events.values_list("session_id", "kind"):
        found[session][kind] += 1
    for number, row in enumerate(rows, start=1):
        yield SessionBorne(
            number,
            row,
            given_written(row),
            pressure_written(row),
            tuple(found[row.entry].most_common()),
            red.get(row.entry, ()),
        )
