"""Numbers and dates as the reader writes them, and numbers as the reader types them."""

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

MINUS = "\N{MINUS SIGN}"


def numeral(number: Decimal) -> str:
    """All digits that are there: ``40,0`` in Bokmål, ``40.0`` in English, a true minus sign."""
    written = f"{number:f}"
    if (get_language() or "nb").startswith("nb"):
        written = written.replace(".", ",")
    return written.replace("-", MINUS)


def without_zeros(number: Decimal) -> Decimal:
    """As it was typed, without the zeros that a column adds: 37.5 and 20."""
    return Decimal(f"{number.normalize():f}")


def number_typed(typed: str) -> Decimal | None:
    """What a hand typed, with comma or point; nothing when it is no plain number.

    ``1.200,5`` and ``1,200.5`` are refused rather than guessed at, and so is ``8O``.
    """
    plain = typed.strip().replace(MINUS, "-").replace(",", ".")
    if not plain.removeprefix("-").replace(".", "", 1).isdecimal():
        return None
    return Decimal(plain)


def span_of_minutes(whole: int) -> str:
    hours, minutes = divmod(abs(whole), 60)
    sign = MINUS if whole < 0 else ""
    if not hours:
        return f"{sign}{minutes} min"
    hours_written = gettext("%(hours)s h") % {"hours": hours}
    return f"{sign}{hours_written} {minutes} min" if minutes else f"{sign}{hours_written}"


def day_written(day: date, *, year: bool = True) -> str:
    """``14.03.1979`` in Bokmål, ``14 Mar 1979`` in English: never taken for another date."""
    nordic = (get_language() or "nb").startswith("nb")
    form = "d.m." if nordic else "j M"
    return date_format(day, form + ("Y" if nordic else " Y") * year, use_l10n=False)
