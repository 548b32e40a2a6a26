"""What the cupboard tells the chair when a session is asked for: whether there is a ledger, and what is in hand."""

from django.db.models import Exists, OuterRef

from lysglimt.clinic.chairside.models.session import BESIDE
from lysglimt.clinic.design.wordings import WORDINGS

from .models import Cabinet, LedgerEntry
from .wordings import REFUSALS


def keeps_ledger() -> Exists:
    return Exists(Cabinet.objects.filter(unit=OuterRef("unit")))


def drug_in_hand() -> Exists:
    """Something is drawn for the session and not accounted for."""
    rows = LedgerEntry.objects.in_hand(OuterRef("pk"))
    return Exists(rows.filter(in_hand__gt=0))


def join() -> None:
    BESIDE["keeps_ledger"] = keeps_ledger
    BESIDE["drug_in_hand"] = drug_in_hand
    WORDINGS.update(REFUSALS)
