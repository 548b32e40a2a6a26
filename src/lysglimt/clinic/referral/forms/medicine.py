"""A medicine that is taken, as typed: from the list or freely, with its doses through the day."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.design.days import DayField
from lysglimt.clinic.design.numerals import numeral, without_zeros
from lysglimt.clinic.referral.actions import Taken
from lysglimt.clinic.referral.models import AT, Medicine, MedicineSource
from lysglimt.clinic.referral.past import doses
from lysglimt.clinic.referral.wordings import DOSE_UNITS, MEDICINE_SOURCES, TIMES
from lysglimt.knowledge.medicine import Doses, DoseUnit
from lysglimt.knowledge.medicine import Medicine as Said
from lysglimt.knowledge.safety.atc import Substance, atc_index

from .grown import grown
from .history import ATC, HistoryForm, own_columns

OFFERED = "substances"
"""The list of names that the field of the name offers, by its id on the page."""


def offered() -> list[str]:
    """Each name of the index in the reader's language, with its code."""
    language = get_language() or "nb"
    named = (f"{one.name.in_language(language)} ({one.atc})" for one in atc_index().substance)
    return sorted(named, key=str.casefold)


class MedicineForm(HistoryForm):
    # Unknown is an answer: only which medicine it is must be said, by name or by code.
    all_optional = True

    name = forms.CharField(
        label=gettext_lazy("Medicine"),
        help_text=gettext_lazy(
            "Begin to type, and choose from the list. What is not in it, write freely."
        ),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"list": OFFERED, "autocomplete": "off"}),
    )
    atc = forms.CharField(
        label=gettext_lazy("ATC code"),
        help_text=gettext_lazy(
            "Only of what is not in the list: seven characters, such as N05BA04."
        ),
        max_length=7,
        required=False,
        validators=[ATC],
    )

    def grow(self) -> None:
        self.offered = offered()
        self.fields["dose_unit"] = forms.ChoiceField(
            label=gettext("The doses are in"),
            choices=[("", gettext("Not known")), *DOSE_UNITS.items()],
            required=False,
        )
        for at in AT:
            self.fields[at] = grown(Doses, at, label=TIMES[at], required=False)
            self.fields[at].widget.attrs["class"] = "dose"
        self.fields["mg_per_day"] = grown(
            Said, "mg_per_day", unit="mg", label=gettext("Amount a day"), required=False
        )
        self.fields["mg_per_day"].help_text = gettext(
            "Only where the doses above do not tell it: of tablets and drops, or when in the day is "
            "not known."
        )
        self.fields["as_needed"] = forms.BooleanField(
            label=gettext("Taken as needed"), required=False
        )
        self.fields["source"] = forms.ChoiceField(
            label=gettext("Known from"),
            choices=[("", gettext("Not said")), *MEDICINE_SOURCES.items()],
            required=False,
        )
        self.fields["started_on"] = DayField(label=gettext("Taken since"), required=False)
        self.fields["stopped_on"] = DayField(label=gettext("Stopped on"), required=False)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        began, stopped = said.get("started_on"), said.get("stopped_on")
        if began and stopped and stopped < began:
            self.add_error("stopped_on", gettext("It was stopped before it was begun."))
        if {"name", "atc"} <= said.keys():
            self.refuse_name(said["name"], said["atc"])
        if {"dose_unit", "mg_per_day", *AT} <= said.keys():
            self.refuse_doses()
        return said

    def refuse_name(self, name: str, code: str) -> None:
        listed = self.listed(name)
        if not name and not code:
            self.add_error("name", gettext("Which medicine? Write its name or its ATC code."))
        elif listed and code and listed.atc != code:
            self.add_error(
                "atc",
                gettext("%(name)s has the code %(code)s in the list. Which of the two is it?")
                % {"name": name, "code": listed.atc},
            )

    def refuse_doses(self) -> None:
        said = self.cleaned_data
        stated = any(said[at] is not None for at in AT)
        if stated and not said["dose_unit"]:
            self.add_error("dose_unit", gettext("What are the doses counted in?"))
            return
        told = self.doses_said()
        reckoned, typed = told.mg_per_day if told else None, said["mg_per_day"]
        if reckoned is not None and typed is not None and typed != reckoned:
            self.add_error(
                "mg_per_day",
                gettext("The doses make %(mg)s mg a day. Put one of both right.")
                % {"mg": numeral(without_zeros(reckoned))},
            )

    def listed(self, name: str) -> Substance | None:
        return atc_index().found(name) if name else None

    def doses_said(self) -> Doses | None:
        said = self.cleaned_data
        if not said["dose_unit"]:
            return None
        return Doses(DoseUnit(said["dose_unit"]), **{at: said[at] for at in AT})

    def mg_per_day_said(self) -> Decimal | None:
        told = self.doses_said()
        reckoned = told.mg_per_day if told else None
        return super().mg_per_day_said() if reckoned is None else reckoned

    def doubts(self, recorded: Collection[str]) -> Iterator[str]:
        yield from super().doubts(recorded)
        if not self.code_said():
            yield gettext(
                "“%(name)s” is not in the list and has no code: no rule is asked of it, and that is "
                "said wherever the rules are. Is it right?"
            ) % {"name": self.cleaned_data["name"]}

    def said(self) -> Taken:
        said = self.cleaned_data
        listed = self.listed(said["name"] or said["atc"])
        language = get_language() or "nb"
        named = listed is not None and (not said["name"] or said["name"].endswith(")"))
        return Taken(
            medicine=Said(
                atc=listed.atc if listed else said["atc"],
                mg_per_day=said["mg_per_day"],
                name=listed.name.in_language(language) if listed and named else said["name"],
            ),
            doses=self.doses_said(),
            source=MedicineSource(said["source"]) if said["source"] else None,
            as_needed=said["as_needed"],
            started_on=said["started_on"],
            stopped_on=said["stopped_on"],
        )

    @staticmethod
    def typed(row: Medicine) -> Mapping[str, object]:
        """The sum is left out where the doses tell it: it would contradict them once they change."""
        told = doses(row)
        reckoned = told is not None and told.mg_per_day is not None
        return own_columns(row) | ({"mg_per_day": None} if reckoned else {})
