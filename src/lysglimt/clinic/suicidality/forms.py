"""What is typed about asking, the safety plan, the rota and the unit's own times."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.design.amounts import CountField
from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.design.clock import ClockField
from lysglimt.clinic.design.days import DayField
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.wordings import role_said
from lysglimt.clinic.scheduling.actions import WatchPlanned
from lysglimt.knowledge.safety.answering import LONGEST
from lysglimt.knowledge.safety.rota import WatchKind
from lysglimt.knowledge.safety.suicidality import Promptness

from .actions import PlanWords
from .models import PARTS, NoteKind, SafetyPlan
from .wordings import NOTES, PLAN_PARTS, WATCHES, WEEKDAYS

LONGEST_ROTA = timedelta(days=366)
MINUTES = {"doctor_now": 1, "same_day": 60, "next_contact": 24 * 60}
"""In which unit each time is typed."""


class NoteForm(forms.Form):
    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(
        label=gettext_lazy("What do you note?"),
        choices=[(kind.value, word) for kind, word in NOTES.items()],
        widget=forms.RadioSelect,
    )
    told = ReasonField(
        label=gettext_lazy("In words"),
        help_text=gettext_lazy(
            "How you tried, and who tries again; or why nobody asks any more, and who sees to the patient."
        ),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def note_kind(self) -> NoteKind:
        return NoteKind(self.cleaned_data["kind"])


class PlanForm(forms.Form):
    """Six parts in the patient's own words. None has to be filled in, but all of them may not be empty."""

    all_optional = True

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(self, data: Any = None, *, known: SafetyPlan | None = None) -> None:
        super().__init__(data)
        in_force = known is not None and not known.withdrawn
        for name, (label, help_text) in PLAN_PARTS.items():
            self.fields[name] = forms.CharField(
                label=label,
                help_text=help_text,
                required=False,
                max_length=2000,
                initial=getattr(known, name) if in_force else "",
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        if known is not None:
            self.fields["revision"].initial = known.revision
            self.fields["reason"] = forms.CharField(
                label=gettext("Why is this changed?"), max_length=200
            )

    def words(self) -> PlanWords:
        said = self.cleaned_data
        return PlanWords(
            parts={name: said[name] for name in PARTS},
            revision=said["revision"],
            reason=said.get("reason", ""),
        )


class WatchForm(forms.Form):
    """Nothing is filled in beforehand: each unit has its own people and hours."""

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    person = forms.ChoiceField(label=gettext_lazy("Who receives?"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Which watch?"),
        choices=[(kind.value, word) for kind, word in WATCHES.items()],
        widget=forms.RadioSelect,
    )
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("On which weekdays does it begin?"),
        choices=[(str(number), word) for number, word in enumerate(WEEKDAYS)],
        widget=forms.CheckboxSelectMultiple,
    )
    begins = ClockField(
        label=gettext_lazy("From (hh:mm)"),
        help_text=gettext_lazy("The clock on the wall, as 22:00."),
    )
    ends = ClockField(
        label=gettext_lazy("Until (hh:mm)"),
        help_text=gettext_lazy("At or before the beginning is the next morning."),
    )
    first_day = DayField(label=gettext_lazy("First day"))
    last_day = DayField(label=gettext_lazy("Last day"))

    def __init__(self, data: Any = None, *, people: Iterable[Professional]) -> None:
        super().__init__(data)
        self.people = {str(one.pk): one for one in people}
        choice_field(self, "person").choices = [
            ("", gettext("Choose")),
            *((key, f"{one}, {role_said(one.role)}") for key, one in self.people.items()),
        ]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        first, last = said.get("first_day"), said.get("last_day")
        if first and last and not first <= last <= first + LONGEST_ROTA:
            self.add_error("last_day", gettext("A day from the first on, within a year of it."))
        return said

    def planned(self) -> WatchPlanned:
        said = self.cleaned_data
        return WatchPlanned(
            person=self.people[said["person"]],
            kind=WatchKind(said["kind"]),
            first_day=said["first_day"],
            last_day=said["last_day"],
            weekdays=tuple(int(one) for one in said["weekdays"]),
            begins=said["begins"],
            ends=said["ends"],
        )


class CrisisTextForm(forms.Form):
    """``read`` is the text that was open: what another has written since is not overwritten."""

    read = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text_nb = ReasonField(
        label=gettext_lazy("In Norwegian"),
        help_text=gettext_lazy(
            "What patients of the unit are told to do in a crisis, with your own telephone numbers. It is printed with the safety plan. Ring each number before you save."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    text_en = forms.CharField(
        label=gettext_lazy("In English"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


def time_field(act: Promptness, *, minutes: int, label: Any, unit: Any) -> CountField:
    longest = LONGEST[act] // timedelta(minutes=minutes)
    return CountField(lowest=1, highest=longest, unit=unit, label=label)


class DeadlinesForm(forms.Form):
    """How soon somebody answers, before the leader is told."""

    doctor_now = time_field(
        Promptness.DOCTOR_NOW,
        minutes=MINUTES["doctor_now"],
        label=gettext_lazy("Doctor now: minutes"),
        unit=gettext_lazy("minutes"),
    )
    same_day = time_field(
        Promptness.SAME_DAY,
        minutes=MINUTES["same_day"],
        label=gettext_lazy("A doctor the same day: hours"),
        unit=gettext_lazy("hours"),
    )
    next_contact = time_field(
        Promptness.NEXT_CONTACT,
        minutes=MINUTES["next_contact"],
        label=gettext_lazy("At the next contact: days at most"),
        unit=gettext_lazy("days"),
    )

    def within(self) -> Mapping[Promptness, timedelta]:
        said = self.cleaned_data
        return {
            act: timedelta(minutes=int(said[name]) * MINUTES[name])
            for name, act in (
                ("doctor_now", Promptness.DOCTOR_NOW),
                ("same_day", Promptness.SAME_DAY),
                ("next_contact", Promptness.NEXT_CONTACT),
            )
        }
