"""What a unit states before anything leaves it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.design.days import DayField
from lysglimt.register.code_book import code_book
from lysglimt.register.legal_basis import Basis

from .actions import Stated
from .models import HIGHEST_NUMBER


def listed(name: str) -> list[tuple[str, str]]:
    """A list of the code book, in the reader's language."""
    language = get_language() or "nb"
    return [
        (code, said.in_language(language)) for code, said in code_book().lists[name].items()
    ]


class StateForm(forms.Form):
    """Nothing is chosen beforehand: on which basis people's rows leave is somebody's decision."""

    number = forms.IntegerField(
        label=gettext_lazy("Number of the unit in the register"),
        min_value=1,
        max_value=HIGHEST_NUMBER,
    )
    region = forms.ChoiceField(
        label=gettext_lazy("Health region"),
        choices=lambda: listed("region"),
        widget=forms.RadioSelect,
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("Legal basis"),
        choices=lambda: listed("legal-basis"),
        widget=forms.RadioSelect,
    )
    project = forms.SlugField(
        label=gettext_lazy("Short name of the register or study"),
        help_text=gettext_lazy(
            "Small letters, digits and hyphens. Patients get other pseudonyms in another project."
        ),
        max_length=40,
    )
    decision = forms.CharField(
        label=gettext_lazy("The decision, and where it is found"), max_length=300
    )
    decided_by = forms.CharField(
        label=gettext_lazy("Who decided: name and office"), max_length=200
    )
    decided_on = DayField(label=gettext_lazy("Decided on"), latest=timezone.localdate)
    valid_from = DayField(label=gettext_lazy("Holds from"))
    valid_until = DayField(
        label=gettext_lazy("Holds until and including"),
        help_text=gettext_lazy("Empty until it is ended."),
        required=False,
    )
    counts_reserved = forms.TypedChoiceField(
        label=gettext_lazy("May the number of reserved patients be told?"),
        help_text=gettext_lazy("The number alone, and never one to four."),
        choices=(("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))),
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        decided, start, end = (
            said.get(name) for name in ("decided_on", "valid_from", "valid_until")
        )
        if decided and start and start < decided:
            self.add_error("valid_from", gettext("It cannot hold before it was decided."))
        if start and end and end < start:
            self.add_error("valid_until", gettext("It cannot end before it begins to hold."))
        return said

    def stated(self) -> Stated:
        """Of a form that is valid."""
        said = dict(self.cleaned_data)
        return Stated(**said | {"basis": Basis(said["basis"])})
