"""What a doctor alone takes out of the chart: what was red, and what was said of suicide."""

from datetime import datetime

from lysglimt.clinic.chairside.models import ChairEvent, ChairEventKind, Session
from lysglimt.clinic.chairside.red_lost import Corrected, red_lost
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.text import Text


class RedLost(ClinicalError):
    """What was red is taken back by a doctor; others measure again."""

    code = "vitals.red-lost"


def refuse_red_lost(
    session: Session, corrected: Corrected, *, by: Professional, at: datetime
) -> None:
    """A green reading answers a red one, and that a danger sign is over is said of it.

    In journal mode no reading is judged. Raises RedLost.
    """
    if by.role in DOCTORS or session.unit.journal_mode:
        return
    lost = red_lost(sheet_of(session, now=at), corrected)
    if lost:
        both = Text("; ".join(one.nb for one in lost), "; ".join(one.en for one in lost))
        raise RedLost("Red is taken back by a doctor.", field="signs", value=both)


class IntentLost(ClinicalError):
    """What was said of suicide is taken back by a doctor, who has been asked for."""

    code = "event.intent-lost"


def refuse_intent_lost(said: ChairEvent, *, by: Professional) -> None:
    """Raises IntentLost."""
    if said.kind == ChairEventKind.NEW_INTENT and by.role not in DOCTORS:
        raise IntentLost("New intent is taken back by a doctor.", field="kind", value=said.kind)
