"""Consent, register or study, and the work-up, as typed."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.design.amounts import AmountField
from lysglimt.clinic.design.days import DayField
from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.treatment.actions import Agreed, Found
from lysglimt.clinic.treatment.wordings import CHOICES, LANGUAGES, RESERVED
from lysglimt.knowledge.eligibility.candidate import Registration as Choice
from lysglimt.knowledge.eligibility.consent import consent_list
from lysglimt.knowledge.eligibility.workup import workup

LARGEST = Decimal(10**7)


def points() -> list[tuple[str, str]]:
    """Of the checklist, in the reader's language."""
    language = get_language() or "nb"
    return [(item.id, item.text.in_language(language)) for item in consent_list().item]


class ConsentForm(forms.Form):
    """Every point is gone through; the doctor who sends the form signs."""

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, referred_on: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.referred_on = referred_on
        self.fields["items"] = forms.MultipleChoiceField(
            label=gettext("Gone through with the patient"),
            choices=points(),
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["language"] = forms.ChoiceField(
            label=gettext("Language of the form that the patient signed"),
            choices=list(LANGUAGES.items()),
            widget=forms.RadioSelect,
        )
        self.fields["signed_by_patient_on"] = DayField(
            label=gettext("Signed by the patient on"), latest=timezone.localdate
        )
        if "before_referral" in self.data:
            self.ask_about_referral()

    def ask_about_referral(self) -> None:
        self.fields["before_referral"] = forms.BooleanField(
            label=gettext("Signed before the referral came, and it holds for this treatment"),
            required=False,
        )

    def clean_signed_by_patient_on(self) -> date:
        """Nobody signed a list before there was one."""
        day: date = self.cleaned_data["signed_by_patient_on"]
        since = consent_list().since
        if day < since:
            raise forms.ValidationError(
                gettext("%(day)s is before this version of the list, in use from %(since)s.")
                % {"day": day_written(day), "since": day_written(since)}
            )
        return day

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        day = said.get("signed_by_patient_on")
        came = self.referred_on
        if day and came and day < came and not said.get("before_referral"):
            self.ask_about_referral()
            self.add_error(
                "before_referral",
                gettext("The referral came %(day)s. Is the date right? Then tick here.")
                % {"day": day_written(came)},
            )
        return said

    def clean_items(self) -> list[str]:
        """Nobody signs for what was not said. Refused with the points that are left."""
        said: list[str] = self.cleaned_data["items"]
        left = [label for item, label in points() if item not in said]
        if left:
            raise forms.ValidationError(gettext("Not gone through: %s") % "; ".join(left))
        return said

    def agreed(self) -> Agreed:
        said = self.cleaned_data
        return Agreed(
            version=str(consent_list().version),
            language=said["language"],
            items=said["items"],
            signed_by_patient_on=said["signed_by_patient_on"],
        )


class WithdrawalForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("The patient need not give a reason."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RegistrationForm(forms.Form):
    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    choice = forms.ChoiceField(
        label=gettext_lazy("How is the treatment followed?"),
        choices=list(CHOICES.items()),
        widget=forms.RadioSelect,
    )
    study = forms.CharField(
        label=gettext_lazy("Name of the study"), required=False, max_length=100
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        in_study = said.get("choice") in {Choice.STUDY, Choice.REGISTER_AND_STUDY}
        if in_study and not said.get("study"):
            self.add_error("study", gettext("Which study?"))
        return said


class ReservedForm(forms.Form):
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=list(RESERVED.items()),
        widget=forms.RadioSelect,
    )
    grounds = forms.CharField(
        label=gettext_lazy("Grounds"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WorkUpForm(forms.Form):
    """One examination: a value with its unit, or the finding in words."""

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "nb"
        parts = [(part.id, part.name.in_language(language)) for part in workup().part]
        self.fields["item"] = forms.ChoiceField(
            label=gettext("Examination"), choices=[("", "–"), *parts]
        )
        self.fields["done_on"] = DayField(label=gettext("Done on"), latest=timezone.localdate)
        self.fields["value"] = AmountField(
            label=gettext("Value"), lowest=-LARGEST, highest=LARGEST, required=False
        )
        self.fields["unit_of_value"] = forms.CharField(
            label=gettext("Unit of the value"),
            help_text=gettext("For the QTc of an ECG: ms."),
            required=False,
            max_length=20,
        )
        self.fields["text"] = forms.CharField(
            label=gettext("Finding in words"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if "value" in said and said["value"] is None and not said.get("text"):
            self.add_error("text", gettext("Write a value with its unit, or the finding."))
        if said.get("value") is not None and not said.get("unit_of_value"):
            self.add_error("unit_of_value", gettext("A value has a unit."))
        return said

    def found(self) -> Found:
        said = {name: value for name, value in self.cleaned_data.items() if name != "entry"}
        return Found(**said)
