"""A page about one patient: the banner, the read log, and 422 when what was typed is refused."""

from django.utils import timezone

from .access import PatientPage, SignedInRequest
from .models import Patient


def about(
    request: SignedInRequest, patient: Patient, template: str, /, **context: object
) -> PatientPage:
    """``context`` is what the template shows beside ``card`` and ``age``."""
    card = patient.card()
    whole = context | {"card": card, "age": card.age(timezone.localdate())}
    status = 422 if request.method == "POST" else 200
    return PatientPage(request, template, whole, patients=[card.id], status=status)
