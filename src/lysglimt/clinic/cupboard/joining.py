"""What the cupboard tells the chair when a session is asked for: whether there is a ledger, and what is in hand."""

from typing import Any

from django.db.models import Exists

from lysglimt.clinic.chairside.models.session import OF_SESSION, OF_UNIT
from lysglimt.clinic.design.wordings import WORDINGS
from lysglimt.clinic.people.written import Condition

from .models import Cabinet, LedgerEntry
from .wordings import REFUSALS


def keeps_ledger(unit: Any) -> Exists:
    return Exists(Cabinet.objects.filter(unit=unit))


def drug_in_hand(session: Any) -> Exists:
    """Something is drawn for the session and not accounted for."""
    rows = LedgerEntry.objects.in_hand(session)
    return Exists(rows.filter(in_hand__gt=0))


def join() -> None:
    OF_UNIT["keeps_ledger"] = Condition(keeps_ledger)
    OF_SESSION["drug_in_hand"] = Condition(drug_in_hand)
    WORDINGS.update(REFUSALS)
