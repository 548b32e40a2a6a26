"""The patient's own safety plan on paper: their words, and what the unit tells everybody in a crisis."""

from lysglimt.clinic.suicidality.models import PARTS, SafetyPlan
from lysglimt.clinic.suicidality.wordings import PLAN_PARTS

from .parts import QUIET, Document, Part, cell, say
from .whole import Printing, foot, when


def safety_plan(plan: SafetyPlan, by: Printing, *, crisis: str) -> Document:
    """The patient carries it: no identity number, and nothing that others have judged."""
    card = plan.patient.card()
    parts = (
        [Part(heading=say("plan_crisis"), notes=cell(*crisis.splitlines()))] if crisis else []
    )
    return Document(
        title=say("plan"),
        whom=[card.name],
        what=say("plan_version", n=plan.revision, at=when(plan.received_at), by=plan.by),
        foot=foot(by),
        parts=[
            *(
                Part(
                    heading=str(PLAN_PARTS[name][0]),
                    notes=cell(*words.splitlines())
                    if (words := getattr(plan, name))
                    else cell(say("plan_empty"), kind=QUIET),
                )
                for name in PARTS
            ),
            *parts,
        ],
    )
