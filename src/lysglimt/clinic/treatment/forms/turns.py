"""Deciding on a course, noting what speaks for a stop, and planned absence."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.design.days import DayField, MomentField
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.treatment.actions import Away, Decided
from lysglimt.clinic.treatment.terms import STOP_GROUNDS, TRIGGERS
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.protocols.facts import DecisionKind, StopGround, TriggerKind

CLOCKS_DIFFER = timedelta(minutes=5)


def words_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(forms.Form):
    """What happens next. ``choices`` are the steps that move the course, in words."""

    # What a reason is needed for depends on the decision, so no field says "(optional)".
    all_optional = True

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    goals = words_field(
        gettext_lazy("The patient's own goals, and how far they are reached"), required=False
    )
    kind = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    ground = forms.ChoiceField(
        label=gettext_lazy("Why is the treatment stopped?"),
        choices=[
            ("", gettext_lazy("Choose")),
            *((g.value, w) for g, w in STOP_GROUNDS.items()),
        ],
        required=False,
    )
    deviation = words_field(
        gettext_lazy("Reason"),
        required=False,
        help_text=gettext_lazy("Needed when another step is recommended, or none."),
    )

    def __init__(self, choices: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            kind.choices = choices
        if DecisionKind.STOP not in dict(choices):
            del self.fields["ground"]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        stops = said.get("kind") == DecisionKind.STOP
        if stops and not said.get("ground"):
            self.add_error("ground", gettext("Say why the treatment is stopped."))
        if not stops:
            said["ground"] = ""
        if said.get("ground") == StopGround.OTHER and not said.get("deviation", "").strip():
            self.add_error("deviation", gettext("Write the reason."))
        return said

    def decided(self, *, rule: str, proposed: Sequence[DecisionKind]) -> Decided:
        """Of a form that is valid, beside what was recommended. Any of those proposed agrees."""
        said = self.cleaned_data
        kind = DecisionKind(said["kind"])
        recommended = kind if kind in proposed else next(iter(proposed), None)
        return Decided(
            kind=kind,
            rule=rule if recommended else "",
            recommended=recommended.value if recommended else "",
            deviation=said["deviation"].strip(),
            goals=said["goals"].strip(),
            ground=StopGround(said["ground"]) if said["ground"] else None,
        )

    def refuse(self, refusal: ClinicalError) -> None:
        """Beside the field it is about, in the reader's words."""
        field = str(refusal.facts.get("field", ""))
        self.add_error(field if field in self.fields else None, sentence(refusal))


class EventForm(forms.Form):
    """Something happened after which the course is to be stopped."""

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(
        label=gettext_lazy("What happened?"),
        choices=[(kind.value, words) for kind, words in TRIGGERS.items()],
        widget=forms.RadioSelect,
    )
    at = MomentField(label=gettext_lazy("When?"))
    note = words_field(gettext_lazy("What was seen, and what was done"))

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at > timezone.now() + CLOCKS_DIFFER:
            raise forms.ValidationError(gettext("This time has not come yet."))
        return at

    def trigger(self) -> TriggerKind:
        return TriggerKind(self.cleaned_data["kind"])


class PauseForm(forms.Form):
    """The patient is away as planned."""

    first_day = DayField(label=gettext_lazy("First day away"))
    last_day = DayField(
        label=gettext_lazy("Last day away"),
        help_text=gettext_lazy("Leave it empty when it is not known."),
        required=False,
    )
    why = forms.CharField(label=gettext_lazy("Why?"), max_length=200)

    def clean(self) -> dict[str, Any]:
        first: date | None = self.cleaned_data.get("first_day")
        last: date | None = self.cleaned_data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", gettext("The last day is before the first."))
        return self.cleaned_data

    def away(self) -> Away:
        return Away(**self.cleaned_data)
