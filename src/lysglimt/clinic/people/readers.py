"""Who has seen a record, in words that the patient understands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lysglimt.clinic.audit.accesses import Visit

from .operations import OPERATIONS
from .wordings import role_said

CHAPTERS: Mapping[str, Promise] = {
    "today": gettext_lazy("The unit's list of the day"),
    "patients": gettext_lazy("Search for patients"),
    "unit": gettext_lazy("The unit's overview"),
    "patient": gettext_lazy("Overview"),
    "patient.register": gettext_lazy("Particulars"),
    "patient.particulars": gettext_lazy("Particulars"),
    "patient.amend": gettext_lazy("Particulars"),
    "relative": gettext_lazy("Next of kin"),
    "waiting": gettext_lazy("Waiting list"),
    "referral": gettext_lazy("Referral"),
    "referrals": gettext_lazy("Referral"),
    "history": gettext_lazy("Treatment history"),
    "eligibility": gettext_lazy("Eligibility"),
    "consent": gettext_lazy("Consent and registration"),
    "registration": gettext_lazy("Consent and registration"),
    "work_up": gettext_lazy("Work-up"),
    "course": gettext_lazy("The course of treatment"),
    "appointment": gettext_lazy("Appointments"),
    "evaluation": gettext_lazy("Evaluation"),
    "task": gettext_lazy("Safety tasks"),
    "rating": gettext_lazy("Ratings"),
    "ratings": gettext_lazy("Ratings"),
    **dict.fromkeys(
        (
            *("session", "order", "vitals", "pump", "event", "discharge", "devices"),
            *("check.sign", "monitoring", "outbox"),
        ),
        gettext_lazy("The treatment session"),
    ),
    "print": gettext_lazy("The treatment session, printed"),
    **dict.fromkeys(
        ("ledger", "print.ledger", "session.drugs", "holding", "discrepancy"),
        gettext_lazy("The ledger of controlled drugs"),
    ),
    **dict.fromkeys(
        ("incident", "incidents", "patient.incidents", "duty", "print.duty"),
        gettext_lazy("Incidents and reports"),
    ),
    "after": gettext_lazy("Telephone after a session"),
    **dict.fromkeys(("medicines", "taper", "tapers"), gettext_lazy("Other medicines")),
    **dict.fromkeys(
        ("asking", "safety-plan", "print.safety-plan"),
        gettext_lazy("Asking about suicide, and the safety plan"),
    ),
    **dict.fromkeys(
        (
            *("over-months", "patient.over-months", "lab", "check", "elsewhere", "hold"),
            *("safety-stop", "print.safety-stop"),
        ),
        gettext_lazy("Over months"),
    ),
    "board": gettext_lazy("The board of the chairs"),
    "corrections": gettext_lazy("Corrections"),
    "entry": gettext_lazy("Corrections"),
    "readers": gettext_lazy("Who has seen the record"),
    "odd-accesses": gettext_lazy("Control of accesses"),
    "audit": gettext_lazy("Control of accesses"),
    "emergency": gettext_lazy("Emergency access"),
    "emergencies": gettext_lazy("Control of accesses"),
    "block": gettext_lazy("What the patient has closed"),
    "blocks": gettext_lazy("What the patient has closed"),
}
"""What an operation shows, by its name or the first part of it."""

OF_APP: Mapping[str, str] = {
    "chairside": "session",
    "cupboard": "ledger",
    "exposure": "over-months",
    "incidents": "incident",
    "medicines": "medicines",
    "people": "patient.particulars",
    "questionnaires": "ratings",
    "referral": "referrals",
    "scheduling": "appointment",
    "suicidality": "asking",
    "treatment": "course",
}
"""Where an operation has no chapter of its own, that of the app."""

PURPOSES: Mapping[str, Promise] = {
    "treatment": gettext_lazy("Treatment"),
    "emergency": gettext_lazy("Emergency access"),
    "control": gettext_lazy("Control of accesses"),
    "quality": gettext_lazy("Quality work"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    first: datetime
    last: datetime
    who: str
    role: str
    department: str
    chapters: tuple[str, ...]
    purposes: tuple[str, ...]
    wrote: bool
    refused: bool
    emergency: bool


def lines(visits: Iterable[Visit]) -> Iterator[Line]:
    for visit in visits:
        yield Line(
            first=visit.first,
            last=visit.last,
            who=visit.who,
            role=role_said(visit.role),
            department=visit.department,
            chapters=tuple(dict.fromkeys(chapter(*one) for one in visit.operations)),
            purposes=tuple(str(PURPOSES.get(one, one)) for one in visit.purposes),
            wrote=visit.writes > 0,
            refused=visit.refused > 0,
            emergency=visit.emergency,
        )


def chapter(operation: str, category: str = "") -> str:
    """By the operation; else by the app whose rows were written; else what the policy calls it."""
    asked = (operation, operation.partition(".")[0], OF_APP.get(category.partition(".")[0], ""))
    said = next((CHAPTERS[name] for name in asked if name in CHAPTERS), None)
    return str(said or OPERATIONS.get(operation) or operation)
