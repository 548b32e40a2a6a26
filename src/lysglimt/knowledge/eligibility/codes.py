"""Does a diagnosis fall under the codes that a criterion names?

A criterion states ICD-10 codes and spans. ``F32.3`` is that code and its subdivisions
(F32.30). ``F20-F29`` is those categories and their subdivisions. ``I20.1-I20.9`` is those
codes. A code less exact than what is stated (bare F10, where F10.2 is asked) only *may* fall
under it: that is a question to the one who coded, never a match.
"""

import re
from collections.abc import Iterable
from enum import IntEnum

from lysglimt.knowledge.medicine import NotACode

ICD_10 = re.compile(r"[A-Za-z][0-9]{2}(\.?[0-9A-Za-z]{1,2})?")
"""As it may be written; the point may be left out, as in many Norwegian systems."""


class Fit(IntEnum):
    """Whether a diagnosis falls under a stated code."""

    OUTSIDE = 0
    PERHAPS = 1
    WITHIN = 2


def written(code: str) -> str:
    """The code in capitals with its point: ``f322`` is F32.2. Raises NotACode."""
    if not ICD_10.fullmatch(code):
        raise NotACode(
            f"'{code}' is not an ICD-10 code, such as F32.2",
            field="code",
            value=code,
            allowed="one letter, two digits, then a point and up to two more",
        )
    plain = code.upper().replace(".", "")
    return f"{plain[:3]}.{plain[3:]}" if len(plain) > 3 else plain


def fit(code: str, stated: Iterable[str]) -> Fit:
    """How a code, as ``written``, fits the best of the stated codes and spans."""
    return max((_fit(code, *_ends(span)) for span in stated), default=Fit.OUTSIDE)


def _ends(span: str) -> tuple[str, str]:
    first, _, last = span.partition("-")
    return first, last or first


def _fit(code: str, first: str, last: str) -> Fit:
    # The ends of a span are equally long, so that comparing beginnings is comparing codes.
    if len(code) < len(first):
        size = len(code)
        return Fit.PERHAPS if first[:size] <= code <= last[:size] else Fit.OUTSIDE
    return Fit.WITHIN if first <= code[: len(first)] <= last else Fit.OUTSIDE
