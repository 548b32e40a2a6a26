"""Checks made by hand, doses elsewhere, a hold that is lifted, and the stop for safety."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.design.amounts import AmountField, CountField
from lysglimt.clinic.design.answers import AnswerField
from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.design.days import DayField
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.exposure.actions import Checked, GivenElsewhere, Lifted, Stopped
from lysglimt.clinic.exposure.wordings import SUBSTANCES, TOLD_BY
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.second_person import SecondPerson
from lysglimt.clinic.referral.forms.letters import contact_field
from lysglimt.knowledge.safety.exposure import AskedAs, CheckQuestion, ExposureCheck
from lysglimt.knowledge.safety.holding import Hold
from lysglimt.knowledge.verdict import Finding

UNKNOWN = ("unknown", gettext_lazy("Not known"))
HIGHEST = {AskedAs.SCALE: 10, AskedAs.GRADE: 4}
YEAR = timedelta(days=366)


class ChecksForm(forms.Form):
    """One check or those of a session: done, with the answers to its questions, or why not."""

    all_optional = True

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    made_on = DayField(label=gettext_lazy("Day"), latest=timezone.localdate)

    def __init__(self, data: Any = None, *, checks: Sequence[ExposureCheck]) -> None:
        super().__init__(data, initial={"made_on": timezone.localdate()})
        self.checks = checks
        for check in checks:
            self.fields[f"{check.id}.made"] = forms.ChoiceField(
                label=check.name.in_language(get_language() or "nb"),
                choices=choices_of(check),
                widget=forms.RadioSelect,
                required=len(checks) == 1,
            )
            for question in check.asks:
                self.fields[f"{check.id}.{question.id}"] = field_of(question)
            self.fields[f"{check.id}.told"] = forms.CharField(
                label=gettext("What was found, or why it is not done"),
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def parts(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Each check with its own questions."""
        yield "", [self["made_on"]]
        for check in self.checks:
            name = check.name.in_language(get_language() or "nb")
            mine = [one for one in self.visible_fields() if one.name.startswith(f"{check.id}.")]
            yield name, mine

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not any(said.get(f"{check.id}.made") for check in self.checks):
            self.add_error(None, gettext("Say of one check at least whether it is done."))
        for check in self.checks:
            made = said.get(f"{check.id}.made")
            if made == "no" and not said.get(f"{check.id}.told"):
                self.add_error(f"{check.id}.told", gettext("Say why it is not done."))
            names = [f"{check.id}.{question.id}" for question in check.asks]
            told = said.get(f"{check.id}.told")
            if made is not None and not made and any([told, *map(said.get, names)]):
                self.add_error(f"{check.id}.made", gettext("Say whether it is done."))
            if made == "no" and any(map(said.get, names)):
                self.add_error(f"{check.id}.made", gettext("It is answered: is it not done?"))
            for question in check.asks:
                name = f"{check.id}.{question.id}"
                graded = question.kind is AskedAs.GRADE
                if made == "yes" and not said.get(name) and not graded:
                    self.add_error(name, gettext("Ask this, or say that it is not known."))
        return said

    def checked(self) -> list[Checked]:
        said = self.cleaned_data
        return [
            Checked(
                item=check.id,
                made=said[f"{check.id}.made"] == "yes",
                made_on=said["made_on"],
                answers=answers_of(check, said),
                told=said[f"{check.id}.told"],
            )
            for check in self.checks
            if said[f"{check.id}.made"]
        ]


def choices_of(check: ExposureCheck) -> list[tuple[str, str]]:
    """What a rule reads is entered as a result, so by hand there is only why not."""
    done, not_done = ("yes", gettext("Done")), ("no", gettext("Not done"))
    return [not_done] if check.by_result else [done, not_done]


def answers_of(check: ExposureCheck, said: dict[str, Any]) -> dict[str, str]:
    if said[f"{check.id}.made"] == "no":
        return {}
    answers = {one.id: said[f"{check.id}.{one.id}"] for one in check.asks}
    return {name: answer for name, answer in answers.items() if answer}


def field_of(question: CheckQuestion) -> forms.Field:
    label = question.name.in_language(get_language() or "nb")
    if question.kind is AskedAs.YES_NO:
        return AnswerField(label=label, required=False)
    numbers = [(str(n), str(n)) for n in range(HIGHEST[question.kind] + 1)]
    return forms.ChoiceField(
        label=label, choices=[("", "–"), *numbers, UNKNOWN], required=False
    )


class ElsewhereForm(forms.Form):
    """What is not known is left empty, and counted as not known."""

    all_optional = True

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    substance = forms.ChoiceField(
        label=gettext_lazy("What was given?"),
        choices=[(one.value, word) for one, word in SUBSTANCES.items()],
        widget=forms.RadioSelect,
    )
    told_by = forms.ChoiceField(
        label=gettext_lazy("Who tells it?"),
        choices=[(one.value, word) for one, word in TOLD_BY.items()],
        widget=forms.RadioSelect,
    )
    place = forms.CharField(label=gettext_lazy("Where"), max_length=120, required=False)
    first_on = DayField(
        label=gettext_lazy("First time"), required=False, latest=timezone.localdate
    )
    last_on = DayField(
        label=gettext_lazy("Last time"), required=False, latest=timezone.localdate
    )
    sessions = CountField(
        label=gettext_lazy("How many sessions"),
        lowest=1,
        highest=1000,
        required=False,
        help_text=gettext_lazy("Empty where nobody knows."),
    )
    mg = AmountField(
        label=gettext_lazy("How much in all (mg)"),
        lowest=Decimal(1),
        highest=Decimal(100000),
        unit="mg",
        required=False,
        help_text=gettext_lazy(
            "Empty where nobody knows: it is counted as not known, not as nothing."
        ),
    )
    told = forms.CharField(
        label=gettext_lazy("In words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        first, last = said.get("first_on"), said.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", gettext("The last time is before the first."))
        return said

    def given(self) -> GivenElsewhere:
        said = {name: one for name, one in self.cleaned_data.items() if name != "entry"}
        return GivenElsewhere(**said)


class LiftForm(SecondPerson):
    """``keys`` are the results that stand on the page: of others nobody has answered.

    Which of what waits is chosen where there are several; no rule stands in the address. What is
    to be stopped takes another doctor, too.
    """

    when_asked = frozenset({"checked_by", "password"})

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    rule = forms.ChoiceField(
        label=gettext_lazy("What do you answer for?"), widget=forms.RadioSelect
    )
    keys = forms.CharField(widget=forms.HiddenInput, required=False)
    told = ReasonField(
        label=gettext_lazy("Why the treatment goes on"),
        help_text=gettext_lazy(
            "What was found out, what is done about it, and when it is looked at again."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    field_order = ("rule", "told", "checked_by", "password")

    def __init__(
        self, data: Any = None, *, holds: Sequence[Hold], doctors: Sequence[Professional]
    ) -> None:
        super().__init__(data, colleagues=doctors)
        self.stopping = {one.name for one in holds if one.stops}
        self.ask_the_other()
        language = get_language() or "nb"
        choice_field(self, "rule").choices = [
            (one.name, one.told.reason.in_language(language)) for one in holds
        ]
        if len(holds) == 1:
            self.fields["rule"].initial = holds[0].name
            self.fields["rule"].widget = forms.HiddenInput()
        self.shown = " ".join(f"{one.name}:{key}" for one in holds for key in one.keys)
        self.fields["keys"].initial = self.shown

    def ask_the_other(self) -> None:
        """Where there is something to be stopped."""
        if not self.stopping:
            del self.fields["checked_by"], self.fields["password"]
            return
        other = self.fields["checked_by"]
        other.label = gettext("The other doctor")
        other.help_text = gettext("What is to be stopped takes two doctors, as at the start.")
        for name in ("checked_by", "password"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("rule") in self.stopping and not said.get("checked_by"):
            self.add_error("checked_by", gettext("Another doctor signs, too."))
        return said

    @property
    def takes_two(self) -> bool:
        return self.cleaned_data["rule"] in self.stopping

    def read_anew(self) -> None:
        """What was typed stays; sent once more it is about what is shown now."""
        self.data = {**{name: self.data[name] for name in self.data}, "keys": self.shown}

    def lifted(self) -> Lifted:
        said = self.cleaned_data
        read = (one.partition(":") for one in said["keys"].split())
        keys = [key for rule, _, key in read if rule == said["rule"]]
        second = self.other if self.takes_two else None
        return Lifted(name=said["rule"], keys=keys, told=said["told"], second=second)


class HoldForm(forms.Form):
    """A doctor's own hold: what is seen or feared, and what has to come first."""

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    told = ReasonField(
        label=gettext_lazy("Why the treatment waits, and what has to be clear first"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class StopForm(forms.Form):
    """The decision and what comes after it: nobody is stopped without a plan and a next contact."""

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    told = ReasonField(
        label=gettext_lazy("Why the treatment is stopped"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    plan = ReasonField(
        label=gettext_lazy("What is done now"),
        help_text=gettext_lazy(
            "Referral, tests to repeat, treatment of the depression, what the patient is to look out for."
        ),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    next_contact_on = DayField(label=gettext_lazy("Next contact with the patient"))

    def __init__(self, data: Any = None, *, by: Professional) -> None:
        super().__init__(data)
        self.fields["responsible"] = contact_field(
            by, label=gettext("Who sees to the patient?")
        )
        self.order_fields(["told", "plan", "responsible", "next_contact_on"])

    def clean(self) -> dict[str, Any]:
        said, today = self.cleaned_data, timezone.localdate()
        day = said.get("next_contact_on")
        if day and not today <= day <= today + YEAR:
            self.add_error("next_contact_on", gettext("A day from today on, within a year."))
        return said

    def stopped(self, findings: Iterable[Finding]) -> Stopped:
        said = self.cleaned_data
        return Stopped(
            told=said["told"],
            plan=said["plan"],
            responsible=said["responsible"],
            next_contact_on=said["next_contact_on"],
            findings=tuple(findings),
        )
