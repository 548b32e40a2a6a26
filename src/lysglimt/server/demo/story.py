"""One patient's story: who tells it, in which clinic."""

from collections.abc import Callable
from dataclasses import dataclass

from .case import Case
from .cast import HOSPITAL, House


@dataclass(frozen=True, slots=True)
class Story:
    """``tell`` enters all that happened to the patient; ``named`` is the name, where it matters."""

    name: str
    tell: Callable[[Case], object]
    house: House = HOSPITAL
    named: tuple[str, str] | None = None
