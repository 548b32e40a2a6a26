"""How a taper, and what the treatment has brought, is worded on a page."""

from fractions import Fraction

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext

from lysglimt.clinic.medicines.wordings import STATES
from lysglimt.knowledge.protocols.state import Outcome

register = template.Library()


@register.filter
def taper_word(state: str) -> Promise:
    return STATES[state]


@register.filter
def outcome_told(outcome: Outcome) -> str:
    """Remission outranks response."""
    if outcome.remission:
        return gettext("remission")
    if outcome.response:
        return gettext("response")
    return gettext("partial response") if outcome.partial else gettext("no response")


@register.filter
def as_percent(share: Fraction) -> int:
    return round(share * 100)
