"""Made-up values for the style guide: one of each component in each state."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lysglimt.knowledge.figures import Basis, Mark
from lysglimt.knowledge.sources.citation import Citation
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .amounts import AmountField, CountField
from .charts import (
    CoursePicture,
    Happening,
    PlannedRange,
    Reading,
    SessionPicture,
    VitalSet,
    course_curve,
    vitals_trend,
)

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
    {"state": "later", "label": pgettext_lazy("phase of the session", "Left"), "note": ""},
]


def course() -> CoursePicture:
    return CoursePicture(
        instrument="MADRS",
        highest=60,
        today=date(2026, 11, 24),
        baseline=34,
        remission_at=10,
        remission_by=str(_("the unit's definition")),
        readings=(
            Reading(date(2026, 10, 29), 34),
            Reading(date(2026, 11, 6), 24),
            Reading(date(2026, 11, 11), None),
            Reading(date(2026, 11, 16), 21),
            Reading(date(2026, 11, 24), 14),
        ),
        sessions=tuple(date(2026, 11, day) for day in (3, 6, 10, 13, 17, 20)),
        events=(
            Happening(date(2026, 11, 7), str(_("talking therapy"))),
            Happening(date(2026, 11, 18), str(_("antihypertensive given"))),
        ),
    )


SESSION = SessionPicture(
    sets=(
        VitalSet(-5, 128, 78, 72, 98),
        VitalSet(5, 136, 82, 78, 98),
        VitalSet(10, 146, 98, None, 97),
        VitalSet(20, 164, 98, 84, 97, frozenset({"pressure"})),
        VitalSet(30, None, None, 88, 96),
    ),
    ranges=(
        PlannedRange("pressure", 90, 160),
        PlannedRange("pulse", 50, 120),
        PlannedRange("saturation", 93, 100),
    ),
    pauses=((21, 26),),
    now=31,
)


def everything() -> dict[str, Any]:
    return {
        "course": course_curve(course()),
        "session": vitals_trend(SESSION),
        "form": ExampleForm(),
        "refused_form": ExampleForm(
            {"refused-weight": "8O", "refused-pulse": "700", "refused-note": "…"},
            prefix="refused",
        ),
        "findings": FINDINGS,
        "own": OWN,
        "patient": PATIENT,
        "steps": STEPS,
        "dose": [
            ("80,0 kg × 0,5 mg/kg", "40,0 mg"),
            ("1 mg/ml", "40,0 ml"),
            ("40 min", "60,0 ml/t"),
        ],
        "columns": [_("Date"), _("What"), _("Result")],
        "rows": [("24.11.", "MADRS", "14"), ("22.11.", _("Session"), "40 mg / 40 min")],
        "missing": [_("ALT not measured after session 6"), _("PHQ-9 sent, not answered")],
    }
