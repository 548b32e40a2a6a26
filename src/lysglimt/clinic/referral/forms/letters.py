"""The letter, the one who keeps in touch, and what was said on the telephone."""

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.design.amounts import CountField
from lysglimt.clinic.design.days import DayField
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import CLINICIANS, Role
from lysglimt.clinic.referral.actions import Letter
from lysglimt.clinic.referral.models import Sender
from lysglimt.clinic.referral.wordings import SENDERS

YEAR = 365


class LetterForm(forms.Form):
    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    sender_kind = forms.ChoiceField(
        label=gettext_lazy("Who refers?"),
        choices=list(SENDERS.items()),
        widget=forms.RadioSelect,
    )
    sender_name = forms.CharField(label=gettext_lazy("Name of the sender"), max_length=200)
    received_on = DayField(label=gettext_lazy("Received on"), latest=timezone.localdate)
    start_due = DayField(
        label=gettext_lazy("Legal deadline for the start"),
        help_text=gettext_lazy("As 14.03.2026. Empty until it is set at the assessment."),
        required=False,
    )
    question = forms.CharField(
        label=gettext_lazy("What the sender asks"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        received, start = said.get("received_on"), said.get("start_due")
        if received and start and start < received:
            self.add_error("start_due", gettext("The deadline lies before the day of receipt."))
        return said

    def letter(self) -> Letter:
        said = self.cleaned_data
        return Letter(
            sender_kind=Sender(said["sender_kind"]),
            sender_name=said["sender_name"],
            received_on=said["received_on"],
            start_due=said["start_due"],
            question=said["question"],
        )


class LetterCorrectionForm(LetterForm):
    reason = forms.CharField(label=gettext_lazy("Why is this changed?"), max_length=200)


def contact_field(
    by: Professional, *, label: str, required: bool = True
) -> "forms.ModelChoiceField[Professional]":
    """Who of the unit can keep in touch with a patient."""
    return forms.ModelChoiceField(
        label=label,
        queryset=Professional.objects.filter(
            unit=by.unit, is_active=True, role__in=[*CLINICIANS, Role.COORDINATOR]
        ).order_by("display_name", "username"),
        empty_label="–",
        required=required,
    )


class ContactForm(forms.Form):
    """Who keeps in touch with one who waits, and how often."""

    def __init__(self, *args: Any, by: Professional, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"] = contact_field(by, label=gettext("Who keeps in touch?"))
        self.fields["every_days"] = CountField(
            label=gettext("Days between contacts"),
            lowest=1,
            highest=YEAR,
            unit=gettext("days"),
        )


class ContactedForm(forms.Form):
    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    reached = forms.ChoiceField(
        label=gettext_lazy("Was the patient reached?"),
        choices=(("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))),
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("What was said"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
