"""Made-up values for the style guide: one of each component in each state."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lysglimt.knowledge.figures import Basis, Mark
from lysglimt.knowledge.sources.citation import Citation
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .amounts import AmountField, CountField

OWN = Basis(Mark.OWN, Citation("own-proposal", "", "", stands_in=True))
MEMORY = Basis(Mark.MEMORY, Citation("unverified-memory", "", "", stands_in=True))
SEEN = Basis(Mark.SEEN, Citation("example", "A made-up trial", "", "Example et al.", 2020))


class ExampleForm(forms.Form):
    weight = AmountField(label=_("Weight"), lowest=Decimal(30), highest=Decimal(250), unit="kg")
    pulse = CountField(label=_("Pulse"), lowest=20, highest=250, unit="/min", required=False)
    note = forms.CharField(
        label=_("Note"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Seen by all who treat the patient."),
    )
    escort = forms.ChoiceField(
        label=_("Who follows the patient home?"),
        choices=[("family", _("Family")), ("friend", _("A friend")), ("staff", _("Staff"))],
        widget=forms.RadioSelect,
        help_text=_("Asked anew at every session."),
    )
    position = forms.ChoiceField(
        label=_("Position"), choices=[("", "–"), ("sit", _("Sitting")), ("lie", _("Lying"))]
    )
    fasted = forms.BooleanField(label=_("Has fasted as agreed"))


FINDINGS = tuple(
    Finding(f"EX-0{number}", standing, Text(nb, en), basis, question=question)
    for number, (standing, nb, en, basis, question) in enumerate(
        [
            (Standing.MET, "Alder 47 år", "Age 47 years", SEEN, None),
            (Standing.NOTE, "Røyker", "Smokes", OWN, None),
            (Standing.CAUTION, "Blodtrykk 148/92", "Blood pressure 148/92", MEMORY, None),
            (
                Standing.UNKNOWN,
                "Graviditetstest mangler",
                "No pregnancy test",
                OWN,
                Text("Er pasienten gravid?", "Is the patient pregnant?"),
            ),
            (Standing.NEEDS_SPECIALIST, "Tidligere psykose", "Psychosis before", SEEN, None),
            (Standing.EXCLUDED, "Aneurisme", "Aneurysm", SEEN, None),
        ],
        start=1,
    )
)
PATIENT = {
    "name": "Nordmann, Kari",
    "born": date(1979, 3, 14),
    "age": 47,
    "masked_number": "140379 •••••",
    "next_phase": _("Evaluation after session 6"),
}
STEPS = [
    {"state": "done", "label": _("Prepared"), "note": "10:12"},
    {"state": "now", "label": _("Infusion"), "note": "25 / 40 min"},
    {"state": "later", "label": _("Observation"), "note": "12:07"},
    {"state": "later", "label": _("Ready to leave"), "note": ""},
    {"state": "later", "label": _("Left"), "note": ""},
]


def everything() -> dict[str, Any]:
    return {
        "form": ExampleForm(),
        "refused_form": ExampleForm({"weight": "8O", "pulse": "700"}, prefix="refused"),
        "findings": FINDINGS,
        "own": OWN,
        "patient": PATIENT,
        "steps": STEPS,
        "dose": [("80,0 kg × 0,5 mg/kg", "40,0 mg"), ("1 mg/ml", "40,0 ml"), ("40 min", "60,0 ml/t")],
        "columns": [_("Date"), _("What"), _("Result")],
        "rows": [("24.11.", "MADRS", "14"), ("22.11.", _("Session"), "40 mg / 40 min")],
        "missing": [_("ALT not measured after session 6"), _("PHQ-9 sent, not answered")],
    }
