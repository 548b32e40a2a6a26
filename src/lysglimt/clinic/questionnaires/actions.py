"""Keeping what is typed, handing it in, and loading a clinic's licensed wording."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import LegalEntity, Patient, Professional
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course, Rating
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.instruments.questionnaire import read_questionnaire

from .models import RatingDraft, WordingPack


@transaction.atomic
def save_draft(
    *,
    patient: Patient,
    instrument_id: str,
    typed: Mapping[str, object],
    by: Professional,
    at: datetime,
    entry: UUID | None = None,
) -> RatingDraft | None:
    """What was typed so far; the last one saved stands. A draft leaves no trail: it is no fact.

    None when the rating ``entry`` is handed in already: a page that saves by itself may come too late,
    and what it brings must not stand in the form of the next rating.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)
    if entry and Rating.objects.filter(entry=entry).exists():
        return None
    draft, _ = RatingDraft.objects.update_or_create(
        rater=by,
        patient=patient,
        instrument=instrument_id,
        defaults={"typed": dict(typed), "saved_at": at},
    )
    return draft


def discard_draft(*, patient: Patient, instrument_id: str, by: Professional) -> None:
    RatingDraft.objects.of(rater=by, patient=patient, instrument=instrument_id).delete()


@transaction.atomic
def hand_in(
    *,
    patient: Patient,
    rated: treatment.Rated,
    entered: Entered,
    by: Professional,
    at: datetime,
    course: Course | None = None,
) -> Rating:
    """Record the rating and let the draft go, or, when it is refused, keep the draft."""
    Patient.objects.select_for_update().get(pk=patient.pk)
    rating = treatment.record_rating(
        patient=patient, rated=rated, entered=entered, by=by, at=at, course=course
    )
    discard_draft(patient=patient, instrument_id=rated.instrument, by=by)
    return rating


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A licensed wording as it came: the text of the file and the language it is in."""

    instrument: str
    language: str
    text: str


@transaction.atomic
def load_pack(
    *, entity: LegalEntity, loaded: Loaded, by: Professional, at: datetime
) -> WordingPack:
    """The same file loaded twice is one pack. Raises WordingRefused, saying what differs."""
    scale = instrument(loaded.instrument)
    wording = read_questionnaire(scale, loaded.text, language=loaded.language)
    LegalEntity.objects.select_for_update().get(pk=entity.pk)
    packs = WordingPack.objects.of(
        entity_id=entity.pk, instrument=loaded.instrument, language=loaded.language
    )
    known = packs.filter(sha256=wording.checksum).first()
    if known is not None:
        return known
    pack = WordingPack(
        entity=entity,
        instrument=scale.id,
        instrument_version=scale.version,
        language=loaded.language,
        sha256=wording.checksum,
        questionnaire=json.loads(loaded.text),
        by=by,
        received_at=at,
        **asdict(Entered(happened_at=at, entered_at=at)),
    )
    return people.enter(pack, operation="wording.load")
