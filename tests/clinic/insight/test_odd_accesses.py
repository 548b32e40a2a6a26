"""A snooper is found, and those who do their work are left in peace."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit.accesses import Access
from lysglimt.clinic.audit.circumstances import under
from lysglimt.clinic.insight.odd_accesses import looked_at, odd_accesses
from lysglimt.clinic.insight.oddity import Known, Reason, Tie, odd
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.models import Particulars, Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.models import DecisionKind, Referral, Sender
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.models import AppointmentKind
from lysglimt.knowledge.verdict import Standing
from tests.clinic.conftest import NOON, Staff
from tests.clinic.referral.conftest import finding, judged

MONDAY = date(2026, 3, 16)
AT = datetime(2026, 3, 17, 11, tzinfo=UTC)
PATIENT = UUID(int=1)
OWN = Tie(unit="u", first=AT - timedelta(days=5))
THERE = Tie(unit="u", first=AT - timedelta(days=1), last=AT + timedelta(days=1), there=True)
HERS = Tie(unit="u", first=AT - timedelta(days=5), by="nora")
ELSEWHERE = Tie(unit="other", first=AT - timedelta(days=5))


def access(*, at: datetime = AT, patient: UUID = PATIENT, **said: object) -> Access:
    whole = {
        "actor": "nora", "name": "Nora Nilsen", "role": "nurse", "authorisation": "sykepleier",
        "department": "Moss", "entity": "e", "unit": "u", "operation": "patient",
        "category": "patient", "purpose": "treatment", "decision": "patient/nurse/own_unit", "patients": (str(patient),),
    }  # fmt: skip
    return Access(at=at, **whole | said)  # type: ignore[arg-type]  # a table of text


def reasons(*seen: Access, known: Known) -> tuple[Reason, ...]:
    rows = odd(seen, {UUID(one): known for access in seen for one in access.patients})
    return rows[0].reasons if rows else ()


NIGHT = datetime(2026, 3, 17, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seen", "known", "expected"),
    [
        pytest.param(access(), Known(ties=(OWN,)), (), id="one's own patient, by day"),
        pytest.param(access(), Known(), (Reason.NO_RELATION,), id="nobody's patient here"),
        pytest.param(access(), Known(ties=(ELSEWHERE,)), (Reason.OTHER_UNIT,), id="of another unit"),
        pytest.param(
            access(), Known(ties=(OWN,), family_name="Nilsen"), (Reason.SAME_NAME,), id="a namesake"
        ),
        pytest.param(access(at=NIGHT), Known(ties=(OWN,)), (Reason.AT_NIGHT,), id="at night"),
        pytest.param(
            access(at=NIGHT), Known(ties=(OWN, THERE)), (), id="at night, and the patient is there"
        ),
        pytest.param(
            access(decision="patient/nurse/emergency/4"), Known(ties=(OWN,)), (Reason.EMERGENCY,),
            id="emergency access",
        ),
        pytest.param(
            access(), Known(ties=(HERS,)), (Reason.OWN_TIE,), id="the referral is her own word alone"
        ),
        pytest.param(
            access(), Known(ties=(HERS, OWN)), (), id="and somebody else has to do with the patient"
        ),
        pytest.param(
            access(operation="block.lift", wrote=True), Known(ties=(OWN,)), (Reason.LIFTED,),
            id="opened what the patient had closed",
        ),
        pytest.param(
            access(operation="waiting.name_oneself", wrote=True), Known(ties=(OWN,), closed=True),
            (Reason.NAMED_ONESELF,), id="assigned herself where a part is closed",
        ),
        pytest.param(
            access(operation="waiting.name_oneself", wrote=True), Known(ties=(OWN,)), (),
            id="keeps in touch with a patient who has closed nothing",
        ),
        pytest.param(
            access(patients=(str(uuid4()), str(uuid4()))), Known(), (), id="a list is no visit"
        ),
    ],
)  # fmt: skip
def test_each_rule_says_why(seen: Access, known: Known, expected: tuple[Reason, ...]) -> None:
    assert reasons(seen, known=known) == expected


@pytest.mark.parametrize(("opened", "found"), [(25, ()), (26, (Reason.MANY,))])
def test_many_records_within_an_hour(opened: int, found: tuple[Reason, ...]) -> None:
    day = [
        access(patient=UUID(int=n + 1), at=AT + timedelta(minutes=2 * n)) for n in range(opened)
    ]
    assert reasons(*day, known=Known(ties=(OWN,))) == found


@pytest.mark.parametrize(("tried", "found"), [(2, ()), (3, (Reason.REFUSED,))])
def test_tries_that_were_refused(tried: int, found: tuple[Reason, ...]) -> None:
    assert reasons(*[access(refused=True)] * tried, known=Known(ties=(OWN,))) == found


def registered(by: Professional, number: int, *, name: str = "", days_ago: int = 10) -> Patient:
    said = Particulars(
        given_name="Prøve", family_name=name or f"Person{chr(97 + number)}",
        birth_date=date(1970, 1, 1) + timedelta(days=number),
    )  # fmt: skip
    return people.register_patient(said=said, by=by, at=NOON - timedelta(days=days_ago))


def referred(patient: Patient, by: Professional) -> Referral:
    letter = referral.Letter(
        sender_kind=Sender.GP, sender_name="Fastlegen", received_on=NOON.date(),
    )  # fmt: skip
    return referral.receive_referral(patient=patient, letter=letter, by=by, at=NOON)


def working_week(
    staff: list[Professional], patients: list[Patient]
) -> Iterator[tuple[Professional, Patient, datetime]]:
    """Each of the staff opens each patient's pages once a day, from eight to three."""
    for day in range(5):
        for n, patient in enumerate(patients):
            for m, one in enumerate(staff):
                minutes = timedelta(minutes=(37 * n + 11 * m) % 420)
                yield one, patient, AT.replace(hour=7) + timedelta(days=day - 1) + minutes


Said = tuple[int, Professional]
"""How many ordinary reads there were, and who snooped."""


@pytest.fixture
def week(
    moss: Unit, halden: Unit, staff: Staff, nurse: Professional, psychiatrist: Professional
) -> Said:
    """A week of ordinary work with six patients, and four pages that a colleague had no business in."""
    there = staff(halden, Role.NURSE)
    ours = [registered(nurse, n) for n in range(6)]
    theirs, long_gone = registered(there, 7), registered(nurse, 8, days_ago=900)
    namesake = registered(nurse, 9, name="Snok")
    for patient in (*ours, namesake):
        referred(patient, nurse)
    referred(theirs, there)
    booking = scheduling.Booking(
        kind=AppointmentKind.SESSION, starts_at=AT, ends_at=AT + timedelta(hours=3)
    )
    scheduling.book(patient=ours[0], booking=booking, by=nurse, at=NOON)
    ordinary = 0
    for who, whom, at in working_week([nurse, psychiatrist], ours):
        with under(decision="patient/nurse/own_unit"):
            audit.record_read(by=who, at=at, operation="patient", patients=[whom.pk])
            audit.record_read(by=who, at=at, operation="today", patients=[p.pk for p in ours])
        ordinary += 2
    snooper = staff(moss, Role.NURSE, "snok")
    snooper.display_name = "Silje Snok"
    snooper.save()
    looked = [(theirs, AT), (long_gone, AT), (namesake, AT), (ours[1], NIGHT)]
    for day, (whom, at) in enumerate(looked):
        when = at + timedelta(days=day - 1)
        audit.record_read(by=snooper, at=when, operation="patient", patients=[whom.pk])
    return ordinary, snooper


def test_a_seeded_snooper_is_found_and_ordinary_work_is_not(
    week: Said, halden: Unit, figures: Callable[..., None]
) -> None:
    ordinary, snooper = week
    rows = odd_accesses(MONDAY).rows
    mine = [row for row in rows if row.actor == snooper.username]
    figures(
        ordinary_reads=ordinary,
        ordinary_to_ask_about=len(rows) - len(mine),
        seeded_snooping=4,
        snooping_found=len(mine),
    )
    assert {row.reasons for row in mine} == {
        (Reason.OTHER_UNIT,),
        (Reason.NO_RELATION,),
        (Reason.SAME_NAME,),
        (Reason.AT_NIGHT,),
    }
    assert len(rows) == len(mine) == 4
    assert looked_at(MONDAY, unit=halden.pk)[0].rows == ()


def test_the_page_is_for_the_leader_of_the_unit(
    week: Said,
    client: Client,
    nurse: Professional,
    moss: Unit,
    staff: Staff,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT + timedelta(days=7))
    client.force_login(staff(moss, Role.UNIT_LEAD))
    with django_assert_num_queries(10):
        page = client.get("/unit/odd-accesses/").content.decode()
    assert page.count("Silje Snok") == 4
    assert "samme etternavn som pasienten" in page
    before = client.get("/unit/odd-accesses/?week=2026-03-02").content.decode()
    assert "Ingenting å spørre om" in before
    client.force_login(nurse)
    assert client.get("/unit/odd-accesses/").status_code == 403


def test_a_leader_whom_the_patient_has_blocked_reads_of_the_access_and_not_of_whom(
    week: Said,
    client: Client,
    nurse: Professional,
    moss: Unit,
    staff: Staff,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT + timedelta(days=7))
    lead, namesake = staff(moss, Role.UNIT_LEAD), "Snok, Prøve"
    client.force_login(lead)
    assert namesake in client.get("/unit/odd-accesses/").content.decode()
    [patient] = [one for one in Patient.objects.all() if one.card().name == namesake]
    people.block(patient=patient, staff=lead, chapter=None, by=nurse, at=AT)
    with django_assert_num_queries(10):
        page = client.get("/unit/odd-accesses/").content.decode()
    assert namesake not in page
    assert (page.count("Silje Snok"), page.count("Ikke åpen for deg")) == (4, 1)


def test_who_opens_a_record_for_themselves_is_asked_about(
    moss: Unit, nurse: Professional, psychiatrist: Professional, staff: Staff
) -> None:
    """A referral and a name as contact, both by the reader; and a wish of the patient's undone."""
    known = registered(psychiatrist, 1, days_ago=900)
    people.block(patient=known, staff=None, chapter=Chapter.RATINGS, by=psychiatrist, at=AT)
    theirs = people.block(patient=known, staff=staff(moss, Role.NURSE, "b"), chapter=None,
                          by=psychiatrist, at=AT)  # fmt: skip
    letter = referred(known, nurse)
    referral.name_contact(referral=letter, contact=nurse, every_days=14, by=nurse, at=AT)
    people.lift(block=theirs, by=nurse, at=AT, reason="The patient has changed their mind.")
    audit.record_read(by=nurse, at=AT, operation="patient", patients=[known.pk])
    [row] = odd_accesses(MONDAY).rows
    assert set(row.reasons) == {Reason.OWN_TIE, Reason.NAMED_ONESELF, Reason.LIFTED}
    assert odd_accesses(MONDAY).reads == 1


@pytest.mark.parametrize(("entered_by", "found"), [("nurse", 0), ("psychiatrist", 1)])
def test_a_referral_that_somebody_else_decided_is_the_units(
    entered_by: str, found: int, nurse: Professional, psychiatrist: Professional
) -> None:
    """The psychiatrist who entered it, too, has only their own word for it."""
    reader = {"nurse": nurse, "psychiatrist": psychiatrist}[entered_by]
    known = registered(nurse, 1, days_ago=900)
    assessment = referral.assess(
        referral=referred(known, reader), judged=judged(finding("IN-1", Standing.MET)),
        by=psychiatrist, at=NOON,
    )  # fmt: skip
    referral.decide_eligibility(
        assessment=assessment, kind=DecisionKind.WAIT, by=psychiatrist, at=NOON
    )
    audit.record_read(by=reader, at=AT, operation="patient", patients=[known.pk])
    assert len(odd_accesses(MONDAY).rows) == found
