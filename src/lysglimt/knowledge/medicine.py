"""What a person takes: one medicine by its ATC code, when in the day, and the amount a day."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from .errors import ClinicalError

WRITTEN = re.compile(r"[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Between:
    """What is plausible for a number, both ends allowed; said beside the field's type."""

    least: int
    most: int


class NotACode(ClinicalError):
    """Written as an ATC or ICD-10 code, but not formed like one."""

    code = "code.malformed"


class DoseUnit(StrEnum):
    """What a dose is counted in. Only of a mass is it known how many milligrams it is."""

    MILLIGRAM = "mg"
    MICROGRAM = "ug"
    GRAM = "g"
    MILLILITRE = "ml"
    TABLET = "tablet"
    DROP = "drop"
    PUFF = "puff"
    UNIT = "unit"
    MILLIMOLE = "mmol"
    PATCH = "patch"

    @property
    def milligrams(self) -> Decimal | None:
        return MASSES.get(self)


MASSES: Mapping[DoseUnit, Decimal] = {
    DoseUnit.MILLIGRAM: Decimal(1),
    DoseUnit.MICROGRAM: Decimal("0.001"),
    DoseUnit.GRAM: Decimal(1000),
}


@dataclass(frozen=True, slots=True)
class Doses:
    """How much at each time of a day; ``needed`` is the most a day beside that, as needed.

    None is that nothing is taken then, or that nobody said.
    """

    unit: DoseUnit
    morning: Annotated[Decimal | None, Between(0, 10000)] = None
    midday: Annotated[Decimal | None, Between(0, 10000)] = None
    evening: Annotated[Decimal | None, Between(0, 10000)] = None
    night: Annotated[Decimal | None, Between(0, 10000)] = None
    needed: Annotated[Decimal | None, Between(0, 10000)] = None

    @property
    def stated(self) -> tuple[Decimal, ...]:
        every = (self.morning, self.midday, self.evening, self.night, self.needed)
        return tuple(amount for amount in every if amount is not None)

    @property
    def mg_per_day(self) -> Decimal | None:
        """The most of a day; None where nothing is stated, or not as a mass."""
        each = self.unit.milligrams
        if each is None or not self.stated:
            return None
        return sum(self.stated, Decimal(0)) * each

    @property
    def late(self) -> bool:
        """Is some of it taken in the evening or at bedtime?"""
        return bool(self.evening or self.night)


@dataclass(frozen=True, slots=True)
class Medicine:
    """``atc`` is the whole code of seven characters; the amount is None when unknown.

    The code is empty where nobody knows it: no rule is asked of such a medicine, and that is
    said. Raises NotACode for a shorter or misspelt code: rules match by the code alone.
    """

    atc: str
    mg_per_day: Annotated[Decimal | None, Between(0, 10000)] = None
    name: str = ""

    def __post_init__(self) -> None:
        if self.atc and not WRITTEN.fullmatch(self.atc):
            raise NotACode(
                f"'{self.atc}' is not an ATC code of seven characters, such as N06AB06",
                field="atc",
                value=self.atc,
                allowed="one letter, two digits, two letters, two digits",
            )
