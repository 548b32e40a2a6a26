"""The questions before the start. What is not answered is unknown, and is asked again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.chairside.models import StartGateRecord
from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.design.clock import ClockField
from lysglimt.clinic.design.days import DayField
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.people.models import Professional
from lysglimt.knowledge.monitoring.gate_conditions import GateCondition, gate_rules
from lysglimt.knowledge.monitoring.observation import SessionRoute
from lysglimt.knowledge.monitoring.start_gate import Pregnancy

from .timing import EntryForm, last_at, refuse_ahead

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
SUICIDALITY = "suicidality_asked"
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
    fields[SUICIDALITY].help_text = gettext(
        "Not true: something new was said, and a doctor is called. Not asked yet: leave it open."
    )
    return fields


class GateForm(EntryForm):
    # What is left open is asked, or closes the gate: nothing here is at one's choice.
    all_optional = True

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
        before: StartGateRecord | None = None,
        **kwargs: Any,
    ) -> None:
        """``before`` is the record of an earlier time: its answers are shown, to be confirmed."""
        kwargs["initial"] = dict(before.answers) if before else {}
        super().__init__(*args, **kwargs)
        self.doctors = {str(one.pk): one for one in doctors}
        choice_field(self, "doctor").choices = [
            ("", "–"),
            *((key, str(one)) for key, one in self.doctors.items()),
            (NOBODY, gettext("No doctor is available")),
        ]
        if before is not None and before.answers:
            self.fields["confirmed"] = forms.BooleanField(
                label=gettext("Gone through anew: every answer above is right now")
            )
        self.asked = [
            condition
            for condition in gate_rules().conditions
            if condition.id not in ON_RECORD | {BY_NAME}
            and condition.asked(SessionRoute.IV, age)
        ]
        self.fields = statements(self.asked) | self.fields

    def clean_last_solids(self) -> time | None:
        return refuse_ahead(self.cleaned_data["last_solids"])

    def clean_last_fluids(self) -> time | None:
        return refuse_ahead(self.cleaned_data["last_fluids"])

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
        stands = {"yes": True, "no": False, "": None}
        said = {one.id: stands[self.cleaned_data[one.id]] for one in self.asked}
        named = self.cleaned_data["doctor"]
        return {**said, BY_NAME: named != NOBODY if named else None}

    @property
    def named_doctor(self) -> Professional | None:
        return self.doctors.get(self.cleaned_data["doctor"])

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
