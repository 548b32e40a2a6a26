"""A result, a rating or an answer that closes a start is taken back by a doctor."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from lysglimt.clinic.people.facts import Fact
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.referral.actions import SpeaksAgainst
from lysglimt.clinic.referral.against import CLOSING, OF_A_START, Said, told
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.models import Rating, WorkUpResult
from lysglimt.clinic.treatment.recorded import known
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Verdict

HOLDING: list[Callable[[Any], bool]] = []
"""Does the treatment wait because of a row? The apps above put theirs in the list."""
HELD = Text("Behandlingen venter på grunn av dette", "The treatment is held by this")


@contextmanager
def kept_against(fact: Fact, *, by: Professional, at: datetime) -> Iterator[None]:
    """What is stored inside takes nothing back that speaks against a start, unless by a doctor.

    In journal mode nothing is judged. Raises SpeaksAgainst, and the transaction is undone.
    """
    judged = isinstance(fact, Rating | WorkUpResult) and by.role not in DOCTORS
    if not judged or by.unit.journal_mode:
        yield
        return
    if any(holds(fact) for holds in HOLDING):
        raise SpeaksAgainst("The treatment is held by this.", value=HELD)
    patient: Any = getattr(fact, "patient_id", None)
    day = on_day(at)
    before = known(on=day, patient=patient).verdict(on=day)
    yield
    refuse_taken_back(before, known(on=day, patient=patient).verdict(on=day), by=by)


def refuse_taken_back(before: Verdict, after: Verdict, *, by: Professional) -> None:
    """What spoke against a start and would no longer, a doctor takes back. Raises SpeaksAgainst."""
    left = {said[:2] for said in against(after)}
    lost = [reason for said, reason in against(before).items() if said[:2] not in left]
    if lost and by.role not in DOCTORS:
        both = Text("; ".join(one.nb for one in lost), "; ".join(one.en for one in lost))
        raise SpeaksAgainst("This speaks against treatment.", value=both)


def against(verdict: Verdict) -> dict[Said, Text]:
    """What closes a start whenever it is found."""
    return {
        told(one): one.reason
        for one in verdict.findings
        if one.standing in CLOSING and one.criterion.startswith(OF_A_START)
    }
