"""What a total is called. Bands are named sets: the same total has several names in print."""

from dataclasses import dataclass
from decimal import Decimal

from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.text import Text


@dataclass(frozen=True, slots=True)
class Band:
    """From ``lowest`` to ``highest``, both included."""

    code: str
    label: Text
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class BandSet:
    """Bands without gap or overlap. ``default_for`` is a language region such as ``nb-NO``."""

    id: str
    bands: tuple[Band, ...]
    basis: Basis
    default_for: str = ""
    note: Text | None = None

    def __post_init__(self) -> None:
        ordered = sorted(self.bands, key=lambda band: band.lowest)
        if not ordered:
            raise Inconsistent(f"{self.id}: no bands")
        if len({band.code for band in ordered}) != len(ordered):
            raise Inconsistent(f"{self.id}: two bands share a code")
        expected = ordered[0].lowest
        for band in ordered:
            if band.lowest != expected or band.highest < band.lowest:
                raise Inconsistent(f"{self.id}: gap or overlap at {band.code}")
            expected = band.highest + 1

    @property
    def lowest(self) -> int:
        return min(band.lowest for band in self.bands)

    @property
    def highest(self) -> int:
        return max(band.highest for band in self.bands)

    def band(self, total: int | Decimal) -> Band | None:
        """The band the total falls in; None for a total outside the set."""
        return next((b for b in self.bands if b.lowest <= total <= b.highest), None)
