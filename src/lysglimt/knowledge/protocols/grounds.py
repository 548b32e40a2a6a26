"""The reasons the course engine gives, by name; the sentences stand in grounds.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.text import Text

from .state import Ground

Words = str | int | date | Text


@dataclass(frozen=True, slots=True)
class Grounds:
    by_name: Mapping[str, Ground]


@cache
def grounds() -> Mapping[str, Ground]:
    shelf = files("lysglimt.knowledge.protocols") / "grounds.toml"
    return read(Grounds, shelf).by_name


MANY = 4096
"""Reasons that are kept as they were said: a course asks for the same ones day after day."""


# By kind too, since 1 and True would be the same key and are not the same word.
@lru_cache(maxsize=MANY, typed=True)
def ground(name: str, **words: Words) -> Ground:
    """The named reason with its words filled in."""
    stated = grounds()[name]
    return Ground(stated.rule, stated.reason.filled(**words), stated.basis)
