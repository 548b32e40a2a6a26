"""The questions before the start. What is not answered is unknown, and is asked again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.chairside.contradicted import when
from lysglimt.clinic.chairside.models import StartGateRecord
from lysglimt.clinic.chairside.rated_today import Heard
from lysglimt.clinic.chairside.showing import at_clock
from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.design.clock import ClockField
from lysglimt.clinic.design.days import DayField
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.monitoring.gate_conditions import GateCondition, gate_rules
from lysglimt.knowledge.monitoring.observation import SessionRoute
from lysglimt.knowledge.monitoring.start_gate import Pregnancy

from .timing import DoneThen, EntryForm, last_at

ON_RECORD = frozenset(
    {
        *("consent", "registered", "order_signed", "two_person_check"),
        *("accepted", "workup", "baseline", "no_doctor_now", "suicidality_rated"),
        "may_be_treated",
        "one_infusion",
    }
)
"""Known to the record, so nobody is asked."""
BY_NAME, NOBODY = "doctor_available", "nobody"
"""The condition that is answered by whom, and its no."""
SUICIDALITY, SOMETHING_NEW, ANSWERED = "suicidality_asked", "no", "answered"
"""The condition; it calls a doctor; it is what a doctor has answered today, and nothing more."""
STANDS = (("yes", gettext_lazy("True")), ("no", gettext_lazy("Not true")))
"""Said of a sentence; a yes to \"no alcohol\" could be heard both ways."""
PREGNANCIES = (
    (Pregnancy.IMPOSSIBLE.value, gettext_lazy("Not possible")),
    (Pregnancy.NEGATIVE.value, gettext_lazy("Test negative")),
    (Pregnancy.POSITIVE.value, gettext_lazy("Test positive")),
    (Pregnancy.UNKNOWN.value, gettext_lazy("Not known")),
)
OTHERS = (
    ("none", gettext_lazy("None")),
    ("recovering", gettext_lazy("One, in green recovery")),
    ("more", gettext_lazy("More, or one who is not in green recovery")),
)


def statements(asked: Iterable[GateCondition]) -> dict[str, forms.Field]:
    """Each holds or does not, so that yes is always the safe answer."""
    language = get_language() or "nb"
    fields: dict[str, forms.Field] = {
        condition.id: forms.ChoiceField(
            label=condition.name.in_language(language),
            choices=STANDS,
            widget=forms.RadioSelect,
            required=False,
        )
        for condition in asked
    }
    return fields


def suicidality_words(heard: Heard, *, at: datetime) -> str:
    """Who is called by which answer: nobody is said to be called who is not."""
    if heard.awaited:
        words = gettext(
            "Not true: something new was said. A doctor was called at %(at)s and is awaited, so no "
            "other is called. Not asked yet: leave it open."
        )
        return words % {"at": when(heard.awaited.opened_at, day=on_day(at))}
    if heard.answered:
        return gettext(
            "Something more or new calls a doctor again. Not asked yet: leave it open."
        )
    return gettext(
        "Not true: something new was said, and a doctor is called. Not asked yet: leave it open."
    )


def answers_to(heard: Heard) -> tuple[tuple[str, str | Promise], ...]:
    """What a doctor has answered today is told apart from what nobody has heard yet."""
    if heard.answered is None:
        return STANDS
    words = gettext("Not true, but nothing more than %(who)s answered at %(at)s")
    said = {"who": heard.answered.by, "at": at_clock(heard.answered.at)}
    return (
        STANDS[0],
        (ANSWERED, words % said),
        (SOMETHING_NEW, gettext("Not true: something more or new was said")),
    )


class GateForm(DoneThen, EntryForm):
    # What is left open is asked, or closes the gate: nothing here is at one's choice.
    all_optional = True
    partly_stored = False

    last_solids = ClockField(
        label=gettext_lazy("Last ate at (hh:mm)"),
        required=False,
        help_text=gettext_lazy(
            "The last time the clock showed it. Longer ago than a day: 00:00."
        ),
    )
    last_fluids = ClockField(label=gettext_lazy("Last drank at (hh:mm)"), required=False)
    pregnancy = forms.ChoiceField(
        label=gettext_lazy("Pregnancy"), choices=PREGNANCIES, widget=forms.RadioSelect
    )
    tested_on = DayField(label=gettext_lazy("Pregnancy test on"), required=False)
    others = forms.ChoiceField(
        label=gettext_lazy("The nurse's other patients now"),
        choices=OTHERS,
        widget=forms.RadioSelect,
    )
    chronic_lung = forms.BooleanField(
        label=gettext_lazy("Chronic lung disease"), required=False
    )
    doctor = forms.ChoiceField(
        label=gettext_lazy("The responsible doctor, available now"), required=False
    )

    def __init__(
        self,
        *args: Any,
        age: int,
        doctors: Sequence[Professional],
        heard: Heard,
        route: SessionRoute = SessionRoute.IV,
        before: StartGateRecord | None = None,
        **kwargs: Any,
    ) -> None:
        """``before`` is the record of an earlier time: its answers are shown, to be confirmed."""
        kwargs["initial"] = dict(before.answers) if before else {}
        if heard.answered and kwargs["initial"].get(SUICIDALITY) == SOMETHING_NEW:
            # It is answered: has more been said since?
            del kwargs["initial"][SUICIDALITY]
        super().__init__(*args, **kwargs)
        self.doctors, self.heard = {str(one.pk): one for one in doctors}, heard
        choice_field(self, "doctor").choices = [
            ("", "–"),
            *((key, str(one)) for key, one in self.doctors.items()),
            (NOBODY, gettext("No doctor is available")),
        ]
        if before is not None and before.answers.keys() - {SUICIDALITY}:
            self.fields["confirmed"] = forms.BooleanField(
                label=gettext("Gone through anew: every answer above is right now")
            )
        self.asked = [
            condition
            for condition in gate_rules().conditions
            if condition.id not in ON_RECORD | {BY_NAME} and condition.asked(route, age)
        ]
        self.fields = statements(self.asked) | self.fields
        choice_field(self, SUICIDALITY).choices = answers_to(heard)
        self.fields[SUICIDALITY].help_text = suicidality_words(heard, at=timezone.now())

    def clean_last_solids(self) -> time | None:
        return self.not_ahead("last_solids")

    def clean_last_fluids(self) -> time | None:
        return self.not_ahead("last_fluids")

    def not_ahead(self, name: str) -> time | None:
        """Of a check of another day, before it was gone through, and so not ahead of anything."""
        clock: time | None = self.cleaned_data[name]
        return clock if self.of_another_day else self.sound(clock)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("pregnancy") == Pregnancy.NEGATIVE and not said.get("tested_on"):
            self.add_error("tested_on", gettext("Write the day of the test."))
        return said

    def agrees_with(self, recorded: Mapping[str, str]) -> bool:
        """``recorded`` says by field what the tick contradicts. What was typed stays."""
        for name, words in recorded.items():
            self.add_error(name, words)
        return not recorded

    def answers(self) -> dict[str, bool | None]:
        stands = {"yes": True, "no": False, ANSWERED: False, "": None}
        said = {one.id: stands[self.cleaned_data[one.id]] for one in self.asked}
        named = self.cleaned_data["doctor"]
        return {**said, BY_NAME: named != NOBODY if named else None}

    @property
    def named_doctor(self) -> Professional | None:
        return self.doctors.get(self.cleaned_data.get("doctor", ""))

    @property
    def says_new(self) -> bool:
        """Also of a form that is refused."""
        return self.data.get(SUICIDALITY) == SOMETHING_NEW

    def new_stored(self, heard: Heard, *, at: datetime) -> None:
        """Of this form that alone; ``heard`` is who is called by now."""
        self.partly_stored, self.heard = True, heard
        self[SUICIDALITY].help_text = (
            suicidality_words(heard, at=at)
            if heard.awaited
            else gettext(
                "Stored of this form, and a doctor has answered: it calls nobody again. Has the "
                "patient said more since? Open the start check anew, and say it there."
            )
        )

    def as_typed(self) -> dict[str, str]:
        """What stands in each field, so that it can be shown and confirmed anew."""
        kept = self.fields.keys() - {"entry", "confirmed"}
        typed = {name: str(self.data.get(name, "")) for name in kept}
        return {name: value for name, value in typed.items() if value}

    def fasted_since(self, name: str, *, at: datetime) -> datetime | None:
        clock = self.cleaned_data[name]
        return None if clock is None else last_at(clock, before=at)


class OverrideForm(forms.Form):
    reason = ReasonField(
        label=gettext_lazy("Why the session may start in spite of this"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
