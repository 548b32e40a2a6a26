"""What the treatment has brought so far, for who plans to take something else away."""

from dataclasses import dataclass
from datetime import date

from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.treatment.history import state_on
from lysglimt.clinic.treatment.models import Course
from lysglimt.knowledge.protocols.state import Outcome


@dataclass(frozen=True, slots=True)
class Benefit:
    """By the newest course; ``outcome`` is None where no rating tells it yet."""

    outcome: Outcome | None


def benefit_of(patient: Patient, *, on: date) -> Benefit:
    """Asks five questions of the database at most."""
    courses = Course.objects.of_patient(patient.pk)
    newest = courses.first()
    return Benefit(state_on(newest, on).advice.outcome if newest else None)
