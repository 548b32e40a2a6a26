"""An entry that comes from a tablet again, otherwise, or not at all."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone

from lysglimt.clinic.audit.models import Event, Read
from lysglimt.clinic.chairside.models import (
    ChairEvent,
    DischargeRecord,
    Session,
    ThrownAway,
    VitalSet,
)
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.scheduling.calendar import OSLO
from tests.clinic.chairside import typed

from .at_the_page import Clock, leaving, send, shown
from .tablet import sent


def amend(answer: Any, **more: object) -> dict[str, object]:
    """Having read what stands."""
    said = {"do": "amend", "revision": answer.json()["revision"]}
    return said | {"reason": "rettet på nettbrettet", **more}


def test_under_its_id_stands_something_else_both_are_shown_and_mine_becomes_a_correction(
    running: Session, as_nurse: Client
) -> None:
    row = typed.vitals("136/82")
    sent(running, as_nurse, row)
    other = row | {"systolic": "146/82", "comment": "målt på nytt"}
    answer = sent(running, as_nurse, other)
    assert answer.status_code == 409
    assert Read.objects.latest("pk").operation == "outbox.send", (
        "what stands there is read, too"
    )
    theirs, mine = (dict(answer.json()[whose]) for whose in ("theirs", "mine"))
    assert (theirs["Systolisk mmHg"], mine["Systolisk mmHg"]) == ("136", "146")
    assert mine["Merknad"] == "målt på nytt"
    assert sent(running, as_nurse, other, do="amend", reason="").status_code == 422
    read = {"do": "amend", "revision": answer.json()["revision"]}
    amended = sent(running, as_nurse, other, **read, reason="rettet på nettbrettet")
    assert amended.json()["stored"]
    rows = VitalSet.objects.history(UUID(str(row["entry"])))
    assert [(one.systolic, one.revision) for one in rows] == [(136, 1), (146, 2)]


def test_an_event_of_the_same_id_with_other_content_is_shown_beside_what_stands(
    running: Session, as_nurse: Client
) -> None:
    row = typed.tile("other", comment="gråter")
    assert sent(running, as_nurse, row, what="event").json()["stored"]
    other = row | {"comment": "ler"}
    answer = sent(running, as_nurse, other, what="event")
    assert (answer.status_code, dict(answer.json()["mine"])["Merknad"]) == (409, "ler")
    read = {"what": "event", "do": "amend", "revision": answer.json()["revision"]}
    assert sent(running, as_nurse, other, **read, reason="feil").json()["stored"]
    assert [one.comment for one in ChairEvent.objects.history(UUID(str(row["entry"])))] == [
        "gråter",
        "ler",
    ]


def test_what_was_struck_out_meanwhile_is_not_corrected(
    running: Session, as_nurse: Client
) -> None:
    row = typed.tile("nausea")
    sent(running, as_nurse, row, what="event")
    known = ChairEvent.objects.get(entry=str(row["entry"]))
    send(as_nurse, "event.strike", known.pk, {"reason": "feil pasient"})
    answer = sent(running, as_nurse, row, what="event", do="amend", reason="likevel")
    assert answer.status_code == 422
    assert "strøket" in answer.json()["refused"][0]


def test_who_threw_away_what_was_never_stored_stands_in_the_trail_with_why(
    running: Session, as_nurse: Client
) -> None:
    before = VitalSet.objects.count()
    row = typed.vitals("1200/80")
    assert sent(running, as_nurse, row, do="strike", reason=" ").status_code == 422
    assert sent(running, as_nurse, row, do="strike", reason="feil pasient").json()["stored"]
    event = Event.objects.get(operation="outbox.strike")
    assert event.reason == "feil pasient"
    assert VitalSet.objects.count() == before


def test_a_correction_of_the_time_alone_moves_it(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(30)
    at = timezone.now().astimezone(OSLO)
    first, later = (f"{at - timedelta(minutes=one):%H:%M}" for one in (20, 13))
    row = typed.vitals("136/82", clock=first)
    sent(running, as_nurse, row)
    moved = row | {"clock": later}
    answer = sent(running, as_nurse, moved)
    theirs, mine = (answer.json()[whose][0][1] for whose in ("theirs", "mine"))
    assert (theirs, mine) == (first, later)
    assert sent(running, as_nurse, moved, **amend(answer)).json()["stored"]
    assert f"{newest(row).happened_at.astimezone(OSLO):%H:%M}" == later


def newest(row: typed.Typed) -> VitalSet:
    return VitalSet.objects.history(UUID(str(row["entry"]))).latest("revision")


def test_what_another_has_corrected_since_is_not_replaced_unseen(
    running: Session, as_nurse: Client, as_doctor: Client
) -> None:
    row = typed.vitals("136/82")
    sent(running, as_nurse, row)
    other = row | {"systolic": "146/82"}
    read = sent(running, as_nurse, other)
    send(
        as_doctor,
        "vitals.correct",
        newest(row).pk,
        typed.vitals("156/82", reason="avlest feil"),
    )
    answer = sent(running, as_nurse, other, **amend(read))
    assert answer.status_code == 409
    assert dict(answer.json()["theirs"])["Systolisk mmHg"] == "156"
    assert answer.json()["revision"] == 2
    without: Any = amend(answer) | {"revision": ""}
    assert sent(running, as_nurse, other, **without).status_code == 409
    assert sent(running, as_nurse, other, **amend(answer)).json()["stored"]
    assert [one.systolic for one in VitalSet.objects.history(newest(row).entry)] == [
        136,
        156,
        146,
    ]


def test_a_correction_that_is_sent_twice_is_one_revision(
    running: Session, as_nurse: Client
) -> None:
    row = typed.vitals("136/82")
    sent(running, as_nurse, row)
    other = row | {"systolic": "146/82"}
    read = amend(sent(running, as_nurse, other))
    for _ in range(2):
        assert sent(running, as_nurse, other, **read).json()["stored"]
    assert newest(row).revision == 2


def test_what_a_colleague_sends_again_is_stored_already(
    running: Session, as_nurse: Client, as_doctor: Client, nurse: Professional
) -> None:
    """The answer to the nurse was lost, and the doctor's sign-in sends it."""
    row = typed.vitals("136/82")
    sent(running, as_nurse, row)
    answer = sent(running, as_doctor, row, typist=nurse.pk)
    assert answer.json()["stored"]
    assert (newest(row).revision, newest(row).by) == (1, nurse)


def test_what_a_colleague_sends_again_is_stored_already_beside_its_danger_sign(
    running: Session, as_nurse: Client, as_doctor: Client, nurse: Professional
) -> None:
    """The row was refused at first, and its danger sign was stored at once."""
    row = typed.vitals("1200/80", signs=["chest_pain"])
    sent(running, as_nurse, row)
    right = row | {"systolic": "120/80"}
    for client in (as_nurse, as_doctor):
        assert sent(running, client, right, typist=nurse.pk).json()["stored"]
    assert VitalSet.objects.filter(entry=str(row["entry"])).count() == 1


def test_one_thing_that_happened_does_not_become_another(
    running: Session, as_nurse: Client
) -> None:
    """New intent calls a doctor when it is charted: a vomiting that is corrected to it would not."""
    row = typed.tile("vomiting")
    sent(running, as_nurse, row, what="event")
    other = row | {"kind": "new_intent"}
    answer = sent(running, as_nurse, other, what="event")
    refused = sent(running, as_nurse, other, **amend(answer, what="event"))
    assert refused.status_code == 422
    assert "før det på nytt" in refused.json()["refused"][0]
    assert ChairEvent.objects.get(entry=str(row["entry"])).kind == "vomiting"


def test_what_is_stored_is_not_asked_for_its_time_when_the_patient_has_left(
    stopped: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    """Tapped, and stored as any form; the tablet keeps it until it hears that it is."""
    row = typed.tile("nausea")
    send(as_nurse, "event.record", stopped.pk, row)
    clock.move(20)
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home(walks="no"))
    decided = leaving(deviation="In a hurry for the train", doctor=str(psychiatrist.pk))
    record = DischargeRecord.objects.in_force().get()
    send(as_nurse, "session.leave", record.pk, decided)
    clock.move(30)
    assert sent(stopped, as_nurse, row, what="event").json()["stored"]
    new = sent(stopped, as_nurse, typed.tile("nausea"), what="event")
    assert new.status_code == 422, "what is not stored has no time yet"
    assert "Skriv klokkeslettet" in new.json()["refused"][0]


def test_what_is_thrown_away_is_kept_in_words_once(
    running: Session, as_nurse: Client, as_doctor: Client, nurse: Professional
) -> None:
    row = typed.vitals("1200/80", signs=["chest_pain"], comment="målt på venstre arm")
    for client in (as_nurse, as_nurse, as_doctor):
        done = sent(running, client, row, do="strike", reason="feil pasient", typist=nurse.pk)
        assert done.json()["stored"]
    thrown = ThrownAway.objects.get()
    assert (str(thrown.entry), thrown.by, thrown.reason) == (
        row["entry"],
        nurse,
        "feil pasient",
    )
    said = dict(thrown.words)
    assert said["Systolisk mmHg"] == "1200"
    assert said["Merknad"] == "målt på venstre arm"
    assert said["Sett eller fortalt"] == "Brystsmerter"
    assert said["Ført av"] == str(nurse)
    event = Event.objects.get(operation="outbox.strike")
    assert event.subject == f"chairside.thrownaway/{thrown.pk}"
    assert len(event.after_digest) == 64
    page = shown(as_nurse, running)
    assert "Kastet på nettbrettet, aldri lagret" in page
    assert "målt på venstre arm" in page
