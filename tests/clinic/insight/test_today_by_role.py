"""The same day, told each in the order of their work; nothing is linked that they may not open."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside import actions as chairside
from lysglimt.clinic.chairside.models import DischargeRecord, Session, SessionOrder
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Particulars, Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral import actions as referrals
from lysglimt.clinic.referral.models import DecisionKind, Referral
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.models import Appointment, AppointmentKind
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course, CourseStanding, SafetyTask
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.verdict import Standing
from tests.clinic.chairside import let_in
from tests.clinic.chairside.conftest import course, entered, gated, order, session
from tests.clinic.conftest import BORN, KARI, NOON, Staff
from tests.clinic.incidents.conftest import enter
from tests.clinic.referral.conftest import LETTER, finding, judged

__all__ = ["course", "enter", "order", "session"]

pytestmark = pytest.mark.usefixtures("decision_support")

TODAY_ROLES = (
    *(Role.PSYCHIATRIST, Role.ANAESTHETIST, Role.NURSE, Role.PSYCHOLOGIST),
    *(Role.PHARMACIST, Role.COORDINATOR, Role.UNIT_LEAD),
)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


@pytest.fixture
def booked(course: Course, moss: Unit, nurse: Professional) -> Appointment:
    booking = scheduling.Booking(
        kind=AppointmentKind.SESSION,
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=3),
        chair=scheduling.add_chair(unit=moss, name="Stol 1", by=nurse, at=NOON),
        course=course.pk,
    )
    return scheduling.book(patient=course.patient, booking=booking, by=nurse, at=NOON)


@pytest.fixture
def evaluated(course: Course) -> CourseStanding:
    """A course whose evaluation waits, and whose rating may be made from today."""
    CourseStanding.objects.filter(course=course).update(
        phase="evaluation",
        next_kind="evaluation",
        next_due=NOON.date() + timedelta(days=2),
        rating_instrument="madrs",
        rating_from=NOON.date(),
        rating_due=NOON.date() + timedelta(days=2),
    )
    return CourseStanding.objects.get(course=course)


@pytest.fixture
def intent(course: Course, psychiatrist: Professional) -> SafetyTask:
    let_in.screen(course.patient, by=psychiatrist, i1=1, i2=1, i3=1, i4=1, i5=0, i6=0)
    return SafetyTask.objects.open().get()


def another(by: Professional, *, born: date = BORN) -> Patient:
    said = Particulars(
        given_name="Per",
        family_name="Eksempel",
        birth_date=born,
        identity_number="",
        sex="m",
        contact=KARI.contact,
    )
    return people.register_patient(said=said, by=by, at=NOON)


@pytest.fixture
def referred(nurse: Professional) -> Referral:
    """Received 17 days ago: the ten working days are over."""
    letter = referrals.Letter(
        sender_kind=LETTER.sender_kind,
        sender_name=LETTER.sender_name,
        received_on=NOON.date() - timedelta(days=17),
        question=LETTER.question,
    )
    return referrals.receive_referral(
        patient=another(nurse), letter=letter, by=nurse, at=NOON - timedelta(days=17)
    )


def client_of(unit: Unit, role: Role, staff: Staff) -> Client:
    client = Client()
    client.force_login(staff(unit, role, f"own-{role}"))
    return client


def markup(client: Client) -> str:
    answer = client.get(reverse("today"))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def folded(page: str) -> str:
    """What is folded away, and what is in it."""
    return words("".join(re.findall(r"<details.*?</details>", page, re.DOTALL)))


def unfolded(page: str) -> str:
    return words(re.sub(r"<details.*?</details>", " ", page, flags=re.DOTALL))


def test_a_doctor_sees_first_what_only_a_doctor_does(
    booked: Appointment,
    order: SessionOrder,
    evaluated: CourseStanding,
    moss: Unit,
    staff: Staff,
) -> None:
    page = markup(client_of(moss, Role.PSYCHIATRIST, staff))
    first = words(page.partition("Stol 1")[0])
    assert "Venter på lege" in first
    assert "Ordinasjon å signere" in first
    assert "Evalueringen venter innen 04.03.2026" in first
    assert reverse("evaluation", args=[evaluated.course_id]) in page
    assert words(page).count("Evalueringen venter") == 1, "told once"


@pytest.mark.parametrize("role", [Role.PSYCHIATRIST, Role.ANAESTHETIST])
def test_a_second_signature_that_is_waited_for_stands_on_a_doctors_day(
    referred: Referral, psychiatrist: Professional, moss: Unit, staff: Staff, role: Role
) -> None:
    assessment = referrals.assess(
        referral=referred,
        judged=judged(finding("EX-01", Standing.EXCLUDED)),
        by=psychiatrist,
        at=NOON,
    )
    decision = referrals.decide_eligibility(
        assessment=assessment,
        kind=DecisionKind.ACCEPT,
        overrides=[referrals.Overridden(criterion="EX-01", reason="Weighed with the patient")],
        by=psychiatrist,
        at=NOON,
    )
    second = reverse("referral.second", args=[decision.pk])
    page = markup(client_of(moss, role, staff))
    assert second in page.partition("<aside")[0]
    assert "En annen leges signatur på en beslutning" in unfolded(page)
    assert second not in markup(client_of(moss, Role.NURSE, staff))
    first = Client()
    first.force_login(psychiatrist)
    page = markup(first)
    assert second not in page, "who decided is not the second doctor"
    assert "En annen leges signatur på en beslutning" not in page


def test_an_order_to_write_and_a_start_check_to_answer_stand_on_a_doctors_day(
    booked: Appointment,
    session: Session,
    psychiatrist: Professional,
    moss: Unit,
    staff: Staff,
) -> None:
    as_doctor = client_of(moss, Role.PSYCHIATRIST, staff)
    page = markup(as_doctor)
    assert "Ordinasjon å skrive" in unfolded(page)
    assert reverse("order.write", args=[session.pk]) in page
    chairside.record_gate(
        session=session,
        gated=gated(Standing.NEEDS_SPECIALIST),
        entered=entered(),
        by=psychiatrist,
        at=NOON,
    )
    assert "Svar på det startkontrollen fant" in unfolded(markup(as_doctor))


def test_a_checklist_for_going_home_waits_for_the_doctor_until_she_has_signed_or_it_is_late(
    booked: Appointment, session: Session, nurse: Professional, moss: Unit, staff: Staff
) -> None:
    row = DischargeRecord.objects.create(
        session=session,
        answers={},
        standing=0,
        findings=[],
        rule_version="2026.1",
        escort_name="Ola",
        happened_at=NOON,
        entered_at=NOON,
        received_at=NOON,
        by=nurse,
    )
    doctor = staff(moss, Role.PSYCHIATRIST, "signing")
    client = Client()
    client.force_login(doctor)
    what = "Sjekkliste for hjemreise, å signere"
    assert what in unfolded(markup(client))
    row.signatures.create(capacity="nurse", by=nurse, at=NOON)
    assert what in unfolded(markup(client))
    row.signatures.create(capacity="doctor", by=doctor, at=NOON)
    assert what not in markup(client)


def test_a_coordinator_sees_first_what_is_overdue_before_treatment(
    referred: Referral, booked: Appointment, nurse: Professional, moss: Unit, staff: Staff
) -> None:
    page = markup(client_of(moss, Role.COORDINATOR, staff))
    first = words(page.partition("Stol 1")[0])
    assert "Henvisninger og kontakter" in first
    assert "Vurdering av henvisningen over fristen siden 27.02.2026" in first
    assert "Ingen er utpekt til å holde kontakten" in first
    assert reverse("referrals", args=[referred.patient_id]) in page
    assert reverse("waiting") in page
    assert reverse("waiting.name", args=[referred.pk]) in page


def test_a_contact_stands_on_the_day_it_is_due_and_is_told_as_overdue_after_it(
    referred: Referral,
    nurse: Professional,
    moss: Unit,
    staff: Staff,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    referrals.name_contact(
        referral=referred, contact=nurse, every_days=14, by=nurse, at=NOON - timedelta(days=14)
    )
    as_coordinator = client_of(moss, Role.COORDINATOR, staff)
    page = markup(as_coordinator)
    assert "Kontakt med pasienten innen 02.03.2026" in unfolded(page)
    assert reverse("waiting.contacted", args=[referred.pk]) in page
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=1))
    as_coordinator = client_of(moss, Role.NURSE, staff)
    page = markup(as_coordinator)
    assert "Kontakt med pasienten over fristen siden 02.03.2026" in folded(page)
    assert "1 over fristen" in folded(page)


def test_a_contact_of_another_day_is_not_told(
    referred: Referral, nurse: Professional, moss: Unit, staff: Staff
) -> None:
    referrals.name_contact(
        referral=referred, contact=nurse, every_days=14, by=nurse, at=NOON - timedelta(days=13)
    )
    page = markup(client_of(moss, Role.COORDINATOR, staff))
    assert "Kontakt med pasienten" not in page
    assert "Ingen er utpekt" not in page


@pytest.mark.parametrize(
    ("again", "told"),
    [
        pytest.param("", "Ingen er utpekt", id="nobody, and nobody said why"),
        pytest.param("Moves abroad", "", id="nobody, as the refusal says"),
    ],
)
def test_a_refused_patient_lacks_no_contact_when_it_is_said_why(
    referred: Referral,
    psychiatrist: Professional,
    moss: Unit,
    staff: Staff,
    *,
    again: str,
    told: str,
) -> None:
    assessment = referrals.assess(
        referral=referred,
        judged=judged(finding("IN-1", Standing.EXCLUDED)),
        by=psychiatrist,
        at=NOON,
    )
    if again:
        refused = referrals.Refused(
            grounds="-", plan="-", complaint_route="-", no_recontact=again
        )
        referrals.refuse(assessment=assessment, refused=refused, by=psychiatrist, at=NOON)
    page = markup(client_of(moss, Role.COORDINATOR, staff))
    assert ("Ingen er utpekt" in page) is bool(told)


def test_a_start_that_is_past_its_deadline_is_told(
    referred: Referral, psychiatrist: Professional, moss: Unit, staff: Staff
) -> None:
    referrals.correct(
        fact=referred.letters.get(),
        by=psychiatrist,
        at=NOON,
        reason="The deadline was set",
        start_due=NOON.date() - timedelta(days=1),
    )
    page = markup(client_of(moss, Role.COORDINATOR, staff))
    assert "Frist for start over fristen siden 01.03.2026" in unfolded(page)


def test_a_nurse_sees_the_chairs_and_the_ratings_that_are_due(
    booked: Appointment, evaluated: CourseStanding, moss: Unit, staff: Staff
) -> None:
    page = markup(client_of(moss, Role.NURSE, staff))
    open_to_her = unfolded(page)
    assert "Stol 1" in open_to_her
    assert "Skåring: MADRS innen 04.03.2026" in open_to_her
    assert reverse("rating.record", args=[evaluated.patient_id, "madrs"]) in page
    assert "Evalueringen venter" in folded(page)
    assert "Venter på lege" not in page
    assert "Henvisninger og kontakter" in folded(page)


def test_a_rating_that_can_still_be_made_in_time_stands_before_one_that_was_missed(
    evaluated: CourseStanding,
    moss: Unit,
    nurse: Professional,
    psychiatrist: Professional,
    staff: Staff,
) -> None:
    missed = treatment.plan_course(
        patient=another(nurse), protocol=latest("iv-ketamine-no"), by=psychiatrist, at=NOON
    )
    CourseStanding.objects.filter(course=missed).update(
        rating_instrument="madrs",
        rating_from=NOON.date() - timedelta(days=20),
        rating_due=NOON.date() - timedelta(days=10),
    )
    page = unfolded(markup(client_of(moss, Role.NURSE, staff)))
    due = page.partition("Skåringer som står for tur")[2]
    assert due.index("Skåring: MADRS innen") < due.index("Skåring: MADRS over fristen siden")
    assert "Skår pasienten" in due


@pytest.mark.parametrize("role", TODAY_ROLES)
def test_an_evaluation_without_a_day_waits_all_the_same(
    evaluated: CourseStanding, moss: Unit, staff: Staff, role: Role
) -> None:
    CourseStanding.objects.update(next_kind="", next_from=None, next_due=None)
    page = words(markup(client_of(moss, role, staff)))
    assert page.count("Evalueringen venter") == 1


def test_what_is_late_in_a_course_is_told_with_its_day(
    evaluated: CourseStanding, moss: Unit, staff: Staff
) -> None:
    CourseStanding.objects.update(
        phase="follow-up",
        next_kind="follow-up",
        next_from=NOON.date() - timedelta(days=9),
        next_due=NOON.date() - timedelta(days=1),
        rating_from=None,
        rating_due=None,
    )
    page = markup(client_of(moss, Role.PSYCHIATRIST, staff))
    assert "Oppfølging over fristen siden 01.03.2026" in unfolded(page)
    assert "Ingen skåring står for tur" in folded(page)


@pytest.mark.parametrize("role", TODAY_ROLES)
def test_nothing_is_linked_that_the_reader_may_not_open(
    booked: Appointment,
    order: SessionOrder,
    evaluated: CourseStanding,
    referred: Referral,
    intent: SafetyTask,
    nurse: Professional,
    moss: Unit,
    staff: Staff,
    role: Role,
) -> None:
    referrals.name_contact(
        referral=referred, contact=nurse, every_days=14, by=nurse, at=NOON - timedelta(days=20)
    )
    client = client_of(moss, role, staff)
    main = markup(client).partition("<main")[2].partition("<footer")[0]
    assert "Ødegård" in main
    links = set(re.findall(r'href="(/[^"#]*)"', main))
    assert links
    shut = {link for link in links if client.get(link, follow=True).status_code != 200}
    assert shut == set()


@pytest.mark.parametrize(
    ("role", "reads"),
    [
        pytest.param(role, role not in {Role.PHARMACIST, Role.COORDINATOR}, id=role)
        for role in TODAY_ROLES
    ],
)
@pytest.mark.parametrize("page", ["today", "patient"])
def test_who_may_not_read_ratings_is_told_doctor_now_and_no_answer(
    course: Course,
    intent: SafetyTask,
    moss: Unit,
    staff: Staff,
    role: Role,
    *,
    reads: bool,
    page: str,
) -> None:
    client = client_of(moss, role, staff)
    address = reverse(page, args=[course.patient_id] if page == "patient" else [])
    said = words(unescape(client.get(address).content.decode()))
    assert "Lege nå, siden 02.03.2026 13:00" in said
    assert str(intent.receiver) in said
    assert ("C-SSRS screener 4" in said) is reads
    assert ("intensjon" in said) is reads


def test_a_coordinator_reads_the_state_of_the_session_and_has_no_button_to_it(
    booked: Appointment, session: Session, moss: Unit, staff: Staff
) -> None:
    page = markup(client_of(moss, Role.COORDINATOR, staff))
    assert "I stolen" in words(page)
    assert "Til økten" not in page
    assert reverse("session", args=[session.pk]) not in page


def test_a_coordinator_has_no_button_that_opens_a_session(
    booked: Appointment, moss: Unit, staff: Staff
) -> None:
    assert "Pasienten er her" not in markup(client_of(moss, Role.COORDINATOR, staff))
    assert "Pasienten er her" in markup(client_of(moss, Role.NURSE, staff))


@pytest.mark.parametrize("role", TODAY_ROLES)
def test_nobodys_day_asks_more_than_ten_questions(
    booked: Appointment,
    order: SessionOrder,
    evaluated: CourseStanding,
    referred: Referral,
    intent: SafetyTask,
    enter: Any,
    moss: Unit,
    staff: Staff,
    django_assert_max_num_queries: Any,
    role: Role,
) -> None:
    enter(serious="yes", criteria=["death"])
    client = client_of(moss, role, staff)
    with django_assert_max_num_queries(10):
        markup(client)


def test_of_many_lines_ten_stand_open(moss: Unit, nurse: Professional, staff: Staff) -> None:
    for day in range(11):
        patient = another(nurse, born=BORN + timedelta(days=day))
        referrals.receive_referral(patient=patient, letter=LETTER, by=nurse, at=NOON)
    page = markup(client_of(moss, Role.COORDINATOR, staff))
    assert unfolded(page).count("Vurdering av henvisningen") == 10
    assert "1 til" in folded(page)


def test_a_patient_who_has_shut_the_reader_out_stands_in_no_part_of_the_day(
    referred: Referral, moss: Unit, staff: Staff, psychiatrist: Professional
) -> None:
    reader = staff(moss, Role.NURSE, "shut-out")
    people.block(patient=referred.patient, staff=reader, chapter=None, by=psychiatrist, at=NOON)
    client = Client()
    client.force_login(reader)
    assert "Eksempel" not in markup(client)
