"""A call after a session, as it is filled in on the telephone."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.chairside.forms.timing import EntryForm
from lysglimt.clinic.design.answers import AnswerField
from lysglimt.clinic.incidents.actions import Called
from lysglimt.clinic.incidents.models import Answer, Reach
from lysglimt.clinic.incidents.showing import answer, term_named
from lysglimt.clinic.incidents.wordings import REACH
from lysglimt.clinic.people.models import Professional
from lysglimt.knowledge.safety.after_session import after_session_rules

from .incident import NOTHING, UNKNOWN, boxes

ASKED = ("symptoms", "palpitations", "suicide", "elsewhere")


ORDER = ("reach", "palpitations", "suicide", "doctor", "elsewhere", "symptoms", "told")
"""What cannot wait is asked first."""


class CallForm(EntryForm):
    """A call after a session. What is asked of whom was reached is asked in full."""

    when_asked = frozenset({*ASKED, "doctor"})

    reach = forms.ChoiceField(
        label=gettext_lazy("Was the patient reached?"),
        choices=[*REACH.items()],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, doctors: Iterable[Professional], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = [(one.id, term_named(one.id)) for one in after_session_rules().terms]
        symptoms = boxes(
            gettext("Which of these did the patient have?"),
            [*terms, (NOTHING, gettext("None of these")), (UNKNOWN, answer(UNKNOWN))],
        )
        self.fields["symptoms"] = symptoms
        asked: Mapping[str, Any] = {
            "palpitations": gettext("Palpitations, or fainting?"),
            "suicide": gettext("New thoughts, intent or plan of suicide?"),
            "elsewhere": gettext("Ketamine got elsewhere since last time?"),
        }
        for name, label in asked.items():
            self.fields[name] = AnswerField(label=label)
        for name in ("symptoms", *asked):
            self.fields[name].required = False
        self.fields["doctor"] = forms.ChoiceField(
            label=gettext("The doctor you ring, of palpitations, fainting or suicide"),
            help_text=gettext("The doctor gets a task here and no message: ring as well."),
            choices=[("", "–"), *((str(one.pk), str(one)) for one in doctors)],
            required=False,
        )
        self.doctors = {str(one.pk): one for one in doctors}
        self.fields["told"] = forms.CharField(
            label=gettext("How the evening and the night were, and what else was said"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.order_fields(ORDER)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        reached = said.get("reach") == Reach.REACHED
        for name in ASKED if said.get("reach") else ():
            if reached and not said.get(name) and name not in self.errors:
                self.add_error(name, gettext("Ask this, or say that it is not known."))
            elif said.get(name) and not reached:
                self.add_error(name, gettext("The patient was not reached."))
        if reached:
            self.ask_for_doctor(said)
        if said.get("reach") == Reach.GIVEN_UP and len(said.get("told", "")) < 10:
            self.add_error("told", gettext("Say why it is not to be tried again."))
        if {NOTHING, UNKNOWN} & {*said.get("symptoms", ())} and len(said["symptoms"]) > 1:
            self.add_error("symptoms", gettext("None, or not known, goes with nothing else."))
        return said

    def ask_for_doctor(self, said: Mapping[str, Any]) -> None:
        asks = Answer.YES in {said.get("palpitations"), said.get("suicide")}
        if asks and not said.get("doctor"):
            self.add_error("doctor", gettext("Name the doctor you ring."))

    def called(self, which: str) -> Called:
        said = self.cleaned_data
        symptoms = [one for one in said["symptoms"] if one not in {NOTHING, UNKNOWN}]
        return Called(
            which=which,
            reach=Reach(said["reach"]),
            symptoms=symptoms,
            palpitations=said["palpitations"],
            suicide=said["suicide"],
            elsewhere=said["elsewhere"],
            told=said["told"],
            doctor=self.doctors.get(said["doctor"]),
        )
