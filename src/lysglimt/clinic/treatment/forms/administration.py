"""Approval of a protocol, and the conditions of the authorities, as typed."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from lysglimt.clinic.design.days import DayField
from lysglimt.clinic.referral.actions import Conditions


class ApprovalForm(forms.Form):
    read = forms.BooleanField(
        label=gettext_lazy("I have read every figure above and approve it for this unit")
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ComplaintRouteForm(forms.Form):
    route = forms.CharField(
        label=gettext_lazy("How a patient of this unit complains"),
        help_text=gettext_lazy(
            "The body that takes the complaint, its address, and within what time. It is shown as "
            "help to whoever writes a refusal."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ConditionsForm(forms.Form):
    decision = forms.CharField(label=gettext_lazy("The decision"), max_length=200)
    decided_on = DayField(
        label=gettext_lazy("Decided on"), latest=timezone.localdate, required=False
    )
    conditions = forms.CharField(
        label=gettext_lazy("Conditions, one on each line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    review_by = DayField(label=gettext_lazy("To be reviewed by"), required=False)
    source = forms.CharField(label=gettext_lazy("Where this was read"), max_length=200)

    def said(self) -> Conditions:
        said = self.cleaned_data
        lines = (line.strip() for line in said["conditions"].splitlines())
        return Conditions(
            decision=said["decision"],
            source=said["source"],
            decided_on=said["decided_on"],
            conditions=[line for line in lines if line],
            review_by=said["review_by"],
        )


class ConditionsCorrectionForm(ConditionsForm):
    reason = forms.CharField(label=gettext_lazy("Why is this changed?"), max_length=200)


def as_typed(row: Any) -> dict[str, Any]:
    return {**row.content(), "conditions": "\n".join(row.conditions)}
