"""Why something was refused, as a sentence in the reader's language."""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext_lazy

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.text import Text

from .numerals import numeral

WORDINGS: dict[str, Promise] = {
    "catalogue.inconsistent": gettext_lazy("A clinical value contradicts itself."),
    "catalogue.misstated": gettext_lazy("A clinical data file states what is not known."),
    "catalogue.unknown": gettext_lazy("There is nothing by the name that was asked for."),
    "clinical": gettext_lazy("This cannot be done as it stands."),
    "code.malformed": gettext_lazy(
        "“%(value)s” is not an ATC code. It has seven characters, such as N06AB06."
    ),
    "dosing.above-ceiling": gettext_lazy(
        "The dose passes a ceiling. A doctor must override it by name and with a reason."
    ),
    "dosing.anaesthetic-sized": gettext_lazy(
        "This is a dose for anaesthesia. It is refused and cannot be overridden."
    ),
    "dosing.faster-than-prescribed": gettext_lazy("The pump would run faster than prescribed."),
    "dosing.not-in-label": gettext_lazy("The label does not cover this patient."),
    "dosing.not-verified": gettext_lazy("The dose on the pump is not the dose prescribed."),
    "dosing.out-of-sequence": gettext_lazy("The pump cannot have done this at that time."),
    "eligibility.override": gettext_lazy("The deviation lacks a reason or a signature."),
    "entry.implausible": gettext_lazy("This value is not accepted."),
    "instrument.answer-out-of-range": gettext_lazy("This answer is not one of those allowed."),
    "instrument.answers-contradict": gettext_lazy("Two answers exclude each other."),
    "instrument.circumstance-out-of-range": gettext_lazy(
        "What is said of the person is not one of the values allowed."
    ),
    "instrument.nothing-to-score": gettext_lazy("This instrument cannot be scored here."),
    "instrument.too-few-answers": gettext_lazy(
        "Answers are missing. What was not answered must be marked as not answered."
    ),
    "instrument.too-many-answers": gettext_lazy("There are more answers than items."),
    "instrument.unknown-item": gettext_lazy("The instrument has no such item."),
    "outcome.no-baseline": gettext_lazy(
        "A baseline above zero is missing, so no change can be told."
    ),
    # The clinic's own.
    "fact.contradicted": gettext_lazy("Another entry with the same id says something else."),
    "identity.refused": gettext_lazy("This is not an identity number."),
    "patient.perhaps_registered": gettext_lazy("This patient may be registered already."),
    "patient.registered": gettext_lazy("This patient is registered already."),
    "sealed.unreadable": gettext_lazy(
        "This cannot be read with the keys of this installation."
    ),
}
"""By the code of the refusal. A wording may name its facts: ``%(value)s``."""

FIELDS: dict[str, Promise] = {
    "age": gettext_lazy("age"),
    "answers": gettext_lazy("number of answers"),
    "baseline": gettext_lazy("baseline"),
    "concentration_mg_ml": gettext_lazy("concentration (mg/ml)"),
    "dose_mg": gettext_lazy("dose (mg)"),
    "education_years": gettext_lazy("years of education"),
    "events": gettext_lazy("events of the pump"),
    "height_cm": gettext_lazy("height (cm)"),
    "instrument": gettext_lazy("instrument"),
    "item": gettext_lazy("item"),
    "mg_per_kg": gettext_lazy("dose by weight (mg/kg)"),
    "minutes": gettext_lazy("minutes"),
    "rate_ml_per_h": gettext_lazy("rate (ml/h)"),
    "sex": gettext_lazy("sex"),
    "weight_kg": gettext_lazy("weight (kg)"),
}
"""What a field is called on the screen; one that is not here keeps its own name."""

CONNECTIVES: dict[str, Promise] = {
    "above": pgettext_lazy("range", "above"),
    "below": pgettext_lazy("range", "below"),
    "from": pgettext_lazy("range", "from"),
    "or": pgettext_lazy("range", "or"),
    "to": pgettext_lazy("range", "to"),
    "up to": pgettext_lazy("range", "up to"),
    "whole": pgettext_lazy("range", "whole"),
    "whole devices of": pgettext_lazy("range", "whole devices of"),
    "whole minutes": pgettext_lazy("range", "whole minutes"),
}
"""The words between the numbers of an allowed range, longest first when they are looked for."""

_CONNECTIVE = re.compile(rf"\b({'|'.join(sorted(CONNECTIVES, key=len, reverse=True))})\b")
_NUMBER = re.compile(r"\d+\.\d+")


def written(fact: object) -> str:
    """A fact as the reader writes it: numbers with their comma, ranges with a dash."""
    match fact:
        case Text():
            return fact.in_language(get_language() or "nb")
        case bool():
            return gettext("yes") if fact else gettext("no")
        case tuple() | list() | frozenset() | set():
            return _several(fact)
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
    """``above 0, up to 1.5`` in the reader's words and numerals."""
    if not isinstance(allowed, str):
        return written(allowed)
    worded = _CONNECTIVE.sub(lambda found: str(CONNECTIVES[found[0]]), allowed)
    return _NUMBER.sub(lambda found: numeral(Decimal(found[0])), worded)


def details(facts: Mapping[str, object]) -> str:
    """The field, what was given and what is allowed, as far as the refusal names them."""
    parts = []
    if "field" in facts:
        field = str(facts["field"])
        # An item of an instrument brings its own label.
        parts.append(written(facts.get("label", FIELDS.get(field, field))))
    if "value" in facts:
        parts.append(gettext("given: %s") % written(facts["value"]))
    if facts.get("allowed"):
        parts.append(gettext("allowed: %s") % range_written(facts["allowed"]))
    return ", ".join(parts)


def sentence(refusal: ClinicalError) -> str:
    """The wording of its code; its facts follow when the wording does not name them itself."""
    wording = str(WORDINGS.get(refusal.code, WORDINGS["clinical"]))
    if "%(" in wording and "value" in refusal.facts:
        return wording % {key: written(fact) for key, fact in refusal.facts.items()}
    if "%(" in wording:
        wording = str(WORDINGS["clinical"])
    rest = details(refusal.facts)
    return f"{wording} ({rest})" if rest else wording
