"""Every figure of a protocol with its place, and those a unit's doctor must approve."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from decimal import Decimal

from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.quantities import Milligrams, MilligramsPerKilogram

from .protocol import Protocol

SPANS: Mapping[str, timedelta] = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "wk": timedelta(weeks=1),
}


@dataclass(frozen=True, slots=True)
class Stated:
    """One figure or cited statement; ``value`` and ``unit`` are None for a statement."""

    path: str
    value: object
    unit: str | None
    basis: Basis

    @property
    def number(self) -> int | Decimal | None:
        """As the file states it, in ``unit``; None for a statement."""
        if isinstance(self.value, timedelta):
            return self.value // SPANS[self.unit or ""]
        if isinstance(self.value, (Milligrams, MilligramsPerKilogram)):
            return self.value.value
        return self.value if isinstance(self.value, (int, Decimal)) else None


def figures(protocol: Protocol) -> tuple[Stated, ...]:
    """Every figure and cited statement, with its key path (``maintenance.stages.1.every``)."""
    return tuple(_walk((), protocol))


def awaiting_approval(protocol: Protocol) -> tuple[Stated, ...]:
    """Those remembered or our own: a named doctor of the unit approves them."""
    return tuple(one for one in figures(protocol) if one.basis.awaits_approval)


def _walk(path: tuple[str, ...], value: object) -> Iterator[Stated]:
    if isinstance(value, Figure):
        yield Stated(".".join(path), value.value, value.unit, value.basis)
    elif isinstance(value, Basis):
        yield Stated(".".join(path), None, None, value)
    else:
        for key, part in _parts(value):
            yield from _walk((*path, key), part)


def _parts(value: object) -> Iterator[tuple[str, object]]:
    if is_dataclass(value):
        yield from ((field.name, getattr(value, field.name)) for field in fields(value))
    elif isinstance(value, tuple):
        yield from ((str(n), part) for n, part in enumerate(value, start=1))
