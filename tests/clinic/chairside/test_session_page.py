"""A session from the order to the way home, on the pages that nurse and doctor use."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session as SignIns
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.before import screened, screener_planned
from lysglimt.clinic.chairside.contradicted import contradicted
from lysglimt.clinic.chairside.forms.leaving import DischargeForm
from lysglimt.clinic.chairside.models import (
    ChairEvent,
    DischargeRecord,
    PreparationCheck,
    PumpEvent,
    Session,
    SessionOrder,
    StartGateRecord,
    VitalSet,
    Waste,
)
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.models import EligibilityDecision
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.actions import Agreed
from lysglimt.clinic.treatment.history import course_facts
from lysglimt.clinic.treatment.models import (
    Consent,
    Course,
    Rating,
    SafetyTask,
    SessionGiven,
    WorkUpResult,
)
from lysglimt.knowledge.eligibility.candidate import Diagnosis, DiagnosisStatus
from lysglimt.knowledge.eligibility.candidate import Registration as Choice
from lysglimt.knowledge.medicine import Medicine
from lysglimt.knowledge.protocols.facts import SessionGiven as Given
from lysglimt.knowledge.verdict import Standing, Verdict
from tests.clinic.conftest import NOON, Staff

from . import let_in, typed
from .conftest import entered, finding

WITH, SECRET = "password", "their own long secret"


class Clock:
    """A clock on the wall that the test moves."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def move(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def colleague(moss: Unit, staff: Staff) -> Professional:
    return staff(moss, Role.NURSE, "colleague")


@pytest.fixture(autouse=True)
def supported(moss: Unit, psychiatrist: Professional) -> Unit:
    """The unit has signed the statement: decision support is on."""
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=timezone.now())
    return moss


@pytest.fixture
def session(course: Course, nurse: Professional, psychiatrist: Professional) -> Session:
    """Today, of a patient who has consented and is in the register."""
    now = timezone.now()
    agreed = Agreed(version="1", language="nb", items=[], signed_by_patient_on=now.date())
    patient = course.patient
    treatment.record_consent(
        patient=patient, agreed=agreed, entered=entered(), by=psychiatrist, at=now
    )
    treatment.register_choice(
        patient=patient, choice=Choice.REGISTER, entered=entered(), by=psychiatrist, at=now
    )
    let_in.accept(patient, by=psychiatrist)
    let_in.examine(patient, by=psychiatrist)
    return actions.open_session(
        course=course, planned_on=timezone.localdate(), by=nurse, at=now
    )


@pytest.fixture
def as_doctor(psychiatrist: Professional) -> Client:
    client = Client()
    client.force_login(psychiatrist)
    return client


def words(page: HttpResponse) -> str:
    """What is read on a page, without its markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.content.decode())))


def send(client: Client, name: str, key: object, data: typed.Typed) -> HttpResponse:
    answer = client.post(reverse(name, args=[key]), data)
    assert answer.status_code == 302, words(answer)  # type: ignore[arg-type]  # Django's test client
    return answer  # type: ignore[return-value]  # likewise


def shown(client: Client, session: Session) -> str:
    return words(client.get(reverse("session", args=[session.pk])))  # type: ignore[arg-type]  # likewise


@pytest.fixture
def ordered(session: Session, as_doctor: Client) -> SessionOrder:
    send(as_doctor, "order.write", session.pk, typed.order())
    order = SessionOrder.objects.get()
    send(as_doctor, "order.sign", order.pk, {})
    return order


@pytest.fixture
def prepared(
    ordered: SessionOrder,
    as_nurse: Client,
    colleague: Professional,
    session: Session,
    clock: Clock,
) -> Session:
    send(as_nurse, "order.check", ordered.pk, typed.preparation(colleague.pk))
    for _ in range(2):
        clock.move(6)
        send(as_nurse, "vitals.record", session.pk, typed.vitals())
    send(as_nurse, "session.gate", session.pk, typed.gate())
    return session


@pytest.fixture
def running(prepared: Session, as_nurse: Client) -> Session:
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))
    return prepared


def test_the_dose_card_shows_every_input_and_formula_and_waits_for_a_signature(
    session: Session, as_doctor: Client, as_nurse: Client
) -> None:
    send(as_doctor, "order.write", session.pk, typed.order())
    order = SessionOrder.objects.get()
    assert [order.dose_mg, order.volume_ml, order.rate_ml_h] == [40, 40, 60]
    page = shown(as_nurse, session)
    assert "0,5 mg/kg × 80 kg = 40 mg" in page
    assert "ikke signert" in page


def test_a_session_goes_from_the_order_to_the_way_home(
    prepared: Session,
    as_nurse: Client,
    as_doctor: Client,
    clock: Clock,
    colleague: Professional,
) -> None:
    gate = StartGateRecord.objects.get()
    assert Standing(gate.standing) is Standing.MET, gate.findings
    assert "Start infusjonen" in shown(as_nurse, prepared)
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))
    clock.move(42)
    send(as_nurse, "pump.record", prepared.pk, typed.pump("stop"))
    clock.move(61)
    send(as_nurse, "vitals.record", prepared.pk, typed.vitals())
    send(as_nurse, "session.finish", prepared.pk, typed.finished(colleague.pk))
    given = SessionGiven.objects.get()
    assert given.entry == prepared.pk
    assert given.delivered_mg == 40
    send(as_nurse, "discharge.record", prepared.pk, typed.going_home())
    record = DischargeRecord.objects.get()
    unmet = [one for one in record.findings if one["standing"] and one["criterion"] != "DC-9"]
    assert not unmet
    send(as_nurse, "discharge.sign", record.pk, {})
    send(as_doctor, "discharge.sign", record.pk, {})
    assert "Nå: Klar for hjemreise" in shown(as_nurse, prepared)
    send(as_nurse, "session.leave", record.pk, leaving())
    page = shown(as_nurse, prepared)
    assert "Nå: Reist" in page


def leaving(**more: str) -> typed.Typed:
    return {"entry": typed.entry(), "ago": "0", **more}


@pytest.fixture
def stopped(running: Session, as_nurse: Client, clock: Clock) -> Session:
    clock.move(42)
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    send(as_nurse, "vitals.record", running.pk, typed.vitals())
    return running


def test_nobody_leaves_before_the_dose_is_recorded_in_the_course(
    stopped: Session, as_nurse: Client, colleague: Professional, psychiatrist: Professional
) -> None:
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home())
    record = DischargeRecord.objects.get()
    address = reverse("session.leave", args=[record.pk])
    assert (
        as_nurse.post(
            address, leaving(deviation="In a hurry", doctor=str(psychiatrist.pk))
        ).status_code
        == 422
    )
    send(as_nurse, "session.finish", stopped.pk, typed.finished(colleague.pk))
    send(
        as_nurse,
        "session.leave",
        record.pk,
        leaving(deviation="In a hurry", doctor=str(psychiatrist.pk)),
    )


@pytest.mark.parametrize(
    ("answered", "wait", "signers", "status"),
    [
        pytest.param({}, 61, 2, 302, id="all is met, waited for and signed"),
        pytest.param({}, 30, 2, 422, id="the wait is not over"),
        pytest.param({}, 61, 1, 422, id="the doctor has not signed"),
        pytest.param({"walks": "no"}, 61, 2, 422, id="does not walk unaided"),
        pytest.param({"cannula_out": ""}, 61, 2, 422, id="nobody has said the cannula is out"),
    ],
)
def test_leaving_takes_every_criterion_or_a_decision(
    stopped: Session,
    as_nurse: Client,
    as_doctor: Client,
    clock: Clock,
    colleague: Professional,
    *,
    answered: dict[str, str],
    wait: int,
    signers: int,
    status: int,
) -> None:
    send(as_nurse, "session.finish", stopped.pk, typed.finished(colleague.pk))
    clock.move(wait)
    send(as_nurse, "vitals.record", stopped.pk, typed.vitals())
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home(**answered))
    record = DischargeRecord.objects.get()
    for client in (as_nurse, as_doctor)[:signers]:
        send(client, "discharge.sign", record.pk, {})
    page = as_nurse.post(reverse("session.leave", args=[record.pk]), leaving())
    assert page.status_code == status
    left = DischargeRecord.objects.filter(left_at__isnull=False).exists()
    assert left is (status == 302)
    if not left:
        address = reverse("session.leave", args=[record.pk])
        nameless = as_nurse.post(address, leaving(deviation="Her own wish"))
        assert nameless.status_code == 422, "a reason is not a decision: whose is it?"
        named = leaving(deviation="Her own wish", doctor="nobody")
        send(as_nurse, "session.leave", record.pk, named)
        after = shown(as_nurse, stopped)
        assert "Nå: Reist før kriteriene var oppfylt" in after
        assert "Klar for hjemreise" not in after


def test_a_dose_that_is_not_whole_asks_why(
    running: Session, as_nurse: Client, clock: Clock, colleague: Professional
) -> None:
    clock.move(20)
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    address = reverse("session.finish", args=[running.pk])
    assert as_nurse.post(address, typed.finished(colleague.pk)).status_code == 422
    whole = typed.finished(colleague.pk, ended_early="Anxious")
    send(as_nurse, "session.finish", running.pk, whole)
    assert SessionGiven.objects.get().ended_early == "Anxious"


def test_no_dose_step_is_chosen_beforehand(session: Session, as_doctor: Client) -> None:
    page = as_doctor.get(reverse("order.write", args=[session.pk])).content.decode()
    assert 'name="step"' in page
    radios = re.findall(r"<input[^>]*name=\"(?:step|concentration)\"[^>]*>", page)
    assert radios
    assert not [radio for radio in radios if "checked" in radio]
    for measured in ("weight_kg", "height_cm"):
        [field] = re.findall(rf"<input[^>]*name=\"{measured}\"[^>]*>", page)
        assert "value" not in field


def test_a_dose_above_a_ceiling_asks_for_a_doctors_reason_and_keeps_what_was_typed(
    session: Session, as_doctor: Client, psychiatrist: Professional
) -> None:
    high = typed.order(step="other", mg_per_kg="1,2", minutes="60", concentration="2")
    page = as_doctor.post(reverse("order.write", args=[session.pk]), high)
    assert page.status_code == 422
    assert 'name="override_dose_mg_per_kg"' in page.content.decode()
    assert 'name="named_doctor"' in page.content.decode(), "both are asked for at once"
    assert "Velg legen som svarer for denne dosen" in words(page)  # type: ignore[arg-type]  # Django's test client
    assert 'value="1,2"' in page.content.decode()
    assert "oppgitt: 1,2 mg/kg" in words(page)  # type: ignore[arg-type]  # Django's test client
    assert not SessionOrder.objects.exists()
    reason: typed.Typed = {"override_dose_mg_per_kg": "Decided at the conference"}
    # More than one step above the first dose: a doctor is named for that too.
    named: typed.Typed = {"named_doctor": str(psychiatrist.pk)}
    send(as_doctor, "order.write", session.pk, high | reason | named)
    [_, lifted] = SessionOrder.objects.get().overrides
    assert lifted["ceiling"] == "dose_mg_per_kg"
    assert lifted["reason"] == reason["override_dose_mg_per_kg"]


@pytest.mark.parametrize(("age", "asked"), [(64, False), (65, True)], ids=["64", "65"])
def test_orthostatic_pressure_is_asked_of_the_old_alone(*, age: int, asked: bool) -> None:
    form = DischargeForm(computed={}, changes=False, age=age)
    assert ("orthostatic" in form.fields) is asked


def test_the_highest_step_typed_by_hand_takes_the_same_reason(
    session: Session, as_doctor: Client
) -> None:
    by_hand = typed.order(step="other", mg_per_kg="1", minutes="40", concentration="2")
    page = as_doctor.post(reverse("order.write", args=[session.pk]), by_hand)
    assert page.status_code == 422
    assert "utenfor protokollen for forløpet" in page.content.decode()
    assert not SessionOrder.objects.exists()


def test_the_highest_step_takes_a_named_doctors_reason(
    session: Session, as_doctor: Client
) -> None:
    page = as_doctor.post(
        reverse("order.write", args=[session.pk]), typed.order(step="1|40", concentration="2")
    )
    assert page.status_code == 422
    assert "navngitt lege" in words(page)  # type: ignore[arg-type]  # Django's test client
    assert "Velg legen som svarer for denne dosen" in words(page)  # type: ignore[arg-type]  # likewise


def test_a_change_takes_the_signature_away(
    ordered: SessionOrder, session: Session, as_doctor: Client
) -> None:
    changed = typed.order(weight_kg="81,5", reason="Weighed again")
    send(as_doctor, "order.write", session.pk, changed)
    assert not SessionOrder.objects.signed().exists()
    assert "ikke signert" in shown(as_doctor, session)


def test_the_order_cannot_be_signed_by_a_nurse(
    session: Session, as_doctor: Client, as_nurse: Client
) -> None:
    send(as_doctor, "order.write", session.pk, typed.order())
    page = as_nurse.post(reverse("order.sign", args=[SessionOrder.objects.get().pk]))
    assert page.status_code == 403


def test_the_other_person_of_the_check_signs_with_a_password(
    ordered: SessionOrder, as_nurse: Client, colleague: Professional
) -> None:
    colleague.set_password(SECRET)
    colleague.save()
    address = reverse("order.check", args=[ordered.pk])
    wrong = as_nurse.post(address, typed.preparation(colleague.pk, **{WITH: "guess"}))
    assert wrong.status_code == 422
    right = typed.preparation(colleague.pk, **{WITH: SECRET})
    send(as_nurse, "order.check", ordered.pk, right)


def test_whoever_guesses_a_colleague_s_password_is_stopped_as_at_the_door(
    ordered: SessionOrder, as_nurse: Client, colleague: Professional
) -> None:
    cache.clear()
    colleague.set_password(SECRET)
    colleague.save()
    address = reverse("order.check", args=[ordered.pk])
    unfinished = typed.preparation(colleague.pk, **{WITH: SECRET, "drawn_mg": ""})
    for _ in range(9):
        page = as_nurse.post(address, unfinished)
        assert "password" not in page.context["form"].errors, "a form with a gap tells nothing"
    for guess in range(5):
        guessed = typed.preparation(colleague.pk, **{WITH: f"guess {guess}"})
        assert as_nurse.post(address, guessed).status_code == 422
    right = typed.preparation(colleague.pk, **{WITH: SECRET})
    assert "Vent" in as_nurse.post(address, right).content.decode()
    assert not PreparationCheck.objects.exists()
    assert Event.objects.filter(operation="sign-in.refused").count() >= 5
    cache.clear()
    send(as_nurse, "order.check", ordered.pk, right)


def test_the_gate_says_what_is_not_clarified_and_the_start_waits(
    ordered: SessionOrder, session: Session, as_nurse: Client
) -> None:
    send(as_nurse, "session.gate", session.pk, typed.gate(escort=""))
    page = shown(as_nurse, session)
    assert "Hvem følger pasienten hjem?" in page
    assert "Start infusjonen" not in page
    refused = as_nurse.post(reverse("pump.record", args=[session.pk]), typed.pump("start"))
    assert refused.status_code == 422
    assert not PumpEvent.objects.exists()


@pytest.mark.parametrize(
    "found",
    [
        pytest.param({"nothing_new": "no"}, id="a specialist's decision"),
        pytest.param({"escort": "no"}, id="an exclusion: nurse and doctor, two names"),
    ],
)
def test_a_doctor_answers_by_name_for_what_the_gate_found(
    prepared: Session, as_nurse: Client, as_doctor: Client, found: dict[str, str]
) -> None:
    send(as_nurse, "session.gate", prepared.pk, typed.gate(**found))
    newest = StartGateRecord.objects.in_force().order_by("-pk")[0]
    address = reverse("session.override", args=[newest.pk])
    assert as_nurse.post(address, {"reason": "I say so"}).status_code == 403
    send(as_doctor, "session.override", newest.pk, {"reason": "Stays in the ward"})
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))


def what_the_gate_found(client: Client, session: Session, **answers: str) -> dict[str, Any]:
    """By criterion, how it stood, of a gate gone through now."""
    send(client, "session.gate", session.pk, typed.gate(**answers))
    newest = StartGateRecord.objects.in_force().order_by("-pk")[0]
    return {one["criterion"]: one["standing"] for one in newest.findings}


def test_a_reading_after_the_gate_closes_it_until_it_is_gone_through_anew(
    prepared: Session, as_nurse: Client
) -> None:
    bad = typed.vitals("178/112", pulse="128", spo2="90")
    send(as_nurse, "vitals.record", prepared.pk, bad)
    page = shown(as_nurse, prepared)
    assert "Start infusjonen" not in page
    assert "178/112 utenfor" in page
    refused = as_nurse.post(reverse("pump.record", args=[prepared.pk]), typed.pump("start"))
    assert refused.status_code == 422
    assert "målt etter startkontrollen (178/112)" in words(refused)  # type: ignore[arg-type]  # Django's test client
    found = what_the_gate_found(as_nurse, prepared)
    assert found["gate:heart_rate"] == Standing.EXCLUDED
    assert (
        as_nurse.post(
            reverse("pump.record", args=[prepared.pk]), typed.pump("start")
        ).status_code
        == 422
    )
    assert not PumpEvent.objects.exists()


def test_the_gate_gone_through_anew_shows_the_answers_and_asks_to_confirm_them(
    prepared: Session, as_nurse: Client
) -> None:
    address = reverse("session.gate", args=[prepared.pk])
    page = as_nurse.get(address).content.decode()
    assert re.search(r'name="escort"[^>]*value="yes"[^>]*checked', page)
    assert as_nurse.post(address, typed.gate(confirmed="")).status_code == 422
    send(as_nurse, "session.gate", prepared.pk, typed.gate())


def test_in_journal_mode_a_reading_after_the_gate_is_not_judged(
    prepared: Session, as_nurse: Client, moss: Unit, psychiatrist: Professional
) -> None:
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=timezone.now())
    send(as_nurse, "vitals.record", prepared.pk, typed.vitals("128/78"))
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))


def test_a_patient_who_is_not_accepted_does_not_pass_the_gate(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    decision = EligibilityDecision.objects.get()
    referral.strike(fact=decision, by=psychiatrist, at=timezone.now(), reason="Other patient")
    found = what_the_gate_found(as_nurse, prepared)
    assert found["gate:accepted"] == Standing.EXCLUDED
    assert "Ingen gjeldende beslutning" in shown(as_nurse, prepared)


def test_what_has_come_since_the_decision_stands_at_the_gate(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    assert "EX-05" not in what_the_gate_found(as_nurse, prepared)
    referral.record_diagnosis(
        patient=prepared.course.patient,
        diagnosed=referral.Diagnosed(diagnosis=Diagnosis("I71.4", DiagnosisStatus.CURRENT)),
        entered=entered(),
        by=psychiatrist,
        at=timezone.now(),
    )
    assert what_the_gate_found(as_nurse, prepared)["EX-05"] == Standing.EXCLUDED


def test_a_first_session_takes_the_work_up_and_a_baseline(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    at = timezone.now()
    ecg = WorkUpResult.objects.get(item="ecg")
    treatment.strike(fact=ecg, by=psychiatrist, at=at, reason="Other patient")
    treatment.strike(
        fact=Rating.objects.get(instrument="madrs"),
        by=psychiatrist,
        at=at,
        reason="Other patient",
    )
    found = what_the_gate_found(as_nurse, prepared)
    assert found["gate:workup"] == Standing.NEEDS_SPECIALIST
    assert found["gate:baseline"] == Standing.NEEDS_SPECIALIST
    assert "Utredningen før første økt mangler noe: 12-avlednings EKG" in shown(
        as_nurse, prepared
    )


def test_the_suicidality_form_is_scored_for_the_session(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    assert what_the_gate_found(as_nurse, prepared)["gate:suicidality_rated"] == Standing.MET
    [scored] = Rating.objects.filter(instrument="cssrs_screener")
    treatment.strike(fact=scored, by=psychiatrist, at=timezone.now(), reason="Other patient")
    found = what_the_gate_found(as_nurse, prepared)
    assert found["gate:suicidality_rated"] == Standing.UNKNOWN
    page = shown(as_nurse, prepared)
    assert "Hva svarer pasienten på C-SSRS siden siste kontakt, i dag?" in page
    assert "Start infusjonen" not in page
    form = reverse("rating.record", args=[prepared.course.patient_id, "cssrs_screener"])
    for name in ("session", "session.gate"):
        there = as_nurse.get(reverse(name, args=[prepared.pk])).content.decode()
        assert f'href="{form}"' in there, name
        assert "C-SSRS siden siste kontakt" in there, name


@pytest.mark.parametrize(
    "scored",
    [
        pytest.param({"i1": None}, id="an item was not asked"),
        pytest.param({"at": NOON - timedelta(days=1)}, id="it was yesterday"),
    ],
)
def test_a_suicidality_form_of_another_day_or_not_whole_does_not_count(
    prepared: Session, as_nurse: Client, psychiatrist: Professional, scored: dict[str, Any]
) -> None:
    [whole] = Rating.objects.filter(instrument="cssrs_screener")
    treatment.strike(fact=whole, by=psychiatrist, at=timezone.now(), reason="Other patient")
    let_in.screen(prepared.course.patient, by=psychiatrist, **scored)
    found = what_the_gate_found(as_nurse, prepared)
    assert found["gate:suicidality_rated"] == Standing.UNKNOWN


def test_ever_is_not_since_the_last_contact(
    session: Session, psychiatrist: Professional
) -> None:
    """Neither has a length. An attempt long ago is no news, however often it is told."""
    facts = course_facts(session.course)
    earlier = Given(on=session.planned_on - timedelta(days=3))
    facts = replace(facts, sessions=(earlier,))
    assert screened(session, facts)
    [since] = Rating.objects.filter(instrument="cssrs_screener")
    treatment.strike(fact=since, by=psychiatrist, at=timezone.now(), reason="Other patient")
    said = {"suicidality_asked": True}
    patient, attempt = session.course.patient, {"recall": "lifetime", "i6": 1, "i6b": 0}
    let_in.screen(patient, by=psychiatrist, at=NOON - timedelta(days=7), **attempt)
    let_in.screen(patient, by=psychiatrist, **attempt)
    assert not screened(session, facts)
    assert contradicted(session, said, by=psychiatrist, at=timezone.now()) == {}
    let_in.screen(patient, by=psychiatrist, i6=1, i6b=0)
    assert contradicted(session, said, by=psychiatrist, at=timezone.now())


def test_a_protocol_without_the_form_does_not_plan_it(session: Session) -> None:
    facts = course_facts(session.course)
    assert screener_planned(session, facts) is not None
    session.course.protocol = "r-ketamine"
    assert screener_planned(session, facts) is None
    assert screened(session, facts) is None


def refused_gate(client: Client, session: Session, **answers: str) -> str:
    """What the page says of a gate that contradicts the record; nothing is stored."""
    before = StartGateRecord.objects.count()
    page = client.post(reverse("session.gate", args=[session.pk]), typed.gate(**answers))
    assert page.status_code == 422
    assert StartGateRecord.objects.count() == before
    assert re.search(r'name="escort"[^>]*value="yes"[^>]*checked', page.content.decode())
    return words(page)  # type: ignore[arg-type]  # Django's test client


def test_nothing_new_about_suicide_is_not_said_of_intent_scored_today(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    intent = {"i2": 1, "i3": 0, "i4": 1, "i5": 0}
    let_in.screen(prepared.course.patient, by=psychiatrist, **intent)
    said = refused_gate(as_nurse, prepared)
    assert "4, Noe intensjon, uten plan: ja (13:00)" in said
    found = what_the_gate_found(as_nurse, prepared, suicidality_asked="no")
    assert found["gate:suicidality_asked"] == Standing.NEEDS_SPECIALIST
    # The task that the answer opened is not taken either.
    assert found["gate:no_doctor_now"] == Standing.EXCLUDED


def test_what_the_patient_has_closed_is_not_told_at_the_gate(
    prepared: Session, as_nurse: Client, nurse: Professional, psychiatrist: Professional
) -> None:
    patient = prepared.course.patient
    people.block(
        patient=patient,
        staff=nurse,
        chapter=Chapter.RATINGS,
        by=psychiatrist,
        at=timezone.now(),
    )
    let_in.screen(patient, by=psychiatrist, i2=1, i3=0, i4=1, i5=0)
    told = refused_gate(as_nurse, prepared)
    assert "Ført i dag: noe i en sperret del av journalen" in told
    assert "intensjon" not in told


def test_the_same_thoughts_as_before_are_nothing_new(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    patient = prepared.course.patient
    let_in.screen(patient, by=psychiatrist, i1=1, at=NOON - timedelta(days=7))
    let_in.screen(patient, by=psychiatrist, i1=1)
    found = what_the_gate_found(as_nurse, prepared)
    assert found["gate:suicidality_asked"] == Standing.MET


def test_a_medicine_begun_today_is_something_new(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    patient, today = prepared.course.patient, timezone.localdate()
    for name, started, stopped in (
        ("Sertralin", today, None),
        ("Litium", None, today),
        ("Venlafaksin", today - timedelta(days=30), None),
    ):
        taken = referral.Taken(
            medicine=Medicine(atc="N06AB06", name=name), started_on=started, stopped_on=stopped
        )
        referral.record_medicine(
            patient=patient,
            taken=taken,
            entered=entered(),
            by=psychiatrist,
            at=timezone.now(),
        )
    said = refused_gate(as_nurse, prepared)
    assert "Sertralin fra 02.03.2026" in said
    assert "Litium til 02.03.2026" in said
    assert "Venlafaksin" not in said
    found = what_the_gate_found(as_nurse, prepared, nothing_new="no")
    assert found["gate:nothing_new"] == Standing.NEEDS_SPECIALIST


def test_a_diagnosis_made_since_the_last_session_is_something_new(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    day = timezone.localdate()
    diagnosis = Diagnosis("I10", DiagnosisStatus.CURRENT, on=day)
    referral.record_diagnosis(
        patient=prepared.course.patient,
        diagnosed=referral.Diagnosed(diagnosis=diagnosis),
        entered=entered(),
        by=psychiatrist,
        at=timezone.now(),
    )
    assert "I10 02.03.2026" in refused_gate(as_nurse, prepared)


def test_an_open_task_for_a_doctor_now_closes_the_gate_until_it_is_taken(
    prepared: Session, as_nurse: Client, nurse: Professional, psychiatrist: Professional
) -> None:
    assert what_the_gate_found(as_nurse, prepared)["gate:no_doctor_now"] == Standing.MET
    task = treatment.ask_for_a_doctor(
        patient=prepared.course.patient,
        rule="discharge:DC-7",
        receiver=psychiatrist,
        by=nurse,
        at=timezone.now(),
    )
    assert what_the_gate_found(as_nurse, prepared)["gate:no_doctor_now"] == Standing.EXCLUDED
    page = shown(as_nurse, prepared)
    assert "En oppgave ber om lege nå, og ingen har tatt den" in page
    assert "Start infusjonen" not in page
    there = as_nurse.get(reverse("session.gate", args=[prepared.pk])).content.decode()
    assert "En oppgave ber om lege nå, og ingen har tatt den" in there
    assert reverse("task.acknowledge", args=[task.pk]) in there
    treatment.acknowledge_task(
        safety_task=task, action_taken="Talked", by=psychiatrist, at=timezone.now()
    )
    assert what_the_gate_found(as_nurse, prepared)["gate:no_doctor_now"] == Standing.MET


@pytest.mark.parametrize("criterion", ["EX-05", "RX-1", "IN-8"])
def test_an_exclusion_of_eligibility_is_not_lifted_at_the_chair(
    ordered: SessionOrder,
    session: Session,
    as_doctor: Client,
    as_nurse: Client,
    nurse: Professional,
    criterion: str,
) -> None:
    excluded = Verdict.of([finding(Standing.EXCLUDED, criterion)])
    record = actions.record_gate(
        session=session,
        gated=actions.Gated(verdict=excluded, rule_version="2026.1"),
        entered=entered(),
        by=nurse,
        at=timezone.now(),
    )
    assert "Legen svarer for å starte likevel" not in shown(as_doctor, session)
    page = as_doctor.post(reverse("session.override", args=[record.pk]), {"reason": "ok"})
    assert page.status_code == 422
    assert "fravikes av to leger der inntaket besluttes, ikke ved stolen" in words(page)  # type: ignore[arg-type]  # Django's test client
    assert not StartGateRecord.objects.exclude(override_by=None).exists()


def test_what_must_be_a_doctors_choice_is_not_marked_as_optional(
    ordered: SessionOrder, session: Session, as_nurse: Client
) -> None:
    page = as_nurse.get(reverse("session.gate", args=[session.pk]))
    assert "Ansvarlig lege" in words(page)  # type: ignore[arg-type]  # Django's test client
    assert "(valgfritt)" not in words(page)  # type: ignore[arg-type]  # likewise


def test_what_is_not_met_says_so_and_not_the_opposite(
    prepared: Session, as_nurse: Client
) -> None:
    send(as_nurse, "session.gate", prepared.pk, typed.gate(escort="no"))
    page = shown(as_nurse, prepared)
    assert "Ikke oppfylt Ingen voksen følger pasienten hjem" in page
    assert "1 punkt hindrer start" in page
    assert "Utelukket" not in page
    assert "Voksent følge hjem er avtalt" not in page


def test_the_responsible_doctor_is_named(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    assert StartGateRecord.objects.get().doctor == psychiatrist
    assert f"Ansvarlig lege: {psychiatrist}" in shown(as_nurse, prepared)
    for named, stands in (("", Standing.UNKNOWN), ("nobody", Standing.EXCLUDED)):
        found = what_the_gate_found(as_nurse, prepared, doctor=named)
        assert found["gate:doctor_available"] == stands


def test_a_doctor_sees_what_is_answered_for_and_both_names_stay(
    prepared: Session, as_nurse: Client, as_doctor: Client, nurse: Professional
) -> None:
    send(as_nurse, "session.gate", prepared.pk, typed.gate(escort="no"))
    newest = StartGateRecord.objects.in_force().order_by("-pk")[0]
    page = words(as_doctor.get(reverse("session.override", args=[newest.pk])))  # type: ignore[arg-type]  # Django's test client
    assert "Ingen voksen følger pasienten hjem" in page
    send(as_doctor, "session.override", newest.pk, {"reason": "Stays in the ward"})
    page = shown(as_nurse, prepared)
    assert f"punkter oppfylt, {nurse}" in page
    assert "Åpnet av" in page


@pytest.mark.parametrize("found", [{"identity": "no"}, {"pregnancy": "positive"}])
def test_what_must_be_put_right_is_overridden_by_nobody(
    prepared: Session, as_nurse: Client, as_doctor: Client, found: dict[str, str]
) -> None:
    send(as_nurse, "session.gate", prepared.pk, typed.gate(**found))
    newest = StartGateRecord.objects.in_force().order_by("-pk")[0]
    assert "Legen svarer for" not in shown(as_doctor, prepared)
    page = as_doctor.post(reverse("session.override", args=[newest.pk]), {"reason": "Late"})
    assert page.status_code == 422
    assert "fravikes ikke" in words(page)  # type: ignore[arg-type]  # Django's test client


def test_a_consent_taken_back_closes_the_gate(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    now = timezone.now()
    [consent] = Consent.objects.given()
    treatment.withdraw_consent(
        consent=consent,
        entered=Entered(happened_at=now, entered_at=now),
        by=psychiatrist,
        at=now,
    )
    send(as_nurse, "session.gate", prepared.pk, typed.gate())
    assert "Gyldig samtykke" in shown(as_nurse, prepared)
    refused = as_nurse.post(reverse("pump.record", args=[prepared.pk]), typed.pump("start"))
    assert refused.status_code == 422


def test_an_exclusion_is_not_answered_for_by_the_one_who_found_it(
    prepared: Session, as_doctor: Client
) -> None:
    send(as_doctor, "session.gate", prepared.pk, typed.gate(escort="no"))
    newest = StartGateRecord.objects.in_force().order_by("-pk")[0]
    page = as_doctor.post(reverse("session.override", args=[newest.pk]), {"reason": "Late"})
    assert page.status_code == 422
    assert StartGateRecord.objects.get(pk=newest.pk).override_by is None


def closed_at_the_start(client: Client, session: Session) -> tuple[str, str]:
    """What the page says, which has no button, and how the start is refused."""
    page = shown(client, session)
    assert "Start infusjonen" not in page
    refused = client.post(reverse("pump.record", args=[session.pk]), typed.pump("start"))
    assert refused.status_code == 422
    assert not PumpEvent.objects.exists()
    return page, words(refused)  # type: ignore[arg-type]  # Django's test client


@pytest.mark.parametrize("judged", [True, False], ids=["supported", "in journal mode"])
def test_intent_answered_after_the_gate_closes_the_start_until_a_doctor_has_answered(
    prepared: Session, as_nurse: Client, psychiatrist: Professional, *, judged: bool
) -> None:
    if not judged:
        people.state_purpose(unit=prepared.unit, on=False, by=psychiatrist, at=timezone.now())
    assert "Start infusjonen" in shown(as_nurse, prepared)
    let_in.screen(
        prepared.course.patient, by=psychiatrist, at=timezone.now(), i2=1, i3=1, i4=1, i5=0
    )
    words_of_it = "En oppgave ber om lege nå, og ingen har tatt den"
    page, refused = closed_at_the_start(as_nurse, prepared)
    assert f"Stenger start {words_of_it}" in page
    assert f"Journalen sier nå: {words_of_it}" in refused
    treatment.acknowledge_task(
        safety_task=SafetyTask.objects.open().get(),
        action_taken="Talked",
        by=psychiatrist,
        at=timezone.now(),
    )
    assert "Start infusjonen" in shown(as_nurse, prepared)


def test_an_illness_that_excludes_found_after_the_gate_closes_the_start(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    diagnosis = Diagnosis("I67.1", DiagnosisStatus.CURRENT)
    referral.record_diagnosis(
        patient=prepared.course.patient,
        diagnosed=referral.Diagnosed(diagnosis=diagnosis),
        entered=entered(),
        by=psychiatrist,
        at=timezone.now(),
    )
    page, refused = closed_at_the_start(as_nurse, prepared)
    assert "Regel EX-05" in page
    assert "I67.1" in refused


def test_a_medicine_found_after_the_gate_closes_the_start(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    referral.record_medicine(
        patient=prepared.course.patient,
        taken=referral.Taken(medicine=Medicine("N06AF04", Decimal(20))),
        entered=entered(),
        by=psychiatrist,
        at=timezone.now(),
    )
    page, _ = closed_at_the_start(as_nurse, prepared)
    assert "Stenger start" in page


def test_a_consent_taken_back_after_the_gate_closes_the_start(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    now = timezone.now()
    treatment.withdraw_consent(
        consent=Consent.objects.given().get(),
        entered=Entered(happened_at=now, entered_at=now),
        by=psychiatrist,
        at=now,
    )
    page, refused = closed_at_the_start(as_nurse, prepared)
    assert "Stenger start Gyldig samtykke mangler" in page
    assert "Gyldig samtykke mangler" in refused


def test_readings_of_another_hour_close_the_start_until_it_is_measured_again(
    prepared: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(59)
    assert "Stenger start" not in shown(as_nurse, prepared)
    clock.move(2)
    page, refused = closed_at_the_start(as_nurse, prepared)
    assert "Siste blodtrykk er over 60 minutter gammelt" in page
    assert "Siste blodtrykk er over 60 minutter gammelt" in refused
    for _ in range(2):
        clock.move(6)
        send(as_nurse, "vitals.record", prepared.pk, typed.vitals())
    send(as_nurse, "session.gate", prepared.pk, typed.gate())
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))
    assert PumpEvent.objects.exists()


def test_in_journal_mode_no_reading_is_too_old(
    prepared: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    at = timezone.now()
    people.state_purpose(unit=prepared.unit, on=False, by=psychiatrist, at=at)
    clock.move(90)
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))
    assert PumpEvent.objects.exists()


def test_an_order_changed_after_the_gate_asks_for_the_gate_anew(
    prepared: Session, as_nurse: Client, as_doctor: Client
) -> None:
    changed = typed.order(step="other", mg_per_kg="0,4", minutes="40", reason="Was dizzy")
    send(as_doctor, "order.write", prepared.pk, changed)
    order = SessionOrder.objects.in_force().get()
    send(as_doctor, "order.sign", order.pk, {})
    page = as_nurse.post(reverse("pump.record", args=[prepared.pk]), typed.pump("start"))
    assert page.status_code == 422
    assert not PumpEvent.objects.exists()


def test_the_same_observation_sent_twice_is_stored_once(
    running: Session, as_nurse: Client
) -> None:
    before = VitalSet.objects.count()
    sent = typed.vitals("136/82", ago="2")
    for _ in range(2):
        send(as_nurse, "vitals.record", running.pk, sent)
    assert VitalSet.objects.count() == before + 1


def test_the_same_id_with_another_content_is_a_conflict(
    running: Session, as_nurse: Client
) -> None:
    sent = typed.vitals("136/82")
    send(as_nurse, "vitals.record", running.pk, sent)
    page = as_nurse.post(
        reverse("vitals.record", args=[running.pk]), sent | {"systolic": "146/82"}
    )
    assert page.status_code == 409


@pytest.mark.parametrize(
    ("pressure", "why"),
    [
        pytest.param("1200/80", "1200 er utenfor 50–300 mmHg", id="a digit too many"),
        pytest.param("8O/60", "ikke et tall", id="a letter for a digit"),
    ],
)
def test_an_impossible_reading_stops_and_everything_typed_stays(
    running: Session, as_nurse: Client, pressure: str, why: str
) -> None:
    before = VitalSet.objects.count()
    page = as_nurse.post(
        reverse("vitals.record", args=[running.pk]), typed.vitals(pressure, comment="pale")
    )
    assert page.status_code == 422
    assert why in words(page)  # type: ignore[arg-type]  # Django's test client
    assert 'value="pale"' in page.content.decode()
    assert VitalSet.objects.count() == before


def test_an_unusual_reading_is_asked_about_and_taken_when_it_is_confirmed(
    running: Session, as_nurse: Client
) -> None:
    unusual = typed.vitals("202/124")
    address = reverse("vitals.record", args=[running.pk])
    page = as_nurse.post(address, unusual)
    assert page.status_code == 422
    one_tick = "systolic=202;diastolic=124"
    assert page.content.decode().count('name="confirmed"') == 1
    assert f'value="{one_tick}"' in page.content.decode()
    told = words(page)  # type: ignore[arg-type]  # Django's test client
    assert told.index("Pause infusjonen") < told.index("Ny måling"), "red before the tick"
    assert '<details class="vitals-more" >' in page.content.decode(), "folded away"
    other = unusual | {"systolic": "212/124", "confirmed": [one_tick]}
    assert as_nurse.post(address, other).status_code == 422
    send(as_nurse, "vitals.record", running.pk, unusual | {"confirmed": [one_tick]})
    assert VitalSet.objects.filter(systolic=202).exists()


def test_nothing_in_the_amber_band_is_asked_about(running: Session, as_nurse: Client) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("176/105"))
    assert "Gult: Systolisk blodtrykk 176 mmHg (≥ 160)" in shown(as_nurse, running)


def test_swapped_pressures_are_asked_about_with_the_rest(
    running: Session, as_nurse: Client
) -> None:
    address = reverse("vitals.record", args=[running.pk])
    page = as_nurse.post(address, typed.vitals("82/125", pulse="7O"))
    told = words(page)  # type: ignore[arg-type]  # Django's test client
    assert "Er overtrykk og undertrykk byttet om?" in told
    assert "ikke et tall" in told


RED = {"confirmed": "systolic=202"}


def test_red_is_told_alone_and_by_what_the_pump_does(
    running: Session, as_nurse: Client, as_doctor: Client
) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("202/104", **RED))
    page = shown(as_nurse, running)
    assert "Rødt: Systolisk blodtrykk 202 mmHg (≥ 200)" in page
    assert "Pause infusjonen" in page
    assert "Halver hastigheten" not in page, "nobody is to pause and to slow"
    assert page.index("Pause infusjonen") < page.index("Neste måling")
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    page = shown(as_nurse, running)
    assert "Pause infusjonen" not in page
    assert "Mål hvert 5. min" in page


def test_new_intent_calls_the_doctor_whatever_else_is_answered(
    stopped: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    for more in ({}, {"reason": "Asked again"}):
        going = typed.going_home(danger_no_new_intent="yes", **more)
        send(as_nurse, "discharge.record", stopped.pk, going)
    [task] = SafetyTask.objects.open()
    assert (task.receiver, task.promptness, task.rule) == (psychiatrist, "doctor-now", "DC-7")


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        pytest.param("no", True, id="there is none"),
        pytest.param("yes", False, id="a plain yes is the dangerous answer"),
        pytest.param("", None, id="not answered"),
    ],
)
def test_new_intent_is_asked_about_as_a_question_and_stored_as_before(
    stopped: Session, as_nurse: Client, *, said: str, stored: bool | None
) -> None:
    address = reverse("discharge.record", args=[stopped.pk])
    page = as_nurse.get(address).content.decode()
    assert "Er det ny selvmordsintensjon eller plan?" in page
    assert "Ingen ny selvmordsintensjon" not in page
    going = typed.going_home(danger_no_new_intent=said, no_new_intent="yes")
    send(as_nurse, "discharge.record", stopped.pk, going)
    assert DischargeRecord.objects.get().answers["no_new_intent"] is stored


def test_intent_of_the_day_keeps_the_patient_until_a_doctor_has_answered(
    stopped: Session,
    as_nurse: Client,
    as_doctor: Client,
    clock: Clock,
    colleague: Professional,
    psychiatrist: Professional,
) -> None:
    send(as_nurse, "session.finish", stopped.pk, typed.finished(colleague.pk))
    clock.move(70)
    send(as_nurse, "vitals.record", stopped.pk, typed.vitals())
    now = timezone.now()
    let_in.screen(stopped.course.patient, by=psychiatrist, at=now, i2=1, i3=1, i4=1, i5=0)
    address = reverse("discharge.record", args=[stopped.pk])
    ticked = as_nurse.post(address, typed.going_home())
    assert ticked.status_code == 422
    assert "rett skåringen" in words(ticked)  # type: ignore[arg-type]  # Django's test client
    assert not DischargeRecord.objects.exists()

    send(as_nurse, "discharge.record", stopped.pk, typed.going_home(danger_no_new_intent="yes"))
    record = DischargeRecord.objects.get()
    for client in (as_nurse, as_doctor):
        send(client, "discharge.sign", record.pk, {})
    page = shown(as_nurse, stopped)
    assert "En oppgave ber om lege nå, og ingen lege har svart på den" in page
    leave = reverse("session.leave", args=[record.pk])
    assert as_nurse.post(leave, leaving()).status_code == 422
    for task in SafetyTask.objects.open():
        treatment.acknowledge_task(
            safety_task=task, action_taken="Talked", by=psychiatrist, at=timezone.now()
        )
    assert as_nurse.post(leave, leaving()).status_code == 302


def test_a_pressure_from_the_infusion_is_not_met_until_it_is_measured_again(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(39)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("202/104", **RED))
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    send(as_nurse, "discharge.record", running.pk, typed.going_home())
    matter = "Systolisk blodtrykk 202 mmHg, skal være under 160 mmHg; ikke målt etter stopp"
    assert f"Hindrer hjemreise: {matter}" in shown(as_nurse, running)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("128/78"))
    assert "Systolisk blodtrykk 202 mmHg, skal" not in shown(as_nurse, running)


def test_a_reading_outside_the_planned_range_says_so_with_what_to_do(
    running: Session, as_nurse: Client
) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("164/98"))
    page = shown(as_nurse, running)
    assert "Utenfor planlagt område" in page
    assert "164" in page
    assert "alarm" not in page.lower().replace("gir ingen alarm", "").replace(
        "raises no alarm", ""
    )


def test_a_correction_keeps_the_old_value_struck_through(
    running: Session, as_nurse: Client
) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("146/98"))
    row = VitalSet.objects.order_by("-pk")[0]
    sent = typed.vitals("134/88", reason="Misread")
    send(as_nurse, "vitals.correct", row.pk, sent)
    page = as_nurse.get(reverse("session", args=[running.pk])).content.decode()
    assert "<del>146/98</del>" in page
    assert "134/88" in page
    assert "Misread" in page
    late = as_nurse.post(
        reverse("vitals.correct", args=[row.pk]), sent | {"systolic": "130/80"}
    )
    assert late.status_code == 422, "another corrected it first"


def test_a_sign_in_that_ran_out_loses_no_reading(
    running: Session, as_nurse: Client, nurse: Professional
) -> None:
    page = reverse("session", args=[running.pk])
    as_nurse.get(page)
    SignIns.objects.all().delete()
    before = VitalSet.objects.count()
    sent = typed.vitals("146/98", comment="pale")
    late = as_nurse.post(
        reverse("vitals.record", args=[running.pk]),
        sent,
        headers={"referer": f"http://testserver{page}"},
    )
    assert VitalSet.objects.count() == before
    as_nurse.force_login(nurse)
    [back] = parse_qs(urlsplit(late.headers["Location"]).query)["next"]
    restored = as_nurse.get(back).content.decode()
    for value in ("146", "98", "pale", str(sent["entry"])):
        assert f'value="{value}"' in restored


def test_events_are_one_tap_and_a_drug_says_how_much(
    running: Session, as_nurse: Client
) -> None:
    send(as_nurse, "event.record", running.pk, typed.tile("nausea", ago="2"))
    page = as_nurse.post(reverse("event.record", args=[running.pk]), typed.tile("drug_given"))
    assert page.status_code == 422
    drug = typed.tile("drug_given", amount="ondansetron 4 mg iv")
    send(as_nurse, "event.record", running.pk, drug)
    assert ChairEvent.objects.count() == 2
    event = ChairEvent.objects.order_by("pk")[0]
    send(as_nurse, "event.strike", event.pk, {"reason": "Wrong chair"})
    assert "Wrong chair" in shown(as_nurse, running)


def test_the_pump_is_paused_for_a_reason_and_resumed_at_a_rate(
    running: Session, as_nurse: Client
) -> None:
    address = reverse("pump.record", args=[running.pk])
    send(as_nurse, "pump.record", running.pk, typed.pump("pause"))
    pause = PumpEvent.objects.get(act="pause")
    assert pause.pause_reason == "not_said"
    assert "Oppgi hvorfor infusjonen ble satt på pause" in shown(as_nurse, running)
    send(as_nurse, "pump.reason", pause.pk, {"pause_reason": "toilet"})
    assert "Oppgi hvorfor" not in shown(as_nurse, running)
    assert as_nurse.post(address, typed.pump("resume")).status_code == 422
    send(as_nurse, "pump.record", running.pk, typed.pump("resume", rate_ml_h="60"))
    page = as_nurse.post(address, typed.pump("resume", rate_ml_h="60"))
    assert page.status_code == 422, "it is not paused"
    acts = [row.act for row in PumpEvent.objects.in_force()]
    assert acts == ["start", "pause", "resume"]


def test_nobody_says_why_the_pump_was_started(running: Session, as_nurse: Client) -> None:
    start = PumpEvent.objects.get(act="start")
    send(as_nurse, "pump.reason", start.pk, {"pause_reason": "toilet"})
    assert PumpEvent.objects.get().pause_reason == ""


@pytest.mark.parametrize(
    ("act", "rate", "why"),
    [
        pytest.param(
            "rate", "540", "540 ml/t er raskere enn ordinert", id="ten times the rate"
        ),
        pytest.param("resume", "30", "To grønne målinger", id="resumed without green readings"),
        pytest.param(
            "resume", "60", "Høyeste hastighet ved gjenopptak er 30", id="at full rate"
        ),
    ],
)
def test_the_pump_outside_the_rules_asks_which_doctor_decided(
    running: Session,
    as_nurse: Client,
    psychiatrist: Professional,
    act: str,
    rate: str,
    why: str,
) -> None:
    if act == "resume":
        pause = typed.pump("pause", pause_reason="blood_pressure")
        send(as_nurse, "pump.record", running.pk, pause)
    address = reverse("pump.record", args=[running.pk])
    page = as_nurse.post(address, typed.pump(act, rate_ml_h=rate))
    assert page.status_code == 422
    assert why in words(page)  # type: ignore[arg-type]  # Django's test client
    assert not PumpEvent.objects.filter(act=act).exists()
    named = typed.pump(act, rate_ml_h=rate, doctor=str(psychiatrist.pk))
    send(as_nurse, "pump.record", running.pk, named)
    assert PumpEvent.objects.get(act=act).doctor == psychiatrist
    after = shown(as_nurse, running)
    assert f"bestemt av {psychiatrist}" in after
    if act == "resume":
        resumed = "Gjenopptatt til tross for dette: To grønne målinger"
        assert resumed in after, "it stays when it is resumed"


@pytest.mark.parametrize("reason", ["toilet", "cannula", "line"])
@pytest.mark.parametrize(
    ("pressure", "sign", "why"),
    [
        pytest.param("206/112", "", "To grønne målinger", id="a red pressure"),
        pytest.param(
            "128/78", "chest_pain", "Etter røde verdier med symptomer", id="chest pain"
        ),
    ],
)
def test_red_values_close_a_pause_whatever_reason_is_tapped(
    running: Session,
    as_nurse: Client,
    psychiatrist: Professional,
    clock: Clock,
    reason: str,
    pressure: str,
    sign: str,
    why: str,
) -> None:
    red = typed.vitals(pressure, confirmed="systolic=206") | ({"signs": [sign]} if sign else {})
    send(as_nurse, "vitals.record", running.pk, red)
    clock.move(1)
    send(as_nurse, "pump.record", running.pk, typed.pump("pause", pause_reason=reason))
    clock.move(2)
    assert why in shown(as_nurse, running)
    address = reverse("pump.record", args=[running.pk])
    refused = as_nurse.post(address, typed.pump("resume", rate_ml_h="60"))
    assert refused.status_code == 422
    told = words(refused)  # type: ignore[arg-type]  # Django's test client
    assert why in told
    assert "Høyeste hastighet ved gjenopptak er 30" in told
    named = typed.pump("resume", rate_ml_h="60", doctor=str(psychiatrist.pk))
    send(as_nurse, "pump.record", running.pk, named)
    after = shown(as_nurse, running)
    assert f"Gjenopptatt til tross for dette: {why}" in after
    assert "Gjenopptatt med mer enn 50 % av hastigheten før pausen" in after


def test_chest_pain_stands_in_red_until_somebody_says_that_it_is_over(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    first = shown(as_nurse, running)
    assert "Spurt om, og borte nå" not in first, "nothing stands"
    send(as_nurse, "vitals.record", running.pk, typed.vitals() | {"signs": ["chest_pain"]})
    clock.move(5)
    send(as_nurse, "vitals.record", running.pk, typed.vitals())
    still = shown(as_nurse, running)
    assert "Rødt: utenfor planlagt område" in still
    assert "står til en måling sier at den er borte" in still
    assert "Brystsmerter utenfor" in still, "its row is marked"
    assert "Spurt om, og borte nå" in still
    clock.move(5)
    both = typed.vitals() | {"signs": ["chest_pain"], "signs_over": ["chest_pain"]}
    assert as_nurse.post(reverse("vitals.record", args=[running.pk]), both).status_code == 422
    gone = typed.vitals() | {"signs_over": ["chest_pain"]}
    send(as_nurse, "vitals.record", running.pk, gone)
    after = shown(as_nurse, running)
    assert "Rødt: utenfor planlagt område" not in after
    assert "Brystsmerter utenfor" in after, "its row stays marked"
    assert "borte: Brystsmerter" in after
    assert VitalSet.objects.order_by("pk").last().signs_over == ["chest_pain"]  # type: ignore[union-attr]  # there are three


@pytest.mark.parametrize(
    ("minute", "look"),
    [
        pytest.param(20, "", id="half of it is given"),
        pytest.param(41, "notice--due", id="all of it is given"),
        pytest.param(121, "notice--late", id="and the longest time is out"),
    ],
)
def test_when_the_dose_is_given_the_page_says_stop_the_pump(
    running: Session, as_nurse: Client, clock: Clock, minute: int, look: str
) -> None:
    clock.move(minute)
    page = shown(as_nurse, running)
    assert ("Dosen er gitt. Stopp pumpen." in page) is bool(look)
    source = as_nurse.get(reverse("session", args=[running.pk])).content.decode()
    assert not look or look in source
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    assert "Stopp pumpen" not in shown(as_nurse, running)


def test_a_slow_infusion_past_the_longest_time_is_stopped_too(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    send(as_nurse, "pump.record", running.pk, typed.pump("rate", rate_ml_h="1"))
    clock.move(119)
    assert "Stopp pumpen" not in shown(as_nurse, running)
    clock.move(2)
    assert "Tiden er ute. Stopp pumpen." in shown(as_nurse, running)


def test_a_red_reading_before_the_start_says_at_once_what_to_do(
    session: Session, as_nurse: Client, clock: Clock
) -> None:
    send(as_nurse, "vitals.record", session.pk, typed.vitals("172/104"))
    assert "Hvile 15 min og ny måling" in shown(as_nurse, session)
    clock.move(6)
    send(as_nurse, "vitals.record", session.pk, typed.vitals("128/78"))
    assert "Hvile 15 min, så to målinger" in shown(as_nurse, session)
    for minutes in (15, 6):
        clock.move(minutes)
        send(as_nurse, "vitals.record", session.pk, typed.vitals("128/78"))
    assert "Hvile 15 min" not in shown(as_nurse, session)


def test_a_dose_in_a_minute_is_refused_whatever_reason_is_given(
    session: Session, as_doctor: Client
) -> None:
    fast = typed.order(step="other", mg_per_kg="0,5", minutes="1", override_minutes="x")
    page = as_doctor.post(reverse("order.write", args=[session.pk]), fast)
    assert page.status_code == 422
    assert "20" in str(page.context["form"].errors["minutes"])
    assert not SessionOrder.objects.exists()


def test_another_amount_than_the_recipe_takes_a_reason(
    ordered: SessionOrder, as_nurse: Client, colleague: Professional
) -> None:
    address = reverse("order.check", args=[ordered.pk])
    page = as_nurse.post(address, typed.preparation(colleague.pk, drawn_mg="45"))
    assert page.status_code == 422
    assert "Oppskriften gir 50 mg" in words(page)  # type: ignore[arg-type]  # Django's test client
    why = {"drawn_mg": "45", "drawn_reason": "Some was spilt"}
    send(as_nurse, "order.check", ordered.pk, typed.preparation(colleague.pk, **why))
    assert PreparationCheck.objects.get().drawn_reason == "Some was spilt"
    again = shown(as_nurse, ordered.session)
    assert "Some was spilt" in again
    assert "Gjør dobbeltkontrollen på nytt" in again


@pytest.mark.parametrize("amount", ["500", "51", "39"])
def test_an_amount_that_no_recipe_makes_is_refused_whatever_the_reason(
    ordered: SessionOrder, as_nurse: Client, colleague: Professional, amount: str
) -> None:
    address = reverse("order.check", args=[ordered.pk])
    sent = typed.preparation(colleague.pk, drawn_mg=amount, drawn_reason="A whole ampoule")
    page = as_nurse.post(address, sent)
    assert page.status_code == 422
    assert f"{amount} mg kan ikke stemme" in words(page)  # type: ignore[arg-type]  # Django's test client
    assert not PreparationCheck.objects.exists()


def test_what_is_left_over_is_wasted_before_a_witness(
    stopped: Session, as_nurse: Client, colleague: Professional
) -> None:
    address = reverse("session.finish", args=[stopped.pk])
    assert as_nurse.post(address, {"ended_early": ""}).status_code == 422
    assert not SessionGiven.objects.exists()
    send(as_nurse, "session.finish", stopped.pk, typed.finished(colleague.pk))
    [waste] = Waste.objects.all()
    assert (waste.wasted_mg, waste.witness) == (Decimal(10), colleague)


def test_the_check_shows_no_zeros_of_a_column(ordered: SessionOrder, as_nurse: Client) -> None:
    page = words(as_nurse.get(reverse("order.check", args=[ordered.pk])))  # type: ignore[arg-type]  # Django's test client
    assert "Dose 40 mg" in page
    assert "Konsentrasjon 1 mg/ml" in page


def test_an_overdue_observation_is_said_in_words(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(12)
    assert "Måling forsinket" in shown(as_nurse, running)


def test_nothing_is_suggested_in_journal_mode_and_everything_is_recorded(
    prepared: Session,
    moss: Unit,
    psychiatrist: Professional,
    as_nurse: Client,
    clock: Clock,
) -> None:
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=timezone.now())
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))
    send(as_nurse, "vitals.record", prepared.pk, typed.vitals("164/98"))
    clock.move(30)
    page = shown(as_nurse, prepared)
    assert "164/98" in page
    for suggestion in ("Utenfor planlagt område", "planlagt område", "forsinket", "Regel"):
        assert suggestion not in page


def test_in_journal_mode_the_doctor_states_the_dose(
    session: Session, moss: Unit, psychiatrist: Professional, as_doctor: Client
) -> None:
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=timezone.now())
    address = reverse("order.write", args=[session.pk])
    assert as_doctor.post(address, typed.order()).status_code == 422
    bolus = typed.order(dose_mg="40", volume_ml="40", rate_ml_h="900")
    refused = as_doctor.post(address, bolus)
    assert refused.status_code == 422, "forty milligrams in three minutes"
    assert "En så kort infusjon er en bolus" in words(refused)  # type: ignore[arg-type]  # Django's test client
    stated = typed.order(dose_mg="40", volume_ml="40", rate_ml_h="60")
    send(as_doctor, "order.write", session.pk, stated)
    assert SessionOrder.objects.get().plan["reckoning"] == []


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page_speaks_both_languages(
    running: Session, as_nurse: Client, nurse: Professional, language: str
) -> None:
    people.choose_language(professional=nurse, language=language)
    page = shown(as_nurse, running)
    assert ("Infusjon" in page, "Infusion" in page) == (language == "nb", language == "en")


@pytest.mark.parametrize("stage", ["before", "infusing", "after"])
def test_the_page_asks_the_database_ten_times_at_most(
    prepared: Session, as_nurse: Client, stage: str, django_assert_max_num_queries: Any
) -> None:
    for act in {"before": [], "infusing": ["start"], "after": ["start", "stop"]}[stage]:
        send(as_nurse, "pump.record", prepared.pk, typed.pump(act))
    with django_assert_max_num_queries(10):
        as_nurse.get(reverse("session", args=[prepared.pk]))


@pytest.mark.parametrize(
    "name", ["session", "order.write", "session.gate", "session.finish", "discharge.record"]
)
def test_a_session_of_another_house_is_not_found(
    session: Session, outsider: Professional, name: str
) -> None:
    client = Client()
    client.force_login(outsider)
    assert client.get(reverse(name, args=[session.pk])).status_code == 404


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        pytest.param(Role.COORDINATOR, "session", 403, id="a coordinator does not chart"),
        pytest.param(Role.PSYCHOLOGIST, "session", 200, id="a psychologist reads"),
        pytest.param(Role.PSYCHOLOGIST, "session.gate", 403, id="and does not chart"),
        pytest.param(Role.NURSE, "order.write", 403, id="a nurse does not order"),
    ],
)
def test_who_may(
    session: Session, moss: Unit, staff: Staff, role: Role, name: str, status: int
) -> None:
    client = Client()
    client.force_login(staff(moss, role, "somebody"))
    assert client.get(reverse(name, args=[session.pk])).status_code == status


def steps(client: Client, session: Session) -> list[str]:
    page = client.get(reverse("session", args=[session.pk])).content.decode()
    [ribbon] = re.findall(r'<ol class="ribbon".*?</ol>', page, re.DOTALL)
    found = re.findall(r"<li.*?</li>", ribbon, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def test_a_paused_pump_is_not_an_infusion_that_runs(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(10)
    send(as_nurse, "pump.record", running.pk, typed.pump("pause"))
    clock.move(3)
    since = timezone.localtime(PumpEvent.objects.get(act="pause").happened_at)
    page = " | ".join(steps(as_nurse, running))
    assert f"Pause siden {since:%H:%M}" in page
    assert "Nå:" not in page
    whole = shown(as_nurse, running)
    assert "Hastighet nå 0 ml/t, pause" in whole
    assert "Ordinert hastighet 60 ml/t" in whole


def test_the_ribbon_counts_to_the_end_that_the_present_rate_gives(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    assert "Nå: Infusjon 0 av 40 min" in steps(as_nurse, running)
    clock.move(20)
    send(as_nurse, "pump.record", running.pk, typed.pump("rate", rate_ml_h="30"))
    assert "Nå: Infusjon 20 av 60 min" in steps(as_nurse, running)
    assert "Hastighet nå 30 ml/t" in shown(as_nurse, running)


def test_pause_and_stop_are_two_buttons_with_an_id_each(
    running: Session, as_nurse: Client
) -> None:
    page = as_nurse.get(reverse("session", args=[running.pk])).content.decode()
    [card] = re.findall(r'<section class="card pump-now.*?</section>', page, re.DOTALL)
    ids = re.findall(r'name="entry"\s+value="([^"]+)"', card)
    assert len(set(ids)) == 2, "stopping after a pause that was taken back is another act"
    assert card.index('value="pause"') < card.index('value="stop"')
    assert page.index("pump-now") < page.index('id="dose"')


def test_who_leaves_early_has_not_been_observed_for_an_hour(
    running: Session,
    as_nurse: Client,
    clock: Clock,
    colleague: Professional,
    psychiatrist: Professional,
) -> None:
    clock.move(20)
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    early = typed.finished(colleague.pk, ended_early="High pressure")
    send(as_nurse, "session.finish", running.pk, early)
    send(as_nurse, "discharge.record", running.pk, typed.going_home(walks="no"))
    assert "Hindrer hjemreise: Går ikke 5 m hæl–tå uten støtte" in shown(as_nurse, running)
    clock.move(2)
    record = DischargeRecord.objects.get()
    decided = leaving(deviation="Her own wish", doctor=str(psychiatrist.pk))
    send(as_nurse, "session.leave", record.pk, decided)
    ribbon = steps(as_nurse, running)
    assert any(
        re.fullmatch(r"Stoppet før tiden \d\d:\d\d 20,\d av 40 mg gitt", one) for one in ribbon
    )
    broken = r"Avbrutt \d\d:\d\d \(2 av 60 min\) Observasjon"
    assert any(re.fullmatch(broken, one) for one in ribbon), ribbon
    assert not [one for one in ribbon if one.startswith("Utført: Observasjon")]
    assert "Ikke oppfylt da pasienten reiste: Går ikke" in shown(as_nurse, running)


def test_a_whole_hour_is_done_and_in_journal_mode_no_hour_is_told(
    stopped: Session,
    as_nurse: Client,
    moss: Unit,
    psychiatrist: Professional,
) -> None:
    assert [one for one in steps(as_nurse, stopped) if "Observasjon til" in one]
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=timezone.now())
    assert "Nå: Observasjon" in steps(as_nurse, stopped)


def test_a_start_check_that_no_longer_holds_says_what_closed_it(
    prepared: Session, as_nurse: Client, clock: Clock
) -> None:
    send(as_nurse, "session.gate", prepared.pk, typed.gate(nothing_new="no"))
    assert "1 punkt hindrer start" in shown(as_nurse, prepared)
    clock.move(2)
    at = timezone.localtime(timezone.now())
    sent = typed.vitals("178/112", pulse="128", spo2="90")
    send(as_nurse, "vitals.record", prepared.pk, sent)
    send(as_nurse, "vitals.record", prepared.pk, typed.vitals("124/78"))
    page = shown(as_nurse, prepared)
    values = "BT 178/112 mmHg, puls 128 /min, SpO₂ 90 %"
    assert f"gjelder ikke lenger: målt {at:%H:%M} ({values})" in page
    assert "punkt hindrer start" not in page
    whole = as_nurse.get(reverse("session", args=[prepared.pk])).content.decode()
    assert '<div class="stale">' in whole


@pytest.mark.parametrize("judged", [True, False], ids=["supported", "journal mode"])
def test_an_order_changed_since_closes_the_start_check(
    prepared: Session,
    as_nurse: Client,
    as_doctor: Client,
    moss: Unit,
    psychiatrist: Professional,
    *,
    judged: bool,
) -> None:
    reason = {"step": "other", "mg_per_kg": "0,4", "minutes": "40", "reason": "Was dizzy"}
    if not judged:
        # A reading that closes nothing there does not hide the order that was changed after it.
        send(as_nurse, "vitals.record", prepared.pk, typed.vitals("128/78"))
    send(as_doctor, "order.write", prepared.pk, typed.order(**reason))
    if not judged:
        people.state_purpose(unit=moss, on=False, by=psychiatrist, at=timezone.now())
    assert "gjelder ikke lenger: ordinasjonen ble endret" in shown(as_nurse, prepared)


def test_save_belongs_to_the_observation_and_each_ground_is_told_once(
    running: Session, as_nurse: Client
) -> None:
    red = typed.vitals("202/104", pulse="134", confirmed="systolic=202")
    send(as_nurse, "vitals.record", running.pk, red)
    page = as_nurse.get(reverse("session", args=[running.pk])).content.decode()
    assert re.search(r'<form method="post"\s+id="vitals-form"', page)
    assert re.search(r'<button[^>]*form="vitals-form"[^>]*>Lagre målingen', page)
    [outside] = re.findall(r'aria-labelledby="what-to-do".*?</section>', page, re.DOTALL)
    assert outside.count("Egen verdi") == 1
    assert "blood-pressure-red, heart-rate-amber" in outside


def test_the_points_of_a_score_say_of_how_many(stopped: Session, as_nurse: Client) -> None:
    page = words(as_nurse.get(reverse("discharge.record", args=[stopped.pk])))  # type: ignore[arg-type]  # Django's test client
    assert "Aldrete: aktivitet (0–2)" in page
    assert "PADSS: gange (0–2)" in page
    assert "Aldrete: bevissthet 2 av 2" in page
