"""Doses to compare, a baseline risk, and how certain a doctor holds an answer to be."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.design.amounts import AmountField, CountField
from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.insight.certainty import ASKS, CONCERNS, DOMAINS
from lysglimt.clinic.insight.models import CertaintyJudgement
from lysglimt.knowledge.dosing.weights import weight_rules
from lysglimt.knowledge.errors import Implausible
from lysglimt.science.evidence.domains import Concern, Domain
from lysglimt.science.evidence.grade import Judgement
from lysglimt.science.kinetics.asked import Asked, asked_ranges, infused, sprayed
from lysglimt.science.kinetics.effects import Treated
from lysglimt.science.kinetics.model import kinetic_model, models
from lysglimt.science.kinetics.people import Person

PEOPLE, SEED = 500, 1
"""Made-up people in a band: always the same, so that two doses are compared in the same ones."""
RANGES = asked_ranges()
BODY = weight_rules().accepted
FIELDS = {"dose_mg": "milligrams", "minutes": "minutes"}
"""What a refusal calls it, and which field of the form that is."""


class CurveForm(forms.Form):
    model = forms.ChoiceField(label=gettext_lazy("Model"))
    milligrams = AmountField(
        label=gettext_lazy("Whole dose"),
        lowest=RANGES.dose_mg_iv.lowest.value,
        highest=RANGES.dose_mg_iv.highest.value,
        unit="mg",
    )
    minutes = CountField(
        label=gettext_lazy("Minutes of the infusion, or between spray devices"),
        lowest=int(RANGES.minutes_iv.lowest.value),
        highest=int(RANGES.minutes_iv.highest.value),
        unit="min",
    )
    weight = AmountField(
        label=gettext_lazy("Weight"),
        lowest=BODY.lowest.value.value,
        highest=BODY.highest.value.value,
        unit="kg",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "nb"
        choice_field(self, "model").choices = [
            (one.id, one.name.in_language(language))
            for one in sorted(models().values(), key=lambda one: not one.default_for)
        ]

    def clean(self) -> dict[str, Any]:
        """A spray holds less than a vein takes: the model says how much."""
        said = self.cleaned_data
        if {"model", "milligrams", "minutes", "weight"} <= said.keys():
            try:
                said["asked"] = asked(said)
            except Implausible as refusal:
                facts = {key: str(refusal.facts[key]) for key in ("value", "allowed")}
                words = gettext("%(value)s is outside %(allowed)s.") % facts
                self.add_error(FIELDS[str(refusal.facts["field"])], words)
        return said


def asked(said: dict[str, Any]) -> Asked:
    """With a band where a source tells how people differ."""
    model = kinetic_model(said["model"])
    milligrams, minutes = float(said["milligrams"]), float(said["minutes"])
    given = (
        sprayed(model, milligrams, devices=None, apart=minutes)
        if model.devices
        else infused(milligrams, minutes)
    )
    treated = Treated(Person(weight_kg=float(said["weight"])))
    return Asked(model, given, treated, PEOPLE if model.spread else 0, SEED)


PREFIXES = ("first", "second")


def curve_forms(said: Mapping[str, str]) -> list[CurveForm]:
    """Empty until something of a dose is said: no dose is ours."""
    begun = any(name.startswith(PREFIXES) for name in said)
    return [CurveForm(said if begun else None, prefix=prefix) for prefix in PREFIXES]


def doses_asked(said: Mapping[str, str]) -> list[Asked] | None:
    """None while one of the two is missing or refused."""
    sound = [one for one in curve_forms(said) if one.is_valid()]
    if len(sound) < len(PREFIXES):
        return None
    return [one.cleaned_data["asked"] for one in sound]


class BaselineForm(forms.Form):
    """Nothing stands in it beforehand: whose risk it is, the reader says."""

    baseline = AmountField(
        label=gettext_lazy("Of 100 people like yours, how many reach it with the control?"),
        lowest=Decimal("0.1"),
        highest=Decimal("99.9"),
        unit="%",
    )


LONGEST = 2000


class CertaintyForm(forms.Form):
    """Each domain: how serious the concern is, and why. A domain may wait; none is half judged."""

    # What must be filled depends on what else is, so no field says "(optional)".
    all_optional = True

    def __init__(
        self, *args: Any, known: Mapping[str, CertaintyJudgement], figures: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known, self.figures = known, figures
        for domain in Domain:
            self.add_domain(domain)
        if known:
            self.fields["reason"] = forms.CharField(
                label=gettext_lazy("Why is a judgement changed?"),
                max_length=200,
                required=False,
            )

    def add_domain(self, domain: Domain) -> None:
        row = self.known.get(domain)
        self.fields[f"{domain}-concern"] = forms.ChoiceField(
            label=str(DOMAINS[domain]),
            help_text=str(ASKS[domain]),
            choices=[(one.value, words) for one, words in CONCERNS.items()],
            widget=forms.RadioSelect,
            required=False,
            initial=row.concern if row else None,
        )
        self.fields[f"{domain}-because"] = forms.CharField(
            label=gettext("%(domain)s: the reason") % {"domain": DOMAINS[domain]},
            max_length=LONGEST,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            initial=row.because if row else "",
        )

    def clean(self) -> dict[str, Any]:
        for domain in Domain:
            self.refuse_half(domain)
        if not self.errors and not self.judgements:
            self.add_error(None, gettext("Judge one domain at least."))
        if not self.errors and self.changes and not self.cleaned_data.get("reason"):
            self.add_error("reason", gettext("Say why a judgement is changed."))
        return self.cleaned_data

    def refuse_half(self, domain: Domain) -> None:
        concern, because = (
            self.cleaned_data.get(f"{domain}-{part}") for part in ("concern", "because")
        )
        if concern and not because:
            self.add_error(f"{domain}-because", gettext("A judgement needs its reason."))
        if (because or domain in self.known) and not concern:
            self.add_error(f"{domain}-concern", gettext("Choose how serious the concern is."))

    @property
    def judgements(self) -> list[Judgement]:
        said = self.cleaned_data
        return [
            Judgement(one, Concern(said[f"{one}-concern"]), said[f"{one}-because"])
            for one in Domain
            if said.get(f"{one}-concern")
        ]

    @property
    def changes(self) -> bool:
        """Is something said otherwise than before, or of other figures?"""
        return any(
            (row.concern, row.because, row.figures)
            != (one.concern.value, one.because, self.figures)
            for one in self.judgements
            if (row := self.known.get(one.domain))
        )
