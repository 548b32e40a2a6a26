"""A rating is scored by the rules, stored, and a positive answer about suicide opens a task."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from lysglimt.clinic.people.actions import correct as next_revision
from lysglimt.clinic.people.actions import enter
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.treatment.models import Course, Mode, Rating, Timing
from lysglimt.knowledge.instruments.answers import Answer
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.instruments.scoring import Score, score

from .closing import kept_against
from .entering import stamped
from .standing import refresh_standing
from .tasks import Heard, follow_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """What was filled in. ``answers`` by item id, None where not answered.

    ``recall`` names a window of the instrument ("" for its own), ``text_pack`` is the checksum
    of the wording shown, ``rater`` is who answered or asked; ``sex`` and ``education_years``
    are for the few scales that ask. ``receiver`` is who gets a task; without one, who records.
    """

    instrument: str
    answers: Mapping[str, Answer]
    timing: Timing
    mode: Mode
    rater: str
    recall: str = ""
    text_pack: str = ""
    sex: str | None = None
    education_years: int | None = None
    prorate: bool = False
    receiver: Professional | None = None


@transaction.atomic
def record_rating(
    *,
    patient: Patient,
    rated: Rated,
    entered: Entered,
    by: Professional,
    at: datetime,
    course: Course | None = None,
) -> Rating:
    """Scored, stored, its task opened, the standing renewed: all or none.

    Without a course it belongs to the patient's open course, if there is one. Raises what
    scoring raises: an answer out of range, an item that does not exist; ReceiverNotADoctor.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)
    belongs = course or Course.objects.open().filter(patient=patient).first()
    rating = Rating(
        patient=patient, course=belongs, **scored(rated), **stamped(entered, by=by, at=at)
    )
    stored = enter(rating, operation="rating.record", patients=[patient.pk])
    if stored is rating:
        heard = Heard(recall=rated.recall, receiver=rated.receiver)
        follow_up(rating=stored, heard=heard, by=by, at=at)
    _refresh(patient)
    return stored


@transaction.atomic
def correct_rating(
    *,
    rating: Rating,
    rated: Rated,
    by: Professional,
    at: datetime,
    reason: str,
    happened_at: datetime | None = None,
) -> Rating:
    """Other answers, or another time: scored anew; a new positive answer opens its task.

    Raises SpeaksAgainst of one that closes a start.
    """
    Patient.objects.select_for_update().get(pk=rating.patient_id)
    with kept_against(rating, by=by, at=at):
        corrected = next_revision(
            rating,
            by=by,
            at=at,
            operation="rating.correct",
            patients=[rating.patient_id],
            reason=reason,
            happened_at=happened_at or rating.happened_at,
            **scored(rated),
        )
    heard = Heard(recall=rated.recall, receiver=rated.receiver, corrects=rating)
    follow_up(rating=corrected, heard=heard, by=by, at=at)
    _refresh(rating.patient)
    return corrected


def scored(rated: Rated) -> dict[str, Any]:
    """The columns of a rating that follow from what was filled in."""
    scale = instrument(rated.instrument)
    window = scale.recall.variant(rated.recall) if rated.recall else scale.recall.default
    result = score(
        scale,
        dict(rated.answers),
        sex=rated.sex,
        education_years=rated.education_years,
        prorate=rated.prorate,
    )
    return {
        "instrument": scale.id,
        "instrument_version": scale.version,
        "answers": dict(rated.answers),
        "recall": window.duration or "",
        "window": window.id,
        "text_pack": rated.text_pack,
        "rater": rated.rater,
        "timing": rated.timing.value,
        "mode": rated.mode.value,
        **made_up(result),
    }


def made_up(result: Score) -> dict[str, Any]:
    """A score as the columns keep it."""
    total = result.total
    return {
        "total": None if total is None else Decimal(total),
        "prorated": result.prorated,
        "bands": dict(result.bands),
        "derived": {name: plain(value) for name, value in result.derived.items()},
        "attention": {item: str(value) for item, value in result.safety.items()},
    }


def plain(value: object) -> object:
    """As JSON has it: an exact number as text, a sequence as a list."""
    match value:
        case Decimal():
            return str(value)
        case tuple():
            return list(value)
        case _:
            return value


def _refresh(patient: Patient) -> None:
    for course in Course.objects.select_for_update().filter(patient_id=patient.pk):
        refresh_standing(course=course)
