"""How much has been given in all, here and elsewhere? What is not known is counted as not known."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from lysglimt.knowledge.errors import Inconsistent

from .exposure import exposure_grid


class Placed(StrEnum):
    """Was it given in the span? Of what has no day, or only partly falls in it, nobody knows."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class DosesGiven:
    """One session here, or what is told of another place. None is not known, never nothing.

    ``product`` and ``clinic`` are names; ``first`` and ``last`` the days between which it was.
    """

    product: str
    clinic: str
    first: date | None
    last: date | None
    sessions: int | None = 1
    mg: Decimal | None = None
    elsewhere: bool = False

    def __post_init__(self) -> None:
        if self.first and self.last and self.last < self.first:
            raise Inconsistent(f"last: {self.last} is before first, {self.first}", field="last")

    def placed(self, since: date | None) -> Placed:
        """In the span from the day after ``since``, None for all of life."""
        if since is None:
            return Placed.INSIDE
        if self.last is not None and self.last <= since:
            return Placed.OUTSIDE
        known = self.first is not None and self.last is not None
        if known and self.first is not None and self.first > since:
            return Placed.INSIDE
        return Placed.UNSURE


@dataclass(frozen=True, slots=True)
class ExposureSum:
    """What is known of a span, and beside it how much is not.

    ``uncounted`` are entries without a number of sessions, ``unweighed`` those without an
    amount, ``unsure`` those of which nobody knows whether they fall in the span.
    """

    sessions: int = 0
    mg: Decimal = Decimal(0)
    uncounted: int = 0
    unweighed: int = 0
    unsure: int = 0

    @property
    def whole(self) -> bool:
        return not (self.uncounted or self.unweighed or self.unsure)


@dataclass(frozen=True, slots=True)
class ExposureLine:
    """A product, a clinic or both, with its sums: all of life first, then each span."""

    name: str
    sums: tuple[ExposureSum, ...]


def exposure_sum(doses: Iterable[DosesGiven], *, since: date | None) -> ExposureSum:
    found = [(dose.placed(since), dose) for dose in doses]
    inside = [dose for where, dose in found if where is Placed.INSIDE]
    return ExposureSum(
        sessions=sum(dose.sessions or 0 for dose in inside),
        mg=sum((dose.mg for dose in inside if dose.mg is not None), Decimal(0)),
        uncounted=sum(dose.sessions is None for dose in inside),
        unweighed=sum(dose.mg is None for dose in inside),
        unsure=sum(where is Placed.UNSURE for where, _ in found),
    )


def spans(on: date) -> tuple[date | None, ...]:
    """All of life, then the windows of the grid, as the day before each begins."""
    return (None, *(on - window.value for window in exposure_grid().windows))


def span_lengths() -> tuple[timedelta, ...]:
    return tuple(window.value for window in exposure_grid().windows)


def exposure_lines(
    doses: Sequence[DosesGiven], on: date, *, named: Callable[[DosesGiven], str]
) -> tuple[ExposureLine, ...]:
    """In the order of the names."""
    names = sorted({named(dose) for dose in doses})
    return tuple(
        ExposureLine(
            name,
            tuple(
                exposure_sum((dose for dose in doses if named(dose) == name), since=since)
                for since in spans(on)
            ),
        )
        for name in names
    )
