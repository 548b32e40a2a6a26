"""Under which circumstances something is done or read: request, origin, purpose, decision."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, as the trail keeps it: it outlives the account.

    ``authorisation`` is the profession that the HPR number stands for. ``unit`` and ``entity`` are
    the ids of the unit and the legal entity the actor works for, ``department`` the unit's name
    and ``entity_number`` the entity's organisation number on that day.
    """

    username: str
    name: str = ""
    role: str = ""
    hpr_number: str = ""
    authorisation: str = ""
    unit: str = ""
    department: str = ""
    entity: str = ""
    entity_number: str = ""

    @property
    def actor(self) -> "Actor":
        """A command acts under its own name."""
        return self


class Accountable(Protocol):
    @property
    def actor(self) -> Actor: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """``decision`` names the row of the policy that let the actor in, as ``operation/role/relation``."""

    request_id: str = ""
    origin: str = "command"
    purpose: str = "treatment"
    decision: str = ""


UNTOLD = Circumstances()
_CURRENT: ContextVar[Circumstances] = ContextVar("circumstances", default=UNTOLD)


def circumstances() -> Circumstances:
    return _CURRENT.get()


@contextmanager
def under(**changed: str) -> Iterator[Circumstances]:
    """What is recorded inside has these circumstances, and the others as they were."""
    token = _CURRENT.set(replace(_CURRENT.get(), **changed))
    try:
        yield _CURRENT.get()
    finally:
        _CURRENT.reset(token)
