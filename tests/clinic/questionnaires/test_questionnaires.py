"""Nothing typed is lost; a licensed wording is kept with its checksum."""

from hashlib import sha256
from importlib.resources import files

import pytest
from django.db import IntegrityError, transaction

from lysglimt.clinic.people.models import LegalEntity, Patient, Professional
from lysglimt.clinic.questionnaires import actions
from lysglimt.clinic.questionnaires.actions import Loaded
from lysglimt.clinic.questionnaires.models import RatingDraft, WordingPack
from lysglimt.clinic.treatment.actions import Rated
from lysglimt.clinic.treatment.models import Mode, Rating, Timing
from lysglimt.knowledge.errors import Unknown
from lysglimt.knowledge.instruments.answers import AnswerOutOfRange
from lysglimt.knowledge.instruments.questionnaire import NotAQuestionnaire
from tests.clinic.conftest import NOON
from tests.clinic.treatment.conftest import entered, madrs, rated

PACKS = files("lysglimt.knowledge.instruments") / "packs"
WORDING = (PACKS / "phq9.nb.json").read_text(encoding="utf-8")


def loaded(text: str = WORDING, instrument: str = "phq9") -> Loaded:
    return Loaded(instrument=instrument, language="nb", text=text)


def test_the_last_draft_stands(kari: Patient, nurse: Professional) -> None:
    for typed in ({"i1": "2"}, {"i1": "2", "i2": "x"}):
        actions.save_draft(patient=kari, instrument_id="madrs", typed=typed, by=nurse, at=NOON)
    draft = RatingDraft.objects.of(rater=nurse, patient=kari, instrument="madrs").get()
    assert draft.typed == {"i1": "2", "i2": "x"}


def test_a_draft_is_of_one_rater(
    kari: Patient, nurse: Professional, psychiatrist: Professional
) -> None:
    actions.save_draft(patient=kari, instrument_id="madrs", typed={}, by=nurse, at=NOON)
    assert not RatingDraft.objects.of(rater=psychiatrist, patient=kari, instrument="madrs")
    actions.discard_draft(patient=kari, instrument_id="madrs", by=psychiatrist)
    assert RatingDraft.objects.count() == 1


def test_handed_in_the_draft_goes(kari: Patient, nurse: Professional) -> None:
    actions.save_draft(patient=kari, instrument_id="madrs", typed={}, by=nurse, at=NOON)
    actions.hand_in(patient=kari, rated=rated(20), entered=entered(), by=nurse, at=NOON)
    assert (Rating.objects.count(), RatingDraft.objects.count()) == (1, 0)


def test_refused_the_draft_stays(kari: Patient, nurse: Professional) -> None:
    actions.save_draft(patient=kari, instrument_id="madrs", typed={}, by=nurse, at=NOON)
    wrong = Rated(
        instrument="madrs",
        answers=madrs(10) | {"i1": 7},
        timing=Timing.OTHER,
        mode=Mode.INTERVIEW,
        rater="clinician",
    )
    with pytest.raises(AnswerOutOfRange):
        actions.hand_in(patient=kari, rated=wrong, entered=entered(), by=nurse, at=NOON)
    assert (Rating.objects.count(), RatingDraft.objects.count()) == (0, 1)


def test_a_wording_is_kept_once_with_its_checksum(
    hospital: LegalEntity, psychiatrist: Professional, outsider: Professional
) -> None:
    for _ in range(2):
        actions.load_pack(entity=hospital, loaded=loaded(), by=psychiatrist, at=NOON)
    pack = WordingPack.objects.get()
    assert pack.sha256 == sha256(WORDING.encode()).hexdigest()
    assert not WordingPack.objects.for_professional(outsider)
    with pytest.raises(IntegrityError, match="checksum"), transaction.atomic():
        pack.revised(reason="x", sha256="abc").save(force_insert=True)


def test_a_changed_file_is_another_pack(
    hospital: LegalEntity, psychiatrist: Professional
) -> None:
    _, newest = (
        actions.load_pack(entity=hospital, loaded=loaded(text), by=psychiatrist, at=NOON)
        for text in (WORDING, WORDING + " ")
    )
    packs = WordingPack.objects.of(entity_id=hospital.pk, instrument="phq9", language="nb")
    assert (packs.first(), packs.count()) == (newest, 2)


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"resourceType": "Patient"}'], ids=["no JSON", "a list", "a patient"]
)
def test_what_is_no_questionnaire_is_refused(
    hospital: LegalEntity, psychiatrist: Professional, text: str
) -> None:
    with pytest.raises(NotAQuestionnaire):
        actions.load_pack(entity=hospital, loaded=loaded(text), by=psychiatrist, at=NOON)


def test_a_wording_of_no_instrument_is_refused(
    hospital: LegalEntity, psychiatrist: Professional
) -> None:
    with pytest.raises(Unknown):
        actions.load_pack(
            entity=hospital, loaded=loaded(instrument="madr"), by=psychiatrist, at=NOON
        )
    assert not WordingPack.objects.exists()


def test_a_draft_that_comes_after_its_rating_is_not_kept(
    kari: Patient, nurse: Professional
) -> None:
    rating = actions.hand_in(
        patient=kari, rated=rated(20), entered=entered(), by=nurse, at=NOON
    )
    late = actions.save_draft(
        patient=kari, instrument_id="madrs", typed={}, by=nurse, at=NOON, entry=rating.entry
    )
    assert late is None
    assert not RatingDraft.objects.exists()
