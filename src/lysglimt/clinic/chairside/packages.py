"""What a package says: lot and expiry, as typed, or as a scanner reads its two-dimensional code."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from lysglimt.clinic.design.days import day_typed

GROUP_SEPARATOR = "\x1d"
MONTHS = (
    re.compile(r"^(?P<month>\d{1,2})[./ -](?P<year>\d{4})$"),
    re.compile(r"^(?P<year>\d{4})-(?P<month>\d{1,2})$"),
)
LONGEST = 20
"""Letters of a lot in a code, by the standard of such codes."""
NO_LETTER = re.compile(r"<GS>|[^!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]")
"""What no value in a code can hold: scanners send one of these for the separator."""
CODED = re.compile(r"^(\]d2)?01\d{14}")
BRACKETED = re.compile(r"^\(01\)\d{14}")


@dataclass(frozen=True, slots=True)
class Package:
    lot: str
    expires_on: date | None


def end_of_month(year: int, month: int) -> date | None:
    if not (1 <= month <= 12 and 2000 <= year <= 2099):
        return None
    return date(year, month, monthrange(year, month)[1])


def expiry_typed(typed: str) -> date | None:
    """A month, which runs to its last day, or a day; nothing when it is neither."""
    for form in MONTHS:
        if found := form.match(typed.strip()):
            return end_of_month(int(found["year"]), int(found["month"]))
    return day_typed(typed)


def package_scanned(text: str) -> Package | None:
    """Of a code with product number, then expiry and lot in any order; None of anything else.

    Expiry (17) has six digits, year, month, day, day 00 being the end of the month; lot (10) and
    serial number (21) run to a separator or the end. Where it is not sure what the lot is, it is
    empty.
    """
    text = text.strip()
    if BRACKETED.match(text):
        # As it is printed beside the code: what stands in brackets names what follows.
        parts = dict(re.findall(r"\((\d{2})\)([^(]+)", text))
        return package_of(parts)
    if not CODED.match(text):
        return None
    code = NO_LETTER.sub(GROUP_SEPARATOR, text.removeprefix("]d2"))
    parts = parts_of(code)
    return package_of(parts) if is_sure(parts, code) else replace(package_of(parts), lot="")


def parts_of(code: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    while len(code) > 2:
        name, code = code[:2], code[2:]
        length = {"01": 14, "17": 6, "11": 6}.get(name)
        if length is None:
            value, _, code = code.partition(GROUP_SEPARATOR)
        else:
            value, code = code[:length], code[length:].removeprefix(GROUP_SEPARATOR)
        parts[name] = value
    return parts


def is_sure(parts: Mapping[str, str], code: str) -> bool:
    """Without a separator, a lot with 21 or 17 in it may hold the serial number or the expiry too."""
    if GROUP_SEPARATOR in code:
        return True
    lot = parts.get("10", "")
    return not any(name not in parts and name in lot[1:] for name in ("21", "17"))


def package_of(parts: Mapping[str, str]) -> Package:
    lot, expiry = parts.get("10", "").strip(), parts.get("17", "").strip()
    return Package(lot if len(lot) <= LONGEST else "", expiry_coded(expiry))


def expiry_coded(digits: str) -> date | None:
    if not re.fullmatch(r"\d{6}", digits):
        return None
    year, month, day = 2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:])
    last = end_of_month(year, month)
    if last is None or day == 0:
        return last
    return date(year, month, day) if day <= last.day else None
