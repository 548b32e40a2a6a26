"""What follows from facts by rules that were others, or were none, when it was stored."""

from django.utils import timezone

from lysglimt.clinic.chairside import actions


def count_anew() -> int:
    """How many rows were counted anew."""
    return actions.catch_up_shares(at=timezone.now())
