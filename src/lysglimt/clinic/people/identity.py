"""Is this a Norwegian identity number, whose birth date is it, and is the person made up?"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from stdnum.exceptions import ValidationError
from stdnum.no import fodselsnummer

from lysglimt.knowledge.errors import ClinicalError


class Accepts(StrEnum):
    """Which numbers an installation takes: a demonstration never holds a real person."""

    SYNTHETIC = "synthetic"
    REAL = "real"


class Kind(StrEnum):
    BIRTH = "fødselsnummer"
    D = "D-nummer"
    HELP = "hjelpenummer"


class Fault(StrEnum):
    """Why a number is refused; the screen has a sentence for each."""

    LENGTH = "length"
    DIGITS = "digits"
    CHECK = "check"
    DATE = "date"
    UNBORN = "unborn"
    MADE_UP = "made_up"
    REAL = "real"


class NoIdentityNumber(ClinicalError):
    """Not an identity number that this installation takes. The number itself is never told."""

    code = "identity.refused"

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message, field="identity_number", fault=fault.value)
        self.fault = fault


TENOR, NHN, HELP = 80, 65, 40
"""Added to the month: by Skatteetaten's and Norsk helsenett's test registries, and by a hospital."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityNumber:
    digits: str = field(repr=False)
    kind: Kind
    birth_date: date = field(repr=False)
    sex: str
    made_up: bool


def identity_number(typed: str, *, accepts: Accepts, on: date) -> IdentityNumber:
    """Read a number as typed, with or without spaces, on a day. Raises NoIdentityNumber."""
    digits = fodselsnummer.compact(typed)
    added = month_added(digits)
    if added in {TENOR, NHN} and accepts is Accepts.REAL:
        raise NoIdentityNumber(Fault.MADE_UP, "A made-up number is not taken here.")
    if added not in {TENOR, NHN} and accepts is Accepts.SYNTHETIC:
        raise NoIdentityNumber(
            Fault.REAL, "Only made-up numbers (month + 80 or + 65) are taken."
        )
    born = birth_date(digits, added)
    if born > on:
        raise NoIdentityNumber(Fault.UNBORN, "The birth date in the number is in the future.")
    return IdentityNumber(
        digits=digits,
        kind=Kind.HELP if added == HELP else Kind.D if digits[0] >= "4" else Kind.BIRTH,
        birth_date=born,
        sex="m" if int(digits[8]) % 2 else "f",
        made_up=added in {TENOR, NHN},
    )


def month_added(digits: str) -> int:
    """What was added to the month, after length, digits and check digits are in order."""
    if not digits.isascii() or not digits.isdigit():
        raise NoIdentityNumber(Fault.DIGITS, "An identity number has digits only.")
    if len(digits) != 11:
        raise NoIdentityNumber(
            Fault.LENGTH, f"An identity number has 11 digits, this has {len(digits)}."
        )
    first, second = (
        fodselsnummer.calc_check_digit1(digits),
        fodselsnummer.calc_check_digit2(digits),
    )
    if (digits[9], digits[10]) != (first, second):
        raise NoIdentityNumber(Fault.CHECK, "The check digits are not right: mistyped?")
    month = int(digits[2:4])
    return next((added for added in (TENOR, NHN, HELP) if month > added), 0)


def birth_date(digits: str, added: int) -> date:
    plain = f"{digits[:2]}{int(digits[2:4]) - added:02d}{digits[4:]}"
    try:
        born: date = fodselsnummer.get_birth_date(plain)
    except ValidationError as cause:
        raise NoIdentityNumber(Fault.DATE, "There is no birth date in the number.") from cause
    return born


def made_up_numbers(born: date, *, sex: str) -> Iterator[str]:
    """Tenor-like numbers (month + 80) of nobody, for demonstrations; the same ones every time."""
    odd = sex == "m"
    for serial in range(*((500, 1000) if born.year >= 2000 else (0, 500))):
        if serial % 2 != odd:
            continue
        first = f"{born:%d}{born.month + TENOR}{born:%y}{serial:03d}"
        one = fodselsnummer.calc_check_digit1(first)
        two = fodselsnummer.calc_check_digit2(first + one)
        if len(one + two) == 2:
            yield first + one + two
