"""What is checked before the patient goes home, and when the patient left."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.chairside.actions import Decided
from lysglimt.clinic.chairside.models import DischargeRecord
from lysglimt.clinic.chairside.showing import at_clock
from lysglimt.clinic.chairside.stands import TOLD_IN, as_it_stands, as_told, is_old, said_when
from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.people.forms import TELEPHONE
from lysglimt.clinic.people.models import Professional
from lysglimt.knowledge.monitoring.discharge import (
    INTENT,
    DischargeCondition,
    discharge_rules,
)
from lysglimt.knowledge.monitoring.observation import SessionRoute

from .gate import NOBODY, STANDS
from .points import ITEMS, RASS, points_asked
from .timing import EntryForm, TimedForm

ON_RECORD = frozenset({"nurse_signed", "doctor_signed", "escort", "no_doctor_now"})
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
    return field_of(condition), field


def field_of(condition: DischargeCondition) -> str:
    return f"danger_{condition.id}" if condition.danger else condition.id


def asked_conditions(route: SessionRoute, age: int) -> list[DischargeCondition]:
    """Of a patient of this age, after this way of giving."""
    return [
        one
        for one in discharge_rules().conditions
        if one.id not in ON_RECORD and one.asked(route, age)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """The checklist that is changed: as it was written last, and at what time it is read.

    ``intent_told`` is when new intent was last told at the chair. ``seen_to``: a doctor has answered since new intent was said, or is said to have come. Unjudged, nothing is old.
    """

    record: DischargeRecord
    now: datetime
    intent_told: datetime | None = None
    seen_to: bool = False
    judged: bool = True

    @property
    def answers(self) -> Mapping[str, object]:
        """With what was told at the chair since."""
        return as_told(self.record.answers, self.intent_told)

    @property
    def begun_with_intent(self) -> bool:
        """Nothing else was said: it was stored before the rest was filled in."""
        known = {one.id for one in discharge_rules().conditions} | {*ITEMS, RASS}
        return not any(self.answers.get(name) is not None for name in known - {INTENT})

    def asked_anew(self, name: str) -> bool:
        """A doctor has answered: another yes is another time."""
        return name == INTENT and self.answers.get(name) is False and self.seen_to

    def initial(self, asked: Iterable[DischargeCondition]) -> dict[str, object]:
        """What stands, to be changed; an assessment in points is shown beside its field alone."""
        said: dict[str, object] = {
            "escort_name": self.record.escort_name,
            "escort_telephone": self.record.escort_telephone,
            "deviation": self.record.deviation,
            "seen": self.record.revision,
        }
        for one in asked:
            answer = self.answers.get(one.id)
            if isinstance(answer, bool) and not self.asked_anew(one.id):
                said[field_of(one)] = "yes" if answer is not bool(one.danger) else "no"
        return said

    def in_words(self, name: str) -> str:
        """A yes or no in the words of its choices."""
        danger = any(one.danger for one in discharge_rules().conditions if one.id == name)
        holds = self.answers.get(name) is not danger
        return str(dict(DANGERS if danger else STANDS)["yes" if holds else "no"])

    def told(self, name: str) -> str:
        """What stands of a criterion or an item, and of when it is; nothing of one left open."""
        answer = self.answers.get(name)
        if answer is None:
            return ""
        at = at_clock(said_when(self.record, self.answers, name))
        said = {"at": at, "points": answer, "answer": self.in_words(name)}
        if self.asked_anew(name):
            words = gettext(
                "Yes was said at %(at)s, and a doctor has answered, or is said to have come. Left open, that stands; yes calls a doctor anew."
            )
        elif isinstance(answer, bool):
            words = gettext("Stands: %(answer)s, answered at %(at)s.")
        elif self.judged and is_old(self.record, name, now=self.now):
            words = gettext(
                "Old: %(points)s, assessed at %(at)s. Assess anew; left open, it stands as it was then."
            )
        else:
            words = gettext("Stands: %(points)s, assessed at %(at)s. Left open, it stays.")
        return words % said


class DischargeForm(EntryForm):
    """``computed`` are the items that the readings answer: shown, not asked.

    Of a checklist that is changed, what stands is shown; what is left open stays as it stands.
    """

    partly_stored = False

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)
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
        self,
        *args: Any,
        computed: dict[str, int],
        age: int,
        route: SessionRoute,
        before: Stands | None = None,
        **kwargs: Any,
    ) -> None:
        self.computed, self.before = computed, before
        self.asked = asked_conditions(route, age)
        if before is not None:
            kwargs["initial"] = before.initial(self.asked)
        super().__init__(*args, **kwargs)
        conditions = dict(asked_condition(condition) for condition in self.asked)
        self.fields = conditions | points_asked(computed) | self.fields
        if before is not None:
            self.show_what_stands(before)

    def show_what_stands(self, before: Stands) -> None:
        names = {field_of(one): one.id for one in self.asked}
        for field in self.fields.keys() & {*names, *ITEMS, RASS}:
            told = before.told(names.get(field, field))
            self.fields[field].help_text = " ".join(
                filter(None, (str(self.fields[field].help_text), told))
            )
        if before.record.escort_name:
            self.fields["escort_gone"] = forms.BooleanField(
                label=gettext("The escort above is not coming after all"), required=False
            )
        if before.begun_with_intent:
            return
        self.fields["all_anew"] = forms.BooleanField(
            label=gettext(
                "Gone through anew: the answers above hold now (not the points: they are assessed)"
            ),
            required=False,
        )
        self.fields["reason"] = forms.CharField(
            label=gettext_lazy("Why is the checklist changed?"), max_length=200
        )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        stale = self.before and said.get("seen") not in {None, self.before.record.revision}
        if stale and self.before:
            self.look_again(self.before.record.revision)
            words = gettext(
                "%(by)s changed the checklist at %(at)s, after you had opened it. What stands is told beside each answer: go through it, and save again."
            )
            record = self.before.record
            raise forms.ValidationError(
                words % {"by": record.by, "at": at_clock(record.received_at)}, code="stale"
            )
        return said

    def look_again(self, revision: int) -> None:
        """The page is shown again, beside what stands by now."""
        if isinstance(self.data, QueryDict):
            data = self.data.copy()
            data["seen"] = str(revision)
            self.data = data

    def intent_stored(self, record: DischargeRecord, *, now: datetime) -> None:
        """Of this form new intent alone: what stands beside its field is that."""
        self.partly_stored = True
        self.look_again(record.revision)
        stands = Stands(record=record, now=now)
        self[f"danger_{INTENT}"].help_text = stands.told(INTENT)

    @property
    def says_intent(self) -> bool:
        """Also of a form that is refused."""
        return self.data.get(f"danger_{INTENT}") == "yes"

    def agrees_with(self, recorded: Mapping[str, str]) -> bool:
        """``recorded`` says by field what the tick contradicts. What was typed stays."""
        for one in self.asked:
            if one.id in recorded:
                self.add_error(field_of(one), recorded[one.id])
        return not recorded

    def typed(self) -> dict[str, object]:
        """By id: conditions yes or no, points as typed or computed; None where it was left open."""
        said = self.cleaned_data
        yes_no: dict[str, object] = {
            one.id: (FREE_OF_DANGER if one.danger else SAFE)[said[field_of(one)]]
            for one in self.asked
        }
        points = {item: said[item] for item in ITEMS if item in said}
        return {**yes_no, **points, RASS: said[RASS]}

    def anew(self) -> set[str]:
        """What is said now even where it says the same: points, and what was gone through anew."""
        if self.before is None:
            return set()
        again = {one.id for one in self.asked} if self.cleaned_data.get("all_anew") else set()
        again -= {INTENT}
        if self.before.asked_anew(INTENT) and not self.sent_before:
            again |= {INTENT}
        return again | {*ITEMS, RASS}

    @property
    def sent_before(self) -> bool:
        """New intent was stored of this very form, when the rest of it was refused."""
        told_in = self.before.answers.get(TOLD_IN) if self.before else None
        return told_in == str(self.cleaned_data.get("entry"))

    def answers(self, *, at: datetime) -> dict[str, object]:
        """With what stood where nothing was typed; of an item that is computed the readings tell."""
        before = self.before.record.answers if self.before else {}
        stood = {name: said for name, said in before.items() if name not in self.computed}
        stands = as_it_stands(stood, self.typed(), anew=self.anew(), at=at)
        return {**stands, **self.computed}

    def escort(self) -> dict[str, str]:
        """Name, telephone and the decision, each as it stood where it was left open."""
        said, stood = self.cleaned_data, self.before.record if self.before else None
        gone = said.get("escort_gone") and said["escort_name"] in {
            "",
            stood and stood.escort_name,
        }
        names = ("escort_name", "escort_telephone", "deviation")
        kept = {name: said[name] or (getattr(stood, name) if stood else "") for name in names}
        return kept | (dict.fromkeys(names[:2], "") if gone else {})


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
