"""A second person, who signs on the spot with a password."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.people.confirming import wrong_password
from lysglimt.clinic.people.models import Professional


class SecondPerson(forms.Form):
    """Who it is, and that it is the one who says so: never at one's choice."""

    when_asked = frozenset({"password"})

    checked_by = forms.ChoiceField(label=gettext_lazy("The other person"))
    password = forms.CharField(
        label=gettext_lazy("The other person's password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, colleagues: Sequence[Professional], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "checked_by").choices = [
            ("", "–"),
            *((str(one.pk), str(one)) for one in colleagues),
        ]
        self.fields["password"].required = not settings.DEMO
        self.colleagues = {str(one.pk): one for one in colleagues}

    def is_vouched_for(self, request: HttpRequest) -> bool:
        """Asked last, of a form that is valid: a guess costs as much here as at the door.

        In a demonstration one chooses a role and has no password; at work there is no way round.
        """
        if settings.DEMO and not self.other.has_usable_password():
            return True
        fault = wrong_password(request, self.other, self.cleaned_data["password"])
        if fault:
            self.add_error("password", fault)
        return not fault

    @property
    def other(self) -> Professional:
        return self.colleagues[self.cleaned_data["checked_by"]]
