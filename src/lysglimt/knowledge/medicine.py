"""What a person takes: one medicine by its ATC code, with the amount a day."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .errors import ClinicalError

WRITTEN = re.compile(r"[A-Z]\d{2}[A-Z]{2}\d{2}")


class NotACode(ClinicalError):
    """Written as an ATC or ICD-10 code, but not formed like one."""

    code = "code.malformed"


@dataclass(frozen=True, slots=True)
class Medicine:
    """``atc`` is the whole code of seven characters; the amount is None when unknown.

    Raises NotACode for a shorter or misspelt code: rules match by the code alone.
    """

    atc: str
    mg_per_day: Decimal | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if not WRITTEN.fullmatch(self.atc):
            raise NotACode(
                f"'{self.atc}' is not an ATC code of seven characters, such as N06AB06",
                field="atc",
                value=self.atc,
                allowed="one letter, two digits, two letters, two digits",
            )
