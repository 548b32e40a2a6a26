"""The questions of the criteria as one form: nothing is answered beforehand."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, get_type_hints

from django import forms
from django.utils import timezone
from django.utils.translation import gettext

from lysglimt.clinic.design.answers import AnswerField
from lysglimt.clinic.design.answers import known as truth
from lysglimt.clinic.design.days import DayField
from lysglimt.clinic.design.numerals import day_written, numeral
from lysglimt.clinic.referral.forms.grown import grown
from lysglimt.clinic.referral.wordings import ANSWERS
from lysglimt.clinic.treatment.questions import ASKED, WOMEN_ONLY
from lysglimt.clinic.treatment.recorded import Known
from lysglimt.clinic.treatment.wordings import LABELS, NONE_ASKED, SEVERITIES, UNITS
from lysglimt.knowledge.dosing.weights import Sex
from lysglimt.knowledge.eligibility.candidate import (
    BloodPressure,
    Candidate,
    EpisodeSeverity,
)
from lysglimt.knowledge.eligibility.trials import Answer

READING = ("pressure_on", "systolic", "diastolic")
NONE = "none."


class AnswersForm(forms.Form):
    """A field for every answer that the record does not give; left empty, the answer stands."""

    all_optional = True

    def __init__(self, data: Mapping[str, Any] | None, *, known: Known) -> None:
        super().__init__(data)
        self.known = known
        for criterion, names in ASKED.items():
            if criterion == WOMEN_ONLY and known.candidate.sex is Sex.MALE:
                continue
            for name in names:
                if name not in known.recorded:
                    self.fields[name] = question(name)
                    self.fields[name].help_text = self.answered_before(name)
        self.ask_for_pressure()
        for name, rows in self.lists().items():
            if not rows:
                self.fields[f"{NONE}{name}"] = forms.BooleanField(
                    label=str(NONE_ASKED[name]), required=False
                )
        answers = self.taken_back()
        if answers:
            self.fields["forget"] = forms.MultipleChoiceField(
                label=gettext("Take an answer back"),
                choices=answers,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def ask_for_pressure(self) -> None:
        day, systolic, diastolic = READING
        self.fields[day] = DayField(
            label=gettext("Blood pressure, measured on"),
            latest=timezone.localdate,
            required=False,
        )
        for name, label in (
            (systolic, gettext("Systolic")),
            (diastolic, gettext("Diastolic")),
        ):
            self.fields[name] = grown(
                BloodPressure, name, unit="mmHg", label=label, required=False
            )

    def lists(self) -> Mapping[str, tuple[object, ...] | None]:
        candidate = self.known.candidate
        return {
            "medicines": candidate.medicines,
            "trials": candidate.history.trials,
            "stimulation": candidate.history.stimulation,
        }

    def taken_back(self) -> list[tuple[str, Any]]:
        """The answers that stand and may be wrong: those that no word of the form unsays."""
        typed = [
            (name, str(LABELS[name]))
            for name in self.fields
            if name in LABELS
            and not isinstance(self.fields[name], AnswerField)
            and self.standing(name) is not None
        ]
        if self.known.candidate.measurements.blood_pressures:
            typed.append(("measurements.blood_pressures", gettext("All blood pressures")))
        return typed

    def answered_before(self, name: str) -> str:
        """Beside the field, never in it."""
        before = self.standing(name)
        return "" if before is None else gettext("Answered: %s") % worded(name, before)

    def standing(self, name: str) -> Any:
        """The answer that was given before, None when there is none."""
        section, _, field = name.partition(".")
        return getattr(getattr(self.known.candidate, section), field)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        reading = [said.get(name) for name in READING]
        if any(part is not None for part in reading):
            for name in READING:
                if name in said and said[name] is None:
                    self.add_error(
                        name,
                        gettext("A reading has a day, a systolic and a diastolic value."),
                    )
        return said

    def said(self) -> Mapping[str, Any]:
        """By ``section.field``, what was answered now; None takes an answer back."""
        said: dict[str, Any] = dict.fromkeys(self.cleaned_data.get("forget", ()))
        for name, typed in self.cleaned_data.items():
            if name in LABELS and typed not in {None, ""}:
                said[name] = self.meant(name, typed)
        day, systolic, diastolic = (self.cleaned_data[name] for name in READING)
        if day is not None:
            earlier = self.known.candidate.measurements.blood_pressures or ()
            kept = () if "measurements.blood_pressures" in said else earlier
            said["measurements.blood_pressures"] = (
                *kept,
                BloodPressure(day, systolic, diastolic),
            )
        return said

    def meant(self, name: str, typed: Any) -> Any:
        if isinstance(self.fields[name], AnswerField):
            return truth(typed)
        return EpisodeSeverity(typed) if name == "episode.severity" else typed

    def none_of(self) -> frozenset[str]:
        """The lists that somebody asked for and that are empty."""
        return frozenset(
            name for name in NONE_ASKED if self.cleaned_data.get(f"{NONE}{name}", False)
        )


def worded(name: str, answer: Any) -> str:
    """An answer as the reader writes it."""
    match answer:
        case bool():
            return str(ANSWERS[Answer.of(answer)])
        case EpisodeSeverity():
            return str(SEVERITIES[answer.value])
        case date():
            return day_written(answer)
        case _:
            return f"{numeral(Decimal(answer))} {UNITS.get(name, '')}".strip()


def question(name: str) -> Any:
    section, _, field = name.partition(".")
    kind = get_type_hints(Candidate)[section]
    return grown(
        kind,
        field,
        words=SEVERITIES,
        unit=UNITS.get(name, ""),
        label=LABELS[name],
        required=False,
    )
