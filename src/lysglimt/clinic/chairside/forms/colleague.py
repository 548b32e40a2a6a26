"""A second person, who signs on the spot with a password."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.people.models import Professional


class SecondPerson(forms.Form):
    """Who it is, and that it is the one who says so."""

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

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        other = self.colleagues.get(said.get("checked_by", ""))
        # In a demo one chooses a role and has no password; at work there is no way round it.
        asked = other and (other.has_usable_password() or not settings.DEMO)
        if other and asked and not other.check_password(said.get("password", "")):
            self.add_error("password", gettext("This is not the other person's password."))
        return said

    @property
    def other(self) -> Professional:
        return self.colleagues[self.cleaned_data["checked_by"]]
