"""What is typed about people."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from .actions.closing import LEAST_REASON
from .actions.patients import Kin
from .chapters import Chapter
from .identity import Accepts, IdentityNumber, NoIdentityNumber, identity_number
from .models import KINSHIP_WORDS, Contact, Particulars, Professional, Sex
from .names import SHORTEST
from .search import Sought, birth_dates, sought
from .wordings import CHAPTERS, FAULTS, WHOLE_RECORD

SEXES = (
    (Sex.FEMALE.value, gettext_lazy("Female")),
    (Sex.MALE.value, gettext_lazy("Male")),
    (Sex.UNKNOWN.value, gettext_lazy("Not known")),
)
KINSHIPS = tuple((kinship.value, word) for kinship, word in KINSHIP_WORDS.items())
COMPARED = "another_person"
WHOLE = "whole"
TELEPHONE = RegexValidator(
    r"^\+?[\d ]{5,20}$", gettext_lazy("Digits and spaces only, with + before a country code.")
)


def checked_number(typed: str) -> IdentityNumber:
    """Raises forms.ValidationError, worded for the reader."""
    try:
        return identity_number(
            typed, accepts=Accepts(settings.IDENTITY_NUMBERS), on=timezone.localdate()
        )
    except NoIdentityNumber as refusal:
        raise forms.ValidationError(str(FAULTS[refusal.fault]), code=refusal.fault) from refusal


class BirthDate(forms.CharField):
    """A day as Norwegians write it; of a two-digit year it asks which century."""

    def clean(self, value: Any) -> date | None:
        said = super().clean(value)
        if not said:
            return None
        match birth_dates(said, on=timezone.localdate()):
            case (day,) if str(day.year) in said:
                return day
            case ():
                raise forms.ValidationError(
                    gettext_lazy("Write the date as 14.03.1979. It may not be in the future.")
                )
            case _:
                raise forms.ValidationError(
                    gettext_lazy("Write the year with four digits, as in 14.03.1979.")
                )


class SearchForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Name, birth date or identity number"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )

    def clean_q(self) -> Sought:
        asked = sought(self.cleaned_data["q"], on=timezone.localdate())
        if asked.identity_number:
            checked_number(asked.identity_number)
        elif any(len(term) < SHORTEST for term in asked.terms):
            raise forms.ValidationError(gettext("Write at least two letters of each name."))
        elif not asked.births and not asked.terms:
            raise forms.ValidationError(gettext("Write a name, a birth date or a number."))
        return asked


class PatientForm(forms.Form):
    """Who a patient is. An identity number gives the birth date and the sex."""

    identity_number = forms.CharField(
        label=gettext_lazy("Identity number"),
        help_text=gettext_lazy("11 digits. Leave it empty if the patient has none."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=100)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=100)
    birth_date = BirthDate(
        label=gettext_lazy("Birth date"),
        help_text=gettext_lazy("As 14.03.1979. Not needed with an identity number."),
        required=False,
        max_length=12,
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=SEXES,
        required=False,
        widget=forms.RadioSelect,
    )
    telephone = forms.CharField(
        label=gettext_lazy("Telephone"), required=False, validators=[TELEPHONE]
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    address = forms.CharField(label=gettext_lazy("Address"), required=False, max_length=200)

    def clean_identity_number(self) -> IdentityNumber | None:
        said: str = self.cleaned_data["identity_number"]
        return checked_number(said) if said else None

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        number: IdentityNumber | None = said.get("identity_number")
        if "identity_number" not in said or "birth_date" not in said:
            return said
        if number is None:
            if said["birth_date"] is None:
                self.add_error(
                    "birth_date", gettext("Birth date or identity number is needed.")
                )
            return said
        if said["birth_date"] not in {None, number.birth_date}:
            self.add_error(
                "birth_date", gettext("The identity number says another birth date.")
            )
        said["birth_date"] = number.birth_date
        said["sex"] = said.get("sex") or number.sex
        return said

    def particulars(self) -> Particulars:
        """Of a form that is valid."""
        said = self.cleaned_data
        number: IdentityNumber | None = said["identity_number"]
        return Particulars(
            given_name=said["given_name"],
            family_name=said["family_name"],
            birth_date=said["birth_date"],
            identity_number=number.digits if number else "",
            sex=said["sex"] or Sex.UNKNOWN.value,
            contact=Contact(
                telephone=said["telephone"], email=said["email"], address=said["address"]
            ),
        )


class RegisterForm(PatientForm):
    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if COMPARED in self.data:
            self.ask_to_compare()

    def ask_to_compare(self) -> None:
        """Only when someone alike is known is there something to confirm."""
        self.fields[COMPARED] = forms.BooleanField(
            label=gettext_lazy("I have compared: this is another person"), required=False
        )


class AmendForm(PatientForm):
    read = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = forms.CharField(label=gettext_lazy("Why is this changed?"), max_length=200)


class RelativeForm(forms.Form):
    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    kinship = forms.ChoiceField(label=gettext_lazy("Relation to the patient"), choices=KINSHIPS)
    telephone = forms.CharField(
        label=gettext_lazy("Telephone"), required=False, validators=[TELEPHONE]
    )
    consent = forms.TypedChoiceField(
        label=gettext_lazy("Does the patient consent that this person is informed?"),
        choices=(("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))),
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    minor = forms.BooleanField(
        label=gettext_lazy("Under 18: a child as next of kin"), required=False
    )
    needs = forms.CharField(
        label=gettext_lazy("What the child needs, and what is done about it"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def kin(self) -> Kin:
        said = {name: value for name, value in self.cleaned_data.items() if name != "entry"}
        return Kin(**said)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class StatementForm(forms.Form):
    on = forms.TypedChoiceField(
        label=gettext_lazy("Decision support in this unit"),
        choices=(
            ("yes", gettext_lazy("On: I sign the statement")),
            ("no", gettext_lazy("Off")),
        ),
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )


class EmergencyForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why must you open this record now?"),
        help_text=gettext_lazy(
            "At least 20 letters. The unit lead and the patient can read it."
        ),
        min_length=LEAST_REASON,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_reason(self) -> str:
        """Spaces are no reason."""
        reason = " ".join(str(self.cleaned_data["reason"]).split())
        if len(reason) < LEAST_REASON:
            raise forms.ValidationError(gettext("Write at least 20 letters."))
        return reason


class ReviewForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("What you found"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def of_their_unit(one: Professional) -> str:
    """Two of one name are told apart by their unit."""
    return f"{one} ({one.unit})"


class BlockForm(forms.Form):
    """Of somebody, of a part, or of a part by somebody."""

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, staff: QuerySet[Professional]) -> None:
        super().__init__(*args)
        self.fields["chapter"] = forms.TypedChoiceField(
            label=gettext_lazy("What is closed?"),
            choices=[(WHOLE, WHOLE_RECORD), *CHAPTERS.items()],
            coerce=lambda chosen: None if chosen == WHOLE else Chapter(chosen),
            widget=forms.RadioSelect,
        )
        whom = forms.ModelChoiceField(
            staff,
            label=gettext_lazy("For whom is it closed?"),
            empty_label=gettext("Everybody but those the patient is assigned to"),
            required=False,
        )
        vars(whom)["label_from_instance"] = of_their_unit
        self.fields["staff"] = whom

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.errors and not said["staff"] and not said["chapter"]:
            self.add_error(
                "staff",
                gettext(
                    "The whole record can be closed to somebody by name, not to everybody."
                ),
            )
        return said
