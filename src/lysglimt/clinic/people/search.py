"""What was typed in the one box: an identity number, a birth date, the start of names?"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from stdnum.no import fodselsnummer

from .names import words

DAY = re.compile(
    r"(?P<y4>\d{4})-(?P<m1>\d\d)-(?P<d1>\d\d)"
    r"|(?P<d2>\d{1,2})(?P<sep>[./-])(?P<m2>\d{1,2})(?P=sep)(?P<y2>\d{4}|\d\d)"
    r"|(?P<d3>\d\d)(?P<m3>\d\d)(?P<y3>\d{4}|\d\d)"
)
"""1979-03-14, 14.3.1979 and 14.03.79, 14031979 and 140379."""

EARLIEST = 1880


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """``births`` are the days a short date may mean: 140320 is of 1920 or of 2020."""

    identity_number: str = field(default="", repr=False)
    births: tuple[date, ...] = field(default=(), repr=False)
    terms: tuple[str, ...] = field(default=(), repr=False)


def sought(typed: str, *, on: date) -> Sought:
    """Names in any order, with or without a birth date; or an identity number alone."""
    number = fodselsnummer.compact(typed)
    if re.fullmatch(r"\d{11}", number):
        return Sought(identity_number=number)
    births: tuple[date, ...] = ()
    terms: list[str] = []
    for part in typed.replace(",", " ").split():
        days = birth_dates(part, on=on)
        births += days
        if not days:
            terms += words(part)
    return Sought(births=births, terms=tuple(terms))


def birth_dates(typed: str, *, on: date) -> tuple[date, ...]:
    """The days that are meant, none of them in the future: 14.03.1979, 140379, 1979-03-14."""
    written = DAY.fullmatch(typed.strip())
    if not written:
        return ()
    day, month, year = (part(written, name) for name in "dmy")
    years = [int(year)] if len(year) == 4 else [1900 + int(year), 2000 + int(year)]
    days = (as_day(each, int(month), int(day)) for each in years if each >= EARLIEST)
    return tuple(meant for meant in days if meant and meant <= on)


def part(written: re.Match[str], name: str) -> str:
    return next(v for k, v in written.groupdict().items() if v and k[0] == name)


def as_day(year: int, month: int, day: int) -> date | None:
    with suppress(ValueError):
        return date(year, month, day)
    return None
