"""A dose above the protocol's own is offered by the rules, or a doctor answers for it by name."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import Measured, StepDecided
from lysglimt.clinic.chairside.models import SedationScale, Session, SessionOrder, SessionPhase
from lysglimt.clinic.chairside.so_far import course_so_far, not_offered
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.signing import NotADoctor
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.models import Referral
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.actions import Given
from lysglimt.clinic.treatment.models import Course
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.dosing.escalation import CourseSoFar, NotOffered
from lysglimt.knowledge.medicine import Medicine
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.quantities import MilligramsPerKilogram, MilligramsPerMillilitre
from lysglimt.knowledge.verdict import Standing
from tests.clinic.conftest import KARI, NOON
from tests.clinic.referral.conftest import LETTER, finding, judged
from tests.clinic.treatment.conftest import rated

from . import typed
from .conftest import Pump, at_minute, entered, ordered
from .page.at_the_page import words

LATER = NOON + timedelta(days=3)
STANDARD = MilligramsPerKilogram(Decimal("0.5"))
HIGHER = MilligramsPerKilogram(Decimal("0.75"))
# 60 mg takes the stronger solution.
STRONGER = MilligramsPerMillilitre(Decimal(2))
STEP = ordered(mg_per_kg="0.75", minutes=45, concentration=STRONGER)


@pytest.fixture
def as_doctor(psychiatrist: Professional) -> Client:
    client = Client()
    client.force_login(psychiatrist)
    return client


@pytest.fixture
def supported(moss: Unit, psychiatrist: Professional) -> Unit:
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)
    return moss


def measured(minute: int, session: Session, by: Professional, systolic: int = 128) -> None:
    said = Measured(
        phase=SessionPhase.INFUSION if minute > 0 else SessionPhase.BEFORE,
        systolic=systolic,
        diastolic=76,
        pulse=82,
        spo2=97,
        respiration=14,
        sedation_scale=SedationScale.MOAAS,
        sedation=5,
        dissociation=4,
        distress=1,
        nausea=0,
    )
    at = at_minute(minute)
    actions.record_vitals(session=session, measured=said, entered=entered(minute), by=by, at=at)


@pytest.fixture
def rested(session: Session, nurse: Professional) -> None:
    """Measured twice before the start check."""
    measured(-10, session, nurse)
    measured(-4, session, nurse)


@pytest.fixture
def given(rested: None, ready: Session, pump: Pump, nurse: Professional) -> Session:
    """A first session that went as it should."""
    pump(0, PumpAct.START, "60")
    measured(20, ready, nurse)
    pump(40, PumpAct.STOP)
    actions.finish_session(session=ready, by=nurse, at=at_minute(41))
    return ready


@pytest.fixture
def second(given: Session, nurse: Professional) -> Session:
    return actions.open_session(
        course=given.course, planned_on=LATER.date(), by=nurse, at=LATER
    )


def so_far(session: Session) -> CourseSoFar:
    return course_so_far(session, STANDARD, at=LATER)


def order(session: Session, by: Professional, **more: Any) -> SessionOrder:
    return actions.order(
        session=session,
        ordered=replace(STEP, **more),
        entered=entered(),
        by=by,
        at=LATER,
    )


def test_the_course_so_far_is_what_the_record_has(second: Session) -> None:
    found = so_far(second)
    assert (found.sessions, found.dose, found.red, found.red_in_last) == (
        1,
        STANDARD,
        False,
        False,
    )
    assert found.age == 46
    # Nobody has rated, graded, or asked about medicines.
    unknown = (found.reduction, found.worst_dissociation, found.exposure_raised)
    assert unknown == (None, None, None)


def test_before_the_first_session_nothing_was_red(session: Session) -> None:
    found = course_so_far(session, STANDARD, at=NOON)
    assert (found.sessions, found.dose, found.red, found.red_in_last) == (
        0,
        STANDARD,
        False,
        False,
    )


def test_a_red_reading_of_the_last_session_is_found(
    second: Session, given: Session, nurse: Professional
) -> None:
    measured(30, given, nurse, systolic=196)
    found = so_far(second)
    assert (found.red, found.red_in_last) == (True, True)


def test_a_session_given_elsewhere_has_readings_that_nobody_knows(
    second: Session, course: Course, nurse: Professional
) -> None:
    start = NOON + timedelta(days=1)
    elsewhere = Given(
        started_at=start,
        stopped_at=start + timedelta(minutes=40),
        prescribed_mg=Decimal(60),
        delivered_mg=Decimal(60),
    )
    treatment.record_session(
        course=course,
        given=elsewhere,
        entered=Entered(happened_at=start, entered_at=start),
        by=nurse,
        at=start,
    )
    found = so_far(second)
    assert (found.sessions, found.red, found.red_in_last) == (2, None, None)
    # How much a kilogram that was is not known either, so nothing above the protocol's own.
    assert found.dose == STANDARD


def test_the_improvement_is_that_of_the_protocols_scale(
    second: Session, psychiatrist: Professional
) -> None:
    for day, total in ((-1, 30), (2, 20)):
        at = NOON + timedelta(days=day)
        treatment.record_rating(
            patient=second.course.patient,
            rated=rated(total),
            entered=Entered(happened_at=at, entered_at=at),
            by=psychiatrist,
            at=at,
            course=second.course,
        )
    found = so_far(second).reduction
    assert found is not None
    assert (found.numerator, found.denominator) == (1, 3)


def test_a_drug_that_slows_the_breakdown_is_found(
    second: Session, psychiatrist: Professional
) -> None:
    patient = second.course.patient
    referral.receive_referral(patient=patient, letter=LETTER, by=psychiatrist, at=NOON)
    assert so_far(second).exposure_raised is None
    taken = referral.Taken(medicine=Medicine(atc="J01FA09", name="Klaritromycin"))
    referral.record_medicine(
        patient=patient, taken=taken, entered=entered(), by=psychiatrist, at=NOON
    )
    assert so_far(second).exposure_raised is True


def test_what_slows_the_breakdown_may_have_no_code(
    second: Session, psychiatrist: Professional
) -> None:
    patient = second.course.patient
    letter = Referral.objects.get(patient=patient)
    asked = {"bodily": {"grapefruit": False}, "medicines": []}
    said = replace(judged(finding("IN-1", Standing.MET)), candidate=asked)
    referral.assess(referral=letter, judged=said, by=psychiatrist, at=NOON)
    raised = []
    for taken in (None, Medicine("N05AN01"), Medicine("", name="Sporanox")):
        if taken is not None:
            referral.record_medicine(
                patient=patient,
                taken=referral.Taken(medicine=taken),
                entered=entered(),
                by=psychiatrist,
                at=NOON,
            )
        raised.append(so_far(second).exposure_raised)
    assert raised == [False, False, None]


def test_the_protocols_own_dose_is_not_held_against_the_course(
    second: Session, django_assert_num_queries: Any
) -> None:
    assert second.course.protocol == latest("iv-ketamine-no").id
    with django_assert_num_queries(0):
        assert not_offered(second, STANDARD, at=LATER) == ()


@pytest.mark.parametrize(
    "decided",
    [
        pytest.param(None, id="nobody answers"),
        pytest.param("  ", id="a name without a reason"),
    ],
)
def test_a_step_that_is_not_offered_takes_a_name_and_a_reason(
    second: Session, psychiatrist: Professional, decided: str | None
) -> None:
    answer = None if decided is None else StepDecided(psychiatrist, decided)
    with pytest.raises(NotOffered) as refused:
        order(second, psychiatrist, decided=answer)
    reasons = {one.criterion: one.standing for one in refused.value.reasons}
    assert reasons["escalation:sessions"] is Standing.EXCLUDED
    assert reasons["escalation:dissociation"] is Standing.UNKNOWN
    assert not SessionOrder.objects.filter(session=second).exists()


def test_who_answers_for_a_step_is_a_doctor_and_stays_with_the_order(
    second: Session, psychiatrist: Professional, nurse: Professional
) -> None:
    with pytest.raises(NotADoctor):
        order(second, psychiatrist, decided=StepDecided(nurse, "Helped before"))
    row = order(second, psychiatrist, decided=StepDecided(psychiatrist, "Helped before"))
    assert row.overrides == [
        {
            "ceiling": "not-offered",
            "by": str(psychiatrist),
            "by_id": psychiatrist.pk,
            "reason": "Helped before",
        }
    ]
    assert "escalation:sessions" in {one["criterion"] for one in row.plan["against"]}


def test_from_65_years_an_early_step_takes_a_doctors_note(
    psychiatrist: Professional, nurse: Professional, second: Session
) -> None:
    patient = second.course.patient
    older = replace(KARI, birth_date=KARI.birth_date.replace(year=1952))
    people.amend_patient(patient=patient, said=older, by=nurse, at=NOON, reason="Typo")
    found = not_offered(Session.objects.get(pk=second.pk), HIGHER, at=LATER)
    assert "escalation:older" in {one.criterion for one in found}


def typed_step(**more: str) -> typed.Typed:
    return typed.order(step="0.75|45", concentration="2", **more)


def send(client: Client, session: Session, data: typed.Typed) -> HttpResponse:
    return client.post(reverse("order.write", args=[session.pk]), data)  # type: ignore[return-value]  # Django's test client


@pytest.mark.usefixtures("supported")
def test_the_page_says_what_speaks_against_a_step_and_asks_who_answers(
    second: Session, as_doctor: Client, as_nurse: Client, psychiatrist: Professional
) -> None:
    page = send(as_doctor, second, typed_step())
    assert page.status_code == 422
    said = words(page)
    assert "Taler mot 1 av minst 3 økter er gitt" in said
    assert "Hva var den verste dissosiasjonen hittil" in said
    assert 'name="named_doctor"' in page.content.decode()
    assert chosen(page, "step") == ["0.75|45"]
    reason = {"override_dose_mg_per_kg": "Svarte på 0,75 i forrige forløp"}
    assert send(as_doctor, second, typed_step(**reason, named_doctor="")).status_code == 422
    assert not SessionOrder.objects.filter(session=second).exists()
    answered = typed_step(**reason, named_doctor=str(psychiatrist.pk))
    assert send(as_doctor, second, answered).status_code == 302
    order = SessionOrder.objects.get(session=second)
    for address in (
        reverse("session", args=[second.pk]),
        reverse("order.check", args=[order.pk]),
    ):
        seen = as_nurse.get(address).content.decode()
        late = [part.split("</")[0] for part in seen.split('class="late"')[1:]]
        assert any("Svarte på 0,75 i forrige forløp" in one for one in late), address
    changing = words(as_doctor.get(reverse("order.write", args=[second.pk])))  # type: ignore[arg-type]  # Django's test client
    assert f"ikke tilbyr nå, besluttet av {psychiatrist}" in changing


def chosen(page: HttpResponse, name: str) -> list[str]:
    """The values of the radio buttons that are chosen."""
    radios = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page.content.decode())
    checked = [radio for radio in radios if "checked" in radio]
    return [found[1] for radio in checked if (found := re.search(r'value="([^"]*)"', radio))]


@pytest.mark.usefixtures("supported")
def test_one_reason_answers_for_the_step_and_lifts_the_ceiling(
    second: Session, as_doctor: Client, psychiatrist: Professional
) -> None:
    highest = typed.order(step="1|40", concentration="2")
    reason: typed.Typed = {"override_dose_mg_per_kg": "Forrige forløp"}
    page = send(as_doctor, second, highest | reason)
    assert page.status_code == 422
    assert "Velg legen som svarer for denne dosen" in words(page)
    named: typed.Typed = {"named_doctor": str(psychiatrist.pk)}
    assert send(as_doctor, second, highest | reason | named).status_code == 302
    stored = SessionOrder.objects.get(session=second).overrides
    assert [one["ceiling"] for one in stored] == ["not-offered", "dose_mg_per_kg"]
    shown = words(as_doctor.get(reverse("session", args=[second.pk])))  # type: ignore[arg-type]  # Django's test client
    assert "Fraveket:" not in shown


def test_in_journal_mode_no_step_is_judged(
    second: Session, as_doctor: Client, psychiatrist: Professional
) -> None:
    people.state_purpose(unit=second.unit, on=False, by=psychiatrist, at=NOON)
    stated = {"dose_mg": "60", "volume_ml": "30", "rate_ml_h": "40"}
    assert send(as_doctor, second, typed_step(**stated)).status_code == 302
    assert SessionOrder.objects.get(session=second).overrides == []


def test_a_superfluous_reason_lifts_nothing(
    session: Session, psychiatrist: Professional, as_doctor: Client, supported: Unit
) -> None:
    unneeded = typed.order(override_dose_mg_per_kg="Same as last time")
    assert send(as_doctor, session, unneeded).status_code == 302
    assert SessionOrder.objects.get(session=session).overrides == []
