"""A time of day, as a hand types it."""

import re
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext

CLOCK = re.compile(r"(\d{1,2})[:.]?(\d{2})")


class ClockField(forms.CharField):
    """A time of day as typed: 9:05, 09.05 or 0905."""

    def __init__(self, **kwargs: Any) -> None:
        keys = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "5"}
        super().__init__(widget=forms.TextInput(attrs=keys), **kwargs)

    def clean(self, value: Any) -> time | None:
        typed = super().clean(value)
        if not typed:
            return None
        found = CLOCK.fullmatch(typed.strip())
        hour, minute = (int(found[1]), int(found[2])) if found else (24, 0)
        if hour > 23 or minute > 59:
            raise forms.ValidationError(
                gettext("“%(typed)s” is not a time. Write it as 09:05.") % {"typed": typed},
                code="not-a-time",
            )
        return time(hour, minute)
