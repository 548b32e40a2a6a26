"""What was done about a safety task, or which doctor has seen the patient."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.design.bilingual import as_stored, in_both
from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.design.days import DayField, MomentField
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.design.templatetags.design import moment
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment.actions import SeenAtAnotherTime, Told
from lysglimt.clinic.treatment.chair import Question
from lysglimt.knowledge.errors import ClinicalError

from .turns import words_field

FURTHEST = timedelta(days=183)
MAY_BE_TREATED = (
    ("yes", gettext_lazy("Yes, the patient may be given the drug today")),
    ("no", gettext_lazy("No, not today")),
)


STOP, OBSERVE, TRANSFER = "stop", "observe", "transfer"
OF_THE_BODY = (
    (STOP, gettext_lazy("Stop the infusion")),
    (OBSERVE, gettext_lazy("Observe at the chair")),
    (TRANSFER, gettext_lazy("Emergency call and transfer")),
)
STOP_AND_STAY, STAY, PSYCHIATRIC, HOME = "stop_and_stay", "stay", "psychiatric", "home"
OF_INTENT = (
    (STOP_AND_STAY, gettext_lazy("Stop the infusion; the patient stays, not alone")),
    (STAY, gettext_lazy("The patient stays, not alone, until a doctor has been there again")),
    (PSYCHIATRIC, gettext_lazy("Emergency assessment or admission in mental health care")),
    (HOME, gettext_lazy("Home by the plan written here, when ready to leave")),
)
"""Steps, never a grade of the risk. [own-proposal]"""
DECIDED = {Question.BODY: OF_THE_BODY, Question.INTENT: OF_INTENT}


class TreatTodayForm(forms.Form):
    """A doctor who is asked for now says it in so many words: the start of an infusion goes by it.

    When the drug is given, what is decided is asked instead. [own-proposal]
    Of what has the day neither is asked.
    """

    decided = forms.ChoiceField(
        label=gettext_lazy("What is decided?"),
        choices=(*OF_THE_BODY, *OF_INTENT),
        widget=forms.RadioSelect,
    )

    treat_today = forms.ChoiceField(
        label=gettext_lazy("May the patient be treated today?"),
        choices=MAY_BE_TREATED,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, asked: Question | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = DECIDED.get(asked, ()) if asked else ()
        if self.choices:
            choice_field(self, "decided").choices = self.choices
        else:
            del self.fields["decided"]
        if asked is not Question.TREAT_TODAY:
            del self.fields["treat_today"]

    def in_words(self, said: str) -> str:
        """What was decided, in both languages, before what was typed."""
        chosen = self.cleaned_data.get("decided")
        if not chosen:
            return said
        return as_stored(in_both(lambda _: f"{dict(self.choices)[chosen]}. {said}"))

    def may_be_treated(self) -> bool | None:
        """None where it is not asked."""
        said = self.cleaned_data.get("treat_today")
        return None if said is None else said == "yes"


class NextContactForm(forms.Form):
    """The day that was agreed with the patient; with it a doctor confirms what another has told."""

    next_contact_on = DayField(
        label=gettext_lazy("Next contact with the patient"),
        help_text=gettext_lazy(
            "The day that was agreed, as 14.03.2026. It stands on the list of whom to ask. Empty where none was agreed."
        ),
        required=False,
    )

    def clean_next_contact_on(self) -> date | None:
        day: date | None = self.cleaned_data["next_contact_on"]
        today = localdate()
        if day is not None and not today <= day <= today + FURTHEST:
            raise forms.ValidationError(gettext("A day from today on, within half a year."))
        return day


class AcknowledgeForm(NextContactForm, TreatTodayForm):
    field_order = ("action_taken", "next_contact_on", "decided", "treat_today")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.choices:
            self.fields["action_taken"].label = gettext("What was seen, and what was done?")

    action_taken = words_field(
        gettext_lazy("What was done?"),
        help_text=gettext_lazy("Who saw the patient, what was agreed, and what happens next."),
    )


class ReportForm(TreatTodayForm):
    """Who, when and what: nothing of it is filled in beforehand."""

    field_order = ("entry", "doctor", "seen_at", "plan", "decided", "treat_today")

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    doctor = forms.ChoiceField(label=gettext_lazy("Which doctor saw the patient?"))
    seen_at = MomentField(label=gettext_lazy("When did the doctor see the patient?"))
    plan = words_field(
        gettext_lazy("The doctor's plan"),
        help_text=gettext_lazy(
            "What the doctor decided: what is done, and who does it. The doctor confirms it."
        ),
    )

    def __init__(self, *args: Any, doctors: Sequence[Professional], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.choices:
            self.fields["plan"].label = gettext("What the doctor saw, and the plan")
        self.doctors = {str(one.pk): one for one in doctors}
        choice_field(self, "doctor").choices = [
            ("", "–"),
            *((key, str(one)) for key, one in self.doctors.items()),
        ]

    def told(self) -> Told:
        """Of a form that is valid."""
        said = self.cleaned_data
        return Told(
            doctor=self.doctors[said["doctor"]],
            plan=self.in_words(said["plan"].strip()),
            treat_today=self.may_be_treated(),
        )

    def entered(self, at: datetime) -> Entered:
        said = self.cleaned_data
        return Entered(happened_at=said["seen_at"], entered_at=at, entry=said["entry"])

    def refuse(self, refusal: ClinicalError) -> None:
        """Beside the field it is about, in the reader's words."""
        field = str(refusal.facts.get("field", ""))
        words = sentence(refusal)
        if isinstance(refusal, SeenAtAnotherTime):
            words = gettext("From %(first)s, after it was asked, and not later than now.") % {
                "first": moment(localtime(refusal.first))
            }
        self.add_error(field if field in self.fields else None, words)
