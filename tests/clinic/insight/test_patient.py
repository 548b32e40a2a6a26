"""The patient's page: the course as a picture, and what is next."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.chairside.models import ChairEvent, Session, VitalSet
from lysglimt.clinic.people.actions import register_patient
from lysglimt.clinic.people.models import Particulars, Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.actions import Overridden
from lysglimt.clinic.referral.models import DecisionKind as Kind
from lysglimt.clinic.referral.models import Referral
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.accepted import acceptance, found_since, grounds_of_acceptance
from lysglimt.clinic.treatment.actions import Away, Decided, Given, Rated
from lysglimt.clinic.treatment.models import Course, Mode, Rating, SafetyTask, Timing
from lysglimt.knowledge.instruments.instrument import instruments
from lysglimt.knowledge.protocols.facts import DecisionKind, StopGround, TriggerKind
from lysglimt.knowledge.protocols.protocol import Protocol
from tests.clinic.chairside import let_in
from tests.clinic.conftest import NOON, Staff
from tests.clinic.insight import told
from tests.clinic.referral.conftest import judged
from tests.clinic.treatment.conftest import DAY, Give, Rate, entered, rated

from .conftest import TODAY


def opened(client: Client, patient: Patient, asked: str = "") -> str:
    page = client.get(reverse("patient", args=[patient.pk]) + asked)
    assert page.status_code == 200
    return page.content.decode()


def test_the_course_is_told_in_one_look(
    as_psychiatrist: Client,
    kari: Patient,
    responded: None,
    decision_support: None,
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(10):
        page = opened(as_psychiatrist, kari)
    assert "utgangsverdi 34, 02.03.2026 · −20" in page
    assert "34 → 14 (−59 %)" in page
    assert "≤ 10 nei" in page
    assert "≤ 12 nei" in page
    assert "240 mg" in page
    assert "6 økter · 0 avbrutt" in page
    assert "halvert: 17" in page
    assert "Gå over til vedlikehold" in page
    assert "Regel EV-1, versjon 2026.1" in page
    assert reverse("evaluation", args=[Course.objects.get().pk]) in page


def test_a_course_without_an_acceptance_says_so(
    as_psychiatrist: Client,
    kari: Patient,
    course: Course,
    psychiatrist: Professional,
    decision_support: None,
) -> None:
    words = "Ingen gjeldende beslutning om at pasienten tas inn til behandling"
    assert words in opened(as_psychiatrist, kari)
    let_in.accept(kari, by=psychiatrist)
    assert words not in opened(as_psychiatrist, kari)


ANEW, DO_IT = "Egnetheten må avgjøres på nytt", "Gjør det nå"


def test_what_is_recorded_after_the_acceptance_stops_the_next_step(
    as_psychiatrist: Client,
    kari: Patient,
    responded: None,
    psychiatrist: Professional,
    decision_support: None,
    django_assert_num_queries: Any,
) -> None:
    let_in.accept(kari, by=psychiatrist)
    page = opened(as_psychiatrist, kari)
    assert ANEW not in page
    assert "Vurder og beslutt" in page
    told.diagnosis(kari, psychiatrist, "I67.1", on=date(2026, 3, 1), controlled=False)
    with django_assert_num_queries(10):
        page = opened(as_psychiatrist, kari)
    assert ANEW in page
    assert "Aneurisme, arteriovenøs malformasjon eller hjerneblødning" in page
    assert "I67.1: en blodtrykksstigning kan være farlig" in page
    assert (
        reverse("eligibility", args=[kari.pk])
        in page.partition(ANEW)[2].partition("</section>")[0]
    )
    assert DO_IT not in page
    assert "Vurder og beslutt" not in page


def test_a_medicine_since_the_acceptance_is_named_with_its_reason(
    as_psychiatrist: Client,
    kari: Patient,
    course: Course,
    psychiatrist: Professional,
    decision_support: None,
) -> None:
    let_in.accept(kari, by=psychiatrist)
    told.medicine(kari, psychiatrist, "N06AF04", "Tranylcypromin")
    since = opened(as_psychiatrist, kari).partition(ANEW)[2].partition("</section>")[0]
    assert "Tranylcypromin" in since
    assert "Regel RX-" in since


def test_the_page_and_the_chair_find_the_same_since_the_acceptance(
    kari: Patient, course: Course, psychiatrist: Professional
) -> None:
    let_in.accept(kari, by=psychiatrist)
    for code in ("F20.0", "I67.1", "G40.2"):
        told.diagnosis(kari, psychiatrist, code, on=date(2026, 3, 1), controlled=False)
    row = Course.objects.with_standpoint().annotate(**grounds_of_acceptance()).get()
    found = found_since(row, (), on=TODAY.date())
    assert {finding.criterion for finding in found} >= {"EX-01", "EX-05"}
    assert found == acceptance(kari, on=TODAY.date()).since


def test_a_new_acceptance_ends_what_was_found_since_the_old_one(
    as_psychiatrist: Client,
    kari: Patient,
    course: Course,
    psychiatrist: Professional,
    decision_support: None,
) -> None:
    let_in.accept(kari, by=psychiatrist)
    told.diagnosis(kari, psychiatrist, "N30.1", on=date(2026, 3, 1), controlled=False)
    [finding] = acceptance(kari, on=TODAY.date()).since
    assert ANEW in opened(as_psychiatrist, kari)
    assessment = referral.assess(
        referral=Referral.objects.get(), judged=judged(finding), by=psychiatrist, at=TODAY
    )
    why = Overridden(criterion=finding.criterion, reason="Avklart med urolog")
    referral.decide_eligibility(
        assessment=assessment,
        kind=Kind.ACCEPT,
        by=psychiatrist,
        at=TODAY,
        overrides=[why],
    )
    assert ANEW not in opened(as_psychiatrist, kari)


def test_in_journal_mode_nobody_says_that_eligibility_must_be_decided_anew(
    as_psychiatrist: Client, kari: Patient, course: Course, psychiatrist: Professional
) -> None:
    let_in.accept(kari, by=psychiatrist)
    told.diagnosis(kari, psychiatrist, "I67.1", on=date(2026, 3, 1), controlled=False)
    assert ANEW not in opened(as_psychiatrist, kari)


def test_in_journal_mode_all_is_recorded_and_nothing_suggested(
    as_psychiatrist: Client, kari: Patient, responded: None
) -> None:
    page = opened(as_psychiatrist, kari)
    assert "utgangsverdi 34" in page
    assert "240 mg" in page
    for suggestion in ("Neste steg", "Må på plass", "Respons", "Remisjon", "halvert", "EV-1"):
        assert suggestion not in page


def test_a_history_of_hundreds_costs_no_more(
    as_psychiatrist: Client,
    kari: Patient,
    responded: None,
    course: Course,
    psychiatrist: Professional,
    decision_support: None,
    django_assert_num_queries: Any,
) -> None:
    row = Rating.objects.with_instrument("madrs").last()
    assert row is not None
    for n in range(500):
        values = row.content() | {"entered_at": TODAY, "received_at": TODAY}
        del values["entry"]
        values["happened_at"] = row.happened_at + timedelta(minutes=n)
        Rating(**values).save(force_insert=True)
    actions.record_trigger(
        course=course,
        kind=TriggerKind.LIVER,
        entered=entered(NOON + 20 * DAY),
        by=psychiatrist,
        at=NOON + 20 * DAY,
    )
    with django_assert_num_queries(10):
        page = opened(as_psychiatrist, kari)
    assert "linjer til" in page
    with django_assert_num_queries(10):
        assert "linjer til" not in opened(as_psychiatrist, kari, "?all")


def test_a_correction_stands_beside_what_it_corrects(
    as_psychiatrist: Client, kari: Patient, rate: Rate, give: Give, psychiatrist: Professional
) -> None:
    wrong = rate(0, 30)
    give(1)
    gone = give(4)
    actions.correct_rating(
        rating=wrong, rated=rated(28), by=psychiatrist, at=TODAY, reason="Feil"
    )
    actions.strike(fact=gone, by=psychiatrist, at=TODAY, reason="Feil pasient")
    page = opened(as_psychiatrist, kari)
    assert "<del>30</del>" in page
    assert "<del>40 mg / 40 min</del>" in page
    assert page.count("overstrøket") == 1
    assert "1 økt ·" in page
    # Corrected later is not entered late.
    assert "ført i etterkant" not in page


def test_what_is_missing_is_said_and_drawn_as_missing(
    client: Client,
    psychiatrist: Professional,
    kari: Patient,
    induction: None,
    decision_support: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later = TODAY + 10 * DAY
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    client.force_login(psychiatrist)
    page = opened(client, kari)
    assert "over fristen siden" in page
    assert 'class="missing"' in page
    assert "mangler" in page


def test_a_safety_task_is_named_with_its_receiver_and_when_it_is_late(
    as_psychiatrist: Client, kari: Patient, rate: Rate, psychiatrist: Professional
) -> None:
    rate(20, 30, item_10=4)
    task = SafetyTask.objects.get()
    page = opened(as_psychiatrist, kari)
    assert str(psychiatrist) in page
    assert "i løpet av 22.03.2026" in page
    assert "Over fristen." in page
    assert reverse("task.acknowledge", args=[task.pk]) in page
    actions.acknowledge_task(
        safety_task=task, action_taken="Samtale", by=psychiatrist, at=TODAY
    )
    assert "Ingen åpne oppgaver" in opened(as_psychiatrist, kari)


def intent(patient: Patient, by: Professional) -> None:
    screened(patient, by, yes={"i1", "i2", "i3", "i4"})


def screened(patient: Patient, by: Professional, *, yes: Collection[str]) -> None:
    scale = instruments()["cssrs_screener"]
    said = Rated(
        instrument=scale.id,
        answers={item.id: int(item.id in yes) for item in scale.items},
        timing=Timing.BEFORE_DOSE,
        mode=Mode.INTERVIEW,
        rater="trained_staff",
    )
    actions.record_rating(patient=patient, rated=said, entered=entered(TODAY), by=by, at=TODAY)


@pytest.mark.parametrize(
    ("yes", "words"),
    [
        ((), "nei til alt det ble spurt om"),
        (("i1", "i2"), "ja: Ønske om å være død; Uspesifikke aktive selvmordstanker"),
    ],
    ids=["nothing", "thoughts"],
)
def test_what_was_answered_about_suicide_stands_in_the_story_of_who_may_read_it(
    client: Client,
    kari: Patient,
    course: Course,
    psychiatrist: Professional,
    staff: Staff,
    yes: Collection[str],
    words: str,
) -> None:
    screened(kari, psychiatrist, yes=yes)
    client.force_login(psychiatrist)
    assert words in opened(client, kari)
    client.force_login(staff(psychiatrist.unit, Role.COORDINATOR))
    page = opened(client, kari)
    assert words not in page
    assert "besvart" in page


def test_intent_asks_for_a_doctor_now_in_words_and_stands_among_what_is_missing(
    as_psychiatrist: Client,
    kari: Patient,
    course: Course,
    psychiatrist: Professional,
    decision_support: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    intent(kari, psychiatrist)
    later = TODAY + timedelta(hours=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    sign = "C-SSRS screener 4, Noe intensjon, uten plan: ja"
    page = opened(as_psychiatrist, kari)
    assert "Lege nå, siden" in page
    assert "Over fristen" not in page, "it had no deadline"
    missing = page.split('class="missing"')[1].split("</ul>")[0]
    assert "Lege nå: " in missing
    assert sign in missing
    assert sign in page.split('class="missing"')[0]
    today = as_psychiatrist.get(reverse("today")).content.decode()
    assert "Lege nå, siden" in today
    assert sign in today
    task = SafetyTask.objects.get()
    acknowledge = reverse("task.acknowledge", args=[task.pk])
    assert sign in as_psychiatrist.get(acknowledge).content.decode()


def test_the_highest_pressure_of_the_chart_stands_with_its_session(
    as_psychiatrist: Client, kari: Patient, course: Course, nurse: Professional, moss: Unit
) -> None:
    session = Session.objects.create(course=course, unit=moss, planned_on=NOON.date())
    for systolic, diastolic in ((128, 80), (152, 92), (140, 85)):
        VitalSet.objects.create(
            session=session,
            phase="infusion",
            systolic=systolic,
            diastolic=diastolic,
            by=nurse,
            happened_at=NOON,
            entered_at=NOON,
            received_at=NOON,
        )
    given = Given(
        started_at=NOON,
        stopped_at=NOON + timedelta(minutes=25),
        prescribed_mg=Decimal(40),
        delivered_mg=Decimal(25),
        ended_early="kvalme",
    )
    at = entered(NOON)
    actions.record_session(
        course=course,
        given=given,
        entered=type(at)(happened_at=NOON, entered_at=NOON, entry=session.pk),
        by=nurse,
        at=NOON,
    )
    page = opened(as_psychiatrist, kari)
    assert "25 mg / 25 min · 40 mg forskrevet · avbrutt: kvalme · høyeste 152/92" in page


def test_what_broke_into_the_course_is_part_of_the_story(
    as_psychiatrist: Client,
    kari: Patient,
    course: Course,
    give: Give,
    psychiatrist: Professional,
) -> None:
    give(1)
    away = Away(first_day=(NOON + 2 * DAY).date(), last_day=None, why="ferie")
    actions.pause_course(course=course, away=away, by=psychiatrist, at=NOON + DAY)
    stop = Decided(kind=DecisionKind.STOP, ground=StopGround.PATIENT, deviation="vil ikke mer")
    actions.decide(course=course, decided=stop, by=psychiatrist, at=NOON + 3 * DAY)
    page = opened(as_psychiatrist, kari)
    assert "04.03.2026 – inntil videre: ferie" in page
    assert "vil ikke mer" in page
    assert "Oppfølging" in page


def test_a_patient_without_a_course_is_said_to_have_none(
    as_nurse: Client, kari: Patient, nurse: Professional
) -> None:
    told.medicine(kari, nurse, "N06AB10", "Escitalopram")
    page = opened(as_nurse, kari)
    assert "ikke noe forløp i denne enheten" in page
    assert "Escitalopram 20 mg" in page
    assert reverse("ratings", args=[kari.pk]) in page


def test_an_earlier_course_is_opened_on_asking(
    as_psychiatrist: Client,
    kari: Patient,
    course: Course,
    psychiatrist: Professional,
    approved: Any,
) -> None:
    actions.close_course(course=course, by=psychiatrist, at=NOON + DAY)
    actions.plan_course(patient=kari, protocol=approved, by=psychiatrist, at=NOON + 2 * DAY)
    assert "Planlagt" in opened(as_psychiatrist, kari).partition("</h1>")[0]
    earlier = opened(as_psychiatrist, kari, f"?course={course.pk}")
    assert "Avsluttet" in earlier.partition("</h1>")[0]


def test_a_course_of_another_unit_is_told_of_and_not_opened(
    client: Client, kari: Patient, course: Course, halden: Unit, staff: Staff
) -> None:
    nurse = staff(halden, Role.NURSE)
    Referral.objects.create(patient=kari, unit=halden)
    client.force_login(nurse)
    page = opened(client, kari, f"?course={course.pk}")
    assert "ikke noe forløp i denne enheten" in page
    assert "Moss" in page
    assert "MADRS nå" not in page


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.PHARMACIST, 200),
        (Role.COORDINATOR, 200),
        (Role.UNIT_LEAD, 200),
        (Role.STATISTICIAN, 403),
        (Role.ADMINISTRATOR, 403),
    ],
)
def test_those_who_treat_open_the_page(
    client: Client,
    moss: Unit,
    kari: Patient,
    responded: None,
    staff: Staff,
    role: Role,
    status: int,
) -> None:
    client.force_login(staff(moss, role))
    page = client.get(reverse("patient", args=[kari.pk]))
    assert page.status_code == status
    # No link to what the reader may not open.
    assert reverse("ratings", args=[kari.pk]) not in page.content.decode()


def test_another_entity_does_not_find_the_patient(
    client: Client, kari: Patient, outsider: Professional
) -> None:
    client.force_login(outsider)
    assert client.get(reverse("patient", args=[kari.pk])).status_code == 404


def test_the_page_is_english_to_an_english_reader(
    as_psychiatrist: Client,
    kari: Patient,
    responded: None,
    decision_support: None,
) -> None:
    Professional.objects.update(language="en")
    page = opened(as_psychiatrist, kari)
    for words in (
        "Next step",
        "Go on to maintenance",
        "halved: 17",
        "baseline 34",
        "6 sessions",
    ):
        assert words in page
    assert "Neste steg" not in page


def test_the_next_step_leads_to_the_page_that_does_it(
    client: Client,
    kari: Patient,
    approved: Protocol,
    psychiatrist: Professional,
    decision_support: None,
    give: Give,
    course: Course,
) -> None:
    client.force_login(psychiatrist)
    said = Particulars(given_name="Ola", family_name="Ny", birth_date=date(1970, 1, 1))
    new = register_patient(said=said, by=psychiatrist, at=NOON)
    actions.plan_course(patient=new, protocol=approved, by=psychiatrist, at=NOON)
    page = opened(client, new)
    assert "Neste steg" in page
    assert f'href="{reverse("consent", args=[new.pk])}"' in page
    give(1)
    assert reverse("course", args=[course.pk]) in opened(client, kari)


def test_what_happened_at_the_chair_is_counted_by_session(
    as_psychiatrist: Client, course: Course, nurse: Professional, moss: Unit, give: Give
) -> None:
    given = give(1)
    session = Session.objects.create(
        id=given.entry, course=course, unit=moss, planned_on=NOON.date()
    )
    for kind in ("nausea", "nausea", "headache"):
        ChairEvent.objects.create(
            session=session,
            kind=kind,
            by=nurse,
            happened_at=NOON,
            entered_at=NOON,
            received_at=NOON,
        )
    page = as_psychiatrist.get(reverse("evaluation", args=[course.pk])).content.decode()
    assert "Kvalme ×2" in page
    assert "Hodepine" in page


def test_a_rise_is_written_with_its_sign_and_a_partial_response_by_name(
    as_psychiatrist: Client, kari: Patient, induction: None, rate: Rate, decision_support: None
) -> None:
    rate(19, 36)
    assert "34 → 36 (+6 %)" in opened(as_psychiatrist, kari)
    rate(21, 24)
    assert "34 → 24 (−29 %) · delvis respons" in opened(as_psychiatrist, kari)


def test_without_a_baseline_no_effect_is_told(
    as_psychiatrist: Client, kari: Patient, give: Give, rate: Rate, decision_support: None
) -> None:
    assert "Ikke skåret" in opened(as_psychiatrist, kari)
    give(1)
    rate(3, 20)
    page = opened(as_psychiatrist, kari)
    assert "ingen utgangsverdi" in page
    assert "Kan ikke avgjøres" in page
