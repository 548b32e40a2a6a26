"""Who typed what comes from a tablet: never taken for the one who sends it."""

import pytest
from django.test import Client
from django.utils import timezone

from lysglimt.clinic.chairside.models import DischargeRecord, Session, TypedByAnother, VitalSet
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.people.models import Professional
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, shown, signed
from .tablet import sent

STANDS = "Rødt: Brystsmerter"


@pytest.fixture
def in_pain(running: Session, as_nurse: Client, clock: Clock) -> Session:
    clock.move(4)
    pain: typed.Typed = {"entry": typed.entry(), "ago": "0", "signs": "chest_pain"}
    send(as_nurse, "vitals.record", running.pk, pain)
    clock.move(20)
    return running


def over() -> typed.Typed:
    return typed.vitals() | {"signs_over": ["chest_pain"]}


def test_what_a_nurse_typed_is_no_doctors_word_because_a_doctor_sends_it(
    in_pain: Session, as_nurse: Client, as_doctor: Client, nurse: Professional
) -> None:
    assert sent(in_pain, as_doctor, over(), typist=nurse.pk).json()["stored"]
    page = shown(as_nurse, in_pain)
    assert STANDS in page
    assert f"ført uten nett av {nurse}, sendt av psychiatrist Moss" in page
    assert VitalSet.objects.latest("pk").by.role == "psychiatrist", "who sent it"


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("", id="nobody was signed in"),
        pytest.param("999999", id="nobody has that key"),
        pytest.param("²", id="no key at all"),
    ],
)
def test_where_nobody_knows_who_typed_it_it_is_not_the_sender(
    in_pain: Session, as_nurse: Client, as_doctor: Client, key: str
) -> None:
    assert sent(in_pain, as_doctor, over(), typist=key).json()["stored"]
    page = shown(as_nurse, in_pain)
    assert STANDS in page
    assert "ført uten nett, ingen vet av hvem, sendt av psychiatrist Moss" in page
    assert TypedByAnother.objects.get().typist is None


def test_what_a_doctor_typed_and_sends_is_the_doctors_word(
    in_pain: Session, as_nurse: Client, as_doctor: Client, psychiatrist: Professional
) -> None:
    assert sent(in_pain, as_doctor, over(), typist=psychiatrist.pk).json()["stored"]
    assert STANDS not in shown(as_nurse, in_pain)
    assert not TypedByAnother.objects.exists()


def test_a_nurse_does_not_send_a_doctors_word(
    in_pain: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    assert sent(in_pain, as_nurse, over(), typist=psychiatrist.pk).json()["stored"]
    assert STANDS in shown(as_nurse, in_pain)


def test_a_correction_that_another_typed_is_no_doctors_word_either(
    in_pain: Session, as_nurse: Client, as_doctor: Client, nurse: Professional
) -> None:
    row = typed.vitals()
    sent(in_pain, as_nurse, row)
    other = row | {"signs_over": ["chest_pain"]}
    read = sent(in_pain, as_doctor, other, typist=nurse.pk)
    amended = {"do": "amend", "revision": read.json()["revision"], "reason": "glemt"}
    assert sent(in_pain, as_doctor, other, typist=nurse.pk, **amended).json()["stored"]
    assert VitalSet.objects.latest("pk").signs_over == ["chest_pain"]
    assert STANDS in shown(as_nurse, in_pain)


def test_an_event_says_who_typed_it_too(
    running: Session, as_doctor: Client, nurse: Professional
) -> None:
    assert sent(running, as_doctor, typed.tile("nausea"), what="event", typist=nurse.pk).json()[
        "stored"
    ]
    assert f"ført uten nett av {nurse}, sendt av psychiatrist Moss" in shown(as_doctor, running)


def test_a_danger_sign_of_a_refused_row_is_received_when_it_comes(
    accounted: Session, as_nurse: Client, as_doctor: Client, nurse: Professional, clock: Clock
) -> None:
    """Typed before both signed, sent after: they signed without it."""
    clock.move(61)
    send(as_nurse, "vitals.record", accounted.pk, typed.vitals())
    send(as_nurse, "discharge.record", accounted.pk, typed.going_home())
    signed(as_nurse, as_doctor)
    assert sheet_of(accounted, now=timezone.now()).signatures
    clock.move(20)
    row = typed.vitals("1200/80", signs=["chest_pain"])
    now = timezone.now()
    half_an_hour = int(now.timestamp() * 1000) - 1_800_000
    times = {"typed_at": half_an_hour, "reckoned_at": half_an_hour}
    answer = sent(accounted, as_doctor, row, typist=nurse.pk, **times)
    assert answer.status_code == 422
    danger = VitalSet.objects.latest("pk")
    assert danger.signs == ["chest_pain"]
    assert danger.late
    assert danger.received_at >= now
    assert danger.happened_at.timestamp() == pytest.approx(half_an_hour / 1000, abs=5)
    assert DischargeRecord.objects.exists()
    assert not sheet_of(accounted, now=timezone.now()).signatures, "both sign anew"
    assert TypedByAnother.objects.get(entry=danger.entry).typist == nurse
