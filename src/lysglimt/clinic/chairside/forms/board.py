"""What a screen on a wall is called, and what it shows."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.chairside.actions import Hung


class SeenForm(forms.Form):
    """Which observations of a line: the sets after which they were overdue; empty of the first."""

    after = forms.CharField(required=False)

    def clean_after(self) -> list[UUID | None]:
        try:
            return [UUID(one) if one else None for one in self.cleaned_data["after"].split(",")]
        except ValueError as fault:
            raise forms.ValidationError(gettext("Which line?"), code="line") from fault


class ScreenForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Where the screen hangs"), max_length=60)
    numbers = forms.BooleanField(
        label=gettext_lazy("Show the last blood pressure, too"),
        help_text=gettext_lazy("Only where no patient, visitor or next of kin can read it."),
        required=False,
    )

    def hung(self) -> Hung:
        """Of a form that is valid."""
        return Hung(**self.cleaned_data)
