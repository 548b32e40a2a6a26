"""Which words a form shows: what the clinic has loaded, what is shipped, or neutral labels."""

import json
from dataclasses import replace
from uuid import UUID

from lysglimt.knowledge.instruments.instrument import Instrument
from lysglimt.knowledge.instruments.questionnaire import Wording, read_questionnaire
from lysglimt.knowledge.instruments.wording import FormText, form_text

from .models import WordingPack


def words(scale: Instrument, *, language: str, entity_id: UUID) -> FormText:
    """Raises WordingRequired for a patient's form of which the clinic has no wording."""
    return form_text(scale, language, loaded(scale, language=language, entity_id=entity_id))


def loaded(scale: Instrument, *, language: str, entity_id: UUID) -> list[Wording]:
    """The clinic's newest text in that language, if it has one."""
    packs = WordingPack.objects.of(entity_id=entity_id, instrument=scale.id, language=language)
    return [opened(pack, scale) for pack in packs[:1]]


def opened(pack: WordingPack, scale: Instrument) -> Wording:
    """Under the checksum of the file as it was loaded."""
    text = json.dumps(pack.questionnaire)
    return replace(
        read_questionnaire(scale, text, language=pack.language), checksum=pack.sha256
    )
