"""What is next for a patient who has no course."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral import actions
from lysglimt.clinic.referral.models import DecisionKind, Referral
from lysglimt.knowledge.verdict import Standing
from tests.clinic.conftest import NOON, Staff
from tests.clinic.referral.conftest import LETTER, Assess, assess, finding, referral

__all__ = ["assess", "referral"]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


@pytest.fixture
def as_psychiatrist(client: Client, psychiatrist: Professional) -> Client:
    client.force_login(psychiatrist)
    return client


def next_step(client: Client, patient: Patient) -> str:
    page = client.get(reverse("patient", args=[patient.pk])).content.decode()
    card = re.search(r'<section class="card card--next".*?</section>', page, re.DOTALL)
    return re.sub(r"\s+", " ", unescape(card[0])) if card else ""


def words(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def decide(assess: Assess, kind: DecisionKind, by: Professional, **more: Any) -> None:
    assessment = assess(finding("IN-1", Standing.MET))
    actions.decide_eligibility(assessment=assessment, kind=kind, by=by, at=NOON, **more)


def test_without_a_referral_the_next_step_is_to_receive_one(
    as_psychiatrist: Client, kari: Patient
) -> None:
    step = next_step(as_psychiatrist, kari)
    assert "Ingen henvisning er mottatt" in step
    assert reverse("referral.receive", args=[kari.pk]) in step


def test_a_referral_is_assessed_by_its_day_with_the_law_it_rests_on(
    as_psychiatrist: Client, kari: Patient, referral: Referral
) -> None:
    step = next_step(as_psychiatrist, kari)
    assert "Henvisningen skal vurderes" in step
    assert "Skal vurderes innen 16.03.2026" in step
    assert "10 virkedager" in step
    assert "Pasient- og brukerrettighetsloven § 2-2" in step
    assert reverse("eligibility", args=[kari.pk]) in step
    assert "Over fristen" not in step


def test_an_assessment_past_its_day_is_overdue(
    as_psychiatrist: Client,
    kari: Patient,
    referral: Referral,
    psychiatrist: Professional,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=15))
    as_psychiatrist.force_login(psychiatrist)
    assert "Over fristen. Skal vurderes innen 16.03.2026" in words(
        next_step(as_psychiatrist, kari)
    )


def test_who_waits_has_the_reason_the_contact_and_the_deadline(
    as_psychiatrist: Client,
    kari: Patient,
    referral: Referral,
    assess: Assess,
    psychiatrist: Professional,
    nurse: Professional,
) -> None:
    decide(assess, DecisionKind.WAIT, psychiatrist, grounds="Venter på EKG")
    actions.correct(
        fact=referral.letters.get(),
        by=psychiatrist,
        at=NOON,
        reason="The deadline was set",
        start_due=NOON.date() - timedelta(days=1),
    )
    step = words(next_step(as_psychiatrist, kari))
    assert "På venteliste" in step
    assert f"Besluttet 02.03.2026 av {psychiatrist}" in step
    assert "Venter på EKG" in step
    assert "Ingen er utpekt til å holde kontakten" in step
    assert "Over fristen. Frist for start: 01.03.2026" in step
    actions.name_contact(referral=referral, contact=nurse, every_days=14, by=nurse, at=NOON)
    step = words(next_step(as_psychiatrist, kari))
    assert f"Holder kontakten: {nurse}" in step
    assert "Neste kontakt: 16.03.2026" in step


def test_who_was_refused_has_the_plan_and_no_deadline_for_a_start(
    as_psychiatrist: Client,
    kari: Patient,
    referral: Referral,
    assess: Assess,
    psychiatrist: Professional,
) -> None:
    actions.correct(
        fact=referral.letters.get(),
        by=psychiatrist,
        at=NOON,
        reason="The deadline was set",
        start_due=NOON.date() + timedelta(days=30),
    )
    actions.refuse(
        assessment=assess(finding("EX-01", Standing.EXCLUDED)),
        refused=actions.Refused(
            grounds="Psykose",
            plan="DPS følger opp",
            complaint_route="Statsforvalteren",
            no_recontact="DPS er i kontakt",
        ),
        by=psychiatrist,
        at=NOON,
    )
    step = words(next_step(as_psychiatrist, kari))
    assert "Avslått: planen følges" in step
    assert "Psykose" in step
    assert "Plan: DPS følger opp" in step
    assert "Frist for start" not in step


def test_a_refusal_of_which_nothing_was_told_leaves_the_decision(
    as_psychiatrist: Client,
    kari: Patient,
    referral: Referral,
    assess: Assess,
    psychiatrist: Professional,
) -> None:
    decide(assess, DecisionKind.REFUSE, psychiatrist, grounds="Ikke resistent")
    step = words(next_step(as_psychiatrist, kari))
    assert "Avslått" in step
    assert "Ikke resistent" in step


def test_who_is_accepted_waits_for_a_course_to_be_planned(
    as_psychiatrist: Client,
    kari: Patient,
    referral: Referral,
    assess: Assess,
    psychiatrist: Professional,
    nurse: Professional,
    django_assert_max_num_queries: Any,
) -> None:
    decide(assess, DecisionKind.ACCEPT, psychiatrist)
    with django_assert_max_num_queries(10):
        step = next_step(as_psychiatrist, kari)
    assert "Tatt inn: et behandlingsforløp skal planlegges" in step
    plan = reverse("course.plan", args=[kari.pk])
    assert plan in step
    client = Client()
    client.force_login(nurse)
    step = next_step(client, kari)
    assert "et behandlingsforløp skal planlegges" in step
    assert plan not in step, "a nurse does not plan a course"


def test_a_decision_that_waits_for_a_second_doctor_is_the_next_step(
    as_psychiatrist: Client,
    kari: Patient,
    referral: Referral,
    assess: Assess,
    psychiatrist: Professional,
    moss: Unit,
    staff: Staff,
) -> None:
    decision = actions.decide_eligibility(
        assessment=assess(finding("EX-01", Standing.EXCLUDED)),
        kind=DecisionKind.ACCEPT,
        overrides=[actions.Overridden(criterion="EX-01", reason="Weighed with the patient")],
        by=psychiatrist,
        at=NOON,
    )
    second = reverse("referral.second", args=[decision.pk])
    another = Client()
    another.force_login(staff(moss, Role.PSYCHIATRIST, "second"))
    step = next_step(another, kari)
    assert "En annen leges signatur" in step
    assert second in step
    step = next_step(as_psychiatrist, kari)
    assert "En annen leges signatur" in step
    assert second not in step, "the first doctor waits for another"


def test_who_may_not_read_referrals_is_told_nothing_of_them(
    kari: Patient, referral: Referral, moss: Unit, staff: Staff
) -> None:
    client = Client()
    client.force_login(staff(moss, Role.PHARMACIST))
    assert next_step(client, kari) == ""


def test_a_newer_referral_to_another_unit_is_not_a_step_of_this_one(
    kari: Patient, nurse: Professional, halden: Unit, staff: Staff, as_psychiatrist: Client
) -> None:
    earlier = replace(LETTER, received_on=date(2026, 2, 20))
    actions.receive_referral(patient=kari, letter=earlier, by=nurse, at=NOON)
    there = staff(halden, Role.NURSE)
    actions.receive_referral(patient=kari, letter=LETTER, by=there, at=NOON)
    assert "Skal vurderes innen 06.03.2026" in next_step(as_psychiatrist, kari)


def test_the_next_step_is_english_to_an_english_reader(
    as_psychiatrist: Client, kari: Patient, referral: Referral, psychiatrist: Professional
) -> None:
    people.choose_language(professional=psychiatrist, language="en")
    step = next_step(as_psychiatrist, kari)
    assert "The referral is to be assessed" in step
    assert "Within 10 working days" in step
