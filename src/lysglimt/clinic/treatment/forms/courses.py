"""The plan of a course: protocol, weight basis, and the days in the chair."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.design.amounts import AmountField, CountField
from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.design.clock import ClockField
from lysglimt.clinic.design.days import DayField
from lysglimt.clinic.design.numerals import day_written, numeral
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.scheduling.models import Appointment, Chair
from lysglimt.clinic.treatment.actions import BasisGrounds, BookedRun, NotAccepted, OutsideAge
from lysglimt.knowledge.dosing.nasal import device_sequence, nasal_rules
from lysglimt.knowledge.dosing.weights import (
    Sex,
    WeightBasis,
    Weights,
    weight_rules,
    weights,
)
from lysglimt.knowledge.protocols.planned_days import too_close
from lysglimt.knowledge.protocols.protocol import Protocol, Route
from lysglimt.knowledge.quantities import Centimetres, Kilograms, Milligrams, plain

from .planned import PlannedDaysForm, written_window

USUAL_MINUTES = 180
"""How long a chair is needed, from arrival to the way home; the booking may say otherwise."""
BASES: Mapping[WeightBasis, Promise] = {
    WeightBasis.ACTUAL: gettext_lazy("Actual weight"),
    WeightBasis.IDEAL: gettext_lazy("Ideal weight (Devine)"),
    WeightBasis.ADJUSTED: gettext_lazy("Adjusted weight"),
}
SEXES = ((Sex.FEMALE.value, gettext_lazy("Female")), (Sex.MALE.value, gettext_lazy("Male")))


class PlanForm(forms.Form):
    """Only versions that the unit's doctor has approved can be chosen; the others are named."""

    # A reason is needed at times, so no field says "(optional)".
    all_optional = True

    protocol = forms.ChoiceField(label=gettext_lazy("Protocol"), widget=forms.RadioSelect)
    planned_start = DayField(label=gettext_lazy("Planned start"), required=False)

    def __init__(
        self, *args: Any, approved: Sequence[Protocol], accepted: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "nb"
        self.approved = {f"{one.id}/{one.version}": one for one in approved}
        choice_field(self, "protocol").choices = [
            (key, f"{one.name.in_language(language)} ({one.version})")
            for key, one in self.approved.items()
        ]
        if not accepted or "deviation" in self.data:
            self.ask_deviation()
        if "past_start" in self.data:
            self.ask_past_start()

    def ask_past_start(self) -> None:
        self.fields["past_start"] = forms.BooleanField(
            label=gettext("The start lies in the past, and that is right"), required=False
        )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        start = said.get("planned_start")
        if start and start < timezone.localdate() and not said.get("past_start"):
            self.ask_past_start()
            words = gettext("%(day)s has been. Is the date right? Then tick here.")
            self.add_error("past_start", words % {"day": day_written(start)})
        return said

    def ask_deviation(self) -> None:
        self.fields["deviation"] = forms.CharField(
            label=gettext_lazy("Why the course is planned all the same"),
            max_length=500,
            required=False,
        )

    def refuse_age(self, refusal: OutsideAge) -> None:
        """The protocol is for another age: the doctor may answer for it by name."""
        self.ask_deviation()
        self.add_error(
            "deviation",
            f"{sentence(refusal)} {refusal.reason.in_language(get_language() or 'nb')}.",
        )

    def refuse_unaccepted(self, refusal: NotAccepted) -> None:
        self.ask_deviation()
        self.add_error("deviation", sentence(refusal))

    def protocol_chosen(self) -> Protocol:
        return self.approved[self.cleaned_data["protocol"]]


class BodyForm(forms.Form):
    """What the three weights are reckoned from."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body = weight_rules().accepted
        self.fields["weight_kg"] = AmountField(
            label=gettext_lazy("Weight"),
            lowest=body.lowest.value.value,
            highest=body.highest.value.value,
            unit="kg",
        )
        self.fields["height_cm"] = AmountField(
            label=gettext_lazy("Height"),
            lowest=body.shortest.value.value,
            highest=body.tallest.value.value,
            unit="cm",
        )
        self.fields["sex"] = forms.ChoiceField(
            label=gettext_lazy("Sex, for ideal weight"),
            choices=SEXES,
            widget=forms.RadioSelect,
        )

    def weights(self) -> Weights:
        said = self.cleaned_data
        return weights(
            Kilograms(said["weight_kg"]), Centimetres(said["height_cm"]), Sex(said["sex"])
        )


class BasisForm(forms.Form):
    """Chosen once for the course; none stands out beforehand."""

    basis = forms.ChoiceField(
        label=gettext_lazy("The doses of this course go by"),
        choices=[(basis.value, words) for basis, words in BASES.items()],
        widget=forms.RadioSelect,
    )
    grounds = forms.CharField(
        label=gettext_lazy("Grounds"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if corrects:
            self.fields["reason"] = forms.CharField(
                label=gettext("Why is this changed?"), max_length=200
            )

    def basis_chosen(self) -> WeightBasis:
        return WeightBasis(self.cleaned_data["basis"])

    def on(self, body: BodyForm | None) -> BasisGrounds:
        """What the choice rests on; without a body where nothing is reckoned."""
        measured = body.cleaned_data if body else {}
        return BasisGrounds(said=self.cleaned_data["grounds"], **measured)


class BookingForm(PlannedDaysForm):
    """The days of the sessions, one time and one chair for all of them."""

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    starts = ClockField(label=gettext_lazy("Starts at (hh:mm)"))
    minutes = CountField(
        label=gettext_lazy("The chair is needed for"),
        lowest=15,
        highest=600,
        unit="min",
        initial=USUAL_MINUTES,
    )
    chair = forms.ChoiceField(label=gettext_lazy("Chair"))

    def __init__(
        self,
        *args: Any,
        protocol: Protocol,
        chairs: Sequence[Chair],
        taken: Sequence[date],
        **circumstances: Any,
    ) -> None:
        self.proposed: Sequence[date] = circumstances.pop("proposed")
        self.free: bool = circumstances.pop("free")
        self.planned = circumstances.pop("planned", None)
        super().__init__(*args, **circumstances)
        self.protocol, self.taken = protocol, taken
        self.chairs = {str(chair.pk): chair for chair in chairs}
        choice_field(self, "chair").choices = [
            ("", "–"),
            *((key, str(chair)) for key, chair in self.chairs.items()),
        ]
        days: dict[str, forms.Field] = {
            f"day_{number}": DayField(
                label=gettext("Session day %(number)s") % {"number": number},
                required=False,
                initial=day,
            )
            for number, day in enumerate(self.proposed or [None] * 6, start=1)
        }
        self.fields = days | self.fields
        self.day_names = tuple(days)
        if self.planned and (span := self.planned.next_window()):
            words = gettext("Planned window: %(window)s.") % {"window": written_window(span)}
            self.fields[self.day_names[0]].help_text = words
        if "off_plan" in self.data:
            self.ask_off_plan()

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        chosen = {name: said[name] for name in self.day_names if said.get(name)}
        if not chosen and not self.errors:
            self.add_error(self.day_names[0], gettext("Write at least one day."))
        self.refuse_twice(chosen)
        if not self.free:
            self.refuse_too_close(chosen)
            self.refuse_off_plan(chosen)
        return said

    def refuse_twice(self, chosen: Mapping[str, date]) -> None:
        seen = set(self.taken)
        for name, day in chosen.items():
            if day in seen:
                words = gettext("%(day)s is booked twice.") % {"day": day_written(day)}
                self.add_error(name, words)
            seen.add(day)

    def refuse_too_close(self, chosen: Mapping[str, date]) -> None:
        """In journal mode nobody is told how close two sessions may come."""
        # A day that stands there twice is said to; it is not too close to itself.
        found = too_close(self.protocol, sorted({*self.taken, *chosen.values()}))
        for name, day in chosen.items():
            if day in found and name not in self.errors:
                self.add_error(name, found[day].reason.in_language(get_language() or "nb"))

    def run(self) -> BookedRun:
        """Of a form that is valid."""
        said = self.cleaned_data
        days = sorted(said[name] for name in self.day_names if said[name])
        why = self.why_off_plan(days)
        return BookedRun(
            off_plan={at_oslo(day, said["starts"]): words for day, words in why.items()},
            starts=[at_oslo(day, said["starts"]) for day in days],
            lasts=timedelta(minutes=said["minutes"]),
            chair=self.chairs[said["chair"]],
        )


class MoveForm(PlannedDaysForm):
    """Another day, time or chair; what is booked now stands in the fields, since it is a plan."""

    day = DayField(label=gettext_lazy("Day"))
    starts = ClockField(label=gettext_lazy("Starts at (hh:mm)"))
    minutes = CountField(
        label=gettext_lazy("The chair is needed for"), lowest=15, highest=600, unit="min"
    )
    chair = forms.ChoiceField(label=gettext_lazy("Chair"))
    reason = forms.CharField(label=gettext_lazy("Why is it moved?"), max_length=200)

    def __init__(self, *args: Any, chairs: Sequence[Chair], **kwargs: Any) -> None:
        self.planned = kwargs.pop("planned", None)
        super().__init__(*args, **kwargs)
        self.chairs = {str(chair.pk): chair for chair in chairs}
        choice_field(self, "chair").choices = [
            (key, str(chair)) for key, chair in self.chairs.items()
        ]
        if "off_plan" in self.data:
            self.ask_off_plan()

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("day") and said["day"] != self.initial.get("day"):
            self.refuse_off_plan({"day": said["day"]})
        return said

    @staticmethod
    def as_booked(appointment: Appointment) -> dict[str, object]:
        starts = appointment.starts_at.astimezone(OSLO)
        return {
            "day": starts.date(),
            "starts": f"{starts:%H:%M}",
            "minutes": (appointment.ends_at - appointment.starts_at) // timedelta(minutes=1),
            "chair": str(appointment.chair_id),
        }

    def starts_at(self) -> datetime:
        return at_oslo(self.cleaned_data["day"], self.cleaned_data["starts"])

    def ends_at(self) -> datetime:
        return self.starts_at() + timedelta(minutes=self.cleaned_data["minutes"])


class CancelForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why is it cancelled?"), max_length=200)
    stayed_away = forms.BooleanField(
        label=gettext_lazy("The patient stayed away without word"), required=False
    )


class RecordedForm(forms.Form):
    """A session that is recorded and not charted at the chair: ECT, TMS, a nasal spray.

    Of a nasal spray the dose is chosen, and the devices that were given are counted.
    """

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    day = DayField(label=gettext_lazy("Given on"))
    starts = ClockField(label=gettext_lazy("Started at (hh:mm)"))
    minutes = CountField(label=gettext_lazy("Lasted"), lowest=1, highest=600, unit="min")


class NasalForm(RecordedForm):
    """The doses of the protocol, none beforehand; five minutes' rest between two devices."""

    dose = forms.ChoiceField(label=gettext_lazy("Dose prescribed"), widget=forms.RadioSelect)
    devices = CountField(label=gettext_lazy("Devices given"), lowest=0, highest=3)

    def __init__(self, *args: Any, protocol: Protocol, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "dose").choices = [
            (plain(dose.value), nasal_words(dose)) for dose in nasal_doses(protocol)
        ]

    @property
    def prescribed_mg(self) -> Decimal:
        return Decimal(self.cleaned_data["dose"])

    @property
    def delivered_mg(self) -> Decimal:
        content: Decimal = nasal_rules().device.content.value.value
        return content * int(self.cleaned_data["devices"])


def nasal_doses(protocol: Protocol) -> list[Milligrams]:
    """Least first. What the sources do not say is not offered."""
    dose = protocol.dose
    stated = [figure.value for figure in dose.amounts] if dose else []
    return sorted({*stated, *([dose.first.value] if dose and dose.first else [])})


def nasal_words(dose: Milligrams) -> str:
    """``56 mg: 0, 5 min``: when each device may be given at the earliest."""
    steps = [str(step.earliest // timedelta(minutes=1)) for step in device_sequence(dose)]
    return gettext("%(mg)s mg: a device at %(minutes)s min") % {
        "mg": numeral(Decimal(plain(dose.value))),
        "minutes": ", ".join(steps),
    }


def recorded_form(protocol: Protocol, data: QueryDict | None) -> RecordedForm:
    if protocol.product.route is Route.INTRANASAL:
        return NasalForm(data, protocol=protocol)
    return RecordedForm(data)


def at_oslo(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=OSLO)


def days_taken(appointments: Sequence[Appointment], given: Sequence[date]) -> list[date]:
    """Days of the course that are booked or have been used."""
    return sorted({*(on_day(one.starts_at) for one in appointments), *given})
