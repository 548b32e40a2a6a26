"""A dose to compare on the page of curves: model, milligrams, minutes, weight."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.design.amounts import AmountField, CountField
from lysglimt.clinic.design.choices import choice_field
from lysglimt.knowledge.dosing.weights import weight_rules
from lysglimt.knowledge.errors import Implausible
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
