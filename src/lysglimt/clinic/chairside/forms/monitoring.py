"""What the form for monitoring asks beside the chart: yes, no, or not asked."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.chairside.beside_form import InChart
from lysglimt.clinic.chairside.models import MonitoringForm
from lysglimt.clinic.chairside.monitoring_answers import NOT_ASKED
from lysglimt.clinic.design.amounts import CountField
from lysglimt.clinic.design.clock import ClockField
from lysglimt.knowledge.monitoring.monitoring_form import (
    AnswerKind,
    FormField,
    monitoring_form,
)

from .timing import EntryForm

ANSWERS = (
    ("yes", gettext_lazy("Yes")),
    ("no", gettext_lazy("No")),
    (NOT_ASKED, gettext_lazy("Not asked")),
)


PARTS = ("onset", "over", "kinds", "story")
"""What belongs to a yes."""
OF_ONE_FIELD = frozenset({AnswerKind.WORDS, AnswerKind.CLOCK})
EMPTY: tuple[Any, ...] = (None, "", [])
"""Nought minutes are an answer."""


class MonitoringAnswers(EntryForm):
    """Nothing is answered beforehand; what is left open is listed as missing."""

    all_optional = True

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def __init__(
        self,
        *args: Any,
        stands: MonitoringForm | None,
        chart: Mapping[str, InChart] | None = None,
        **kwargs: Any,
    ) -> None:
        """``stands`` is the form as it is by now; ``chart`` what is charted of what is asked."""
        super().__init__(*args, **kwargs)
        self.stands, self.chart = stands, chart or {}
        language = get_language() or "nb"
        for one in monitoring_form().asked:
            self.fields |= dict(self.asked(one, one.name.in_language(language)))
            self.fields |= dict(self.beside_chart(one))
        if stands and self.data.get("entry") != str(stands.entry):
            said = dict(self.stood(stands.answers))
            self.initial = {**self.initial, **said, "seen": stands.revision}
            self.fields["reason"] = forms.CharField(
                label=gettext("Why is it changed?"), max_length=200
            )

    def asked(self, one: FormField, name: str) -> Iterator[tuple[str, forms.Field]]:
        if one.kind in OF_ONE_FIELD:
            yield one.id, field_of_one(one, name)
            yield (
                f"{one.id}.not_asked",
                forms.BooleanField(label=gettext("%s: not asked") % name, required=False),
            )
            return
        yield (
            one.id,
            forms.ChoiceField(
                label=name, choices=ANSWERS, widget=forms.RadioSelect, required=False
            ),
        )
        if one.kind is AnswerKind.COURSE:
            for part, words in (
                ("onset", gettext("%s Began, minutes after the first device")),
                ("over", gettext("%s Over, minutes after the first device")),
            ):
                field = CountField(
                    label=words % name, lowest=0, highest=999, unit="min", required=False
                )
                yield f"{one.id}.{part}", field
        if one.kind is AnswerKind.EVENT:
            yield from self.of_event(one, name)

    def beside_chart(self, one: FormField) -> Iterator[tuple[str, forms.Field]]:
        """What is charted stands beside the question; an answer against it is to be ticked."""
        said = self.chart.get(one.id)
        if said is None:
            return
        self.fields[one.id].help_text = gettext("In the chart: %s") % said.words
        if said.against:
            label = gettext("%s The answer is right all the same") % self.fields[one.id].label
            yield f"{one.id}.despite", forms.BooleanField(label=label, required=False)

    def of_event(self, one: FormField, name: str) -> Iterator[tuple[str, forms.Field]]:
        language = get_language() or "nb"
        kinds = [
            (kind.id, kind.name.in_language(language)) for kind in monitoring_form().events
        ]
        yield (
            f"{one.id}.kinds",
            forms.MultipleChoiceField(
                label=gettext("%s Which kind") % name,
                choices=kinds,
                widget=forms.CheckboxSelectMultiple,
                required=False,
            ),
        )
        yield (
            f"{one.id}.story",
            forms.CharField(
                label=gettext("%s What happened") % name,
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            ),
        )

    def stood(self, before: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for name, answer in before.items():
            for part, value in answer.items():
                if part == "despite":
                    yield f"{name}.despite", True
                elif part != "said":
                    yield f"{name}.{part}", value
                elif f"{name}.not_asked" not in self.fields:
                    yield name, value
                elif value == NOT_ASKED:
                    yield f"{name}.not_asked", True
                else:
                    yield name, value

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        for one in monitoring_form().asked:
            self.hold_against_chart(one)
            onset, over = said.get(f"{one.id}.onset"), said.get(f"{one.id}.over")
            if onset is not None and over is not None and over < onset:
                self.add_error(f"{one.id}.over", gettext("It is over before it began."))
            more = [part for part in PARTS if said.get(f"{one.id}.{part}") not in EMPTY]
            if one.kind not in OF_ONE_FIELD and more and said.get(one.id) != "yes":
                self.add_error(
                    one.id, gettext("More is told of it: answer yes, or clear that.")
                )
            if said.get(f"{one.id}.not_asked") and said.get(one.id):
                self.add_error(one.id, gettext("It is answered: take away the tick."))
            if (
                one.kind is AnswerKind.EVENT
                and said.get(one.id) == "yes"
                and not said.get(f"{one.id}.story", "").strip()
            ):
                self.add_error(f"{one.id}.story", gettext("Write what happened."))
        return said

    def hold_against_chart(self, one: FormField) -> None:
        said, charted = self.cleaned_data, self.chart.get(one.id)
        if charted is None or said.get(f"{one.id}.despite"):
            return
        if charted.against and said.get(one.id) == charted.against:
            words = gettext(
                "The chart says otherwise: %s. Correct the answer, or tick that it is right."
            )
            self.add_error(one.id, words % charted.words)

    @property
    def stale(self) -> bool:
        """Another has changed what this one was opened with, and it says something else."""
        stands, said = self.stands, self.cleaned_data
        if stands is None or stands.entry == said.get("entry"):
            return False
        return (said.get("seen") or 0) != stands.revision and self.answers() != stands.answers

    def answers(self) -> dict[str, dict[str, Any]]:
        """What is answered, by field; nothing of what is left open."""
        return {
            one.id: answer
            for one in monitoring_form().asked
            if (answer := self.answer(one)) is not None
        }

    def answer(self, one: FormField) -> dict[str, Any] | None:
        said = self.cleaned_data
        if said.get(f"{one.id}.not_asked"):
            return {"said": NOT_ASKED}
        if not said.get(one.id):
            return None
        if one.kind is AnswerKind.CLOCK:
            return {"said": f"{said[one.id]:%H:%M}"}
        more = {part: said.get(f"{one.id}.{part}") for part in PARTS}
        charted = self.chart.get(one.id)
        if charted and said[one.id] == charted.against:
            more["despite"] = charted.words
        return {"said": said[one.id]} | {
            part: plain(value) for part, value in more.items() if value not in EMPTY
        }


def field_of_one(one: FormField, name: str) -> forms.Field:
    if one.kind is AnswerKind.CLOCK:
        label = gettext("%s: from when (hh:mm)") % name
        return ClockField(label=label, required=False)
    return forms.CharField(label=name, max_length=200, required=False)


def plain(value: Any) -> Any:
    return value if isinstance(value, str | list) else int(value)
