"""A decision on eligibility: a reason for each criterion that is set aside."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.design.templatetags.design import text
from lysglimt.clinic.referral.actions import Overridden, Refused, Settled
from lysglimt.clinic.referral.models import DecisionKind
from lysglimt.knowledge.eligibility.criterion import criteria

REASON = "reason."
KINDS = (
    (DecisionKind.ACCEPT.value, gettext_lazy("Accept for treatment")),
    (DecisionKind.WAIT.value, gettext_lazy("Assessed: put on the waiting list")),
)


class DecisionForm(forms.Form):
    # What a reason is needed for depends on the decision, so no field says "(optional)".
    all_optional = True

    kind = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=KINDS, widget=forms.RadioSelect
    )
    grounds = forms.CharField(
        label=gettext_lazy("Grounds"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        against: Iterable[str],
        fixed: bool = False,
        pending: int | None = None,
        **kwargs: Any,
    ) -> None:
        """``fixed`` when something speaks against that no reason sets aside.

        ``pending`` is the decision that waits for a second signature, taken back by this one.
        """
        super().__init__(*args, **kwargs)
        if pending:
            self.fields["replaces"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=pending, required=False
            )
        self.against = () if fixed else tuple(against)
        if fixed:
            self.fields["kind"] = forms.ChoiceField(
                label=gettext("Decision"), choices=KINDS[1:], widget=forms.RadioSelect
            )
        for criterion in self.against:
            self.fields[f"{REASON}{criterion}"] = ReasonField(
                label=gettext("Why is %(criterion)s set aside?")
                % {"criterion": named(criterion)},
                help_text=gettext("Needed to accept the patient."),
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("kind") == DecisionKind.ACCEPT:
            for criterion in self.against:
                if not said.get(f"{REASON}{criterion}"):
                    self.add_error(
                        f"{REASON}{criterion}",
                        gettext("Accepting against a finding needs a reason."),
                    )
        return said

    def settled(self) -> Settled:
        """Of a form that is valid."""
        said = self.cleaned_data
        reasons = {criterion: said[f"{REASON}{criterion}"] for criterion in self.against}
        return Settled(
            kind=DecisionKind(said["kind"]),
            overrides=[
                Overridden(criterion=criterion, reason=reason)
                for criterion, reason in reasons.items()
                if reason
            ],
            grounds=said["grounds"],
            replaces=said.get("replaces"),
        )


def named(criterion: str) -> str:
    """``EX-05 (aneurysm …)``; a rule about medicines bears its number alone."""
    rule = criteria().get(criterion)
    return f"{criterion} ({text(rule.title)})" if rule else criterion


class RefusalForm(forms.Form):
    grounds = forms.CharField(
        label=gettext_lazy("Why the patient is refused"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    plan = forms.CharField(
        label=gettext_lazy("What is done instead, and who does it"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    complaint_route = forms.CharField(
        label=gettext_lazy("How the patient can complain"),
        help_text=gettext_lazy(
            "Name the body that takes the complaint, its address, and within what time. "
            "No refusal goes out without it."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def refused(self) -> Refused:
        return Refused(**self.cleaned_data)
