"""What the patient agreed to and chose, as a page tells it: the newest first."""

from dataclasses import dataclass

from django.utils.functional import Promise

from lysglimt.clinic.people.models import Patient
from lysglimt.knowledge.eligibility.candidate import Registration as Choice

from .models import Consent, ConsentWithdrawal, Registration
from .wordings import CHOICES, LANGUAGES, RESERVED


@dataclass(frozen=True, slots=True)
class Agreement:
    """One consent, and its withdrawal when there is one."""

    consent: Consent
    withdrawal: ConsentWithdrawal | None

    @property
    def language(self) -> Promise:
        return LANGUAGES[self.consent.language]


def consents(patient: Patient) -> tuple[Agreement, ...]:
    """Asks two questions of the database."""
    withdrawn = ConsentWithdrawal.objects.in_force().filter(consent__patient=patient)
    taken_back = {row.consent.entry: row for row in withdrawn.select_related("consent", "by")}
    rows = Consent.objects.in_force().filter(patient=patient).select_related("by")
    newest = rows.order_by("-happened_at", "-pk")
    return tuple(Agreement(row, taken_back.get(row.entry)) for row in newest)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One choice of register and study, and the decision that it needs or has."""

    row: Registration

    @property
    def word(self) -> Promise:
        return CHOICES[self.row.choice]

    @property
    def decision(self) -> Promise | None:
        return RESERVED[self.row.decision] if self.row.decision else None

    @property
    def awaits_decision(self) -> bool:
        return self.row.choice == Choice.RESERVED and not self.row.decision


def registrations(patient: Patient) -> tuple[Chosen, ...]:
    rows = Registration.objects.newest_first().filter(patient=patient)
    return tuple(Chosen(row) for row in rows.select_related("by", "decided_by"))
