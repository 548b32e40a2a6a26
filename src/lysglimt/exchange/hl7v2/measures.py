"""What a monitor calls a measure and its unit, in LOINC, MDC or the writing of an older system."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.figures import Basis

HEXADECIMAL = re.compile(r"([0-9a-f]{4})-([0-9a-f]{4})")
PARTITION = 2**16
"""An MDC number is a partition and a code in it; older systems write the two in hexadecimal."""
LOINC, MDC = {"LN", "LOINC"}, {"MDC", "MDIL"}


@dataclass(frozen=True, slots=True)
class Named:
    """A measure: the column of a set that it is, and the names that it goes by, the best first."""

    loinc: tuple[str, ...]
    mdc: tuple[int, ...]
    units: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Unit:
    """``times`` makes a value in it one in the unit that the chart has."""

    written: tuple[str, ...]
    mdc: tuple[int, ...]
    times: Decimal
    basis: Basis


@dataclass(frozen=True, slots=True)
class Measures:
    measures: Mapping[str, Named]
    units: Mapping[str, Unit]

    def __post_init__(self) -> None:
        used = {unit for one in self.measures.values() for unit in one.units}
        if used != self.units.keys():
            raise Inconsistent(f"units of no measure, or not told: {used ^ self.units.keys()}")


@dataclass(frozen=True, slots=True)
class Meant:
    """Which measure; ``rank`` orders several names of it, nought is the best."""

    measure: str
    rank: int


@cache
def measures() -> Measures:
    return read(Measures, files("lysglimt.exchange.hl7v2") / "catalogue" / "measures.toml")


@cache
def by_code() -> Mapping[str | int, Meant]:
    found: dict[str | int, Meant] = {}
    for name, one in measures().measures.items():
        found |= {code: Meant(name, rank) for rank, code in enumerate(one.loinc)}
        found |= {code: Meant(name, rank) for rank, code in enumerate(one.mdc)}
    return found


@cache
def by_unit() -> Mapping[str | int, str]:
    found: dict[str | int, str] = {}
    for name, unit in measures().units.items():
        found |= dict.fromkeys((one.lower() for one in unit.written), name)
        found |= dict.fromkeys(unit.mdc, name)
    return found


def measure_named(components: Sequence[str]) -> Meant | None:
    """Of OBX-3: by its code or, where that is local, by the alternate one. None: not for a chart."""
    for code, system in coded(components):
        if system in LOINC and code in by_code():
            return by_code()[code]
        if system in MDC and (known := number(code)) in by_code():
            return by_code()[known or 0]
    return None


def unit_named(components: Sequence[str]) -> str | None:
    """Of OBX-6, by its number or as it is written; None of one that is not known here."""
    for code, system in coded(components):
        said = number(code) if system in MDC else code.lower()
        if said in by_unit():
            return by_unit()[said or 0]
    return None


def in_our_unit(value: Decimal, measure: str, unit: str) -> Decimal | None:
    """None where the measure does not have that unit."""
    known = measures()
    allowed = unit in known.measures[measure].units
    return value * known.units[unit].times if allowed else None


def coded(components: Sequence[str]) -> list[tuple[str, str]]:
    """The code and its system, then the alternate ones."""
    code, _, system, other, _, its_system, *_ = (*components, *("",) * 6)
    pairs = ((code, system), (other, its_system))
    return [(one.strip(), of.strip().upper()) for one, of in pairs if one.strip()]


def number(code: str) -> int | None:
    """``150456``, or the partition and the code in hexadecimal: ``0002-4bb8``."""
    if code.isdecimal() and code.isascii() and len(code) < 10:
        return int(code)
    parts = HEXADECIMAL.fullmatch(code.lower())
    return int(parts[1], 16) * PARTITION + int(parts[2], 16) if parts else None
