"""How the figures that a doctor signs for are worded on a page."""

from decimal import Decimal

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lysglimt.clinic.design.numerals import numeral
from lysglimt.knowledge.figures import Mark

register = template.Library()

MARKS: dict[Mark, Promise] = {
    Mark.SEEN: gettext_lazy("read in its source"),
    Mark.MEMORY: gettext_lazy("remembered, not verified"),
    Mark.OWN: gettext_lazy("own proposal"),
}


@register.filter
def mark_word(mark: Mark) -> Promise:
    return MARKS[mark]


@register.filter
def stated_number(number: int | Decimal | None) -> str:
    """As the file states it, in the reader's numerals."""
    return "" if number is None else numeral(Decimal(number))
