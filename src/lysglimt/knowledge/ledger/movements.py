"""What can happen to a controlled drug, from where to where it moves, and who signs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.text import Text


class Movement(StrEnum):
    """A kind of entry. ``NOT_GIVEN`` puts back whole pieces that were drawn for a session."""

    OPENING = "opening"
    RECEIPT = "receipt"
    WITHDRAWAL = "withdrawal"
    ADMINISTRATION = "administration"
    RESIDUE = "residue"
    WASTE = "waste"
    NOT_GIVEN = "not-given"
    DIFFERENCE = "difference"
    RETURN = "return"
    TRANSFER_OUT = "transfer-out"
    TRANSFER_IN = "transfer-in"
    COUNT = "count"
    CORRECTION = "correction"
    LOSS = "loss"


class Whereabouts(StrEnum):
    """Where a milligram is. From ``SUPPLY`` and ``FOUND`` it comes into the ledger.

    ``HAND`` is drawn for a session and not accounted for yet, ``AWAY`` in another cabinet.
    """

    SUPPLY = "supply"
    FOUND = "found"
    STOCK = "stock"
    HAND = "hand"
    GIVEN = "given"
    LINE = "line"
    WASTED = "wasted"
    RETURNED = "returned"
    AWAY = "away"
    LOST = "lost"


class WrongWay(ClinicalError):
    """Nothing moves so: a kind of entry has its ways, and no others."""

    code = "ledger.wrong-way"


Way = tuple[Whereabouts, Whereabouts]
SUPPLY, FOUND, STOCK, HAND, GIVEN, LINE, WASTED, RETURNED, AWAY, LOST = Whereabouts

WAYS: Mapping[Movement, tuple[Way, ...]] = {
    Movement.OPENING: ((SUPPLY, STOCK),),
    Movement.RECEIPT: ((SUPPLY, STOCK),),
    Movement.WITHDRAWAL: ((STOCK, HAND),),
    Movement.ADMINISTRATION: ((HAND, GIVEN),),
    Movement.RESIDUE: ((HAND, LINE),),
    Movement.WASTE: ((STOCK, WASTED), (HAND, WASTED)),
    Movement.NOT_GIVEN: ((HAND, STOCK),),
    Movement.DIFFERENCE: ((HAND, LOST), (FOUND, HAND)),
    Movement.RETURN: ((STOCK, RETURNED),),
    Movement.TRANSFER_OUT: ((STOCK, AWAY),),
    Movement.TRANSFER_IN: ((AWAY, STOCK),),
    Movement.COUNT: ((STOCK, STOCK),),
    Movement.LOSS: ((STOCK, LOST),),
}
"""The ways of each kind. A correction goes back the way of the entry that it corrects, or books what a count found."""

BOOKED: tuple[Way, ...] = ((FOUND, STOCK),)
"""The way of a correction by which a count found more than there should be; less is a loss."""


def way_back(way: Way) -> Way:
    source, target = way
    return target, source


def refuse_wrong_way(movement: Movement, way: Way) -> None:
    """Of any kind but a correction of an entry. Raises WrongWay."""
    if way not in (BOOKED if movement is Movement.CORRECTION else WAYS[movement]):
        raise WrongWay(
            f"a {movement} does not go from {way[0]} to {way[1]}",
            field="movement",
            value=movement.value,
        )


@dataclass(frozen=True, slots=True)
class Signed:
    """How many persons sign these kinds."""

    movements: tuple[Movement, ...]
    persons: Figure[int]


@dataclass(frozen=True, slots=True)
class ControlledDrug:
    """A substance that the ledger knows, with its Norwegian prescription group."""

    atc: str
    name: Text
    group: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class LedgerRules:
    """``retention`` is the least; a stock in use is counted within ``count_within``."""

    retention: Figure[int]
    count_within: Figure[timedelta]
    expiring_within: Figure[timedelta]
    signed: tuple[Signed, ...]
    drug: tuple[ControlledDrug, ...]


@cache
def ledger_rules() -> LedgerRules:
    return read(LedgerRules, files("lysglimt.knowledge.ledger") / "ledger.toml")


def signers(movement: Movement) -> Figure[int]:
    """How many persons sign an entry of this kind."""
    return next(row.persons for row in ledger_rules().signed if movement in row.movements)
