"""The unit: how many came how far, with what effect, and how sure one can be."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from django.test import Client

from lysglimt.clinic.chairside.models import Session, StartGateRecord
from lysglimt.clinic.insight.cohort import Cohort, Period
from lysglimt.clinic.insight.flow import Flow, flow
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Particulars, Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral.models import (
    Assessment,
    EligibilityDecision,
    Override,
    Referral,
    ReferralLetter,
)
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.actions import Decided, Given
from lysglimt.clinic.treatment.models import Course
from lysglimt.clinic.treatment.record import records_of
from lysglimt.knowledge.protocols.facts import DecisionKind, StopGround
from lysglimt.knowledge.protocols.protocol import Protocol
from lysglimt.register.proportions import Proportion
from tests.clinic.conftest import NOON, Staff
from tests.clinic.treatment.conftest import DAY, entered, rated

from .conftest import SIX, TODAY

THAT_DAY = TODAY.date()
Treat = Callable[..., Course]
STAMP = {"happened_at": NOON, "entered_at": NOON, "received_at": NOON}


@pytest.fixture
def as_lead(client: Client, moss: Unit, staff: Staff) -> Client:
    client.force_login(staff(moss, Role.UNIT_LEAD))
    return client


@pytest.fixture
def treat(approved: Protocol, psychiatrist: Professional, nurse: Professional) -> Treat:
    """`treat(sessions=6, baseline=34, evaluation=14)` is one patient's course."""
    born = (date(1970, 1, 1) + timedelta(days=n) for n in count())

    def treat(
        *,
        sessions: int = 6,
        baseline: int | None = 34,
        evaluation: int | None = 14,
        stopped: bool = False,
    ) -> Course:
        said = Particulars(given_name="Ola", family_name="Prøve", birth_date=next(born))
        patient = people.register_patient(said=said, by=nurse, at=NOON)
        course = actions.plan_course(
            patient=patient, protocol=approved, by=psychiatrist, at=NOON
        )

        def rate(day: int, total: int | None) -> None:
            if total is not None:
                at = NOON + day * DAY
                actions.record_rating(
                    patient=patient, rated=rated(total), entered=entered(at), by=nurse, at=at
                )

        rate(0, baseline)
        for day in SIX[:sessions]:
            start = NOON + day * DAY
            given = Given(
                started_at=start,
                stopped_at=start + timedelta(minutes=40),
                prescribed_mg=40,  # type: ignore[arg-type]  # stored as a Decimal
                delivered_mg=40,  # type: ignore[arg-type]  # stored as a Decimal
            )
            actions.record_session(
                course=course, given=given, entered=entered(start), by=nurse, at=start
            )
        rate(SIX[-1] + 1, evaluation)
        if stopped:
            stop = Decided(kind=DecisionKind.STOP, ground=StopGround.PATIENT)
            at = NOON + 20 * DAY
            actions.decide(course=course, decided=stop, by=psychiatrist, at=at)
        return course

    return treat


def cohort(since: date = date.min, on: date = THAT_DAY) -> Cohort:
    courses = list(Course.objects.with_standpoint())
    return Cohort.of(records_of(courses), since=since, on=on)


def test_missing_is_counted_both_ways(treat: Treat) -> None:
    treat(evaluation=14)
    treat(evaluation=8)
    treat(evaluation=30)
    treat(sessions=3, evaluation=None, stopped=True)
    found = cohort()
    assert found.missing == 1
    assert found.response.all_treated == Proportion(2, 4)
    assert found.response.complete == Proportion(2, 3)
    assert found.remission.all_treated == Proportion(1, 4)
    assert found.remission.complete == Proportion(1, 3)


def test_who_is_still_under_way_is_neither_a_success_nor_missing(treat: Treat) -> None:
    treat(sessions=3, evaluation=None)
    treat(sessions=6, evaluation=None)
    assert cohort().under_way == 2
    assert cohort().response.all_treated == Proportion(0, 0)
    later = cohort(on=(TODAY + 30 * DAY).date())
    # The evaluation rating never came: now it is missing.
    assert (later.under_way, later.missing) == (1, 1)


def test_without_a_baseline_the_effect_is_missing(treat: Treat) -> None:
    treat(baseline=None)
    found = cohort()
    assert found.baselines == Proportion(0, 1)
    assert found.evaluations == Proportion(1, 1)
    assert found.response.all_treated == Proportion(0, 1)


def test_a_course_of_another_period_is_not_counted(treat: Treat) -> None:
    treat()
    assert len(cohort(since=TODAY.date()).treated) == 0


@pytest.mark.parametrize(
    ("period", "begins"),
    [
        pytest.param(Period.YEAR, date(2027, 2, 28), id="a leap day has no day a year before"),
        pytest.param(Period.THREE_YEARS, date(2025, 2, 28), id="three years"),
        pytest.param(Period.ALL, date.min, id="from the beginning"),
    ],
)
def test_a_period_is_counted_back_from_today(period: Period, begins: date) -> None:
    assert period.begins(date(2028, 2, 29)) == begins


def refer(patient: Patient, unit: Unit, by: Professional, kind: str = "") -> Referral:
    referral = Referral.objects.create(patient=patient, unit=unit)
    ReferralLetter.objects.create(
        referral=referral,
        sender_kind="gp",
        sender_name="Dr. Hansen",
        received_on=NOON.date(),
        assessment_due=NOON.date() + timedelta(days=14),
        by=by,
        **STAMP,
    )
    if kind:
        assessment = Assessment.objects.create(
            referral=referral,
            candidate={},
            candidate_version="1",
            verdict={},
            standing=0,
            rule_version="1",
            by=by,
            **STAMP,
        )
        decision = EligibilityDecision.objects.create(
            referral=referral,
            assessment=assessment,
            kind=kind,
            needs_second=False,
            by=by,
            **STAMP,
        )
        if kind == "accept":
            Override.objects.create(
                decision=decision, criterion="EX-07", standing=4, reason="Drøftet i team"
            )
    return referral


@pytest.fixture
def referred(
    treat: Treat, moss: Unit, kari: Patient, nurse: Professional, psychiatrist: Professional
) -> None:
    """Two accepted, of whom one has responded; one refused; one not decided."""
    refer(treat().patient, moss, psychiatrist, "accept")
    refer(treat(sessions=2, evaluation=None).patient, moss, psychiatrist, "accept")
    refer(kari, moss, psychiatrist)
    said = Particulars(given_name="Nei", family_name="Takk", birth_date=date(1960, 1, 1))
    refer(people.register_patient(said=said, by=nurse, at=NOON), moss, psychiatrist, "refuse")


def test_each_referred_patient_is_counted_once_as_far_as_they_came(
    referred: None, moss: Unit
) -> None:
    referrals = Referral.objects.in_unit(moss.pk).with_state()
    assert flow(referrals, cohort(), since=date.min) == Flow(
        referred=4, eligible=2, refused=1, waiting=1, started=2, completed=1, evaluated=1
    )


def test_the_page_shows_quality_first_and_small_numbers_as_small(
    as_lead: Client,
    referred: None,
    moss: Unit,
    psychiatrist: Professional,
    django_assert_max_num_queries: Any,
) -> None:
    course = Course.objects.earliest("planned_at")
    session = Session.objects.create(course=course, unit=moss, planned_on=NOON.date())
    StartGateRecord.objects.create(
        session=session,
        standing=4,
        findings=[],
        rule_version="1",
        override_by=psychiatrist,
        override_reason="Følget kommer kl. 13",
        by=psychiatrist,
        **STAMP,
    )
    with django_assert_max_num_queries(10):
        page = as_lead.get("/unit/").content.decode()
    assert page.index("Datakvalitet") < page.index("Effekt etter startbehandlingen")
    assert "1 av 1" in page
    assert "21–100 %" in page
    assert "les intervallet, ikke andelen" in page
    assert "Fortsatt underveis og ikke medregnet: 1" in page
    assert "Drøftet i team" in page
    assert "EX-07" in page
    assert "Følget kommer kl. 13" in page
    assert "avslått 1 · ikke avgjort 1" in page


def test_a_task_nobody_has_done_in_time_is_named(
    as_lead: Client, kari: Patient, course: Course, psychiatrist: Professional
) -> None:
    actions.record_rating(
        patient=kari,
        rated=rated(30, item_10=4),
        entered=entered(NOON),
        by=psychiatrist,
        at=NOON,
    )
    page = as_lead.get("/unit/").content.decode()
    assert "Ødegård, Kari Anne" in page
    assert str(psychiatrist) in page


def test_the_statistician_sees_numbers_and_no_names(
    client: Client,
    moss: Unit,
    kari: Patient,
    course: Course,
    psychiatrist: Professional,
    staff: Staff,
) -> None:
    actions.record_rating(
        patient=kari,
        rated=rated(30, item_10=4),
        entered=entered(NOON),
        by=psychiatrist,
        at=NOON,
    )
    client.force_login(staff(moss, Role.STATISTICIAN))
    page = client.get("/unit/").content.decode()
    assert "Datakvalitet" in page
    assert "Ødegård" not in page


@pytest.mark.parametrize(
    ("asked", "current"),
    [
        ("", "Siste 12 måneder"),
        ("?period=36", "Siste 3 år"),
        pytest.param("?period=x", "Siste 12 måneder", id="a period there is not"),
    ],
)
def test_a_period_is_chosen(as_lead: Client, asked: str, current: str) -> None:
    page = as_lead.get(f"/unit/{asked}").content.decode()
    chosen = page.partition('aria-current="true"')[2].partition("</a>")[0]
    assert current in chosen


def test_a_unit_that_has_treated_nobody_says_so(as_lead: Client) -> None:
    page = as_lead.get("/unit/").content.decode()
    assert "Ingen startbehandling er fullført" in page
    assert "0 av 0" in page


def test_another_units_patients_are_not_counted(
    client: Client, halden: Unit, referred: None, staff: Staff
) -> None:
    client.force_login(staff(halden, Role.UNIT_LEAD))
    page = client.get("/unit/").content.decode()
    assert "0 forløp ble startet" in page


def test_the_administrator_does_not_open_the_unit(
    client: Client, moss: Unit, staff: Staff
) -> None:
    client.force_login(staff(moss, Role.ADMINISTRATOR))
    assert client.get("/unit/").status_code == 403


def test_the_page_is_english_to_an_english_reader(as_lead: Client, referred: None) -> None:
    Professional.objects.update(language="en")
    page = as_lead.get("/unit/").content.decode()
    assert "Quality of the data" in page
    assert "Response, missing counted as no response" in page
    assert "Datakvalitet" not in page
