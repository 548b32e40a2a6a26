"""A password is not what everybody at the clinic would try first."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from .models import Professional

OURS = ("lysglimt", "ketamin", "ketamine", "esketamin", "esketamine", "spravato", "passord")
"""Words that stand on the door."""

LEFT_AT_LEAST = 6
"""So many letters are left when those words, digits and signs are taken away."""


class ClinicWords:
    """Neither the product's name, the medicine's, the unit's nor one's own makes up a password."""

    def validate(self, password: str, user: Professional | None = None) -> None:
        left = password.lower()
        for word in sorted(words(user), key=len, reverse=True):
            left = left.replace(word, " ")
        if len(re.findall(r"[^\W\d_]", left)) < LEFT_AT_LEAST:
            raise ValidationError(self.get_help_text(), code="password_of_the_clinic")

    def get_help_text(self) -> str:
        return gettext("Too much of it is a word that everybody at the clinic would try.")


def words(user: Professional | None) -> set[str]:
    """Of three letters or more, in small ones."""
    said = [*OURS]
    if user is not None:
        said += [user.username, user.display_name]
        if user.unit_id is not None:
            said += [user.unit.name, user.unit.entity.name]
    return {word for text in said for word in re.findall(r"[^\W\d_]{3,}", text.lower())}
