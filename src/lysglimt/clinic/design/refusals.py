"""Why something was refused, as a sentence in the reader's language."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.text import Text

from .numerals import numeral

WORDINGS: dict[str, Promise] = {
    "catalogue.inconsistent": gettext_lazy("A clinical value contradicts itself."),
    "catalogue.misstated": gettext_lazy("A clinical data file states what is not known."),
    "catalogue.unknown": gettext_lazy("There is nothing by the name that was asked for."),
    "clinical": gettext_lazy("This cannot be done as it stands."),
}
"""By the code of the refusal. A wording may name its facts: ``%(field)s``."""


def written(fact: object) -> str:
    """A fact as the reader writes it: numbers with their comma, ranges with a dash."""
    match fact:
        case Text():
            return fact.in_language(get_language() or "nb")
        case bool() | None:
            return gettext("yes") if fact else gettext("no")
        case int() | Decimal():
            return numeral(Decimal(fact))
        case (int() | Decimal() as lowest, int() | Decimal() as highest):
            return f"{written(lowest)}–{written(highest)}"
        case tuple() | list() | frozenset() | set():
            return ", ".join(sorted(written(part) for part in fact))
        case _:
            return str(getattr(fact, "value", fact))


def details(facts: Mapping[str, object]) -> str:
    """The field, what was given and what is allowed, as far as the refusal names them."""
    named = (
        (gettext("field: %s"), "field"),
        (gettext("given: %s"), "value"),
        (gettext("allowed: %s"), "allowed"),
    )
    return ", ".join(form % written(facts[key]) for form, key in named if key in facts)


def sentence(refusal: ClinicalError) -> str:
    """The wording of its code; its facts follow when the wording does not name them itself."""
    wording = str(WORDINGS.get(refusal.code, WORDINGS["clinical"]))
    facts = {key: written(fact) for key, fact in refusal.facts.items()}
    if "%(" in wording:
        try:
            return wording % facts
        except KeyError:
            wording = str(WORDINGS["clinical"])
    return " ".join(part for part in (wording, _bracketed(details(refusal.facts))) if part)


def _bracketed(rest: str) -> str:
    return f"({rest})" if rest else ""
