"""What the trail saw of the clock: it never stops a write, but a jump of it should be known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .chain import Fault, Head, Ring, Row, named

BACK = timedelta(minutes=2)
AHEAD = timedelta(hours=25)
"""While the server runs it seals each day: so long without a sign of life is longer than that."""

Observation = Fault
"""Where, and what: not a fault of the chain."""


@dataclass(slots=True)
class Clock:
    """Along the chain: the moments of the one who seals, and those of the pages in between.

    What commands write is left out: an import has one moment for all its rows, however long it takes.
    """

    seals: list[Head]
    shown: dict[str, datetime] = field(default_factory=dict)

    def over(
        self, rings: Iterable[Ring], rows: dict[tuple[str, int], Row]
    ) -> Iterator[Observation]:
        for ring in rings:
            yield from self.sealed_before(ring.seq)
            row = rows.get((ring.kind, ring.row), {})
            at = row.get("at")
            if isinstance(at, datetime) and row.get("origin") == "page":
                yield from self.look(ring.kind, ring.name, at)
            yield from self.look("link", f"link {ring.seq}", ring.sealed_at)

    def sealed_before(self, seq: float) -> Iterator[Observation]:
        """Seals that were made before this link was."""
        while self.seals and self.seals[0].seq < seq:
            seal = self.seals.pop(0)
            yield from self.look("link", named("seal", seal), seal.made_at)

    def look(self, track: str, where: str, at: datetime) -> Iterator[Observation]:
        """Against the last moment of the same kind, and the last of any kind."""
        before = self.shown.get(track, at)
        latest = max(self.shown.values(), default=at)
        if at < before - BACK:
            yield Observation(where, f"the clock went back by {before - at}, to {told(at)}")
        elif at > latest + AHEAD:
            what = f"the clock went ahead by {at - latest}, to {told(at)}, or nothing ran meanwhile"
            yield Observation(where, what)
        self.shown[track] = at


def told(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
