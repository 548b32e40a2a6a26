"""What the form for monitoring asks beside the chart: yes, no, or not asked."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.chairside.monitoring_answers import NOT_ASKED
from lysglimt.clinic.design.amounts import CountField
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


class MonitoringAnswers(EntryForm):
    """Nothing is answered beforehand; what is left open is listed as missing."""

    all_optional = True

    def __init__(
        self, *args: Any, before: Mapping[str, Any], changes: bool, **kwargs: Any
    ) -> None:
        """``before`` are the answers as they stand."""
        super().__init__(*args, **kwargs)
        language = get_language() or "nb"
        for one in monitoring_form().asked:
            self.fields |= dict(self.asked(one, one.name.in_language(language)))
        self.initial = {**self.initial, **dict(self.stood(before))}
        if changes:
            self.fields["reason"] = forms.CharField(
                label=gettext("Why is it changed?"), max_length=200
            )

    def asked(self, one: FormField, name: str) -> Iterator[tuple[str, forms.Field]]:
        if one.kind is AnswerKind.WORDS:
            yield one.id, forms.CharField(label=name, max_length=200, required=False)
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
                if part != "said":
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
            onset, over = said.get(f"{one.id}.onset"), said.get(f"{one.id}.over")
            if onset is not None and over is not None and over < onset:
                self.add_error(f"{one.id}.over", gettext("It is over before it began."))
            more = [name for name in said if name.startswith(f"{one.id}.") and said[name]]
            if one.kind is not AnswerKind.WORDS and more and said.get(one.id) != "yes":
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
        parts = ("onset", "over", "kinds", "story")
        more = {part: said.get(f"{one.id}.{part}") for part in parts}
        return {"said": said[one.id]} | {
            part: plain(value) for part, value in more.items() if value not in (None, "", [])
        }


def plain(value: Any) -> Any:
    return value if isinstance(value, str | list) else int(value)
