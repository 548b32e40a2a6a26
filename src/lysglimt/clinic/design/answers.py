"""A field for yes, no or not known: nothing is answered beforehand."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

ANSWERS = (
    ("yes", gettext_lazy("Yes")),
    ("no", gettext_lazy("No")),
    ("unknown", gettext_lazy("Not known")),
)
KNOWN = {"yes": True, "no": False}


class AnswerField(forms.ChoiceField):
    """``"yes"``, ``"no"``, ``"unknown"``, or ``""`` when nobody answered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=ANSWERS, widget=forms.RadioSelect, **kwargs)


def known(answer: str) -> bool | None:
    """The truth of an answer; None when it is not known."""
    return KNOWN.get(answer)


ANSWER_OF: Mapping[bool | None, str] = {True: "yes", False: "no", None: "unknown"}
"""The opposite of ``known``."""
