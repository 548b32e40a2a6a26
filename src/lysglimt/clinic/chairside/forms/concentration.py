"""On or off, by a doctor's own choice: nothing is chosen beforehand."""

from django import forms
from django.utils.translation import gettext_lazy

SHOW, HIDE = "on", "off"


class ConcentrationForm(forms.Form):
    on = forms.TypedChoiceField(
        label=gettext_lazy("At the chairs of the unit"),
        choices=[
            (SHOW, gettext_lazy("Show the predicted concentration under the vital signs")),
            (HIDE, gettext_lazy("Do not show it")),
        ],
        coerce=lambda said: said == SHOW,
        widget=forms.RadioSelect,
    )
