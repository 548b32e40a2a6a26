"""How far back an instrument asks, which is how often it may be asked."""

from collections.abc import Callable, Mapping
from datetime import timedelta

Recall = Callable[[str], timedelta | None]
"""From an instrument's id to its window; None where it asks about the moment itself."""

DAYS: Mapping[str, int] = {
    "madrs": 3,
    "phq9": 14,
    "gad7": 14,
    "who5": 14,
    "qids_sr16": 7,
    "cgi_s": 7,
    "audit_c": 365,
    "dudit": 365,
    "lysglimt_bladder": 14,
    "bpicss": 7,
}


def recall(instrument: str) -> timedelta | None:
    return timedelta(days=DAYS[instrument]) if instrument in DAYS else None
