"""What a person takes: one medicine by its ATC code, with the amount a day."""

import re
from dataclasses import dataclass
from decimal import Decimal
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


@dataclass(frozen=True, slots=True)
class Medicine:
    """``atc`` is the whole code of seven characters; the amount is None when unknown.

    Raises NotACode for a shorter or misspelt code: rules match by the code alone.
    """

    atc: str
    mg_per_day: Annotated[Decimal | None, Between(0, 10000)] = None
    name: str = ""

    def __post_init__(self) -> None:
        if not WRITTEN.fullmatch(self.atc):
            raise NotACode(
                f"'{self.atc}' is not an ATC code of seven characters, such as N06AB06",
                field="atc",
                value=self.atc,
                allowed="one letter, two digits, two letters, two digits",
            )
