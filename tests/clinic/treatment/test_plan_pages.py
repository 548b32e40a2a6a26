"""The plan of a course: protocol, weight basis, and the days in the chair."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.design.days import day_typed
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral import actions as referrals
from lysglimt.clinic.referral.actions import Judged, Letter, Settled
from lysglimt.clinic.referral.models import DecisionKind, Sender
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.actions import Booking
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.clinic.scheduling.models import Appointment, AppointmentKind, Chair
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.actions import NotAccepted, NotInStudy
from lysglimt.clinic.treatment.models import Course, SessionGiven, WeightBasis
from lysglimt.knowledge.eligibility.candidate import Registration as Choice
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.protocols.protocol import Protocol
from lysglimt.knowledge.verdict import Verdict
from tests.clinic.conftest import NOON, Staff

from .conftest import entered


@pytest.fixture
def as_doctor(psychiatrist: Professional) -> Client:
    client = Client()
    client.force_login(psychiatrist)
    return client


@pytest.fixture
def supported(moss: Unit, psychiatrist: Professional) -> Unit:
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)
    return moss


@pytest.fixture
def chair(moss: Unit, nurse: Professional) -> Chair:
    return scheduling.add_chair(unit=moss, name="Stol 1", by=nurse, at=NOON)


def monday() -> date:
    """A Monday to come."""
    today = timezone.localdate()
    return today + timedelta(days=7 - today.weekday())


def booking(chair: Chair, *days: date, **more: str) -> dict[str, str]:
    typed = {f"day_{n}": day.isoformat() for n, day in enumerate(days, start=1)}
    rest = {"entry": str(uuid4()), "starts": "0900", "minutes": "180", "chair": str(chair.pk)}
    return typed | rest | more


def test_a_course_is_planned_on_an_approved_version_only(
    kari: Patient, approved: Protocol, as_doctor: Client
) -> None:
    address = reverse("course.plan", args=[kari.pk])
    page = as_doctor.get(address).content.decode()
    assert f'value="{approved.id}/{approved.version}"' in page
    assert 'value="ect/' not in page
    assert "checked" not in page
    assert "ansvarlige lege" in page
    assert as_doctor.post(address, {"protocol": "ect/2026.1"}).status_code == 422
    chosen = {"protocol": f"{approved.id}/{approved.version}", "planned_start": "2026-03-09"}
    assert "Ingen beslutning tar pasienten inn til behandling" in page
    refused = as_doctor.post(address, chosen | {"deviation": " ", "past_start": "on"})
    assert refused.status_code == 422, "no referral and no reason"
    assert 'value="2026-03-09"' in refused.content.decode()
    chosen |= {"deviation": "Henvist muntlig"}
    past = as_doctor.post(address, chosen)
    assert past.status_code == 422
    assert "09.03.2026 har vært" in past.content.decode()
    chosen |= {"past_start": "on"}
    assert as_doctor.post(address, chosen).status_code == 302
    shown = as_doctor.get(reverse("course", args=[Course.objects.get().pk])).content.decode()
    assert "Henvist muntlig" in shown
    assert Course.objects.get().planned_start == date(2026, 3, 9)
    assert as_doctor.post(address, chosen).status_code == 422, "one open course at a time"


@pytest.mark.parametrize(
    ("kind", "asks"),
    [
        pytest.param(DecisionKind.ACCEPT, False, id="accepted"),
        pytest.param(DecisionKind.WAIT, True, id="waits"),
        pytest.param(None, True, id="not decided"),
    ],
)
def test_a_course_needs_an_accepted_referral_or_a_doctors_reason(
    kari: Patient,
    approved: Protocol,
    psychiatrist: Professional,
    nurse: Professional,
    kind: DecisionKind | None,
    *,
    asks: bool,
) -> None:
    letter = Letter(sender_kind=Sender.GP, sender_name="Lege", received_on=NOON.date())
    referral = referrals.receive_referral(patient=kari, letter=letter, by=nurse, at=NOON)
    if kind:
        referrals.assess_and_decide(
            referral=referral,
            judged=Judged(
                candidate={}, candidate_version="1", verdict=Verdict(()), rule_version="1"
            ),
            decided=Settled(kind=kind),
            by=psychiatrist,
            at=NOON,
        )
    if asks:
        for by, why in ((psychiatrist, " "), (nurse, "Haster")):
            with pytest.raises(NotAccepted):
                actions.plan_treatment(
                    patient=kari, protocol=approved, by=by, at=NOON, deviation=why
                )
    course = actions.plan_treatment(
        patient=kari,
        protocol=approved,
        by=psychiatrist,
        at=NOON,
        deviation="Haster" if asks else "",
    )
    assert (course.deviation, course.deviation_by) == (
        ("Haster", psychiatrist) if asks else ("", None)
    )


def test_a_research_protocol_begins_only_in_a_study(
    kari: Patient, moss: Unit, psychiatrist: Professional
) -> None:
    protocol = latest("psilocybin")
    actions.approve_protocol(unit=moss, protocol=protocol, by=psychiatrist, at=NOON)
    with pytest.raises(NotInStudy):
        actions.plan_course(patient=kari, protocol=protocol, by=psychiatrist, at=NOON)
    actions.register_choice(
        patient=kari,
        choice=Choice.STUDY,
        entered=entered(),
        by=psychiatrist,
        at=NOON,
        study="PSILO-NO",
    )
    actions.plan_course(patient=kari, protocol=protocol, by=psychiatrist, at=NOON)
    assert Course.objects.get().protocol == "psilocybin"


def test_all_three_weights_are_shown_before_one_is_signed(
    course: Course, supported: Unit, as_doctor: Client
) -> None:
    address = reverse("course.weight-basis", args=[course.pk])
    body = {"weight_kg": "100,5", "height_cm": "175", "sex": "m"}
    page = as_doctor.post(address, body | {"show": "1"}).content.decode()
    for shown in ("100,5", "70,3", "82,4", ">50,5<", ">35<", ">41<"):
        assert shown in page, shown
    radios = re.findall(r"<input[^>]*name=\"basis\"[^>]*>", page)
    assert len(radios) == 3
    assert not [radio for radio in radios if "checked" in radio]
    assert not WeightBasis.objects.exists()
    nothing = as_doctor.post(address, body | {"sign": "1"})
    assert nothing.status_code == 422
    signed = as_doctor.post(address, body | {"sign": "1", "basis": "adjusted"})
    assert signed.status_code == 302
    kept = WeightBasis.objects.get()
    assert (kept.basis, kept.weight_kg, kept.height_cm, kept.sex) == (
        "adjusted",
        Decimal("100.5"),
        Decimal(175),
        "m",
    )


def test_the_weight_basis_is_corrected_with_a_reason(
    course: Course, supported: Unit, as_doctor: Client
) -> None:
    address = reverse("course.weight-basis", args=[course.pk])
    body = {"weight_kg": "100,5", "height_cm": "175", "sex": "m", "sign": "1"}
    as_doctor.post(address, body | {"basis": "actual"})
    again = body | {"height_cm": "157", "basis": "actual"}
    assert as_doctor.post(address, again).status_code == 422, "without a reason"
    assert as_doctor.post(address, again | {"reason": "Mistyped"}).status_code == 302
    row = WeightBasis.objects.in_force().get()
    assert (row.height_cm, row.revision, row.reason) == (Decimal(157), 2, "Mistyped")
    assert re.search(r"100,50? kg, 157(,0)? cm", as_doctor.get(address).content.decode())


def test_in_journal_mode_the_basis_is_signed_and_no_dose_is_reckoned(
    course: Course, as_doctor: Client
) -> None:
    address = reverse("course.weight-basis", args=[course.pk])
    page = as_doctor.get(address).content.decode()
    assert "weight_kg" not in page
    signed = as_doctor.post(address, {"sign": "1", "basis": "actual"})
    assert signed.status_code == 302


def test_the_days_that_the_protocol_allows_are_proposed(
    course: Course, supported: Unit, chair: Chair, as_nurse: Client
) -> None:
    page = as_nurse.get(reverse("course.book", args=[course.pk])).content.decode()
    written = re.findall(r'value="(\d\d\.\d\d\.\d{4})"', page)
    days = [day for one in written if (day := day_typed(one))]
    assert len(days) == 6
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    assert min(gaps) >= 2
    assert all(day.weekday() < 5 for day in days)


def test_a_day_typed_twice_is_said_to_be_so_and_nothing_else(
    course: Course, supported: Unit, chair: Chair, as_nurse: Client
) -> None:
    first = monday()
    twice = booking(chair, first, first, first + timedelta(days=2))
    reply = as_nurse.post(reverse("course.book", args=[course.pk]), twice)
    assert reply.status_code == 422
    assert set(reply.context["form"].errors) == {"day_2"}
    assert f"{first:%d.%m.%Y} er bestilt to ganger" in reply.content.decode()


def test_a_chair_that_is_taken_says_when(
    course: Course, chair: Chair, as_nurse: Client, nurse: Professional
) -> None:
    night = datetime.combine(monday(), time(22), tzinfo=OSLO)
    scheduling.book(
        patient=course.patient,
        booking=Booking(
            kind=AppointmentKind.ASSESSMENT,
            starts_at=night,
            ends_at=night + timedelta(hours=5),
            chair=chair,
        ),
        by=nurse,
        at=NOON,
    )
    wanted = booking(chair, monday() + timedelta(days=1), starts="0130")
    reply = as_nurse.post(reverse("course.book", args=[course.pk]), wanted)
    assert reply.status_code == 422
    page = reply.content.decode()
    assert f"Opptatt: Stol 1, {monday():%d.%m.%Y}, 22:00–03:00" in page


def test_what_is_due_names_its_instrument(
    course: Course, supported: Unit, as_doctor: Client
) -> None:
    page = as_doctor.get(reverse("course", args=[course.pk])).content.decode()
    due = page.split("Dette står for tur")[-1]
    assert "MADRS" in due
    assert "PHQ-9" in due


def test_a_run_is_booked_at_once_and_sent_twice_it_is_booked_once(
    course: Course, supported: Unit, chair: Chair, as_nurse: Client
) -> None:
    first = monday()
    sent = booking(chair, first, first + timedelta(days=2), first + timedelta(days=7))
    for _ in range(2):
        assert as_nurse.post(reverse("course.book", args=[course.pk]), sent).status_code == 302
    assert Appointment.objects.count() == 3
    page = as_nurse.get(reverse("course", args=[course.pk]))
    assert page.content.decode().count("Stol 1") == 3


@pytest.mark.parametrize(
    ("days", "supports", "status"),
    [
        pytest.param((0, 1), True, 422, id="the minimum gap is two calendar days"),
        pytest.param((0, 2, 4), True, 422, id="at most two in seven days"),
        pytest.param((0, 3, 7), True, 302, id="two a week"),
        pytest.param((0, 1), False, 302, id="in journal mode nobody says how close"),
    ],
)
def test_sessions_are_not_booked_too_close(
    course: Course,
    moss: Unit,
    psychiatrist: Professional,
    chair: Chair,
    as_nurse: Client,
    days: tuple[int, ...],
    *,
    supports: bool,
    status: int,
) -> None:
    people.state_purpose(unit=moss, on=supports, by=psychiatrist, at=NOON)
    sent = booking(chair, *(monday() + timedelta(days=day) for day in days))
    page = as_nurse.post(reverse("course.book", args=[course.pk]), sent)
    assert page.status_code == status
    if status == 422:
        assert not Appointment.objects.exists()
        assert 'value="0900"' in page.content.decode(), "what was typed stays"


def test_nothing_is_booked_when_one_of_the_days_is_taken(
    course: Course, chair: Chair, as_nurse: Client, supported: Unit
) -> None:
    first = monday()
    address = reverse("course.book", args=[course.pk])
    assert as_nurse.post(address, booking(chair, first + timedelta(days=3))).status_code == 302
    other = booking(chair, first, first + timedelta(days=3))
    assert as_nurse.post(address, other).status_code == 422
    assert Appointment.objects.count() == 1


def test_a_session_is_moved_with_a_reason_and_cancelled(
    course: Course, chair: Chair, as_nurse: Client, supported: Unit
) -> None:
    first = monday()
    two = booking(chair, first, first + timedelta(days=3))
    as_nurse.post(reverse("course.book", args=[course.pk]), two)
    booked = Appointment.objects.order_by("starts_at")[0]
    address = reverse("appointment.move", args=[booked.pk])
    day = (first + timedelta(days=2)).isoformat()
    moved = {"day": day, "starts": "10:00", "minutes": "180", "chair": str(chair.pk)}
    assert as_nurse.post(address, moved | {"reason": "Travel"}).status_code == 422, "too close"
    moved["day"] = (first + timedelta(days=1)).isoformat()
    assert as_nurse.post(address, moved).status_code == 422, "no reason"
    assert as_nurse.post(address, moved | {"reason": "Travel"}).status_code == 302
    now = Appointment.objects.in_force().order_by("starts_at")[0]
    cancelled = as_nurse.post(
        reverse("appointment.cancel", args=[now.pk]), {"reason": "Ill", "stayed_away": ""}
    )
    assert cancelled.status_code == 302
    assert Appointment.objects.in_force().expected().count() == 1


def test_the_booking_of_a_session_that_is_given_is_neither_moved_nor_called_off(
    course: Course, chair: Chair, as_nurse: Client, nurse: Professional, supported: Unit
) -> None:
    """Given earlier in the day than it was booked."""
    day = timezone.localdate() + timedelta(days=1)
    as_nurse.post(reverse("course.book", args=[course.pk]), booking(chair, day))
    booked = Appointment.objects.get()
    page = reverse("course", args=[course.pk])
    ways = [reverse(f"appointment.{act}", args=[booked.pk]) for act in ("move", "cancel")]
    assert all(way in as_nurse.get(page).content.decode() for way in ways)
    give(course, booked.starts_at - timedelta(hours=1), by=nurse)
    assert not any(way in as_nurse.get(page).content.decode() for way in ways)


def give(course: Course, start: datetime, *, by: Professional) -> None:
    given = actions.Given(
        started_at=start,
        stopped_at=start + timedelta(minutes=40),
        prescribed_mg=Decimal(40),
        delivered_mg=Decimal(40),
    )
    now = Entered(happened_at=start, entered_at=start)
    actions.record_session(course=course, given=given, entered=now, by=by, at=start)


@pytest.mark.parametrize("supports", [True, False], ids=["judged", "in journal mode"])
def test_from_a_page_read_before_a_session_is_given_its_booking_is_left_as_it_was(
    course: Course,
    chair: Chair,
    as_nurse: Client,
    nurse: Professional,
    moss: Unit,
    psychiatrist: Professional,
    *,
    supports: bool,
) -> None:
    people.state_purpose(unit=moss, on=supports, by=psychiatrist, at=NOON)
    day = timezone.localdate() + timedelta(days=1)
    as_nurse.post(reverse("course.book", args=[course.pk]), booking(chair, day))
    booked = Appointment.objects.get()
    give(course, booked.starts_at - timedelta(hours=1), by=nurse)
    later = (day + timedelta(days=1)).isoformat()
    moved = {"day": later, "starts": "10:00", "minutes": "180", "chair": str(chair.pk)}
    for way, sent in (("move", moved), ("cancel", {"stayed_away": ""})):
        address = reverse(f"appointment.{way}", args=[booked.pk])
        reply = as_nurse.post(address, sent | {"reason": "The patient travels"})
        assert reply.status_code == 422
        page = reply.content.decode()
        assert f"Økten er gitt i mellomtiden ({day:%d.%m.%Y}, 08:00)" in page
        assert "The patient travels" in page, "nothing typed is lost"
    assert Appointment.objects.get() == booked


def test_of_two_who_move_and_call_off_a_session_the_second_is_told_of_the_first(
    course: Course, chair: Chair, as_nurse: Client, supported: Unit
) -> None:
    first = monday()
    as_nurse.post(reverse("course.book", args=[course.pk]), booking(chair, first))
    booked = Appointment.objects.get()
    move, cancel = (
        reverse(f"appointment.{way}", args=[booked.pk]) for way in ("move", "cancel")
    )
    away = {"reason": "Ill since Friday", "stayed_away": ""}
    for _ in range(2):
        assert as_nurse.post(cancel, away).status_code == 302, "sent twice, done once"
    later = (first + timedelta(days=1)).isoformat()
    moved = {"day": later, "starts": "10:00", "minutes": "180", "chair": str(chair.pk)}
    reply = as_nurse.post(move, moved | {"reason": "The patient travels"})
    assert reply.status_code == 422
    page = reply.content.decode()
    assert "Noen har flyttet eller avlyst denne økten i mellomtiden" in page
    assert "The patient travels" in page
    assert Appointment.objects.count() == 2


def test_ect_is_recorded_as_a_session_without_an_amount(
    kari: Patient, moss: Unit, psychiatrist: Professional, as_nurse: Client
) -> None:
    protocol = latest("ect")
    actions.approve_protocol(unit=moss, protocol=protocol, by=psychiatrist, at=NOON)
    course = actions.plan_course(patient=kari, protocol=protocol, by=psychiatrist, at=NOON)
    sent = {"entry": str(uuid4()), "day": "2026-03-03", "starts": "09:30", "minutes": "10"}
    address = reverse("course.record", args=[course.pk])
    for _ in range(2):
        assert as_nurse.post(address, sent).status_code == 302
    given = SessionGiven.objects.get()
    assert (given.prescribed_mg, given.delivered_mg) == (None, None)
    course.standing.refresh_from_db()
    assert course.standing.sessions == 1


def test_a_nasal_session_is_recorded_by_its_devices(
    kari: Patient, moss: Unit, psychiatrist: Professional, as_nurse: Client
) -> None:
    protocol = latest("esketamine-adult")
    actions.approve_protocol(unit=moss, protocol=protocol, by=psychiatrist, at=NOON)
    course = actions.plan_course(patient=kari, protocol=protocol, by=psychiatrist, at=NOON)
    address = reverse("course.record", args=[course.pk])
    page = as_nurse.get(address).content.decode()
    assert "56 mg: spray ved 0, 5 min" in page
    assert "84 mg: spray ved 0, 5, 10 min" in page
    assert "checked" not in page
    sent = {"entry": str(uuid4()), "day": "2026-03-03", "starts": "09:30", "minutes": "120"}
    assert as_nurse.post(address, sent | {"devices": "2"}).status_code == 422
    assert as_nurse.post(address, sent | {"devices": "2", "dose": "56"}).status_code == 302
    given = SessionGiven.objects.get()
    assert given.prescribed_mg == given.delivered_mg == 56


@pytest.mark.parametrize(
    ("way", "leads_to"),
    [
        pytest.param("ect", "course.record", id="ECT to its course"),
        pytest.param("esketamine-adult", "session", id="by nose to the chair"),
    ],
)
def test_a_booking_leads_to_where_its_way_is_charted(
    kari: Patient,
    moss: Unit,
    psychiatrist: Professional,
    chair: Chair,
    as_nurse: Client,
    way: str,
    leads_to: str,
) -> None:
    protocol = latest(way)
    actions.approve_protocol(unit=moss, protocol=protocol, by=psychiatrist, at=NOON)
    course = actions.plan_course(patient=kari, protocol=protocol, by=psychiatrist, at=NOON)
    as_nurse.post(reverse("course.book", args=[course.pk]), booking(chair, monday()))
    booked = Appointment.objects.get()
    answer = as_nurse.post(reverse("session.open", args=[booked.pk]))
    opened = Session.objects.filter(course=course).first()
    assert (opened is not None) is (leads_to == "session")
    key = opened.pk if opened else course.pk
    assert answer.headers["Location"] == reverse(leads_to, args=[key])


def test_the_course_page_asks_the_database_ten_times_at_most(
    course: Course, supported: Unit, as_nurse: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        as_nurse.get(reverse("course", args=[course.pk]))


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        pytest.param(Role.COORDINATOR, "course.book", 200, id="a coordinator books"),
        pytest.param(Role.COORDINATOR, "course.weight-basis", 403, id="and signs no basis"),
        pytest.param(Role.NURSE, "course.weight-basis", 403, id="nor does a nurse"),
    ],
)
def test_who_may_plan(
    course: Course, moss: Unit, staff: Staff, role: Role, name: str, status: int
) -> None:
    client = Client()
    client.force_login(staff(moss, role, "somebody"))
    assert client.get(reverse(name, args=[course.pk])).status_code == status
