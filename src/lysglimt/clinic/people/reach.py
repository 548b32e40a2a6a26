"""How far the one who asks may reach: said to a database that looks for itself whose a row is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """Of the legal entity of a professional, by their key; or everything; else nothing."""

    professional: int | None = None
    everything: bool = False


NOBODY = Reach()
EVERYTHING = Reach(everything=True)
CURRENT: ContextVar[Reach] = ContextVar("reach", default=NOBODY)
"""A thread, and with it a request, begins with nothing."""


def reach() -> Reach:
    return CURRENT.get()


@contextmanager
def reaching(far: Reach) -> Iterator[None]:
    before = CURRENT.set(far)
    try:
        yield
    finally:
        CURRENT.reset(before)


def reach_everything() -> None:
    """From here on, for a process that works for the whole clinic and answers no request."""
    CURRENT.set(EVERYTHING)
