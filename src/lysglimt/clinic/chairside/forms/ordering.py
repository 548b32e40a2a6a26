"""The doctor's order and the two-person check of what was made up."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.chairside.actions import Ordered, Prepared, Stated
from lysglimt.clinic.chairside.showing import days_before
from lysglimt.clinic.design.amounts import AmountField, CountField
from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.design.clock import ClockField
from lysglimt.clinic.design.days import DayField
from lysglimt.clinic.design.numerals import day_written, numeral, without_zeros
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.second_person import SecondPerson
from lysglimt.clinic.treatment.models import WeightBasis
from lysglimt.knowledge.dosing.ceilings import Ceiling, infusion_rules
from lysglimt.knowledge.dosing.ceilings import minutes as whole_minutes
from lysglimt.knowledge.dosing.infusion import InfusionPlan
from lysglimt.knowledge.dosing.preparation import TWO_PERSON_CHECK, drawable, drawn
from lysglimt.knowledge.dosing.weights import Sex, Weighing, weight_rules
from lysglimt.knowledge.protocols.protocol import Protocol
from lysglimt.knowledge.quantities import (
    Centimetres,
    Kilograms,
    Milligrams,
    MilligramsPerKilogram,
    MilligramsPerMillilitre,
    Millilitres,
    MillilitresPerHour,
    plain,
)

from .answering import Answered
from .timing import DoneThen, EntryForm

OTHER = "other"
LIMIT = "volume"
"""Of the lines that two persons check."""
SEXES = ((Sex.FEMALE.value, gettext_lazy("Female")), (Sex.MALE.value, gettext_lazy("Male")))


def steps(protocol: Protocol) -> Iterator[tuple[MilligramsPerKilogram, timedelta, bool]]:
    """The doses of the protocol with their time, and whether a named doctor must decide."""
    dose = protocol.dose
    if dose is None or dose.per_kilogram is None or dose.over is None:
        return
    first, over = dose.per_kilogram.value, dose.over.value
    yield first, over, False
    if dose.slow_over:
        yield first, dose.slow_over.value, False
    for step in dose.steps:
        yield step.dose.value, step.over.value if step.over else over, step.named_doctor


def step_key(dose: Decimal, minutes: Decimal | int) -> str:
    return f"{dose.normalize():f}|{Decimal(minutes).normalize():f}"


def step_choices(protocol: Protocol) -> Iterator[tuple[str, str]]:
    """None stands out beforehand: the dose is chosen."""
    for dose, over, named in steps(protocol):
        minutes = whole_minutes(over)
        words = gettext("%(dose)s mg/kg over %(minutes)s min") % {
            "dose": numeral(without_zeros(dose.value)),
            "minutes": numeral(minutes.normalize()),
        }
        if named:
            words = gettext("%(step)s – by a named doctor's decision") % {"step": words}
        yield step_key(dose.value, minutes), words
    yield OTHER, gettext("Another dose or time")


class OrderForm(Answered, EntryForm):
    """All inputs of the dose card. In journal mode the doctor states the dose, and all of it."""

    weighed_on = DayField(label=gettext_lazy("Weighed on"))
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex, for ideal weight"), choices=SEXES, widget=forms.RadioSelect
    )
    step = forms.ChoiceField(label=gettext_lazy("Dose step"), widget=forms.RadioSelect)
    mg_per_kg = AmountField(
        label=gettext_lazy("Another dose"),
        lowest=Decimal("0.01"),
        highest=Decimal(5),
        unit="mg/kg",
        required=False,
    )
    minutes = CountField(
        label=gettext_lazy("Another time"),
        lowest=int(whole_minutes(infusion_rules().floor.over.value)),
        highest=600,
        unit="min",
        required=False,
    )
    concentration = forms.ChoiceField(
        label=gettext_lazy("Concentration"), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, protocol: Protocol, **circumstances: Any) -> None:
        self.journal_mode: bool = circumstances.pop("journal_mode")
        self.changes: bool = circumstances.pop("changes")
        self.signed: WeightBasis | None = circumstances.pop("signed")
        last: Weighing | None = circumstances.pop("last")
        session_on: date = circumstances.pop("session_on")
        super().__init__(*args, **circumstances)
        self.fields = body_fields() | self.fields
        if self.body is not None:
            # Signed with the basis, shown and not typed again: another is a correction of it.
            del self.fields["height_cm"], self.fields["sex"]
        self.named = {
            step_key(d.value, whole_minutes(o)) for d, o, named in steps(protocol) if named
        }
        choice_field(self, "step").choices = list(step_choices(protocol))
        choice_field(self, "concentration").choices = [
            (f"{one.concentration.value}", f"{numeral(one.concentration.value)} mg/ml")
            for one in infusion_rules().solutions
        ]
        if self.journal_mode:
            self.fields |= stated_fields()
        self.ask_as_before(beforehand=[Ceiling.DOSE_BY_WEIGHT] if self.named else [])
        if last is not None:
            self.show_beside(last, session_on=session_on)
        if self.changes:
            self.fields["reason"] = forms.CharField(
                label=gettext_lazy("Why is the order changed?"), max_length=200
            )
        if "weight_change" in self.data:
            self.ask_about_weight()

    @property
    def body(self) -> tuple[Centimetres, Sex] | None:
        """Height and sex as they were signed with the weight basis."""
        if self.signed is None or self.signed.height_cm is None:
            return None
        return Centimetres(self.signed.height_cm), Sex(self.signed.sex)

    def show_beside(self, last: Weighing, *, session_on: date) -> None:
        """Beside the field and never in it."""
        words = gettext("Last: %(value)s kg, %(day)s")
        shown = numeral(without_zeros(last.weight.value))
        said = words % {"value": shown, "day": day_written(last.on)}
        old = days_before(last.on, session_on=session_on)
        self.fields["weight_kg"].help_text = f"{said} ({old})" if old else said

    def ask_about_weight(self) -> None:
        self.fields["weight_again"] = forms.BooleanField(
            label=gettext("The weight is right"), required=False
        )
        self.fields["weight_change"] = forms.CharField(
            label=gettext("Why it differs from the last one"), max_length=300, required=False
        )

    def refuse_weight(self, words: str) -> None:
        """Far from the last weight: it is ticked as right, with the reason."""
        self.ask_about_weight()
        self.add_error("weight_change", words)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("step") == OTHER:
            for name in ("mg_per_kg", "minutes"):
                if name not in self.errors and said.get(name) is None:
                    self.add_error(name, gettext("Write it, or choose a step above."))
        elif self.journal_mode and self.takes_a_reason:
            self.add_error(
                f"override_{Ceiling.DOSE_BY_WEIGHT}",
                gettext("This step takes a named doctor's decision, with the reason."),
            )
        return said

    @property
    def takes_a_reason(self) -> bool:
        """With decision support the rules ask for it, and for the doctor in the same breath."""
        named = self.cleaned_data.get("step") in self.named
        return named and not self.override(Ceiling.DOSE_BY_WEIGHT)

    def ordered(self, *, by: Professional) -> Ordered:
        """Of a form that is valid."""
        said = self.cleaned_data
        dose, minutes = said["mg_per_kg"], said["minutes"]
        height, sex = self.body or (Centimetres(said["height_cm"]), Sex(said["sex"]))
        if said["step"] != OTHER:
            dose, minutes = (Decimal(part) for part in said["step"].split("|"))
        return Ordered(
            weight=Kilograms(said["weight_kg"]),
            weighed_on=said["weighed_on"],
            height=height,
            sex=sex,
            dose_by_weight=MilligramsPerKilogram(dose),
            minutes=int(minutes),
            concentration=MilligramsPerMillilitre(Decimal(said["concentration"])),
            overrides=self.overrides(by=by),
            decided=self.decided(),
            stated=self.stated(),
            weight_change=said["weight_change"] if said.get("weight_again") else "",
        )

    def stated(self) -> Stated | None:
        said = self.cleaned_data
        if not self.journal_mode:
            return None
        return Stated(
            dose=Milligrams(said["dose_mg"]),
            volume=Millilitres(said["volume_ml"]),
            rate=MillilitresPerHour(said["rate_ml_h"]),
        )


def body_fields() -> dict[str, forms.Field]:
    body = weight_rules().accepted
    return {
        "weight_kg": AmountField(
            label=gettext_lazy("Weight"),
            lowest=body.lowest.value.value,
            highest=body.highest.value.value,
            unit="kg",
        ),
        "height_cm": AmountField(
            label=gettext_lazy("Height"),
            lowest=body.shortest.value.value,
            highest=body.tallest.value.value,
            unit="cm",
        ),
    }


def stated_fields() -> dict[str, forms.Field]:
    """What a card would reckon, where nothing is reckoned."""
    most = infusion_rules().ceilings.dose.value.value
    wide = {"lowest": Decimal("0.1"), "highest": Decimal(999)}
    return {
        "dose_mg": AmountField(
            label=gettext_lazy("Dose"), lowest=Decimal("0.1"), highest=most, unit="mg"
        ),
        "volume_ml": AmountField(label=gettext_lazy("Volume"), unit="ml", **wide),
        "rate_ml_h": AmountField(label=gettext_lazy("Rate"), unit=gettext("ml/h"), **wide),
    }


class PreparationForm(DoneThen, SecondPerson, EntryForm):
    """The one signed in and a colleague check each line; the colleague signs on the spot."""

    product = forms.ChoiceField(label=gettext_lazy("Product"), widget=forms.RadioSelect)
    batch = forms.CharField(label=gettext_lazy("Batch"), max_length=40, required=False)
    drawn_mg = AmountField(
        label=gettext_lazy("Drawn up"), lowest=Decimal("0.1"), highest=Decimal(1000), unit="mg"
    )
    drawn_reason = forms.CharField(
        label=gettext_lazy("If another amount is drawn than the recipe makes: why"),
        max_length=300,
        required=False,
    )
    lines = forms.MultipleChoiceField(
        label=gettext_lazy("Checked by both"), widget=forms.CheckboxSelectMultiple
    )

    field_order = (
        *("entry", "product", "batch", "drawn_mg", "drawn_reason", "lines"),
        *("checked_by", "password"),
    )

    def __init__(
        self, *args: Any, plan: InfusionPlan | None, late: bool = False, **kwargs: Any
    ) -> None:
        """``plan`` says what the syringes of the standard solution hold; None in journal mode.

        ``late``: the pump has run. It is told when it was drawn up, and what two checked of it.
        """
        super().__init__(*args, **kwargs)
        self.plan, self.late = plan, late
        if late:
            self.fields["lines"].required = False
            self.fields["lines"].label = gettext("Checked by both, as it was done then")
            self.fields["clock"] = ClockField(label=gettext("When it was drawn up (hh:mm)"))
        language = get_language() or "nb"
        choice_field(self, "lines").choices = [
            (name, self.checked(name, line.in_language(language)))
            for name, line in TWO_PERSON_CHECK.items()
        ]
        choice_field(self, "product").choices = [
            (product, product)
            for stock in infusion_rules().stocks
            for product in stock.products
        ]

    def checked(self, name: str, line: str) -> str:
        """The limit of the pump is set by its figure, so the tick names it."""
        if name != LIMIT or self.plan is None:
            return line
        return f"{line}: {numeral(Decimal(plain(self.plan.volume.value)))} ml"

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        amount = said.get("drawn_mg")
        if self.plan is not None and amount is not None:
            self.hold_to_recipe(self.plan, amount, why=said.get("drawn_reason", "").strip())
        return said

    def hold_to_recipe(self, plan: InfusionPlan, amount: Decimal, *, why: str) -> None:
        """Another amount takes a reason; one that is too little or too much is refused."""
        least, most = drawable(plan)
        recipe = numeral(without_zeros(drawn(plan).value))
        if not self.late and not least.value <= amount <= most.value:
            words = gettext(
                "%(amount)s mg cannot be right: the recipe makes %(mg)s mg, the dose is %(dose)s mg."
            )
            told = {"amount": numeral(without_zeros(amount)), "mg": recipe}
            dose = {"dose": numeral(without_zeros(plan.dose.value))}
            self.add_error("drawn_mg", words % (told | dose))
        elif amount != drawn(plan).value and not why:
            words = gettext("The recipe makes %(mg)s mg. Correct the amount, or write why.")
            self.add_error("drawn_reason", words % {"mg": recipe})

    def prepared(self) -> Prepared:
        said = self.cleaned_data
        return Prepared(
            product=said["product"],
            batch=said["batch"],
            drawn_mg=said["drawn_mg"],
            drawn_reason=said["drawn_reason"],
            lines=said["lines"],
        )
