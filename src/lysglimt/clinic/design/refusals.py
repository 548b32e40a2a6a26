"""Why something was refused, as a sentence in the reader's language."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, gettext

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.text import Text

from .numerals import day_written, numeral
from .wordings import CONNECTIVES, FIELDS, SAID_WHOLE, WORDINGS

_CONNECTIVE = re.compile(rf"\b({'|'.join(sorted(CONNECTIVES, key=len, reverse=True))})\b")
_NUMBER = re.compile(r"\d+\.\d+")
_QUANTITY = re.compile(r"\d+(\.\d+)? [^\d\s]+")
"""A number with its unit, as ``1.2 mg/kg``."""
_PROSE = re.compile(r"[^\W\d_]{4,}")
"""A word that is neither a unit (mmHg aside) nor an answer's letter."""


def written(fact: object) -> str:
    """A fact as the reader writes it: numbers with their comma, ranges with a dash."""
    match fact:
        case Text():
            return fact.in_language(get_language() or "nb")
        case bool():
            return gettext("yes") if fact else gettext("no")
        case tuple() | list() | frozenset() | set():
            return _several(fact)
        case date():
            return day_written(fact)
        case _:
            pass
    # A quantity (milligrams) and an enum carry what is written as `value`.
    plain = getattr(fact, "value", fact)
    return numeral(Decimal(plain)) if isinstance(plain, int | Decimal) else str(plain)


def _several(facts: Collection[object]) -> str:
    """Two numbers are a range; anything else is a list."""
    parts = [written(part) for part in facts]
    numbers = all(isinstance(getattr(part, "value", part), int | Decimal) for part in facts)
    if isinstance(facts, tuple) and len(facts) == 2 and numbers:
        return "–".join(parts)
    return ", ".join(parts if isinstance(facts, tuple | list) else sorted(parts))


def range_written(allowed: object) -> str:
    """``above 0, up to 1.5`` in the reader's words and numerals.

    Prose that has no words in the reader's language is left to the wording of the refusal.
    """
    if not isinstance(allowed, str):
        return written(allowed)
    if (get_language() or "nb") != "en" and _PROSE.search(_CONNECTIVE.sub("", allowed)):
        return ""
    worded = _CONNECTIVE.sub(lambda found: str(CONNECTIVES[found[0]]), allowed)
    return _NUMBER.sub(lambda found: numeral(Decimal(found[0])), worded)


def details(facts: Mapping[str, object]) -> str:
    """The field, what was given and what is allowed, as far as the refusal names them."""
    field = str(facts.get("field", ""))
    # An item of an instrument brings its own label.
    named = written(facts.get("label", FIELDS.get(field, field.replace("_", " "))))
    value = facts.get("value")
    quantity = isinstance(value, str) and _QUANTITY.fullmatch(value)
    given = "" if value is None else (range_written if quantity else written)(value)
    allowed = range_written(facts.get("allowed") or "")
    return ", ".join(
        part
        for part in (
            named,
            given and gettext("given: %s") % given,
            allowed and gettext("allowed: %s") % allowed,
        )
        if part
    )


def sentence(refusal: ClinicalError) -> str:
    """The wording of its code; its facts follow when the wording does not name them itself."""
    wording = str(WORDINGS.get(refusal.code, WORDINGS["clinical"]))
    if "%(" in wording and "value" in refusal.facts:
        return wording % {key: written(fact) for key, fact in refusal.facts.items()}
    if "%(" in wording:
        wording = str(WORDINGS["clinical"])
    rest = "" if refusal.code in SAID_WHOLE else details(refusal.facts)
    return f"{wording} ({rest})" if rest else wording
