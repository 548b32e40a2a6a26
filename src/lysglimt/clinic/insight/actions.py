"""A doctor of the unit judges how certain an answer of the trials is."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional
from lysglimt.science.evidence.domains import Domain
from lysglimt.science.evidence.grade import Judgement

from .models import CertaintyJudgement

PLACE = uuid.UUID("6d0a7c1e-52f4-5a39-9d1b-2f6a0c3e8b47")
"""Of the entries' names: a domain of a question is one entry in a unit, whoever judges it."""


def entry_of(unit_id: object, question: str, domain: Domain) -> uuid.UUID:
    return uuid.uuid5(PLACE, f"{unit_id}/{question}/{domain.value}")


@transaction.atomic
def judge_certainty(
    *,
    question: str,
    judgements: Sequence[Judgement],
    figures: str,
    by: Professional,
    at: datetime,
    reason: str = "",
) -> list[CertaintyJudgement]:
    """What is said again of the same figures is already stored. A change is the next revision.

    Of two doctors who judge at once, the second is told.
    """
    rows = CertaintyJudgement.objects.said_of(question, unit=by.unit)
    known = {row.domain: row for row in rows}
    stored = []
    for one in judgements:
        said = {"concern": one.concern.value, "because": one.because, "figures": figures}
        row = known.get(one.domain)
        if row is None:
            new = CertaintyJudgement(
                unit=by.unit,
                question=question,
                domain=one.domain.value,
                entry=entry_of(by.unit_id, question, one.domain),
                happened_at=at,
                entered_at=at,
                received_at=at,
                by=by,
                **said,
            )
            stored.append(people.enter(new, operation="evidence.judge"))
        elif any(getattr(row, name) != value for name, value in said.items()):
            next_one = row.revised(
                **said, reason=reason, happened_at=at, entered_at=at, received_at=at, by=by
            )
            stored.append(people.enter(next_one, operation="evidence.judge"))
    return stored
