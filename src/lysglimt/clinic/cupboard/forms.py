"""What is typed into the ledger: whole pieces, milligrams, why, and the other person who signs."""

from collections.abc import Iterable
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.chairside.forms.devices import ExpiryField
from lysglimt.clinic.chairside.forms.timing import EntryForm, last_at, refuse_ahead
from lysglimt.clinic.design.amounts import AmountField, CountField
from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.design.clock import ClockField
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.second_person import SecondPerson
from lysglimt.knowledge.ledger.balance import NOTHING
from lysglimt.knowledge.ledger.movements import Movement, ledger_rules, signers
from lysglimt.knowledge.medicine import WRITTEN
from lysglimt.knowledge.quantities import Milligrams

from .actions import Accounted, Batch, Booked, Product, Withdrawn
from .models import Cabinet, Form, Holding
from .wordings import FORMS

MOST = 999
"""Pieces at a time: one digit more is mistyped."""
LEAST_MG, MOST_MG = Decimal("0.001"), Decimal(100_000)
WORDS = forms.Textarea(attrs={"rows": 2})


class LineForm(EntryForm):
    """When it was, where that is not now."""

    when_asked = frozenset({"clock"})

    clock = ClockField(label=gettext_lazy("At (hh:mm), if it was not now"), required=False)

    def clean_clock(self) -> time | None:
        return refuse_ahead(self.cleaned_data["clock"])

    def happened_at(self, at: datetime) -> datetime:
        clock: time | None = self.cleaned_data["clock"]
        return last_at(clock, before=at) if clock else at


class WitnessedForm(SecondPerson, LineForm):
    """Signed by two: the one at the screen, and the other, who types a password."""

    when_asked = SecondPerson.when_asked | LineForm.when_asked

    def last_of_all(self) -> None:
        """The signature stands below what is signed."""
        self.order_fields(
            [
                *(name for name in self.fields if name not in {"checked_by", "password"}),
                *("checked_by", "password"),
            ]
        )


class CabinetForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the cabinet"), max_length=60)


class PackageForm(forms.Form):
    """Nothing of the package is filled in beforehand."""

    batch = forms.CharField(label=gettext_lazy("Batch"), max_length=40)
    expires_on = ExpiryField(label=gettext_lazy("Expiry date"))

    def batch_typed(self) -> Batch:
        said = self.cleaned_data
        return Batch(number=said["batch"], expires_on=said["expires_on"])


class HoldingForm(PackageForm, WitnessedForm):
    """A product as its package says, and how many pieces lie there when the ledger begins."""

    when_asked = WitnessedForm.when_asked | {"drug", "other_atc", "batch", "expires_on"}

    drug = forms.ChoiceField(label=gettext_lazy("Drug"))
    other_atc = forms.CharField(
        label=gettext_lazy("ATC code, of another drug"), max_length=7, required=False
    )
    product = forms.CharField(label=gettext_lazy("Name on the package"), max_length=60)
    strength = forms.CharField(
        label=gettext_lazy("Strength and size on the package"),
        help_text=gettext_lazy("As 10 mg/ml, 20 ml."),
        max_length=40,
    )
    form = forms.ChoiceField(label=gettext_lazy("A piece is"))
    piece_mg = AmountField(
        label=gettext_lazy("Milligrams in one piece"),
        lowest=LEAST_MG,
        highest=MOST_MG,
        unit="mg",
    )
    pieces = CountField(
        label=gettext_lazy("Pieces that lie there now, counted by both"),
        lowest=0,
        highest=MOST,
    )

    field_order = ("drug", "other_atc", "product", "strength", "form", "piece_mg", "pieces")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "nb"
        choice_field(self, "drug").choices = [
            ("", gettext("another, by its ATC code")),
            *((one.atc, one.name.in_language(language)) for one in ledger_rules().drug),
        ]
        self.fields["drug"].required = False
        choice_field(self, "form").choices = [
            (form.value, str(name)) for form, name in FORMS.items()
        ]
        self.fields["batch"].required = self.fields["expires_on"].required = False
        self.last_of_all()

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        atc = said.get("drug") or said.get("other_atc", "").strip().upper()
        if not WRITTEN.fullmatch(atc):
            words = gettext(
                "“%(typed)s” is not an ATC code. It has seven characters, such as N05CD08."
            )
            self.add_error("other_atc", words % {"typed": atc})
        for name in ("batch", "expires_on") if said.get("pieces") else ():
            if name not in self.errors and not said.get(name):
                self.add_error(name, gettext("Of pieces that lie there, write this."))
        return said | {"atc": atc}

    def product_typed(self) -> Product:
        said = self.cleaned_data
        return Product(
            atc=said["atc"],
            name=said["product"],
            strength=said["strength"],
            form=Form(said["form"]),
            piece=Milligrams(said["piece_mg"]),
        )

    def opening(self) -> Booked:
        return Booked(
            movement=Movement.OPENING,
            pieces=self.cleaned_data["pieces"],
            witness=self.other,
            batch=self.batch_typed(),
        )


class BookForm(PackageForm, WitnessedForm):
    """In or out of the cabinet, for no patient. What leaves for good takes a reason."""

    pieces = CountField(label=gettext_lazy("Pieces"), lowest=1, highest=MOST)
    to = forms.ChoiceField(label=gettext_lazy("To the cabinet"))
    why = ReasonField(label=gettext_lazy("Why"), max_length=500, widget=WORDS)

    field_order = ("pieces", "to", "batch", "expires_on", "why", "clock")

    def __init__(
        self, *args: Any, movement: Movement, cabinets: Iterable[Cabinet], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.movement = movement
        if movement is Movement.TRANSFER_OUT:
            choice_field(self, "to").choices = [(str(one.pk), one.name) for one in cabinets]
        else:
            del self.fields["to"]
        if movement in {Movement.RECEIPT, Movement.TRANSFER_OUT}:
            del self.fields["why"]
        if movement is Movement.LOSS:
            # What is gone can no longer be read on its package.
            del self.fields["batch"], self.fields["expires_on"]
        if self.alone:
            del self.fields["checked_by"], self.fields["password"]
        else:
            self.last_of_all()

    @property
    def alone(self) -> bool:
        return signers(self.movement).value == 1

    def booked(self) -> Booked:
        said = self.cleaned_data
        return Booked(
            movement=self.movement,
            pieces=said["pieces"],
            witness=None if self.alone else self.other,
            batch=self.batch_typed() if "batch" in said else Batch(),
            why=said.get("why", ""),
        )


class CountForm(WitnessedForm):
    """The number that the ledger has stands nowhere on this page."""

    counted = CountField(
        label=gettext_lazy("Pieces, counted by both"), lowest=0, highest=MOST * 10
    )
    field_order = ("counted", "clock", "checked_by", "password")


class CorrectionForm(WitnessedForm):
    why = ReasonField(label=gettext_lazy("What was wrong"), max_length=500, widget=WORDS)
    field_order = ("why", "clock", "checked_by", "password")


class WithdrawForm(PackageForm, WitnessedForm):
    """Whole pieces out of one cabinet for this session."""

    holding = forms.ChoiceField(label=gettext_lazy("From"))
    pieces = CountField(label=gettext_lazy("Pieces"), lowest=1, highest=99)
    prescriber = forms.ChoiceField(label=gettext_lazy("Ordered by"))
    ordered_mg = AmountField(
        label=gettext_lazy("Ordered dose, mg"),
        lowest=LEAST_MG,
        highest=Decimal(1000),
        unit="mg",
    )
    why = ReasonField(
        label=gettext_lazy(
            "If it is more than the dose takes, or another batch than came in: why"
        ),
        max_length=500,
        required=False,
        widget=WORDS,
    )
    when_asked = WitnessedForm.when_asked | {"why"}
    field_order = ("holding", "pieces", "batch", "expires_on", "prescriber", "ordered_mg")

    def __init__(
        self,
        *args: Any,
        holdings: Iterable[Holding],
        doctors: Iterable[Professional],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.holdings = {str(one.pk): one for one in holdings}
        self.doctors = {str(one.pk): one for one in doctors}
        choice_field(self, "holding").choices = [
            ("", "–"),
            *((key, f"{one} · {one.cabinet}") for key, one in self.holdings.items()),
        ]
        choice_field(self, "prescriber").choices = [
            ("", "–"),
            *((key, str(one)) for key, one in self.doctors.items()),
        ]
        self.last_of_all()

    @property
    def chosen(self) -> Holding:
        return self.holdings[self.cleaned_data["holding"]]

    def drawn(self) -> Withdrawn:
        said = self.cleaned_data
        return Withdrawn(
            pieces=said["pieces"],
            prescriber=self.doctors[said["prescriber"]],
            ordered=Milligrams(said["ordered_mg"]),
            witness=self.other,
            batch=self.batch_typed(),
            why=said["why"],
        )


class AccountForm(WitnessedForm):
    """What both saw, of one holding; what the chart knows is not asked."""

    when_asked = WitnessedForm.when_asked | {"why"}

    nothing_given = forms.BooleanField(
        label=gettext_lazy(
            "Nothing was given: the session did not begin, and both of you know it"
        )
    )
    given_mg = AmountField(
        label=gettext_lazy("Given, mg"), lowest=Decimal(0), highest=MOST_MG, unit="mg"
    )
    residue_mg = AmountField(
        label=gettext_lazy("Left in the line and not given, mg"),
        help_text=gettext_lazy("0 when the line was flushed."),
        lowest=Decimal(0),
        highest=MOST_MG,
        unit="mg",
    )
    wasted_mg = AmountField(
        label=gettext_lazy("Wasted before both of you, mg"),
        help_text=gettext_lazy("From the syringe and from opened vials."),
        lowest=Decimal(0),
        highest=MOST_MG,
        unit="mg",
    )
    wasted_pieces = CountField(
        label=gettext_lazy("Devices destroyed and not given"), lowest=0, highest=99
    )
    why = ReasonField(
        label=gettext_lazy("If it does not add up within 1 %: why"),
        max_length=500,
        required=False,
        widget=WORDS,
    )

    def __init__(
        self, *args: Any, holding: Holding, charted: bool, begun: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.holding = holding
        if begun or not charted:
            del self.fields["nothing_given"]
        device = holding.form == Form.DEVICE
        gone = {"residue_mg", "wasted_mg"} if device else {"wasted_pieces"}
        for name in gone | ({"given_mg"} if charted else set()):
            del self.fields[name]
        self.last_of_all()

    def accounted(self) -> Accounted:
        said = self.cleaned_data
        devices = said.get("wasted_pieces")
        wasted = said["wasted_mg"] if devices is None else devices * self.holding.piece_mg
        given = said.get("given_mg")
        return Accounted(
            witness=self.other,
            residue=Milligrams(said["residue_mg"]) if "residue_mg" in said else NOTHING,
            wasted=Milligrams(wasted),
            given=None if given is None else Milligrams(given),
            nothing_given=said.get("nothing_given", False),
            why=said["why"],
        )


class NotGivenForm(WitnessedForm):
    """Unopened pieces only: an opened vial is wasted."""

    pieces = CountField(label=gettext_lazy("Unopened pieces put back"), lowest=1, highest=99)
    why = ReasonField(label=gettext_lazy("Why it was not given"), max_length=500, widget=WORDS)
    field_order = ("pieces", "why", "clock", "checked_by", "password")


class OverrideForm(EntryForm):
    words = ReasonField(
        label=gettext_lazy("Why withdrawals go on before it is settled"),
        max_length=500,
        widget=WORDS,
    )


class SeenForm(EntryForm):
    words = ReasonField(
        label=gettext_lazy("What was found out, and to whom it is told"),
        max_length=1000,
        widget=WORDS,
    )


class SettleForm(WitnessedForm):
    """It was a miscount, or the difference is booked, and then another signs, too."""

    when_asked = WitnessedForm.when_asked | {"checked_by"}

    how = forms.ChoiceField(
        label=gettext_lazy("What it was"),
        choices=(
            ("recounted", gettext_lazy("A miscount: counted again, it agrees")),
            ("booked", gettext_lazy("The difference is real: book it")),
        ),
        widget=forms.RadioSelect,
    )
    words = ReasonField(label=gettext_lazy("What was found out"), max_length=1000, widget=WORDS)
    field_order = ("how", "words", "clock", "checked_by", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checked_by"].required = False
        self.fields["password"].required = False
        words = gettext("Where the difference is booked, another person signs, too.")
        self.fields["checked_by"].help_text = words

    @property
    def booking(self) -> bool:
        return bool(self.cleaned_data["how"] == "booked")

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("how") == "booked" and not said.get("checked_by"):
            self.add_error("checked_by", gettext("Another person signs, too."))
        return said
