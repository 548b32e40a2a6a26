"""What a screen on a wall is called, and what it shows."""

from django import forms
from django.utils.translation import gettext_lazy

from lysglimt.clinic.chairside.actions import Hung


class SeenForm(forms.Form):
    """Which line: the set after which an observation was overdue; empty of the first."""

    after = forms.UUIDField(required=False)


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
