"""The answer of a laboratory as it is typed: each value with the laboratory's own limits beside it."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.design.amounts import AmountField
from lysglimt.clinic.design.answers import AnswerField
from lysglimt.clinic.design.days import DayField
from lysglimt.clinic.design.numerals import numeral, without_zeros
from lysglimt.clinic.exposure.actions import Answer, Taken
from lysglimt.clinic.exposure.models import LabResult
from lysglimt.clinic.exposure.wordings import SIGNS
from lysglimt.knowledge.safety.analytes import Analyte, LabPanel, ValueRange

LARGEST = Decimal(100000)


def unit_said(unit: str) -> str:
    return {"umol/l": "µmol/l", "points": gettext("points")}.get(unit, unit)


class ResultsForm(forms.Form):
    """A panel. What is not filled in was not answered; of nothing at all it says why."""

    all_optional = True

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    taken_on = DayField(label=gettext_lazy("Taken on"), latest=timezone.localdate)
    laboratory = forms.CharField(
        label=gettext_lazy("Laboratory"), max_length=80, required=False
    )

    def __init__(self, data: Any = None, *, panel: LabPanel, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.panel = panel
        for analyte in panel.analyte:
            self.fields |= dict(fields_of(analyte))
        if panel.asks:
            self.fields["circumstance"] = AnswerField(
                label=panel.asks.in_language(get_language() or "nb"), required=False
            )
        self.fields["unusual"] = forms.BooleanField(
            label=gettext("I have read the values once more: they stand so in the answer"),
            required=False,
        )
        self.fields["not_taken"] = forms.CharField(
            label=gettext("If it was not taken: why not"),
            required=False,
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def parts(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Each test with its limits in one row, so that a limit is not taken for the value."""
        language, shown = get_language() or "nb", set[str]()
        head = [self["taken_on"], self["laboratory"]]
        rows = [
            (
                one.name.in_language(language),
                [self[name] for name in names_of(one, self.fields)],
            )
            for one in self.panel.analyte
        ]
        for _, fields in rows:
            shown |= {field.name for field in fields}
        shown |= {field.name for field in head}
        rest = [one for one in self.visible_fields() if one.name not in shown]
        yield from (("", head), *rows, ("", rest))

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        filled = [one for one in self.panel.analyte if said.get(one.id) not in {None, ""}]
        tried = any(self.data.get(one.id) for one in self.panel.analyte)
        if not tried and not said.get("not_taken"):
            self.add_error(None, gettext("Write an answer, or why it was not taken."))
        if filled and said.get("not_taken"):
            self.add_error("not_taken", gettext("An answer is written: leave this empty."))
        for analyte in self.panel.analyte:
            self.refuse_limits(analyte, said)
        self.ask_circumstance(filled, said)
        strange = [one for one in filled if asked_about(one, said)]
        if strange and not said.get("unusual"):
            names = ", ".join(
                f"{one.name.in_language(get_language() or 'nb')} {numeral(said[one.id])}"
                for one in strange
            )
            self.add_error(
                "unusual",
                gettext("%(values)s is unusual: is it read and typed as it stands?")
                % {"values": names},
            )
        return said

    def refuse_limits(self, analyte: Analyte, said: dict[str, Any]) -> None:
        low, high = said.get(f"{analyte.id}-lower"), said.get(f"{analyte.id}-upper")
        alone = not self.data.get(analyte.id) and not said.get("not_taken")
        if alone and (low is not None or high is not None):
            self.add_error(analyte.id, gettext("A limit is written, and no value."))
        if low is not None and high is not None and low >= high:
            self.add_error(
                f"{analyte.id}-upper", gettext("The upper limit is not above the lower one.")
            )

    def ask_circumstance(self, filled: list[Analyte], said: dict[str, Any]) -> None:
        """It decides how a finding is read, so a positive one asks for it."""
        positive = any(said.get(one.id) == "positive" for one in filled)
        if "circumstance" in self.fields and positive and not said.get("circumstance"):
            self.add_error("circumstance", gettext("Answer this, or say that it is not known."))

    def taken(self) -> Taken:
        said = self.cleaned_data
        return Taken(
            taken_on=said["taken_on"],
            laboratory=said["laboratory"],
            circumstance=said.get("circumstance", ""),
        )

    def answers(self) -> list[Answer]:
        """Of a panel that was not taken, that of each of its tests."""
        said = self.cleaned_data
        if said["not_taken"]:
            why = said["not_taken"]
            return [Answer(analyte=one.id, not_taken=why) for one in self.panel.analyte]
        return [
            answer_of(one, said)
            for one in self.panel.analyte
            if said.get(one.id) not in {None, ""}
        ]


def fields_of(analyte: Analyte) -> Iterator[tuple[str, forms.Field]]:
    name = analyte.name.in_language(get_language() or "nb")
    if analyte.possible is None:
        yield (
            analyte.id,
            forms.ChoiceField(
                label=name,
                choices=[(sign.value, word) for sign, word in SIGNS.items()],
                widget=forms.RadioSelect,
                required=False,
            ),
        )
        return
    unit = unit_said(analyte.unit)
    yield (
        analyte.id,
        within(analyte.possible, label=f"{name} ({unit})", unit=unit),
    )
    if analyte.limit is not None:
        for which, words in (
            ("lower", gettext("lower limit")),
            ("upper", gettext("upper limit")),
        ):
            label = gettext("%(name)s: %(which)s") % {"name": name, "which": words}
            span = analyte.limit if which == "upper" else None
            yield f"{analyte.id}-{which}", limit_field(span, label=label, unit=unit)


def names_of(analyte: Analyte, known: Mapping[str, forms.Field]) -> list[str]:
    names = (analyte.id, f"{analyte.id}-lower", f"{analyte.id}-upper")
    return [name for name in names if name in known]


def within(span: ValueRange, *, label: str, unit: str) -> AmountField:
    return AmountField(
        lowest=span.lowest.value,
        highest=span.highest.value,
        unit=unit,
        label=label,
        required=False,
    )


def limit_field(span: ValueRange | None, *, label: str, unit: str) -> AmountField:
    """A lower limit may be nothing; an upper one that no laboratory has is mistyped."""
    if span is not None:
        return within(span, label=label, unit=unit)
    return AmountField(
        lowest=Decimal(0), highest=LARGEST, unit=unit, label=label, required=False
    )


def asked_about(analyte: Analyte, said: dict[str, Any]) -> bool:
    value = said.get(analyte.id)
    return analyte.usual is not None and value is not None and not analyte.usual.holds(value)


def answer_of(analyte: Analyte, said: dict[str, Any]) -> Answer:
    if analyte.possible is None:
        return Answer(analyte=analyte.id, sign=said[analyte.id])
    return Answer(
        analyte=analyte.id,
        value=said[analyte.id],
        unit_of_value=analyte.unit,
        lower_limit=said.get(f"{analyte.id}-lower"),
        upper_limit=said.get(f"{analyte.id}-upper"),
    )


class CorrectionForm(ResultsForm):
    """One answer told otherwise; why it was not taken is its own row."""

    def __init__(self, data: Any = None, *, result: LabResult, panel: LabPanel) -> None:
        mine = tuple(one for one in panel.analyte if one.id == result.analyte)
        alone = replace(panel, analyte=mine)
        super().__init__(data, panel=alone, initial=typed(result))
        self.fields["reason"] = forms.CharField(
            label=gettext("Why is this changed?"), max_length=200
        )


def typed(result: LabResult) -> dict[str, object]:
    name = result.analyte
    amounts = {
        name: result.value,
        f"{name}-lower": result.lower_limit,
        f"{name}-upper": result.upper_limit,
    }
    shown = {key: without_zeros(one) for key, one in amounts.items() if one is not None}
    return {
        "taken_on": result.taken_on,
        "laboratory": result.laboratory,
        "circumstance": result.circumstance,
        "not_taken": result.not_taken,
        **({name: result.sign} if result.sign else {}),
        **shown,
    }
