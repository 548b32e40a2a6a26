"""The chapters of a patient's record, as far as the reader may open them."""

from typing import Any
from uuid import UUID

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.devices import device
from lysglimt.clinic.people.wordings import CHAPTERS as CHAPTER_WORDS
from lysglimt.clinic.people.wordings import WHOLE_RECORD

register = template.Library()

CHAPTERS: tuple[tuple[str, Promise], ...] = (
    ("patient", gettext_lazy("Overview")),
    ("referrals", gettext_lazy("Referral")),
    ("history", gettext_lazy("History")),
    ("consent", gettext_lazy("Consent")),
    ("work_up", gettext_lazy("Work-up")),
    ("eligibility", gettext_lazy("Eligibility")),
    ("ratings", gettext_lazy("Ratings")),
    ("patient.particulars", gettext_lazy("Particulars")),
    ("blocks", gettext_lazy("Blocks")),
)
"""The pages of one patient: the name of the URL, which is also the operation."""


@register.inclusion_tag("people/_chapters.html", takes_context=True)
def chapters(context: dict[str, Any], patient: UUID) -> dict[str, object]:
    """``{% chapters card.id %}``: only pages that exist and that the reader may open."""
    request = context["request"]
    listed = []
    for name, label in CHAPTERS:
        try:
            address = reverse(name, kwargs={"pk": patient})
        except NoReverseMatch:
            continue
        if request.may(name):
            listed.append((address, label))
    # The overview lies above the other chapters: the longest address that fits is where one is.
    above = [address for address, _ in listed if request.path.startswith(address)]
    here = max(above, key=len, default="")
    return {"chapters": [(address, label, address == here) for address, label in listed]}


@register.filter
def chapter_word(chapter: str) -> str:
    """What a block closes; the whole record when it names no part."""
    return str(CHAPTER_WORDS[Chapter(chapter)] if chapter else WHOLE_RECORD)


register.filter("device", device)
