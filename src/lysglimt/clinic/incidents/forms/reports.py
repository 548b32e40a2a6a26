"""That a report was sent, by when the unit wants it, and what was learned."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.chairside.forms.timing import EntryForm
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.incidents.actions import Answered, Stated
from lysglimt.clinic.incidents.models import DutyState
from lysglimt.clinic.incidents.wordings import MEASURES
from lysglimt.knowledge.safety.reporting import Deadline, Measure

from .incident import PastMoment


class AnswerDutyForm(EntryForm):
    """That it was sent, or why it is not to be. To correct what was read needs a reason."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)
    state = forms.ChoiceField(
        label=gettext_lazy("What was done"),
        choices=(
            (DutyState.SENT.value, gettext_lazy("It is sent, by the receiver's own way")),
            (DutyState.NOT_TO_BE_SENT.value, gettext_lazy("It is not to be sent")),
        ),
        widget=forms.RadioSelect,
    )
    done_at = PastMoment(label=gettext_lazy("When was it sent, or decided?"))
    words = forms.CharField(
        label=gettext_lazy(
            "By which way and with which reference; or why it is not to be sent"
        ),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self["revision"].value() not in {None, "", "0", 0}:
            self.fields["reason"] = ReasonField(
                label=gettext("Why is this corrected?"), max_length=200
            )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("state") == DutyState.NOT_TO_BE_SENT and len(said.get("words", "")) < 10:
            self.add_error("words", gettext("Say why it is not to be sent."))
        return said

    def happened_at(self, at: datetime) -> datetime:
        """When it was sent, or decided, as it was typed."""
        done: datetime | None = self.cleaned_data["done_at"]
        return done or at

    def answered(self) -> Answered:
        said = self.cleaned_data
        return Answered(
            state=DutyState(said["state"]),
            words=said["words"],
            happened_at=said["done_at"],
            corrects=said["revision"] or 0,
            reason=said.get("reason", ""),
        )


class ClosingForm(forms.Form):
    words = ReasonField(
        label=gettext_lazy(
            "What was learned, and what is done so that it does not happen again"
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DeadlineForm(EntryForm):
    applies = forms.ChoiceField(
        label=gettext_lazy("Does the unit have this duty?"),
        choices=(("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))),
        widget=forms.RadioSelect,
    )
    amount = forms.IntegerField(
        label=gettext_lazy("Within"),
        help_text=gettext_lazy("Empty: as soon as possible, without a figure."),
        required=False,
        min_value=0,
        max_value=400,
    )
    measure = forms.ChoiceField(
        label=gettext_lazy("Counted in"),
        choices=[("", "–"), *MEASURES.items()],
        required=False,
    )
    why = ReasonField(
        label=gettext_lazy("By which law, letter or local routine"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if (said.get("amount") is None) != (not said.get("measure")):
            self.add_error(
                "measure", gettext("A number and what it is counted in, or neither.")
            )
        return said

    def stated(self, duty: str) -> Stated:
        said = self.cleaned_data
        return Stated(
            duty=duty,
            applies=said["applies"] == "yes",
            why=said["why"],
            amount=said["amount"],
            measure=said["measure"],
        )


def deadline_written(deadline: Deadline | None) -> str:
    if deadline is None:
        return ""
    if not deadline.amount and deadline.measure is not Measure.HOURS:
        return gettext("the same day")
    return f"{deadline.amount} {MEASURES[deadline.measure.value]}"
