"""What was done to the pump, and what happened."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.chairside.actions import Happened, Pumped
from lysglimt.clinic.chairside.models import ChairEventKind
from lysglimt.clinic.chairside.showing import at_clock
from lysglimt.clinic.chairside.wordings import ACTS, EVENTS, PAUSES
from lysglimt.clinic.design.amounts import AmountField, CountField
from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.design.clock import ClockField
from lysglimt.clinic.design.numerals import numeral
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.design.templatetags.design import basis_note
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.second_person import SecondPerson
from lysglimt.knowledge.dosing.delivery import (
    BOLUS,
    RUNNING,
    PauseReason,
    PumpAct,
    delivery_rules,
)
from lysglimt.knowledge.dosing.resumption import SYMPTOMS, Resumption
from lysglimt.knowledge.quantities import plain
from lysglimt.knowledge.verdict import Finding

from .gate import NOBODY
from .timing import Days, DoneThen, TimedForm

CHECKS = {ChairEventKind.CHECK_PENDING, ChairEventKind.CHECK_SIGNED}
WRITTEN = {
    *CHECKS,
    *(ChairEventKind.DRUG_GIVEN, ChairEventKind.NEW_INTENT, ChairEventKind.OTHER),
}
TILES = tuple((kind.value, EVENTS[kind]) for kind in ChairEventKind if kind not in WRITTEN)
"""One tap each; a drug and anything else are written, and intent stands with the danger signs."""


REASONS = (
    ("", "–"),
    *(
        (reason.value, words)
        for reason, words in PAUSES.items()
        if reason is not PauseReason.NOT_SAID
    ),
)


class PauseReasonForm(forms.Form):
    """Asked when the pump already stands still."""

    pause_reason = forms.ChoiceField(
        label=gettext_lazy("Why was the infusion paused?"), choices=REASONS
    )


class PumpForm(TimedForm):
    """One act. The start runs at the signed rate; a change or a resume states its own.

    So does a start that has happened already: what the pump was set to is not taken for granted.
    """

    when_asked = frozenset({"doctor", "happened_because", "stopped_then"})

    act = forms.ChoiceField(
        label=gettext_lazy("Pump"), choices=[(act.value, words) for act, words in ACTS.items()]
    )
    rate_ml_h = AmountField(
        label=gettext_lazy("Rate"),
        lowest=Decimal("0.1"),
        highest=Decimal(999),
        unit=gettext_lazy("ml/h"),
        required=False,
    )
    pause_reason = forms.ChoiceField(
        label=gettext_lazy("Paused for"),
        choices=REASONS,
        required=False,
    )

    doctor = forms.ChoiceField(label=gettext_lazy("The doctor who decided it"), required=False)
    happened_because = ReasonField(
        label=gettext_lazy("If the pump is started already: what happened, and why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    stopped_then = forms.BooleanField(
        label=gettext_lazy("The time of the stop is right"), required=False
    )

    order = forms.CharField(required=False, widget=forms.HiddenInput)
    """Which order the page showed beside the start."""

    def __init__(self, *args: Any, doctors: Sequence[Professional] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doctors = {str(one.pk): one for one in doctors}
        choice_field(self, "doctor").choices = [
            ("", "–"),
            *((key, str(one)) for key, one in self.doctors.items()),
            (NOBODY, gettext("It was done, and no doctor decided it")),
        ]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        act = said.get("act")
        happened = said.get("happened_because") or "happened_because" in self.errors
        runs = act in RUNNING and (act != PumpAct.START or happened)
        if runs and said.get("rate_ml_h") is None and "rate_ml_h" not in self.errors:
            self.add_error("rate_ml_h", gettext("Write the rate of the pump."))
        return said

    def tell_highest(self, way_back: Resumption | None) -> None:
        """Beside the field before anything is typed: the highest rate to resume at, and why."""
        if way_back is None or not way_back.open:
            return
        # To go on takes a rate: it is not called optional here.
        self.when_asked |= {"rate_ml_h"}
        words = gettext("At most %(rate)s ml/h: %(why)s. %(basis)s")
        # On the field as it is shown: a form that was checked has made it already.
        self["rate_ml_h"].help_text = words % {
            "rate": numeral(Decimal(plain(way_back.highest.value))),
            "why": way_back.why.in_language(get_language() or "nb"),
            "basis": basis_note(delivery_rules().resume.share.basis),
        }

    def ask_who_decided(self, findings: Iterable[Finding]) -> bool:
        """Outside the rules: true when nobody has said which doctor decided it.

        A bolus no doctor decides: it is recorded as something that was done. Going on after red
        readings with symptoms is never advised; a doctor who ordered it all the same is named.
        """
        found = list(findings)
        refused = {one.criterion for one in found}
        named = self.cleaned_data["doctor"]
        if not found or named == NOBODY or (named and BOLUS not in refused):
            return False
        why = "; ".join(one.reason.in_language(get_language() or "nb") for one in found)
        if BOLUS in refused:
            words = gettext(
                "Not recorded yet: %(why)s. No doctor may decide this. Is the rate right?"
            )
        elif SYMPTOMS in refused:
            words = gettext(
                "Not recorded yet: %(why)s. This is advised against: let the pump stand still. If it was done all the same, say here which doctor ordered it, or that no doctor did."
            )
        else:
            words = gettext("Not recorded yet: %(why)s. Which doctor decided this?")
        self.add_error("doctor", words % {"why": why})
        return True

    def ask_whether_stopped(self, measured_at: datetime | None) -> bool:
        """True when a set was measured in the infusion after this stop, and nobody has ticked it."""
        if measured_at is None or self.cleaned_data["stopped_then"]:
            return False
        words = gettext(
            "Not recorded yet: at %(at)s a set was measured in the infusion. Had the pump stopped before it? "
            "The wait to go home counts from the later of the two."
        )
        self.add_error("stopped_then", words % {"at": at_clock(measured_at)})
        return True

    def pumped(self, *, start_rate: Decimal | None) -> Pumped:
        """Of a form that is valid. ``start_rate`` is that of the order in force, if there is one."""
        said = self.cleaned_data
        act = PumpAct(said["act"])
        as_ordered = act is PumpAct.START and not said["happened_because"]
        rate = start_rate if as_ordered else said["rate_ml_h"]
        return Pumped(
            act=act,
            rate_ml_h=rate if act in RUNNING else None,
            pause_reason=PauseReason(said["pause_reason"] or PauseReason.NOT_SAID)
            if act is PumpAct.PAUSE
            else None,
            doctor=self.doctors.get(said["doctor"]),
            happened_because=said["happened_because"],
            order_read=said["order"],
        )


class EventForm(TimedForm):
    """A tile, or a drug with its amount, or words of one's own."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"),
        # That the other person has signed is said by the other person.
        choices=[
            (kind.value, words)
            for kind, words in EVENTS.items()
            if kind is not ChairEventKind.CHECK_SIGNED
        ],
    )
    amount = forms.CharField(
        label=gettext_lazy("Drug and amount"), max_length=40, required=False
    )
    comment = forms.CharField(label=gettext_lazy("Comment"), max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("kind") == ChairEventKind.DRUG_GIVEN and not said.get("amount", "").strip():
            self.add_error("amount", gettext("Write which drug and how much."))
        told = {ChairEventKind.OTHER, ChairEventKind.CHECK_PENDING}
        if said.get("kind") in told and not said.get("comment", "").strip():
            self.add_error("comment", gettext("Write what happened."))
        return said

    def happened(self) -> Happened:
        said = self.cleaned_data
        return Happened(
            kind=ChairEventKind(said["kind"]), amount=said["amount"], comment=said["comment"]
        )


class CheckedForm(SecondPerson):
    """The other person signs what two had checked without the network.

    ``typist`` is the name of whoever is signed in, where nobody knows who typed it: they say so.
    """

    def __init__(self, *args: Any, typist: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if typist:
            label = gettext("I typed it: %s") % typist
            self.fields = {"typed_it": forms.BooleanField(label=label), **self.fields}


class StruckCheckForm(SecondPerson):
    """Why, and the other person's password."""

    reason = forms.CharField(label=gettext_lazy("Why was it wrong?"), max_length=100)


class StrikeForm(forms.Form):
    """Entered in error: it stays, struck through."""

    reason = forms.CharField(label=gettext_lazy("Why was it wrong?"), max_length=200)


class FinishForm(DoneThen, SecondPerson):
    """Where less was given than ordered, the reason; where something is left, who saw it wasted."""

    def __init__(
        self,
        *args: Any,
        short: bool,
        wasted: bool,
        late: bool = False,
        devices: int = 0,
        **kwargs: Any,
    ) -> None:
        """``late``: what was drawn up was told of afterwards, and so is when the rest was wasted.

        ``devices`` are those that were lost or not opened.
        """
        super().__init__(*args, **kwargs)
        self.fields["checked_by"].label = gettext("Who saw the rest being wasted")
        if not wasted:
            del self.fields["checked_by"], self.fields["password"]
        elif late:
            self.fields["clock"] = ClockField(label=gettext("When it was wasted (hh:mm)"))
        if devices and wasted:
            seen = gettext("Who saw the devices that were not given returned or destroyed")
            self.fields["checked_by"].label = seen
            self.fields["returned"] = CountField(
                label=gettext("Of these returned unopened; the rest was destroyed"),
                lowest=0,
                highest=devices,
            )
        self.fields["ended_early"] = forms.CharField(
            label=gettext("Why was less given than ordered?")
            if short
            else gettext("If it was ended early: why?"),
            max_length=200,
            required=short,
        )

    def of_session(self, days: Days, *, at: datetime) -> None:
        """Where nothing is wasted there is nothing to ask."""
        if "checked_by" in self.fields:
            super().of_session(days, at=at)
