"""What is checked before the patient goes home, and when the patient left."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.chairside.actions import Decided
from lysglimt.clinic.design.amounts import CountField
from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.people.forms import TELEPHONE
from lysglimt.clinic.people.models import Professional
from lysglimt.knowledge.monitoring.discharge import (
    OF_ITEM,
    DischargeCondition,
    discharge_rules,
)
from lysglimt.knowledge.monitoring.observation import SessionRoute
from lysglimt.knowledge.monitoring.vital_signs import VitalSign, plausible

from .gate import NOBODY, STANDS
from .timing import EntryForm, TimedForm

ON_RECORD = frozenset({"nurse_signed", "doctor_signed", "escort", "no_doctor_now"})
ITEMS = {
    "aldrete.activity": gettext_lazy("Aldrete: activity"),
    "aldrete.breathing": gettext_lazy("Aldrete: breathing"),
    "aldrete.circulation": gettext_lazy("Aldrete: circulation"),
    "aldrete.consciousness": gettext_lazy("Aldrete: consciousness"),
    "aldrete.oxygen": gettext_lazy("Aldrete: oxygen saturation"),
    "padss.vitals": gettext_lazy("PADSS: vital signs"),
    "padss.walking": gettext_lazy("PADSS: walking"),
    "padss.nausea": gettext_lazy("PADSS: nausea"),
    "padss.pain": gettext_lazy("PADSS: pain"),
}
"""0 to 2 each. Those that the readings answer are not asked."""


DANGERS = (
    ("no", gettext_lazy("No")),
    ("yes", gettext_lazy("Yes")),
)
"""To a question about a danger. A denial is not confirmed: its yes and no are easily swapped."""
SAFE = {"yes": True, "no": False, "": None}
FREE_OF_DANGER = {"no": True, "yes": False, "": None}


def asked_condition(condition: DischargeCondition) -> tuple[str, forms.Field]:
    """The name of its field, and the field: a sentence that holds, or a danger that is there.

    The two have names of their own, so that a yes to the one is never read as a yes to the other.
    """
    language = get_language() or "nb"
    danger = condition.danger
    field = forms.ChoiceField(
        label=(danger or condition.name).in_language(language),
        choices=DANGERS if danger else STANDS,
        widget=forms.RadioSelect,
        required=False,
    )
    return f"danger_{condition.id}" if danger else condition.id, field


def asked_conditions(age: int) -> list[DischargeCondition]:
    """Of a patient of this age, after an infusion."""
    return [
        one
        for one in discharge_rules().conditions
        if one.id not in ON_RECORD and one.asked(SessionRoute.IV, age)
    ]


class DischargeForm(EntryForm):
    """``computed`` are the items that the readings answer: shown, not asked."""

    escort_name = forms.CharField(
        label=gettext_lazy("Escort: name"), max_length=100, required=False
    )
    escort_telephone = forms.CharField(
        label=gettext_lazy("Escort: telephone"),
        max_length=20,
        required=False,
        validators=[TELEPHONE],
    )
    deviation = ReasonField(
        label=gettext_lazy("If a criterion is not met: the decision, whose and why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, computed: dict[str, int], changes: bool, age: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.computed = computed
        self.asked = asked_conditions(age)
        conditions = dict(asked_condition(condition) for condition in self.asked)
        rass = plausible().of(VitalSign.AROUSAL)
        points: dict[str, forms.Field] = {
            "rass": CountField(
                label="RASS (−5–+4)",
                lowest=rass.lowest,
                highest=rass.highest,
                required=False,
            )
        }
        for item, words in ITEMS.items():
            if item not in computed:
                points[item] = CountField(
                    label=f"{words} (0–{OF_ITEM})", lowest=0, highest=OF_ITEM, required=False
                )
        self.fields = conditions | points | self.fields
        if changes:
            self.fields["reason"] = forms.CharField(
                label=gettext_lazy("Why is the checklist changed?"), max_length=200
            )

    def agrees_with(self, recorded: Mapping[str, str]) -> bool:
        """``recorded`` says by field what the tick contradicts. What was typed stays."""
        for one in self.asked:
            if one.id in recorded:
                field = f"danger_{one.id}" if one.danger else one.id
                self.add_error(field, recorded[one.id])
        return not recorded

    def answers(self) -> dict[str, object]:
        """By id: conditions yes, no or unknown; points as typed or computed."""
        said = self.cleaned_data
        yes_no: dict[str, object] = {
            one.id: FREE_OF_DANGER[said[f"danger_{one.id}"]]
            if one.danger
            else SAFE[said[one.id]]
            for one in self.asked
        }
        typed = {item: said[item] for item in ITEMS if item in said}
        return {**yes_no, **typed, **self.computed, "rass": said["rass"]}


class LeaveForm(TimedForm):
    """When the patient left; which doctor decided it and why, where a criterion is not met."""

    when_asked = frozenset({"doctor", "deviation"})

    doctor = forms.ChoiceField(
        label=gettext_lazy("If a criterion is not met: the doctor who decided"), required=False
    )
    deviation = ReasonField(
        label=gettext_lazy("If a criterion is not met: what was decided, and why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, doctors: Sequence[Professional], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doctors = {str(one.pk): one for one in doctors}
        choice_field(self, "doctor").choices = [
            ("", "–"),
            *((key, str(one)) for key, one in self.doctors.items()),
            (NOBODY, gettext("No doctor was reached")),
        ]

    def decided(self) -> Decided:
        named = self.cleaned_data["doctor"]
        return Decided(
            why=self.cleaned_data["deviation"],
            doctor=self.doctors.get(named),
            nobody_reached=named == NOBODY,
        )
