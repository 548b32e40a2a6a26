"""What was tried, what is diagnosed and what is taken, as typed."""

import uuid
from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.design.answers import ANSWER_OF, known
from lysglimt.clinic.design.numerals import numeral, without_zeros
from lysglimt.clinic.referral.actions import Diagnosed, Taken, Tried
from lysglimt.clinic.referral.models import (
    Diagnosis,
    Medicine,
    StimulationSeries,
    TreatmentTrial,
)
from lysglimt.clinic.referral.wordings import IMPROVEMENTS, STATUSES, STIMULATIONS
from lysglimt.knowledge.eligibility import candidate, trials
from lysglimt.knowledge.eligibility.adequacy import adequacy
from lysglimt.knowledge.eligibility.codes import ICD_10
from lysglimt.knowledge.medicine import WRITTEN

from .grown import grown, listed

Told = TreatmentTrial | StimulationSeries | Diagnosis | Medicine
ATC = RegexValidator(
    rf"^{WRITTEN.pattern}$", gettext_lazy("Seven characters, such as N06AB06.")
)
CODE = RegexValidator(rf"^{ICD_10.pattern}$", gettext_lazy("An ICD-10 code, such as F33.2."))


AMOUNTS = (
    ("mg_per_day", "mg", gettext_lazy("Highest dose a day that was held")),
    ("weeks", gettext_lazy("weeks"), gettext_lazy("How long at that dose")),
    ("adherence", "%", gettext_lazy("How much of it was taken")),
)
TRIAL_ANSWERS = (
    ("improvement", gettext_lazy("Improvement at the end of the trial")),
    ("current_episode", gettext_lazy("In the present episode?")),
    ("intolerant", gettext_lazy("Stopped or kept low because it was not tolerated?")),
)
SERUM = (
    ("serum_in_range", "", gettext_lazy("Serum level within the laboratory's range?")),
    ("serum_mmol_l", "mmol/l", gettext_lazy("Serum level of lithium")),
)


class HistoryForm(forms.Form):
    """One entry. ``said`` is it in the rules' own words, of a form that is valid."""

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, correcting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grow()
        if correcting:
            self.fields["reason"] = forms.CharField(
                label=gettext_lazy("Why is this changed?"), max_length=200
            )
        if "again" in self.data:
            self.ask_again()

    def ask_again(self) -> None:
        self.fields["again"] = forms.BooleanField(
            label=gettext("It is right as it stands"), required=False
        )

    def questioned(self, recorded: Collection[str]) -> bool:
        """Of a form that is valid: something is to be looked at again, and was not ticked."""
        doubts = [] if self.cleaned_data.get("again") else list(self.doubts(recorded))
        if doubts:
            self.ask_again()
        for words in doubts:
            self.add_error("again", words)
        return bool(doubts)

    def doubts(self, recorded: Collection[str]) -> Iterator[str]:
        """``recorded`` are the codes that the patient has already."""
        code = self.code_said()
        if code and code in recorded:
            yield gettext("%(code)s is recorded already, and in force. Is it another one?") % {
                "code": code
            }
        most = adequacy().unusual(code, self.mg_per_day_said())
        if most is not None:
            yield gettext(
                "More than %(most)s mg a day is unusual for this medicine. Is it right?"
            ) % {"most": numeral(without_zeros(most))}

    def code_said(self) -> str:
        """ATC or ICD-10, as the rules write it; empty where the entry has none."""
        match self.said():
            case Diagnosed(diagnosis=diagnosis):
                return diagnosis.code
            case Taken(medicine=medicine):
                return medicine.atc
            case Tried(trial=trial):
                return trial.atc
            case _:
                return ""

    def mg_per_day_said(self) -> Decimal | None:
        """None where nobody said, and of what has no amount."""
        said: Decimal | None = self.cleaned_data.get("mg_per_day")
        return said

    def grow(self) -> None:
        """The fields that come from the clinical core."""

    @abstractmethod
    def said(self) -> Any:
        """What was entered, as the actions take it."""

    @staticmethod
    @abstractmethod
    def typed(row: Any) -> Mapping[str, object]:
        """What was entered, as the form to correct it begins with."""


def own_columns(row: Told, *answers: str) -> dict[str, object]:
    """The columns of a row by name, with those of yes and no as answers."""
    said = {
        name: without_zeros(value) if isinstance(value, Decimal) else value
        for name, value in row.content().items()
    }
    return said | {name: ANSWER_OF[getattr(row, name)] for name in answers}


class TrialForm(HistoryForm):
    def grow(self) -> None:
        table = adequacy()
        bases = [(one.atc, one.name) for one in table.antidepressant]
        self.fields["drug"] = forms.ChoiceField(
            label=gettext("Medicine"), choices=listed(table.names.items()), required=False
        )
        self.fields["other_atc"] = forms.CharField(
            label=gettext("Another medicine, by its ATC code"),
            required=False,
            max_length=7,
            validators=[ATC],
        )
        for name, unit, label in AMOUNTS:
            self.ask(name, unit=str(unit), label=label, required=False)
        self.fields["mg_per_day"].help_text = gettext(
            "In mg; liothyronine in µg. Empty if not known."
        )
        for name, label in TRIAL_ANSWERS:
            self.ask(name, words=IMPROVEMENTS, label=label)
        self.fields["augments"] = forms.ChoiceField(
            label=gettext("Added to this antidepressant"),
            choices=listed(bases, empty=gettext("It was not added to another")),
            required=False,
        )
        for name, unit, label in SERUM:
            self.ask(name, unit=unit, label=label, required=False)
        self.fields["comment"] = comment()

    def ask(self, name: str, **kwargs: Any) -> None:
        self.fields[name] = grown(trials.TreatmentTrial, name, **kwargs)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if "other_atc" in said and bool(said.get("drug")) is bool(said["other_atc"]):
            self.add_error(
                "drug", gettext("Choose a medicine, or write its ATC code below: one of both.")
            )
        return said

    def said(self) -> Tried:
        said = self.cleaned_data
        return Tried(
            trial=trials.TreatmentTrial(
                atc=said["drug"] or said["other_atc"],
                mg_per_day=said["mg_per_day"],
                weeks=said["weeks"],
                adherence=said["adherence"],
                improvement=trials.Improvement(said["improvement"]),
                current_episode=known(said["current_episode"]),
                intolerant=known(said["intolerant"]),
                augments=said["augments"] or None,
                serum_in_range=known(said["serum_in_range"]),
                serum_mmol_l=said["serum_mmol_l"],
            ),
            comment=said["comment"],
        )

    @staticmethod
    def typed(row: TreatmentTrial) -> Mapping[str, object]:
        named = {"drug": row.atc} if row.atc in adequacy().names else {"other_atc": row.atc}
        return own_columns(row, "current_episode", "intolerant", "serum_in_range") | named


class SeriesForm(HistoryForm):
    def grow(self) -> None:
        kind = trials.Stimulation
        self.fields["kind"] = grown(kind, "kind", words=STIMULATIONS, label=gettext("What"))
        self.fields["sessions"] = grown(
            kind, "sessions", label=gettext("Number of treatments"), required=False
        )
        self.fields["improvement"] = grown(
            kind,
            "improvement",
            words=IMPROVEMENTS,
            label=gettext("Improvement at the end of the series"),
        )
        self.fields["current_episode"] = grown(
            kind, "current_episode", label=gettext("In the present episode?")
        )

    def said(self) -> trials.Stimulation:
        said = self.cleaned_data
        return trials.Stimulation(
            kind=trials.StimulationKind(said["kind"]),
            sessions=said["sessions"],
            improvement=trials.Improvement(said["improvement"]),
            current_episode=known(said["current_episode"]),
        )

    @staticmethod
    def typed(row: StimulationSeries) -> Mapping[str, object]:
        return own_columns(row, "current_episode")


class DiagnosisForm(HistoryForm):
    code = forms.CharField(
        label=gettext_lazy("ICD-10 code"),
        help_text=gettext_lazy("With its decimal, such as F33.2."),
        max_length=8,
        validators=[CODE],
    )

    def grow(self) -> None:
        kind = candidate.Diagnosis
        self.fields["status"] = grown(
            kind,
            "status",
            words=STATUSES,
            label=gettext("Does it hold now?"),
            required=False,
        )
        for name, label in (
            ("on", gettext("Day of the event, or of the diagnosis")),
            ("remission_since", gettext("In remission since")),
            ("controlled", gettext("Treated and stable?")),
            ("severe", gettext("Severe? For a tumour: mass effect?")),
            ("prescribed", gettext("Of a dependence: taken as a doctor prescribed?")),
        ):
            self.fields[name] = grown(kind, name, label=label, required=False)
        self.fields["comment"] = comment()

    def said(self) -> Diagnosed:
        said = self.cleaned_data
        return Diagnosed(
            diagnosis=candidate.Diagnosis(
                code=said["code"],
                status=candidate.DiagnosisStatus(said["status"]) if said["status"] else None,
                on=said["on"],
                remission_since=said["remission_since"],
                controlled=known(said["controlled"]),
                severe=known(said["severe"]),
                prescribed=known(said["prescribed"]),
            ),
            comment=said["comment"],
        )

    @staticmethod
    def typed(row: Diagnosis) -> Mapping[str, object]:
        return own_columns(row, "controlled", "severe", "prescribed")


def comment() -> forms.CharField:
    return forms.CharField(
        label=gettext("Comment"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
