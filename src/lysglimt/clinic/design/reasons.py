"""Why a rule was set aside: words for the one who reads it later."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

LEAST = 10
"""Letters. Our own proposal: one word that says something, or two."""


def tells(reason: str) -> None:
    """A letter or a dot is no reason. Nothing at all is another question."""
    letters = sum(one.isalpha() for one in reason)
    if letters < LEAST:
        words = gettext_lazy("Write the reason in words, at least %(least)s letters.")
        raise ValidationError(words, code="reason", params={"least": LEAST})


class ReasonField(forms.CharField):
    """What stands among the deviations and overrides of the unit."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value:
            tells(value)
