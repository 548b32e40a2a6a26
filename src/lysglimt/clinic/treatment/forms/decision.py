"""A decision on eligibility: a reason for each criterion that is set aside."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.design.days import DayField
from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.design.templatetags.design import text
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.referral.actions import Overridden, Recontact, Refused, Settled
from lysglimt.clinic.referral.forms.letters import YEAR, contact_field
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
    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
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

    again = forms.ChoiceField(
        label=gettext_lazy("Is the patient contacted again?"),
        choices=(
            ("yes", gettext_lazy("Yes, on a day")),
            ("no", gettext_lazy("No re-contact")),
        ),
        widget=forms.RadioSelect,
    )
    recontact_on = DayField(
        label=gettext_lazy("If yes: the day of the first contact"),
        help_text=gettext_lazy(
            "As 14.03.2026. From then on as many days apart, until the contact is ended."
        ),
        required=False,
    )
    no_recontact = forms.CharField(
        label=gettext_lazy("If no: why nobody contacts the patient again"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    # What is needed depends on whether the patient is contacted again.
    when_asked = frozenset({"contact", "recontact_on", "no_recontact"})

    def __init__(self, *args: Any, by: Professional, route: str = "", **kwargs: Any) -> None:
        """``route`` is how patients of the unit complain, in its own words."""
        super().__init__(*args, **kwargs)
        self.fields["contact"] = contact_field(
            by, label=gettext("If yes: who contacts the patient?"), required=False
        )
        self.order_fields(
            ["grounds", "plan", "complaint_route", "again", "contact", "recontact_on"]
        )
        if route:
            self.fields["complaint_route"].help_text = gettext(
                "As the unit has stated it: “%(route)s” Write what this patient is told."
            ) % {"route": route}

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        match said.get("again"):
            case "yes":
                self.clean_contact_again(said)
            case "no" if not said.get("no_recontact"):
                self.add_error("no_recontact", gettext("Say why nobody contacts the patient."))
            case _:
                pass
        return said

    def clean_contact_again(self, said: dict[str, Any]) -> None:
        if not said.get("contact") and "contact" not in self.errors:
            self.add_error("contact", gettext("Choose who contacts the patient."))
        first, today = said.get("recontact_on"), timezone.localdate()
        last = today + timedelta(days=YEAR)
        if "recontact_on" not in self.errors and not (first and today < first <= last):
            self.add_error(
                "recontact_on",
                gettext("Write a day from %(first)s to %(last)s.")
                % {"first": day_written(today + timedelta(days=1)), "last": day_written(last)},
            )

    def refused(self) -> Refused:
        """Of a form that is valid. What belongs to the other answer is left out."""
        said = self.cleaned_data
        again = said["again"] == "yes"
        return Refused(
            grounds=said["grounds"],
            plan=said["plan"],
            entry=said["entry"],
            complaint_route=said["complaint_route"],
            recontact=Recontact(said["contact"], said["recontact_on"]) if again else None,
            no_recontact="" if again else said["no_recontact"],
        )
