"""What is typed about the other medicines."""

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.design.days import DayField
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.medicines.actions import Looked, Planned
from lysglimt.clinic.medicines.models import UNDER_WAY, TaperPlan, TaperState
from lysglimt.clinic.medicines.wordings import CHANGED, STATES
from lysglimt.clinic.referral.models import Medicine

LATEST = timedelta(days=366)


class AskedForm(forms.Form):
    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    changed = forms.ChoiceField(
        label=gettext_lazy("Has anything changed since last time?"),
        choices=CHANGED,
        widget=forms.RadioSelect,
    )
    told = forms.CharField(
        label=gettext_lazy("What was said"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class OfThisDose(forms.Form):
    """Of the revision of the medicine that the reader saw; another is read first."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, medicine: Medicine | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.medicine = medicine
        if medicine is None:
            del self.fields["revision"]
        else:
            self.fields["revision"].initial = medicine.revision

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if self.medicine is not None and said.get("revision") != self.medicine.revision:
            self.add_error(
                None,
                gettext("The medicine was changed meanwhile: read it as it now stands above."),
            )
            # What was typed stays; sent once more it is about what is shown now.
            self.data = {
                **{name: self.data[name] for name in self.data},
                "revision": str(self.medicine.revision),
            }
        return said


class TimingForm(OfThisDose):
    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    agreed = ReasonField(
        label=gettext_lazy("What is agreed with the patient"),
        help_text=gettext_lazy(
            "When the dose is taken on the evening before and on the day, also when nothing is changed."
        ),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TaperForm(OfThisDose):
    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    plan = ReasonField(
        label=gettext_lazy("The plan, in your own words"),
        help_text=gettext_lazy(
            "Each step with its dose and its day. Nothing is converted or reckoned here."
        ),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    starts_on = DayField(label=gettext_lazy("Begins on"))
    look_on = DayField(label=gettext_lazy("Is looked at first on"))

    def __init__(self, *args: Any, correcting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if correcting:
            self.fields["reason"] = forms.CharField(
                label=gettext("Why is this changed?"), max_length=200
            )
            self.fields["look_on"].label = gettext("Is looked at next on")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        begins, looked = said.get("starts_on"), said.get("look_on")
        if begins and looked and not begins <= looked <= begins + LATEST:
            self.add_error(
                "look_on", gettext("A day from the beginning on, within a year of it.")
            )
        return said

    def planned(self) -> Planned:
        said = self.cleaned_data
        return Planned(plan=said["plan"], starts_on=said["starts_on"], look_on=said["look_on"])

    @staticmethod
    def typed(row: TaperPlan, *, look_on: date | None) -> dict[str, object]:
        """``look_on`` is when it is looked at next, by the plan or by the last look."""
        return {"plan": row.plan, "starts_on": row.starts_on, "look_on": look_on}


class LookForm(forms.Form):
    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    state = forms.ChoiceField(
        label=gettext_lazy("How it stands"),
        choices=list(STATES.items()),
        widget=forms.RadioSelect,
    )
    told = ReasonField(
        label=gettext_lazy("How it goes, and what is taken now"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    look_on = DayField(
        label=gettext_lazy("Is looked at next on"),
        help_text=gettext_lazy("As long as it goes on or is paused."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not {"state", "look_on"} <= said.keys():
            return said
        goes_on, today = TaperState(said["state"]) in UNDER_WAY, timezone.localdate()
        if goes_on and not said["look_on"]:
            self.add_error("look_on", gettext("When is it looked at next?"))
        elif goes_on and not today <= said["look_on"] <= today + LATEST:
            self.add_error("look_on", gettext("A day from today on, within a year."))
        elif not goes_on and said["look_on"]:
            self.add_error("look_on", gettext("It is over: leave the day empty."))
        return said

    def looked(self) -> Looked:
        said = self.cleaned_data
        return Looked(
            state=TaperState(said["state"]), told=said["told"], look_on=said["look_on"]
        )
