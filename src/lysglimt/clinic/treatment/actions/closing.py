"""A result or a rating that closes a start is taken back by a doctor."""

from collections.abc import Iterator
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


@contextmanager
def kept_against(fact: Fact, *, by: Professional, at: datetime) -> Iterator[None]:
    """What is stored inside takes nothing back that speaks against a start, unless by a doctor.

    In journal mode nothing is judged. Raises SpeaksAgainst, and the transaction is undone.
    """
    judged = isinstance(fact, Rating | WorkUpResult) and by.role not in DOCTORS
    if not judged or by.unit.journal_mode:
        yield
        return
    patient: Any = getattr(fact, "patient_id", None)
    before = against(patient, at=at)
    yield
    after = against(patient, at=at)
    lost = [
        reason for said, reason in before.items() if said[:2] not in {one[:2] for one in after}
    ]
    if lost:
        both = Text("; ".join(one.nb for one in lost), "; ".join(one.en for one in lost))
        raise SpeaksAgainst("This speaks against treatment.", value=both)


def against(patient: Any, *, at: datetime) -> dict[Said, Text]:
    """What the record says against a start on the day."""
    day = on_day(at)
    return {
        told(one): one.reason
        for one in known(on=day, patient=patient).verdict(on=day).findings
        if one.standing in CLOSING and one.criterion.startswith(OF_A_START)
    }
