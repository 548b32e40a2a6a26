"""One set of observations, typed in a row."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.chairside.actions import Measured
from lysglimt.clinic.chairside.chart import SIGNS
from lysglimt.clinic.chairside.models import SedationScale, SessionPhase, VitalSet
from lysglimt.clinic.design.amounts import CountField
from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.design.clock import ClockField
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.knowledge.monitoring.limits import Outside, is_danger, limits
from lysglimt.knowledge.monitoring.vital_signs import VitalSign, plausible
from lysglimt.knowledge.verdict import Finding

from .timing import Days, EntryForm, TimedForm, ahead

COLUMNS: dict[str, Promise] = {
    "systolic": gettext_lazy("Systolic mmHg"),
    "diastolic": gettext_lazy("Diastolic mmHg"),
    "pulse": gettext_lazy("Pulse /min"),
    "spo2": gettext_lazy("SpO₂ %"),
    "respiration": gettext_lazy("Breaths /min"),
    "sedation": gettext_lazy("MOAA/S 5–0"),
    "dissociation": gettext_lazy("Dissoc. 0–10"),
    "distress": gettext_lazy("Distress 0–10"),
    "nausea": gettext_lazy("Nausea 0–10"),
}
"""The row, in the order in which it is typed."""
CALLED = {**SIGNS, "sedation": VitalSign.SEDATION}


def column_field(column: str) -> CountField:
    """With the hard limits of the rules."""
    label = COLUMNS[column]
    allowed = plausible().of(CALLED[column])
    # Points need no unit: the scale stands in the label.
    unit = "" if allowed.unit[0].isdigit() else allowed.unit
    return CountField(
        label=label, lowest=allowed.lowest, highest=allowed.highest, unit=unit, required=False
    )


class Readings(forms.Form):
    """The columns, without when: what recording and correcting have in common."""

    when_asked = frozenset({"confirmed"})

    signs = forms.MultipleChoiceField(
        label=gettext_lazy("Seen or told"), required=False, widget=forms.CheckboxSelectMultiple
    )
    signs_over = forms.MultipleChoiceField(
        label=gettext_lazy("Asked about, and over now"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    on_oxygen = forms.BooleanField(label=gettext_lazy("On oxygen"), required=False)
    not_measured = forms.CharField(
        label=gettext_lazy("What is empty was not measured, because"),
        max_length=120,
        required=False,
    )
    comment = forms.CharField(label=gettext_lazy("Comment"), max_length=500, required=False)

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(pressure_parted(data), **kwargs)
        fields = {column: column_field(column) for column in COLUMNS}
        self.fields = fields | self.fields
        choice_field(self, "signs").choices = [
            (name, seen.name.in_language(get_language() or "nb"))
            for name, seen in limits().signs.items()
        ]
        choice_field(self, "signs_over").choices = danger_signs(limits().signs)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        high, low = said.get("systolic"), said.get("diastolic")
        if high is not None and low is not None and low >= high:
            words = gettext(
                "Are systolic and diastolic swapped? %(low)s is not below %(high)s."
            )
            self.add_error("diastolic", words % {"low": low, "high": high})
        if set(said.get("signs", ())) & set(said.get("signs_over", ())):
            words = gettext("The same is ticked as seen and as over.")
            self.add_error("signs_over", words)
        return said

    def readings(self) -> dict[str, int]:
        said = self.cleaned_data
        return {column: said[column] for column in COLUMNS if said.get(column) is not None}

    def measured(self, phase: SessionPhase) -> Measured:
        """Of a form that is valid."""
        said, why = self.cleaned_data, self.cleaned_data["not_measured"]
        readings: dict[str, Any] = dict(self.readings())
        return Measured(
            phase=phase,
            **readings,
            sedation_scale=SedationScale.MOAAS if "sedation" in readings else None,
            on_oxygen=said["on_oxygen"],
            signs=said["signs"],
            signs_over=said.get("signs_over", ()),
            not_measured={each: why for each in COLUMNS if why and each not in readings},
            comment=said["comment"],
        )

    def ask(self, questions: tuple[Finding, ...]) -> bool:
        """Whether a reading is right that can be and seldom is; true when one was not confirmed.

        One tick for the set. What is confirmed is the values, so another is asked about anew.
        """
        asked = {one.criterion: one for one in questions}
        values = dict(question_values(self, asked))
        what = ";".join(values)
        confirmed = self.data.getlist("confirmed") if isinstance(self.data, QueryDict) else []
        if not values or what in confirmed:
            return False
        self.fields["confirmed"] = forms.MultipleChoiceField(
            label=gettext_lazy("Unusual: tick if it is right, or correct it"),
            choices=[(what, ", ".join(values.values()))],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.add_error(
            "confirmed", forms.ValidationError(gettext_lazy("Is this right?"), code="unusual")
        )
        return True


class VitalsForm(Readings, TimedForm):
    """A new set. ``foreseen`` is what would be outside when it is confirmed."""

    foreseen: tuple[Outside, ...] = ()

    def ask_whether_over(self, standing: Collection[str]) -> None:
        """Of the danger signs that stand, and of no other."""
        if standing:
            choice_field(self, "signs_over").choices = danger_signs(standing)
        else:
            del self.fields["signs_over"]

    @property
    def begun(self) -> bool:
        """Something is typed or ticked in the row."""
        more = ("signs", "signs_over", "on_oxygen", "not_measured", "comment")
        return any(self.data.get(name) for name in (*COLUMNS, *more))

    def danger(self) -> list[str]:
        """The danger signs that were ticked or tapped, also of a form that is refused."""
        said = self.data.getlist("signs") if isinstance(self.data, QueryDict) else []
        return [sign for sign, _ in danger_signs(limits().signs) if sign in said]

    @property
    def more_refused(self) -> bool:
        """Something is to be corrected among what is folded away."""
        return bool(self.errors.keys() & {"signs", "on_oxygen", "not_measured", "comment"})


class CorrectionForm(Readings, EntryForm):
    """The set as it should have been; the reason stands beside what was struck out."""

    when_asked = Readings.when_asked | {"day", "clock"}
    day = forms.ChoiceField(label=gettext_lazy("Day"), required=False)
    clock = ClockField(label=gettext_lazy("At (hh:mm)"), required=False)

    reason = forms.CharField(label=gettext_lazy("Why is it corrected?"), max_length=200)
    withdrawn = forms.BooleanField(
        label=gettext_lazy("The whole set was entered in error"), required=False
    )

    def changed_columns(self) -> dict[str, object]:
        """Every column as it now is; a column left empty was not measured."""
        shown = [column for column in COLUMNS if column in self.fields]
        columns = columns_of(self.measured(SessionPhase.BEFORE), shown)
        then = self.moved_to()
        return columns | ({"happened_at": then} if then else {})

    def __init__(
        self, data: QueryDict | None = None, *, row: VitalSet, days: Days, at: datetime
    ) -> None:
        """``at`` is when it is corrected: it was measured on a day of the session by then."""
        self.was, self.now = row.happened_at.astimezone(OSLO), at
        super().__init__(data, initial=self.as_stored(row))
        found = days.also(self.was.date(), at=at)
        choice_field(self, "day").choices = found
        first = ("day", "clock") if len(found) > 1 else ("clock",)
        if len(found) == 1:
            del self.fields["day"]
        self.order_fields([*first, *(name for name in self.fields if name not in first)])
        if row.sedation_scale == SedationScale.RASS:
            # Read on another scale than this form has: it stays as it was.
            del self.fields["sedation"]

    def moved_to(self) -> datetime | None:
        """None where the time stays as it stands: it is typed to the minute."""
        said = self.cleaned_data
        day = date.fromisoformat(said.get("day") or self.was.date().isoformat())
        clock = said.get("clock") or self.was.time().replace(second=0, microsecond=0)
        then = datetime.combine(day, clock, tzinfo=OSLO)
        return None if then == self.was.replace(second=0, microsecond=0) else then

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        then = self.moved_to()
        if then and then > self.now:
            self.add_error("clock", ahead(then.time(), now=self.now))
        return said

    @staticmethod
    def as_stored(row: VitalSet) -> dict[str, object]:
        """What was charted before is not a measurement anew: it is what is being corrected."""
        stored = {column: getattr(row, column) for column in COLUMNS}
        why = next(iter(row.not_measured.values()), "")
        then = row.happened_at.astimezone(OSLO)
        return stored | {
            "day": then.date().isoformat(),
            "clock": f"{then:%H:%M}",
            "signs": row.signs,
            "signs_over": row.signs_over,
            "on_oxygen": row.on_oxygen,
            "not_measured": why,
            "comment": row.comment,
        }


def columns_of(said: Measured, shown: Collection[str] = tuple(COLUMNS)) -> dict[str, object]:
    """As a row holds them: the readings of those columns, and what is told beside them."""
    columns: dict[str, object] = {column: getattr(said, column) for column in shown}
    if "sedation" in columns:
        columns["sedation_scale"] = said.sedation_scale.value if said.sedation_scale else ""
    return columns | {
        "on_oxygen": said.on_oxygen,
        "signs": sorted(said.signs),
        "signs_over": sorted(said.signs_over),
        "not_measured": dict(said.not_measured),
        "comment": said.comment,
    }


def danger_signs(among: Iterable[str]) -> list[tuple[str, str]]:
    """The red ones, each with its name."""
    language, known = get_language() or "nb", limits().signs
    return [(sign, known[sign].name.in_language(language)) for sign in among if is_danger(sign)]


def one_tap() -> list[str]:
    """The danger signs that the page has a button for; each is stored as if it was ticked."""
    return [sign for sign, seen in limits().signs.items() if seen.one_tap]


def pressure_parted(data: QueryDict | None) -> QueryDict | None:
    """``120/80`` in the first field is both pressures."""
    if data is None or data.get("diastolic"):
        return data
    systolic, slash, diastolic = str(data.get("systolic", "")).partition("/")
    if not slash:
        return data
    parted = data.copy()
    parted["systolic"], parted["diastolic"] = systolic, diastolic
    return parted


def question_values(form: Readings, asked: dict[str, Finding]) -> Iterator[tuple[str, str]]:
    """``systolic=190`` and what is asked about it."""
    readings = form.readings()
    for column, sign in CALLED.items():
        question = asked.get(f"plausible:{sign}")
        if question is not None and column in readings:
            words = question.reason.in_language(get_language() or "nb")
            yield f"{column}={readings[column]}", words
