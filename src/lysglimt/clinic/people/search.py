"""What was typed in the one box: an identity number, a birth date, the start of names?"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime

from stdnum.no import fodselsnummer

from .names import words

FORMATS = ("%d.%m.%Y", "%d%m%Y", "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d %m %Y")
SHORT_FORMATS = ("%d%m%y", "%d.%m.%y", "%d/%m/%y")


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
    days = {day for form in FORMATS if (day := as_day(typed, form))}
    for form in SHORT_FORMATS:
        if day := as_day(typed, form):
            days |= {day.replace(year=day.year % 100 + century) for century in centuries(day)}
    return tuple(sorted(day for day in days if day <= on))


def centuries(day: date) -> tuple[int, ...]:
    """29 February was in 2000 and not in 1900."""
    leap = (day.month, day.day) == (2, 29) and day.year % 100 == 0
    return (2000,) if leap else (1900, 2000)


def as_day(typed: str, form: str) -> date | None:
    with suppress(ValueError):
        return datetime.strptime(typed.strip(), form).date()  # noqa: DTZ007 - a day has no zone
    return None
