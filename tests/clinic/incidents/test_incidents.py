"""An incident from the first tap to what is sent: entered, corrected, reported, closed."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.chairside.models import ChairEvent, ChairEventKind, Session
from lysglimt.clinic.exposure.beside import over_months_of
from lysglimt.clinic.incidents import actions, from_elsewhere
from lysglimt.clinic.incidents.actions import Answered, Stated
from lysglimt.clinic.incidents.duties import duties_shown
from lysglimt.clinic.incidents.models import (
    DutyAnswer,
    DutyDeadline,
    DutyState,
    Incident,
    IncidentClosing,
)
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.knowledge.safety.reporting import IncidentKind
from tests.clinic.conftest import NOON
from tests.exchange.documents.printed import printed

from .conftest import Enter, entered, page, sent, written

DAY = timedelta(days=1)
REQUIRED = "error-summary"
Tap = Callable[..., ChairEvent]
ANSWERS: dict[str, Any] = {
    "began_at": written(NOON),
    "known_at": written(NOON),
    "words": "Kvalm fra midt i infusjonen.",
    "grade": "2",
    "course": "ongoing",
    "done": ["nothing"],
    "outcome": "recovering",
    "serious": "no",
    "causality": "probable",
    "expected": "yes",
    "nasal": "no",
    "in_study": "no",
}


def duties_of(row: Incident) -> dict[str, str]:
    found = duties_shown([row], unit=row.unit_id)[row.entry]
    return {one.duty.id: one.state for one in found}


def test_a_tap_at_the_chair_waits_until_it_is_completed(
    as_nurse: Client, tap: Tap, session: Session, kari: Patient
) -> None:
    first = tap(ChairEventKind.NAUSEA, 20)
    tap(ChairEventKind.NAUSEA, 30)
    tap(ChairEventKind.REASSURANCE, 31)
    waits = page(as_nurse, "patient.incidents", kari.pk)
    assert "Kvalme</strong> × 2" in waits
    form = page(as_nurse, "incident.complete", first.pk)
    assert f'value="{written(first.happened_at)}"' in form
    assert "checked" not in form
    assert "2: Mindre inntak" in form
    sent(as_nurse, "incident.complete", first.pk, **ANSWERS)
    row = Incident.objects.get()
    assert (row.term, row.grade, row.session_id) == ("nausea", "2", session.pk)
    assert (row.from_entry, row.nasal) == (first.entry, "no")
    assert "× 2" not in page(as_nurse, "patient.incidents", kari.pk)
    assert Event.objects.filter(operation="incident.report").count() == 1


def test_what_is_another_event_each_time_waits_by_itself(
    as_nurse: Client, tap: Tap, kari: Patient
) -> None:
    first = tap(ChairEventKind.OTHER, 20, comment="Nummen i hånden")
    tap(ChairEventKind.OTHER, 25, comment="Så lys")
    assert "Hvilken" in page(as_nurse, "incident.complete", first.pk)
    query = "?term=numbness"
    sent(as_nurse, "incident.complete", first.pk, query=query, **ANSWERS)
    assert page(as_nurse, "patient.incidents", kari.pk).count("chair-events/") == 1


def test_the_list_of_the_unit_shows_taps_of_two_months_and_counts_the_older(
    as_nurse: Client, tap: Tap, monkeypatch: pytest.MonkeyPatch
) -> None:
    tap(ChairEventKind.HEADACHE)
    assert "1 eldre" in page(as_nurse, "incidents")
    monkeypatch.setattr(from_elsewhere, "ASK_FOR", timedelta(days=36500))
    shown = page(as_nurse, "incidents")
    assert "Hodepine" in shown
    assert "Ødegård" in shown


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param({"grade": ""}, REQUIRED, id="no grade"),
        pytest.param({"serious": ""}, REQUIRED, id="not answered"),
        pytest.param({"serious": "yes"}, "Si hva som gjør den alvorlig", id="serious because"),
        pytest.param({"criteria": ["death"]}, "er krysset av under", id="not serious"),
        pytest.param({"serious": "yes", "criteria": ["death"]}, "ved dødsfall", id="a death"),
        pytest.param(
            {"serious": "yes", "criteria": ["death"], "unnatural": "no"},
            "Et dødsfall er krysset av",
            id="died and getting better",
        ),
        pytest.param(
            {"done": ["nothing", "drug"]}, "ingenting annet kan", id="nothing and more"
        ),
        pytest.param(
            {"ended_at": written(NOON + DAY)}, "når den var over", id="goes on and is over"
        ),
        pytest.param(
            {"course": "ended", "ended_at": written(NOON - DAY)}, "før den begynte", id="ends"
        ),
        pytest.param({"known_at": written(NOON - DAY)}, "før det skjedde", id="known before"),
        pytest.param({"began_at": "01.01.1990 10:00"}, "innen ti år", id="long ago"),
        pytest.param({"began_at": "01.01.2090 10:00"}, "innen ti år", id="to come"),
    ],
)
def test_what_does_not_go_together_is_asked_about(
    as_nurse: Client, kari: Patient, said: dict[str, Any], words: str
) -> None:
    key = (kari.pk, "adverse-event")
    found = sent(
        as_nurse, "incident.report", *key, status=422, query="?term=nausea", **ANSWERS | said
    )
    assert words in found
    assert not Incident.objects.exists()


def test_an_expected_rise_of_the_pressure_has_a_class_of_its_own(
    as_nurse: Client, kari: Patient
) -> None:
    key, query = (kari.pk, "adverse-event"), "?term=hypertension"
    said = ANSWERS | {"grade": "transient"}
    serious = {"serious": "yes", "criteria": ["important"]}
    found = sent(as_nurse, "incident.report", *key, query=query, status=422, **said | serious)
    assert "har en grad" in found
    sent(as_nurse, "incident.report", *key, query=query, **said | {"expected": "unknown"})
    row = Incident.objects.get()
    assert (row.transient, row.grade) == (True, "")
    assert duties_of(row) == {}
    assert "teller for seg" in page(as_nurse, "incident", row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.revised(reason="Gradert likevel", grade="3").save(force_insert=True)


def test_what_is_said_of_suicide_has_no_grade(as_nurse: Client, tap: Tap) -> None:
    row = tap(ChairEventKind.NEW_INTENT)
    form = page(as_nurse, "incident.complete", row.pk)
    assert 'name="grade"' not in form
    assert "graderes aldri" in form


def test_a_correction_has_a_reason_and_both_stand_side_by_side(
    as_nurse: Client, enter: Enter, kari: Patient
) -> None:
    row = enter()
    said = ANSWERS | {"grade": "3"}
    assert REQUIRED in sent(as_nurse, "incident.correct", row.pk, status=422, **said)
    sent(as_nurse, "incident.correct", row.pk, **said, reason="Innlagt over natten likevel")
    shown = page(as_nurse, "incident", row.pk)
    assert "3: Innleggelse" in shown
    assert "<s>2: Væske" in shown
    assert "Innlagt over natten likevel" in shown
    newest = Incident.objects.in_force().get()
    assert newest.revision == 2
    assert "checked" in page(as_nurse, "incident.correct", newest.pk)
    other = page(as_nurse, "incident.correct", newest.pk, query="?term=nausea")
    assert "Mindre inntak" in other


def test_what_is_struck_stays_and_asks_for_nothing(as_nurse: Client, enter: Enter) -> None:
    row = enter(serious="yes", criteria=["hospitalisation"])
    assert duties_of(row) == {"adverse-reaction": "open", "patient-injury": "open"}
    location = sent(as_nurse, "incident.strike", row.pk, reason="Feil pasient ble valgt")
    assert "Feil pasient ble valgt" in page(as_nurse, "incident", row.pk)
    assert location == reverse("incident", args=[Incident.objects.latest("pk").pk])
    assert set(duties_of(Incident.objects.latest("pk")).values()) == {"lapsed"}


@pytest.mark.parametrize("kind", [one for one in IncidentKind if one != "adverse-event"])
def test_what_went_wrong_about_nobody_brings_its_duties(
    as_nurse: Client, kind: IncidentKind
) -> None:
    said = {name: ANSWERS[name] for name in ("began_at", "known_at", "words", "nasal")}
    sent(as_nurse, "incident.unit", kind.value, **said)
    row = Incident.objects.get()
    assert row.patient is None
    assert "internal" in duties_of(row)
    assert ("medicine-loss" in duties_of(row)) is (kind is IncidentKind.DIVERSION)
    assert "device" in duties_of(row) or kind is not IncidentKind.DEVICE_FAULT
    assert "gjelder ingen" in page(as_nurse, "incidents")
    assert "Ikke sendt" in page(as_nurse, "incident", row.pk)


def test_a_dosing_error_is_asked_whether_it_harmed(as_nurse: Client, kari: Patient) -> None:
    key = (kari.pk, "dosing-error")
    names = ("began_at", "known_at", "words", "nasal", "serious", "expected", "in_study")
    said = {name: ANSWERS[name] for name in names}
    harmless = said | {"harmed": "no", "serious": "yes", "criteria": ["important"]}
    assert "skadet noen" in sent(as_nurse, "incident.report", *key, status=422, **harmless)
    sent(as_nurse, "incident.report", *key, **said | {"harmed": "unknown"})
    assert duties_of(Incident.objects.get()) == {"internal": "open", "patient-injury": "open"}
    assert "Hvilken" in page(as_nurse, "incident.report", kari.pk, "adverse-event")


@pytest.mark.parametrize("kind", ["adverse-event", "nothing"])
def test_there_is_no_address_for_what_cannot_be(as_nurse: Client, kind: str) -> None:
    assert as_nurse.get(reverse("incident.unit", args=[kind])).status_code == 404


def test_a_kind_that_there_is_not_is_not_found(
    as_nurse: Client, kari: Patient, tap: Tap
) -> None:
    assert as_nurse.get(reverse("incident.report", args=[kari.pk, "no"])).status_code == 404
    other = tap(ChairEventKind.OXYGEN)
    assert as_nurse.get(reverse("incident.complete", args=[other.pk])).status_code == 404


SERIOUS = {"serious": "yes", "criteria": ["life-threatening"], "expected": "unknown"}


def test_a_serious_event_is_reported_and_closed(
    as_doctor: Client, as_nurse: Client, enter: Enter, session: Session
) -> None:
    row = enter(session=session, **SERIOUS)
    assert set(duties_of(row)) >= {"section-3-3-a", "new-scheme", "adverse-reaction"}
    assert "Ikke sendt" in page(as_doctor, "incidents")
    assert f"<td>{written(NOON)}</td>" in page(as_doctor, "incident", row.pk)
    first = next(iter(duties_shown([row], unit=row.unit_id)[row.entry]))
    assert first.late(NOON + 300 * DAY)
    assert as_nurse.get(reverse("duty.answer", args=[row.pk, "internal"])).status_code == 403
    refused = sent(
        as_doctor, "incident.close", row.pk, status=422, words="Vi måler oftere fra nå av."
    )
    assert "En melding venter" in refused
    for duty in duties_of(row):
        said: dict[str, Any] = {"state": "not_to_be_sent", "done_at": written(NOON + DAY)}
        key = (row.pk, duty)
        assert "Si hvorfor" in sent(as_doctor, "duty.answer", *key, status=422, **said)
        sent(as_doctor, "duty.answer", *key, **said, words="Vurdert sammen med avdelingsleder.")
    sent(as_doctor, "incident.close", row.pk, words="Vi måler oftere fra nå av.")
    assert IncidentClosing.objects.get().words == "Vi måler oftere fra nå av."
    assert set(duties_of(row).values()) == {"not_to_be_sent"}
    changed: dict[str, Any] = {
        "state": "sent",
        "done_at": written(NOON + DAY),
        "words": "Ref. 4711",
    }
    reason = "Meldt på nytt etter råd"
    read: dict[str, Any] = {"revision": "1", "reason": reason}
    sent(as_doctor, "duty.answer", row.pk, "section-3-3-a", **changed, **read)
    shown = page(as_doctor, "incident", row.pk)
    assert "Ref. 4711" in shown
    assert reason in shown
    assert DutyAnswer.objects.in_force().count() == len(duties_of(row))


def test_a_report_is_filled_in_for_its_receiver(
    as_doctor: Client, enter: Enter, session: Session
) -> None:
    row = enter(session=session, **SERIOUS)
    told = printed(as_doctor, "print.duty", row.pk, "adverse-reaction", "pdf")
    for words in (
        "Ikke sendt",
        "Oppkast",
        "Vomiting",
        "ØKA",
        "1979",
        "livstruende",
        "ketamin (rasemisk)",
    ):
        assert words in told, words
    assert "Ødegård" not in told
    assert "Ødegård" in printed(as_doctor, "print.duty", row.pk, "patient-injury", "pdf")
    reply = as_doctor.get(reverse("print.duty", args=[row.pk, "adverse-reaction", "json"]))
    said = json.loads(reply.content)
    assert said["sent"] is False
    assert said["incident"]["ctcae"] == "Vomiting"
    assert said["patient"] == {"initials": "ØKA", "birth_year": 1979, "sex": "f"}
    assert (said["session"]["route"], said["other_medicines"]) == ("iv", [])
    for key in ((row.pk, "device", "pdf"), (row.pk, "adverse-reaction", "xml")):
        assert as_doctor.get(reverse("print.duty", args=key)).status_code == 404


def test_a_report_about_nobody_says_so(as_doctor: Client, enter: Enter) -> None:
    row = enter(
        IncidentKind.DIVERSION, patient=None, term="", grade="", course="", done=[], serious=""
    )
    told = printed(as_doctor, "print.duty", row.pk, "medicine-loss", "pdf")
    assert "gjelder ingen pasient" in told
    reply = as_doctor.get(reverse("print.duty", args=[row.pk, "medicine-loss", "json"]))
    assert json.loads(reply.content)["patient"] is None


def shown(row: Incident, duty: str) -> Any:
    found = duties_shown([row], unit=row.unit_id)[row.entry]
    return next(one for one in found if one.duty.id == duty)


def test_the_deadline_counts_from_when_what_asks_for_it_was_known(
    enter: Enter, nurse: Professional
) -> None:
    row = enter(known_at=NOON)
    later = NOON + 3 * DAY
    said = actions.Said(**{**vars_of(row), "serious": "yes", "criteria": ["hospitalisation"]})
    corrected = actions.correct(
        incident=row, said=said, happened_at=NOON, by=nurse, at=later, reason="Innlagt siden"
    )
    one = shown(corrected, "adverse-reaction")
    assert one.since == later
    assert one.latest.date() == (later + 15 * DAY).date()
    assert one.late(later + 17 * DAY)
    assert not one.late(later + 14 * DAY)


def vars_of(row: Incident) -> dict[str, Any]:
    return {name: getattr(row, name) for name in actions.Said.__dataclass_fields__}


def test_the_unit_states_its_own_deadline(
    as_lead: Client, as_nurse: Client, enter: Enter, lead: Professional
) -> None:
    row = enter(known_at=NOON, **SERIOUS)
    assert shown(row, "section-3-3-a").latest is None
    why = "Helseforetakets prosedyre 7.2"
    key = "section-3-3-a"
    half: dict[str, Any] = {"applies": "yes", "amount": "4", "why": why}
    assert "eller ingen av dem" in sent(as_lead, "duty.deadline", key, status=422, **half)
    sent(as_lead, "duty.deadline", key, **half, measure="hours")
    assert shown(row, key).latest == NOON + timedelta(hours=4)
    sent(as_lead, "duty.deadline", "new-scheme", applies="no", why="Ikke i kraft hos oss")
    assert "new-scheme" not in duties_of(row)
    told = page(as_nurse, "duties")
    assert "4 timer" in told
    assert "samme dag</p>" in told
    assert "0 dager" not in told
    assert why in told
    assert "enheten har ikke denne plikten" in told
    assert "enheten godkjenner" in told
    assert "duties/section-3-3-a" not in told
    assert as_lead.get(reverse("duty.deadline", args=["no"])).status_code == 404
    stated = Stated(duty=key, applies=True, why=why)
    actions.state_deadline(stated=stated, entered=entered(NOON + DAY), by=lead, at=NOON + DAY)
    assert DutyDeadline.objects.count() == 3


def test_who_is_closed_to_the_reader_stands_in_no_list(
    as_nurse: Client,
    enter: Enter,
    kari: Patient,
    nurse: Professional,
    psychiatrist: Professional,
) -> None:
    row = enter(**SERIOUS)
    assert "Ødegård" in page(as_nurse, "incidents")
    people.block(patient=kari, staff=nurse, chapter=None, by=psychiatrist, at=NOON)
    listed = page(as_nurse, "incidents")
    assert "Ødegård" not in listed
    assert f"{len(duties_of(row))} meldinger gjelder pasienter som er sperret for deg" in listed
    assert as_nurse.get(reverse("incident", args=[row.pk])).status_code == 403


def test_sent_twice_it_is_stored_once(enter: Enter, nurse: Professional) -> None:
    row = enter(**SERIOUS)
    answered = Answered(state=DutyState.SENT, words="Ref. 1", happened_at=NOON)
    for _ in range(2):
        actions.answer_duty(
            incident=row, duty="adverse-reaction", answered=answered, by=nurse, at=NOON
        )
    assert DutyAnswer.objects.count() == 1


@pytest.mark.parametrize(
    ("grade", "rules"),
    [("2", ["LT-cystitis"]), ("1", []), ("unknown", [])],
)
def test_cystitis_of_grade_two_holds_the_treatment(
    kari: Patient, enter: Enter, grade: str, rules: list[str]
) -> None:
    enter(term="cystitis", grade=grade)
    assert [one.rule for one in over_months_of(kari).holds] == rules
