"""The session is handed over at the chair: to another, who signs, with what is open."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.audit.models import Event, Read
from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import Handover, Session
from lysglimt.clinic.chairside.open_points import points, read_until
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Contradicted, Entered
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.knowledge.verdict import Standing
from tests.clinic.chairside import let_in, nasal, typed
from tests.clinic.conftest import NOON, Staff

from .at_the_page import (
    RED,
    SECRET,
    WITH,
    Clock,
    send,
    shown,
    signed,
    what_the_gate_found,
    words,
)
from .test_start import OLA, other_chair, other_ready

__all__ = ["other_chair", "other_ready"]


@pytest.fixture
def ola(nurse: Professional) -> Patient:
    return people.register_patient(said=OLA, by=nurse, at=NOON)


def page_of(client: Client, session: Session) -> str:
    return words(client.get(reverse("session.hand-over", args=[session.pk])))  # type: ignore[arg-type]  # Django's test client


def given(session: Session, taker: Professional, clock: Clock, **more: Any) -> typed.Typed:
    read = read_until(sheet_of(session, now=clock.at))
    return {
        "entry": str(uuid4()),
        "read": read,
        "checked_by": str(taker.pk),
        "words": "",
        **more,
    }


def refused(client: Client, session: Session, data: typed.Typed) -> str:
    answer = client.post(reverse("session.hand-over", args=[session.pk]), data)
    assert answer.status_code == 422
    assert not Handover.objects.exists()
    return words(answer)  # type: ignore[arg-type]  # as above


def told(session: Session, clock: Clock) -> list[tuple[str, str]]:
    return [(one.words, one.kind) for one in points(sheet_of(session, now=clock.at))]


def test_who_takes_over_is_told_what_is_open_and_both_stand_on_the_page(
    running: Session,
    as_nurse: Client,
    nurse: Professional,
    colleague: Professional,
    clock: Clock,
) -> None:
    clock.move(12)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("202/104", **RED))
    send(
        as_nurse, "pump.record", running.pk, typed.pump("pause", pause_reason="blood_pressure")
    )
    send(
        as_nurse,
        "event.record",
        running.pk,
        typed.tile("drug_given", amount="labetalol 5 mg iv"),
    )
    page = page_of(as_nurse, running)
    for line in (
        "Rødt: Systolisk blodtrykk 202 mmHg",
        "Infusjonen står stille siden kl. 13:25: blodtrykk",
        "Legemiddel gitt: labetalol 5 mg iv",
        "Neste måling er planlagt kl. 13:30",
    ):
        assert line in page
    send(
        as_nurse,
        "session.hand-over",
        running.pk,
        given(running, colleague, clock, words="Redd"),
    )
    row = Handover.objects.get()
    assert (row.by, row.taken_by, row.words) == (nurse, colleague, "Redd")
    assert "Rødt: Systolisk" in row.open_points[0]["nb"]
    assert "Red: Systolic" in row.open_points[0]["en"]
    page = shown(as_nurse, running)
    assert f"Har pasienten nå: {colleague}, fra kl. 13:2" in page
    assert f"Ansvaret er overført til {colleague}: Redd" in page
    assert "Skjermen er fortsatt innlogget" in page


def test_where_all_is_well_the_next_observation_alone_is_told(
    running: Session, clock: Clock
) -> None:
    assert told(running, clock) == [
        ("Ordinert 40 mg med 60 ml/t; gitt 0 mg kl. 13:13", ""),
        ("Dosen er gitt kl. 13:53, slik pumpen går nå", ""),
        ("Lege for økten: psychiatrist Moss", ""),
        ("Neste måling er planlagt kl. 13:18", ""),
    ]


def test_an_overdue_observation_is_red_on_the_list(running: Session, clock: Clock) -> None:
    clock.move(15)
    assert ("Målingen er forsinket, den var planlagt kl. 13:18", "late") in told(running, clock)


def test_what_is_missing_before_the_start_is_on_the_list(
    session: Session, clock: Clock
) -> None:
    assert [line for line, _ in told(session, clock)] == [
        "Mangler før start: legens ordinasjon",
        "Mangler før start: legens signatur på ordinasjonen",
        "Mangler før start: dobbeltkontrollen",
        "Mangler før start: startkontrollen",
    ]


def test_what_is_missing_before_going_home_is_on_the_list(
    stopped: Session, as_nurse: Client, clock: Clock
) -> None:
    listed = [line for line, _ in told(stopped, clock)]
    assert "Sjekklisten for hjemreise er ikke fylt ut" in listed
    assert "Dosen er ikke ført ennå." in listed
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home(walks="no"))
    listed = [line for line, _ in told(stopped, clock)]
    assert any(line.startswith("Hindrer hjemreise:") for line in listed), listed
    assert "Ingen lege har signert sjekklisten" in listed


def test_in_journal_mode_nothing_that_is_judged_is_on_the_list(
    running: Session, as_nurse: Client, psychiatrist: Professional, moss: Unit, clock: Clock
) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("202/104", **RED))
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=clock.at)
    listed = told(Session.objects.get(), clock)
    assert len(listed) == 3, "the dose, its end, the doctor"
    assert not [line for line, kind in listed if kind or "måling" in line]


def test_what_a_second_person_has_not_signed_is_on_the_list(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    check = typed.tile("check_pending", comment="Ny sprøyte, Arne")
    send(as_nurse, "event.record", running.pk, check)
    assert any("Ny sprøyte, Arne" in line for line, _ in told(running, clock))


def test_what_was_red_and_is_no_more_is_still_told(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(5)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("202/104", **RED))
    clock.move(6)
    send(as_nurse, "vitals.record", running.pk, typed.vitals())
    listed = [line for line, _ in told(running, clock)]
    assert any(
        line.startswith("Var rødt kl. 13:18: Systolisk blodtrykk 202") for line in listed
    )


def test_nobody_hands_over_to_themselves(
    running: Session, as_nurse: Client, nurse: Professional, clock: Clock
) -> None:
    offered = as_nurse.get(reverse("session.hand-over", args=[running.pk])).context["form"]
    assert str(nurse.pk) not in dict(offered.fields["checked_by"].choices)
    refused(as_nurse, running, given(running, nurse, clock))
    with pytest.raises(actions.NotToThem):
        handed(running, nurse, nurse, clock)


def handed(
    session: Session, by: Professional, to: Professional, clock: Clock, **more: Any
) -> Handover:
    read = read_until(sheet_of(session, now=clock.at))
    return actions.hand_over(
        session=session,
        given=actions.GivenOver(
            taken_by=to, read=more.get("read", read), words=more.get("words", "")
        ),
        entered=Entered(
            happened_at=clock.at, entered_at=clock.at, entry=more.get("entry", uuid4())
        ),
        by=by,
        at=clock.at,
    )


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PHARMACIST, Role.PSYCHOLOGIST])
def test_who_does_not_chart_at_the_chair_takes_nothing_over(
    running: Session, nurse: Professional, moss: Unit, staff: Staff, clock: Clock, role: Role
) -> None:
    with pytest.raises(actions.NotToThem):
        handed(running, nurse, staff(moss, role, "other"), clock)


def test_who_takes_over_signs_with_a_password_of_their_own(
    running: Session, as_nurse: Client, colleague: Professional, clock: Clock
) -> None:
    colleague.set_password(SECRET)
    colleague.save()
    page = refused(as_nurse, running, given(running, colleague, clock, **{WITH: "a guess"}))
    assert "Passordet" in page
    send(
        as_nurse,
        "session.hand-over",
        running.pk,
        given(running, colleague, clock, **{WITH: SECRET}),
    )
    assert Handover.objects.get().taken_by == colleague


def test_who_takes_over_signs_what_they_have_read(
    running: Session, as_nurse: Client, colleague: Professional, clock: Clock
) -> None:
    """A red reading came from another tablet while both read."""
    data = given(running, colleague, clock)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("202/104", **RED))
    page = refused(as_nurse, running, data)
    assert "Noe ble ført etter at denne listen ble lest." in page
    assert "Rødt: Systolisk blodtrykk 202" in page


def test_sent_twice_it_is_handed_over_once(
    running: Session,
    as_nurse: Client,
    nurse: Professional,
    colleague: Professional,
    clock: Clock,
) -> None:
    data = given(running, colleague, clock)
    for _ in range(2):
        send(as_nurse, "session.hand-over", running.pk, data)
        send(as_nurse, "vitals.record", running.pk, typed.vitals())
    row = Handover.objects.get()
    with pytest.raises(Contradicted):
        handed(running, nurse, colleague, clock, entry=row.entry, words="Something else")


def test_the_patient_who_has_left_is_not_handed_over(
    accounted: Session, as_nurse: Client, nurse: Professional, as_doctor: Client,
    colleague: Professional, clock: Clock,
) -> None:  # fmt: skip
    send(as_nurse, "discharge.record", accounted.pk, typed.going_home())
    leave: typed.Typed = {
        "entry": str(uuid4()),
        "ago": "0",
        "doctor": "nobody",
        "deviation": "Ville hjem med følge",
    }
    record = accounted.discharges.get()
    send(as_nurse, "session.leave", record.pk, leave)
    with pytest.raises(actions.NobodyHere):
        handed(accounted, nurse, colleague, clock)


def test_the_database_keeps_one_from_oneself_and_every_handover_as_it_was(
    running: Session, nurse: Professional, colleague: Professional, clock: Clock
) -> None:
    row = handed(running, nurse, colleague, clock)
    for change in ({"taken_by": nurse}, {"withdrawn": True}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Handover.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Handover(**(row.content() | {"entry": uuid4(), "taken_by_id": nurse.pk}),
                 entered_at=clock.at, received_at=clock.at).save(force_insert=True)  # fmt: skip


def test_it_stands_in_the_trail_as_a_deed_and_its_page_as_a_read(
    running: Session,
    as_nurse: Client,
    nurse: Professional,
    colleague: Professional,
    clock: Clock,
) -> None:
    page_of(as_nurse, running)
    assert Read.objects.filter(operation="session.hand-over", actor=nurse.username).exists()
    send(as_nurse, "session.hand-over", running.pk, given(running, colleague, clock))
    deed = Event.objects.get(operation="session.hand-over")
    assert deed.patients == [str(running.course.patient_id)]


OTHER = "Ola trenger ro, Kari følger"


def test_who_took_an_infusion_over_is_the_one_nurse_of_it(
    prepared: Session,
    as_nurse: Client,
    nurse: Professional,
    colleague: Professional,
    other_chair: Session,
    clock: Clock,
) -> None:
    """Whoever charted it last is free for another patient; whoever took it over is not."""
    assert as_nurse.post(gate_of(prepared), typed.gate(others="none")).status_code == 422
    handed(other_chair, nurse, colleague, clock)
    assert what_the_gate_found(as_nurse, prepared)["gate:staffing"] == Standing.MET
    taken_over = Client()
    taken_over.force_login(colleague)
    page = taken_over.post(gate_of(prepared), typed.gate(others="none"))
    assert page.status_code == 422
    assert "eller har tatt over" in words(page)  # type: ignore[arg-type]  # as above
    send(as_nurse, "vitals.record", other_chair.pk, typed.vitals())
    assert what_the_gate_found(as_nurse, prepared)["gate:staffing"] == Standing.MET


def gate_of(session: Session) -> str:
    return reverse("session.gate", args=[session.pk])


def test_a_second_infusion_is_taken_over_with_words_alone(
    prepared: Session,
    as_nurse: Client,
    nurse: Professional,
    colleague: Professional,
    other_chair: Session,
    clock: Clock,
) -> None:
    """The start check asks the same of a second infusion."""
    handed(other_chair, nurse, colleague, clock)
    send(as_nurse, "session.gate", prepared.pk, typed.gate())
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))
    with pytest.raises(actions.HandsFull):
        handed(prepared, nurse, colleague, clock)
    address = reverse("session.hand-over", args=[prepared.pk])
    page = as_nurse.post(address, given(prepared, colleague, clock))
    assert "ansvar for andre fra før: også der gis legemidlet" in words(page)  # type: ignore[arg-type]  # as above
    said = given(prepared, colleague, clock, words=OTHER)
    send(as_nurse, "session.hand-over", prepared.pk, said)


def test_a_danger_sign_and_the_doctor_who_is_asked_for_come_first(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    sign: typed.Typed = {"entry": typed.entry(), "ago": "0", "signs": "chest_pain"}
    send(as_nurse, "vitals.record", running.pk, sign)
    first, second, *_ = told(running, clock)
    assert first == ("Brystsmerter, meldt kl. 13:13, gjelder fortsatt", "late")
    assert second == ("En oppgave ber om lege nå, og ingen lege har besvart den", "late")


def test_a_signature_that_no_longer_holds_is_told(
    accounted: Session, as_nurse: Client, as_doctor: Client, clock: Clock
) -> None:
    send(as_nurse, "discharge.record", accounted.pk, typed.going_home())
    signed(as_nurse, as_doctor)
    listed = [line for line, _ in told(accounted, clock)]
    assert not [line for line in listed if "signert" in line]
    clock.move(3)
    send(as_nurse, "vitals.record", accounted.pk, typed.vitals("202/104", **RED))
    listed = [line for line, _ in told(accounted, clock)]
    assert sum("gjelder ikke lenger" in line for line in listed) == 2


def test_by_nose_the_next_device_is_told(
    kari: Patient,
    nurse: Professional,
    psychiatrist: Professional,
    colleague: Professional,
    clock: Clock,
) -> None:
    let_in.agree(kari, by=psychiatrist)
    let_in.accept(kari, by=psychiatrist)
    course = nasal.course_of(kari, by=psychiatrist)
    session = actions.open_session(course=course, planned_on=NOON.date(), by=nurse, at=clock.at)
    order = nasal.ordered(session, by=psychiatrist)
    actions.sign_device_order(order=order, by=psychiatrist, at=NOON)
    nasal.check(order, by=nurse, other=colleague)
    nasal.let_through(session, by=psychiatrist)
    nasal.give(session, 1, by=nurse)
    clock.move(3)
    assert any("Den neste fra kl. 13:06" in line for line, _ in told(session, clock))
    row = handed(session, nurse, colleague, clock)
    assert any("28 mg" in one["nb"] for one in row.open_points)


def test_what_became_due_while_it_was_read_is_read_first(
    running: Session, as_nurse: Client, colleague: Professional, clock: Clock
) -> None:
    """No row is charted: the observation that was to come is overdue by now."""
    data = given(running, colleague, clock)
    clock.move(15)
    page = refused(as_nurse, running, data)
    assert "Målingen er forsinket" in page
    data = given(running, colleague, clock, words="Redd")
    clock.move(1)
    send(as_nurse, "session.hand-over", running.pk, data)
    stored = [one["nb"] for one in Handover.objects.get().open_points]
    assert any(line.endswith("mg kl. 13:28") for line in stored), "as both have read it"


@pytest.mark.parametrize("read", ["", "nonsense", "2030-01-01T00:00:00+00:00 ab", "2026-03-02T12:00:00 ab"])  # fmt: skip
def test_a_list_that_no_page_gave_was_not_read(
    running: Session, as_nurse: Client, colleague: Professional, clock: Clock, read: str
) -> None:
    data = given(running, colleague, clock, read=read)
    assert "Noe ble ført etter at denne listen ble lest." in refused(as_nurse, running, data)


def test_of_two_who_hand_it_over_at_once_one_does(
    running: Session, as_nurse: Client, colleague: Professional, staff: Staff, moss: Unit, clock: Clock
) -> None:  # fmt: skip
    """Two tabs: else each of the two takers is told that they have the patient."""
    third = staff(moss, Role.NURSE, "third")
    first, second = given(running, colleague, clock), given(running, third, clock)
    send(as_nurse, "session.hand-over", running.pk, first)
    answer = as_nurse.post(reverse("session.hand-over", args=[running.pk]), second)
    assert answer.status_code == 422
    assert Handover.objects.get().taken_by == colleague


def test_who_hands_over_the_patient_of_another_is_asked(
    running: Session, as_nurse: Client, nurse: Professional, colleague: Professional, staff: Staff,
    moss: Unit, clock: Clock,
) -> None:  # fmt: skip
    """The screen is still signed in as whoever gave it over."""
    third = staff(moss, Role.NURSE, "third")
    send(as_nurse, "session.hand-over", running.pk, given(running, colleague, clock))
    asked = f"{colleague} har pasienten ifølge journalen"
    assert asked in page_of(as_nurse, running)
    with pytest.raises(actions.OthersPatient):
        handed(running, nurse, third, clock)
    answer = as_nurse.post(
        reverse("session.hand-over", args=[running.pk]), given(running, third, clock)
    )
    assert answer.status_code == 422
    send(as_nurse, "session.hand-over", running.pk, given(running, third, clock, in_place="on"))
    assert Handover.objects.filter(taken_by=third).exists()
    theirs = Client()
    theirs.force_login(third)
    assert "har pasienten ifølge journalen" not in page_of(theirs, running)


def test_a_red_patient_is_not_one_more_for_who_has_a_running_infusion(
    prepared: Session,
    as_nurse: Client,
    nurse: Professional,
    colleague: Professional,
    other_chair: Session,
    clock: Clock,
) -> None:
    """Pathway 4.5: a second patient only while in green recovery. The start check asks the same."""
    handed(other_chair, nurse, colleague, clock)
    send(as_nurse, "session.gate", prepared.pk, typed.gate())
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))
    send(as_nurse, "pump.record", prepared.pk, typed.pump("stop"))
    send(as_nurse, "vitals.record", prepared.pk, typed.vitals("202/104", **RED))
    page = refused_anew(as_nurse, prepared, given(prepared, colleague, clock))
    assert "denne pasienten er ikke i grønt område" in page
    send(as_nurse, "vitals.record", prepared.pk, typed.vitals())
    send(as_nurse, "session.hand-over", prepared.pk, given(prepared, colleague, clock))


def refused_anew(client: Client, session: Session, data: typed.Typed) -> str:
    answer = client.post(reverse("session.hand-over", args=[session.pk]), data)
    assert answer.status_code == 422
    return words(answer)  # type: ignore[arg-type]  # as above


def test_by_nose_a_patient_counts_as_one_to_watch(
    running: Session,
    ola: Patient,
    nurse: Professional,
    psychiatrist: Professional,
    colleague: Professional,
    clock: Clock,
) -> None:
    let_in.agree(ola, by=psychiatrist)
    let_in.accept(ola, by=psychiatrist)
    course = nasal.course_of(ola, by=psychiatrist)
    sprayed = actions.open_session(course=course, planned_on=NOON.date(), by=nurse, at=clock.at)
    order = nasal.ordered(sprayed, by=psychiatrist)
    actions.sign_device_order(order=order, by=psychiatrist, at=NOON)
    nasal.check(order, by=nurse, other=colleague)
    nasal.let_through(sprayed, by=psychiatrist)
    nasal.give(sprayed, 14, by=colleague)
    clock.move(2)
    with pytest.raises(actions.HandsFull):
        handed(running, nurse, colleague, clock)
