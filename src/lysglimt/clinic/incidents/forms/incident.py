"""What is typed about an incident. Nothing is picked beforehand."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.chairside.forms.timing import EntryForm
from lysglimt.clinic.design.answers import AnswerField
from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.design.days import MomentField
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.incidents.actions import Said
from lysglimt.clinic.incidents.models import Answer, Incident, Progress
from lysglimt.clinic.incidents.showing import grade_told, language, qualities
from lysglimt.clinic.incidents.wordings import (
    DONE,
    LABELS,
    OUTCOMES,
    PROGRESS,
    TRANSIENT,
    UNASSESSED,
    UNGRADED,
)
from lysglimt.knowledge.safety.adverse_events import EventTerm, grades_of, taxonomy

UNKNOWN, NOTHING, TRANSIENT_GRADE = Answer.UNKNOWN.value, "nothing", "transient"
RISES = "hypertension"
AHEAD = timedelta(minutes=5)
EARLIEST = timedelta(days=3650)


class PastMoment(MomentField):
    """A moment that has been; a year typed wrongly is asked about."""

    def validate(self, value: datetime | None) -> None:
        super().validate(value)
        now = timezone.now()
        if value is not None and not now - EARLIEST <= value <= now + AHEAD:
            raise forms.ValidationError(
                gettext("A moment that has been, and within ten years."), code="not-past"
            )


def radios(name: str, choices: Iterable[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=str(LABELS[name]), choices=[*choices], widget=forms.RadioSelect
    )


def listed(name: str, choices: Iterable[tuple[str, Any]]) -> forms.ChoiceField:
    """To be opened; nothing is picked in it beforehand."""
    return forms.ChoiceField(label=str(LABELS[name]), choices=[("", "–"), *choices])


def boxes(label: Any, choices: Iterable[tuple[str, Any]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=[*choices], widget=forms.CheckboxSelectMultiple
    )


class TermForm(forms.Form):
    """Which term it is: asked first, since the grades are the term's own."""

    term = forms.ChoiceField(label=gettext_lazy("Term"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = ((one.id, one.name.in_language(language())) for one in taxonomy().term)
        ordered = sorted(named, key=lambda pair: pair[1].casefold())
        choice_field(self, "term").choices = [("", "–"), *ordered]


ORDER = (
    *("began_at", "words", "grade", "harmed", "course", "ended_at", "done", "outcome"),
    *("serious", "criteria", "unnatural", "causality", "expected", "nasal", "in_study"),
    *("known_at", "reason"),
)
"""What everybody can answer first, what is judged after it."""


class IncidentForm(EntryForm):
    """What every incident is asked. ``patient``: it is about somebody; ``nasal_known``: by which way."""

    when_asked = frozenset({"criteria", "unnatural", "ended_at"})

    began_at = PastMoment(label=gettext_lazy("When did it begin, or happen?"))
    known_at = PastMoment(
        label=gettext_lazy("When did the unit come to know?"),
        help_text=gettext_lazy(
            "Deadlines of reports are counted from this. As 14.03.2026 09:30."
        ),
    )
    words = ReasonField(
        label=gettext_lazy("What happened, in words"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self,
        *args: Any,
        patient: bool,
        nasal: str = "",
        correcting: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.patient, self.nasal = patient, nasal
        self.ask()
        if not nasal:
            self.fields["nasal"] = AnswerField(label=gettext("Was it esketamine nasal spray?"))
        if correcting:
            self.fields["reason"] = ReasonField(
                label=gettext("Why is this corrected?"), max_length=200
            )
        self.order_fields(ORDER)

    def ask(self) -> None:
        """What this kind of incident is asked beside."""

    def ask_seriousness(self) -> None:
        self.fields["serious"] = AnswerField(label=gettext("Is it serious?"))
        criteria = boxes(gettext("If it is: why"), qualities("seriousness").items())
        criteria.required = False
        self.fields["criteria"] = criteria
        unnatural = AnswerField(
            label=gettext("If the patient died: may the death be unnatural?")
        )
        unnatural.required = False
        self.fields["unnatural"] = unnatural
        self.fields["in_study"] = AnswerField(label=LABELS["in_study"])
        self.fields["expected"] = AnswerField(
            label=gettext("Was it to be expected of the treatment?"),
            help_text=gettext(
                "By the product label and what the patient was told. Dizziness, dissociation, headache, sleepiness, nausea and vomiting are very common. Of very serious harm: was it within the risk that was to be foreseen? In doubt, choose not known: yes takes the alert off the list. Of a death it stays there whatever you answer, until somebody says by name why it is not sent."
            ),
        )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("serious") == Answer.YES and not said.get("criteria"):
            self.add_error("criteria", gettext("Say what makes it serious."))
        if said.get("serious") in {Answer.NO, UNKNOWN} and said.get("criteria"):
            self.add_error("serious", gettext("What makes it serious is ticked below."))
        if "death" in said.get("criteria", ()) and not said.get("unnatural"):
            self.add_error("unnatural", gettext("Answer this of a death."))
        begun, known = said.get("began_at"), said.get("known_at")
        if begun and known and known < begun:
            self.add_error("known_at", gettext("Nobody knew before it happened."))
        return said

    def said(self) -> Said:
        """Of a form that is valid."""
        given = self.cleaned_data
        names = ("words", "known_at", "course", "ended_at", "harmed", "serious", "criteria")
        more = ("causality", "expected", "unnatural", "in_study", "done", "outcome")
        found = {name: given[name] for name in (*names, *more) if name in given}
        return Said(nasal=given.get("nasal") or self.nasal, **found, **self.graded())

    def happened_at(self, at: datetime) -> datetime:
        """The onset, as it was typed."""
        began: datetime | None = self.cleaned_data["began_at"]
        return began or at

    def graded(self) -> dict[str, Any]:
        return {}

    @staticmethod
    def typed(row: Incident) -> dict[str, object]:
        """What stands, to be corrected."""
        names = [field.name for field in row._meta.concrete_fields]
        grade = TRANSIENT_GRADE if row.transient else row.grade
        return {name: getattr(row, name) for name in names if name != "entry"} | {
            "began_at": row.happened_at,
            "grade": grade,
        }


class AdverseEventForm(IncidentForm):
    """Of one term. The grade is never carried over from the chair."""

    def __init__(self, *args: Any, term: EventTerm, **kwargs: Any) -> None:
        self.term = term
        super().__init__(*args, **kwargs)

    def ask(self) -> None:
        words = grades_of(self.term).words
        if words:
            rise = [(TRANSIENT_GRADE, TRANSIENT)] if self.term.id == RISES else []
            grades = [(one, grade_told(self.term, one)) for one in sorted(words)]
            self.fields["grade"] = radios("grade", [*rise, *grades, (UNKNOWN, UNGRADED)])
        self.fields["course"] = radios("course", PROGRESS.items())
        self.fields["ended_at"] = PastMoment(
            label=gettext("If it is over: when was it?"), required=False
        )
        self.ask_seriousness()
        causes = [*qualities("causality").items(), (UNKNOWN, UNASSESSED)]
        self.fields["causality"] = listed("causality", causes)
        self.fields["done"] = boxes(LABELS["done"], DONE.items())
        self.fields["outcome"] = listed("outcome", OUTCOMES.items())

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        begun, ended = said.get("began_at"), said.get("ended_at")
        if ended and said.get("course") != Progress.ENDED:
            self.add_error("course", gettext("A time when it was over is written below."))
        if begun and ended and ended < begun:
            self.add_error("ended_at", gettext("It cannot be over before it began."))
        if {"nothing", "unknown"} & {*said.get("done", ())} and len(said["done"]) > 1:
            self.add_error("done", gettext("Nothing, or not known, goes with nothing else."))
        if "death" in said.get("criteria", ()) and said.get("outcome") not in {None, "died"}:
            self.add_error("outcome", gettext("A death is ticked among what makes it serious."))
        if said.get("grade") == TRANSIENT_GRADE and said.get("serious") == Answer.YES:
            self.add_error(
                "grade", gettext("What is serious has a grade, or a grade not known.")
            )
        return said

    def graded(self) -> dict[str, Any]:
        grade = self.cleaned_data.get("grade", "")
        transient = grade == TRANSIENT_GRADE
        return {
            "term": self.term.id,
            "grade": "" if transient else grade,
            "transient": transient,
        }


class MishapForm(IncidentForm):
    """What went wrong and is no adverse event by itself. Of one about nobody no harm is asked."""

    def ask(self) -> None:
        if self.patient:
            self.fields["harmed"] = AnswerField(label=LABELS["harmed"])
            self.ask_seriousness()

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("harmed") == Answer.NO and said.get("serious") == Answer.YES:
            self.add_error("harmed", gettext("What is serious has harmed somebody."))
        return said
