"""Evaluating a course, and deciding what happens next."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import (
    Course,
    CourseDecision,
    CourseStanding,
    Mode,
    SafetyTask,
    Timing,
)
from tests.clinic.chairside import let_in
from tests.clinic.conftest import NOON, Staff
from tests.clinic.insight import told
from tests.clinic.insight.conftest import TODAY
from tests.clinic.treatment.conftest import DAY, Rate, entered, rated

HOUR = timedelta(hours=1)


def said(kind: str, **more: str) -> dict[str, str]:
    return {"entry": str(uuid4()), "kind": kind} | more


def opened(client: Client, course: Course) -> str:
    page = client.get(reverse("evaluation", args=[course.pk]))
    assert page.status_code == 200
    return page.content.decode()


def decide(client: Client, course: Course, form: dict[str, str]) -> Any:
    return client.post(reverse("course.decide", args=[course.pk]), form)


def test_effect_tolerability_and_the_recommended_step_stand_together(
    as_psychiatrist: Client,
    course: Course,
    responded: None,
    decision_support: None,
    django_assert_max_num_queries: Any,
) -> None:
    with django_assert_max_num_queries(10):
        page = opened(as_psychiatrist, course)
    assert "34 → 14 (−59 %)" in page
    assert "Vanligst i ketaminstudier" in page
    assert "Riedel 2010" in page
    assert page.count("40 mg / 40 min") == 6
    assert "Anbefalt. Respons: vedlikehold." in page
    assert "Avviker fra det som er anbefalt." in page
    # The step is chosen, never chosen beforehand.
    assert " checked" not in page


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def plan_at_evaluation(
    induction: None, course: Course, nurse: Professional, psychiatrist: Professional
) -> SafetyTask:
    """15 points in all, 6 of them on item 10: response by the total, and a plan."""
    at = NOON + 21 * DAY
    said = replace(rated(15, item_10=6), receiver=psychiatrist)
    treatment.record_rating(
        patient=course.patient, rated=said, entered=entered(at), by=nurse, at=at
    )
    return SafetyTask.objects.get()


@pytest.mark.parametrize("where", ["evaluation", "patient"])
def test_the_answer_about_suicide_stands_beside_the_total_and_who_answered_it(
    as_psychiatrist: Client,
    course: Course,
    psychiatrist: Professional,
    plan_at_evaluation: SafetyTask,
    decision_support: None,
    django_assert_max_num_queries: Any,
    where: str,
) -> None:
    key = course.pk if where == "evaluation" else course.patient_id
    address = reverse(where, args=[key])
    with django_assert_max_num_queries(10):
        page = words(as_psychiatrist.get(address).content.decode())
    assert (
        "MADRS 10, Tanker om død og selvmord 6 23.03.2026 · utgangsverdi 0, 02.03.2026 · +6"
        in page
    )
    assert f"Ikke besvart ennå. Lege nå, siden 23.03.2026 13:00: {psychiatrist}" in page
    treatment.acknowledge_task(
        safety_task=plan_at_evaluation,
        action_taken="Innlagt i kveld",
        treat_today=False,
        by=psychiatrist,
        at=NOON + 21 * DAY + 2 * HOUR,
    )
    with django_assert_max_num_queries(10):
        page = words(as_psychiatrist.get(address).content.decode())
    assert f"Besvart av {psychiatrist} 23.03.2026 15:00: Innlagt i kveld" in page


def test_a_calm_answer_about_suicide_stands_there_too(
    as_psychiatrist: Client, course: Course, responded: None, decision_support: None
) -> None:
    page = words(opened(as_psychiatrist, course))
    assert (
        "MADRS 10, Tanker om død og selvmord 0 23.03.2026 · utgangsverdi 0, 02.03.2026 · 0"
        in page
    )


def test_a_positive_answer_of_another_instrument_stands_there_too(
    as_psychiatrist: Client,
    course: Course,
    responded: None,
    psychiatrist: Professional,
    decision_support: None,
) -> None:
    assert "Ønske om å være død" not in words(opened(as_psychiatrist, course))
    at = NOON + 21 * DAY
    said = treatment.Rated(
        instrument="cssrs_screener",
        answers={"i1": 1, "i2": 0, "i6": 0},
        timing=Timing.EVALUATION,
        mode=Mode.INTERVIEW,
        rater="psychiatrist",
        recall="since_last_contact",
        receiver=psychiatrist,
    )
    treatment.record_rating(
        patient=course.patient, rated=said, entered=entered(at), by=psychiatrist, at=at
    )
    page = words(opened(as_psychiatrist, course))
    assert "1, Ønske om å være død Ja 23.03.2026 · ingen utgangsverdi" in page
    assert "Uspesifikke aktive selvmordstanker" not in page


def test_who_may_not_read_ratings_reads_no_answer_about_suicide(
    client: Client, moss: Unit, staff: Staff, course: Course, plan_at_evaluation: SafetyTask
) -> None:
    client.force_login(staff(moss, Role.COORDINATOR))
    page = client.get(reverse("patient", args=[course.patient_id])).content.decode()
    assert "Tanker om død og selvmord" not in page


def test_the_recommended_step_is_signed_with_its_rule(
    as_psychiatrist: Client, course: Course, responded: None, decision_support: None
) -> None:
    reply = decide(as_psychiatrist, course, said("maintenance", goals="Tilbake i jobb"))
    assert reply.headers["Location"] == reverse("patient", args=[course.patient_id])
    signed = CourseDecision.objects.get()
    assert (signed.kind, signed.recommended, signed.rule) == ("maintenance",) * 2 + ("EV-1",)
    assert CourseStanding.objects.get().phase == "maintenance"
    assert "Tilbake i jobb" in opened(as_psychiatrist, course)


def test_another_step_needs_a_reason_and_keeps_what_was_typed(
    as_psychiatrist: Client, course: Course, responded: None, decision_support: None
) -> None:
    form = said("stop", ground="patient", goals="Mer overskudd")
    reply = decide(as_psychiatrist, course, form)
    page = reply.content.decode()
    assert reply.status_code == 422
    assert "Mer overskudd" in page
    assert set(reply.context["form"].errors) == {"deviation"}
    assert not CourseDecision.objects.exists()
    assert decide(as_psychiatrist, course, form | {"deviation": "Vil hjem"}).status_code == 302
    signed = CourseDecision.objects.get()
    assert (signed.recommended, signed.deviation) == ("maintenance", "Vil hjem")


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        pytest.param({"kind": ""}, {"kind"}, id="nothing chosen"),
        pytest.param({"kind": "restart"}, {"kind"}, id="no step of this phase"),
        pytest.param({"kind": "stop", "deviation": "x"}, {"ground"}, id="no ground for a stop"),
        pytest.param({"kind": "stop", "ground": "other"}, {"deviation"}, id="another ground"),
    ],
)
def test_an_incomplete_decision_is_refused(
    as_psychiatrist: Client,
    course: Course,
    responded: None,
    decision_support: None,
    form: dict[str, str],
    wrong: set[str],
) -> None:
    reply = decide(as_psychiatrist, course, said("") | form)
    assert reply.status_code == 422
    assert set(reply.context["form"].errors) == wrong


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        pytest.param({"kind": "maintenance"}, {"deviation"}, id="no rating to go by"),
        pytest.param({"kind": "extend", "deviation": "  "}, {"deviation"}, id="nor this"),
        pytest.param({"kind": "maintenance", "deviation": "Skåret ute"}, None, id="a reason"),
        pytest.param({"kind": "stop", "ground": "patient"}, None, id="to stop is always open"),
        pytest.param({"kind": "close"}, None, id="and to close"),
    ],
)
def test_without_an_evaluation_rating_a_step_forward_needs_a_reason(
    as_psychiatrist: Client,
    course: Course,
    induction: None,
    decision_support: None,
    form: dict[str, str],
    wrong: set[str] | None,
) -> None:
    reply = decide(as_psychiatrist, course, said("") | form)
    if wrong:
        assert reply.status_code == 422
        assert set(reply.context["form"].errors) == wrong
    assert CourseDecision.objects.exists() is (wrong is None)


def test_maintenance_without_a_rating_is_a_named_deviation(
    as_psychiatrist: Client, course: Course, induction: None, decision_support: None
) -> None:
    decide(as_psychiatrist, course, said("maintenance", deviation="Skåret ute"))
    page = opened(as_psychiatrist, course)
    assert "Avvik så langt" in page
    assert "Skåret ute" in page


def test_a_score_that_is_not_the_evaluation_is_said_to_be_preliminary(
    as_psychiatrist: Client, course: Course, induction: None, rate: Rate, decision_support: None
) -> None:
    page = opened(as_psychiatrist, course)
    assert "Foreløpig, fra 10.03.2026: ikke evalueringsskåringen." in page
    assert "34 → 24 (−29 %) · delvis respons · 10.03.2026" in page
    rate(21, 14)
    page = opened(as_psychiatrist, course)
    assert "Foreløpig" not in page
    assert "Skåret 23.03.2026." in page


def test_either_of_two_proposed_steps_agrees_with_the_rules(
    as_psychiatrist: Client, course: Course, induction: None, rate: Rate, decision_support: None
) -> None:
    rate(21, 8)
    assert decide(as_psychiatrist, course, said("stop", ground="remission")).status_code == 302
    assert CourseDecision.objects.get().recommended == "stop"


def test_a_partial_response_is_extended_by_two(
    as_psychiatrist: Client, course: Course, induction: None, rate: Rate, decision_support: None
) -> None:
    rate(21, 22)
    assert decide(as_psychiatrist, course, said("extend")).status_code == 302
    standing = CourseStanding.objects.get()
    assert (standing.phase, standing.target) == ("induction", 8)


def test_in_journal_mode_a_decision_is_recorded_beside_no_advice(
    as_psychiatrist: Client, course: Course, responded: None
) -> None:
    page = opened(as_psychiatrist, course)
    for suggestion in ("Anbefalt", "Avviker", "Utfall etter hver definisjon", "EV-1"):
        assert suggestion not in page
    assert "Gå over til vedlikehold" in page
    assert decide(as_psychiatrist, course, said("stop", ground="patient")).status_code == 302
    signed = CourseDecision.objects.get()
    assert (signed.recommended, signed.rule) == ("", "")


def test_a_decision_sent_twice_is_signed_once(
    as_psychiatrist: Client, course: Course, responded: None, decision_support: None
) -> None:
    form = said("maintenance")
    decide(as_psychiatrist, course, form)
    # The course has gone on, so the form is no longer one of its steps; nothing is stored.
    decide(as_psychiatrist, course, form)
    assert CourseDecision.objects.count() == 1


def test_the_course_is_closed(as_psychiatrist: Client, course: Course, responded: None) -> None:
    decide(as_psychiatrist, course, said("close", deviation="Flyttet"))
    assert not CourseStanding.objects.get().open
    assert "Flyttet" in opened(as_psychiatrist, course)


def test_a_nurse_reads_the_evaluation_and_does_not_sign(
    as_nurse: Client, course: Course, responded: None
) -> None:
    assert "Signer beslutningen" not in opened(as_nurse, course)
    assert decide(as_nurse, course, said("maintenance")).status_code == 403


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STATISTICIAN, Role.ADMINISTRATOR])
def test_others_do_not_open_it(
    client: Client, moss: Unit, course: Course, staff: Staff, role: Role
) -> None:
    client.force_login(staff(moss, role))
    assert client.get(reverse("evaluation", args=[course.pk])).status_code == 403


def test_another_unit_does_not_decide(
    client: Client, halden: Unit, course: Course, staff: Staff
) -> None:
    client.force_login(staff(halden, Role.PSYCHIATRIST))
    assert decide(client, course, said("close")).status_code == 403


def test_an_expired_sign_in_loses_no_reason(
    as_psychiatrist: Client,
    psychiatrist: Professional,
    course: Course,
    kari: Patient,
    responded: None,
) -> None:
    opened(as_psychiatrist, course)
    as_psychiatrist.cookies.pop("lysglimt")
    where = reverse("evaluation", args=[course.pk])
    as_psychiatrist.post(
        reverse("course.decide", args=[course.pk]),
        said("stop", ground="patient", deviation="Vil heller til samtale"),
        headers={"referer": f"http://testserver{where}"},
    )
    as_psychiatrist.force_login(psychiatrist)
    page = as_psychiatrist.get(f"{where}?typed={psychiatrist.kept_forms.get().pk}")
    assert "Vil heller til samtale" in page.content.decode()


def test_the_page_is_english_to_an_english_reader(
    as_psychiatrist: Client, course: Course, responded: None, decision_support: None
) -> None:
    Professional.objects.update(language="en")
    page = opened(as_psychiatrist, course)
    assert "Recommended. Response: maintenance." in page
    assert "Anbefalt" not in page


def test_what_was_found_since_the_acceptance_stands_above_the_recommended_step(
    as_psychiatrist: Client,
    course: Course,
    responded: None,
    psychiatrist: Professional,
    decision_support: None,
    django_assert_max_num_queries: Any,
) -> None:
    let_in.accept(course.patient, by=psychiatrist)
    told.diagnosis(course.patient, psychiatrist, "I67.1")
    with django_assert_max_num_queries(10):
        page = opened(as_psychiatrist, course)
    above, below = page.partition("<aside")[2].partition("Anbefalt")[::2]
    assert "Egnetheten må avgjøres på nytt" in above
    assert "hjerneblødning:" in above
    assert "I67.1: en blodtrykksstigning" in above
    assert "Ikke før egnetheten er avgjort på nytt" in below


def test_a_missing_evaluation_rating_is_one_step_away(
    as_psychiatrist: Client, course: Course, induction: None, decision_support: None
) -> None:
    page = opened(as_psychiatrist, course)
    address = reverse("rating.record", args=[course.patient_id, "madrs"])
    assert address in page.partition("Anbefalt")[2]


def test_no_older_score_stands_for_the_rating_of_the_evaluation(
    as_psychiatrist: Client, course: Course, induction: None, decision_support: None
) -> None:
    figures = opened(as_psychiatrist, course).partition('class="figures"')[2]
    now = figures.partition("Respons")[0]
    assert "MADRS nå" in now
    assert "Ikke målt" in now
    assert "Sist: 24" in now, "older, and told as such"
    assert reverse("rating.record", args=[course.patient_id, "madrs"]) in now


def test_a_medicine_since_the_acceptance_stands_at_the_evaluation(
    as_psychiatrist: Client,
    course: Course,
    responded: None,
    psychiatrist: Professional,
    decision_support: None,
    django_assert_max_num_queries: Any,
) -> None:
    let_in.accept(course.patient, by=psychiatrist)
    told.medicine(course.patient, psychiatrist, "N06AF04", "Parnate", "20.5")
    with django_assert_max_num_queries(10):
        page = opened(as_psychiatrist, course)
    since = page.partition("Egnetheten må avgjøres på nytt")[2].partition("Anbefalt")[0]
    assert "RX-" in since
    assert "Parnate" in since, "the name is opened in its row"


@pytest.mark.parametrize("mode", ["decision support", "journal"])
def test_a_doctor_who_is_asked_for_stands_where_the_decision_is_taken(
    as_psychiatrist: Client,
    course: Course,
    responded: None,
    moss: Unit,
    psychiatrist: Professional,
    django_assert_max_num_queries: Any,
    mode: str,
) -> None:
    people.state_purpose(unit=moss, on=mode != "journal", by=psychiatrist, at=NOON)
    words = "Denne beslutningen svarer ikke på det"
    assert words not in opened(as_psychiatrist, course)
    let_in.screen(course.patient, by=psychiatrist, at=TODAY, i1=1, i2=1, i3=1, i4=1, i5=0, i6=0)
    task = SafetyTask.objects.open().get()
    with django_assert_max_num_queries(10):
        page = opened(as_psychiatrist, course)
    assert "Lege nå, siden 24.03.2026 13:00" in page
    assert "C-SSRS screener 4" in page
    assert reverse("task.acknowledge", args=[task.pk]) in page
    assert page.index("Lege nå, siden") < page.index(words) < page.index("Signer beslutningen")
    treatment.acknowledge_task(
        safety_task=task, action_taken="Samtale", by=psychiatrist, at=TODAY
    )
    after = opened(as_psychiatrist, course)
    assert "Lege nå" not in after
    assert words not in after


def test_a_refused_decision_still_names_the_doctor_who_is_asked_for(
    as_psychiatrist: Client, course: Course, responded: None, psychiatrist: Professional
) -> None:
    let_in.screen(course.patient, by=psychiatrist, at=TODAY, i1=1, i2=1, i3=1, i4=1, i5=0, i6=0)
    reply = decide(as_psychiatrist, course, said(""))
    assert reply.status_code == 422
    assert "Lege nå, siden" in reply.content.decode()
