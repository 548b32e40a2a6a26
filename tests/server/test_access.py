"""What the policy says is what the pages do: each address is asked, in every relation there is."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import DjangoDbBlocker

from lysglimt.clinic.chairside import actions as chairside
from lysglimt.clinic.chairside.models import ChairEvent, Session
from lysglimt.clinic.cupboard.models import Holding, LedgerEntry
from lysglimt.clinic.delivery import actions as delivery
from lysglimt.clinic.incidents.from_elsewhere import TERMS
from lysglimt.clinic.medicines.models import TaperPlan
from lysglimt.clinic.people import actions, standing
from lysglimt.clinic.people.actions.patients import Kin
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.models import (
    Patient,
    Professional,
    Unit,
    UnitKind,
)
from lysglimt.clinic.people.permissions import POLICY, chapters_of, permits
from lysglimt.clinic.people.policy import Relation, Role
from lysglimt.clinic.people.standing import Tie, relation, with_standing
from lysglimt.clinic.referral.models import ReferralLetter, TreatmentTrial, WaitingContact
from lysglimt.clinic.scheduling.models import Appointment, Chair
from lysglimt.clinic.suicidality.models import SafetyPlan
from lysglimt.clinic.treatment.models import (
    Course,
    ReportedAssessment,
    SafetyTask,
    SessionGiven,
)
from lysglimt.knowledge.protocols.library import latest
from lysglimt.server.demo.case import Case, Setting
from lysglimt.server.demo.cast import HOSPITAL, PRIVATE, opened
from lysglimt.server.demo.clinic import told
from lysglimt.server.demo.cupboard import stocked
from lysglimt.server.demo.over_months import of_every_kind
from lysglimt.server.demo.registered import stated
from lysglimt.server.demo.stories import STORIES
from lysglimt.server.demo.suicidality import not_reached, plan_made, rota_kept
from lysglimt.server.proving.doors import OF_MEDICINES
from lysglimt.server.proving.houses import tapered, wrong
from tests.clinic.people.test_policy import ROUTES
from tests.watch import POINTERS, WATCH

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
NEEDED = {
    *("observation-outside-range", "later-today", "gate-overridden", "safety-task-open"),
    *("reserved", "second-signature-pending", "between-devices"),
}
WHY = "Pasienten ligger bevisstløs i mottaket."
STAMP = {"happened_at": NOW, "entered_at": NOW, "received_at": NOW}
PROTOCOL = latest("iv-ketamine-no")
PAGES = {name: route for name, route in ROUTES.items() if name in POLICY}
ABOUT: dict[str, Any] = {name: vars(route.callback)["about"] for name, route in PAGES.items()}
"""The model whose row a page is about; None of a page about nobody in particular."""


class House:
    """A unit with patients, another one of the same legal entity, and one of another."""

    def __init__(self) -> None:
        clinics = {house: opened(house, now=NOW) for house in (HOSPITAL, PRIVATE)}
        setting = Setting(clinics, NOW)
        for number, story in enumerate(one for one in STORIES if one.name in NEEDED):
            self.case: Case = told(setting, Random(number), story)  # noqa: S311 - the same clinic every time
        stocked(clinics[HOSPITAL], now=NOW)
        rota_kept(clinics[HOSPITAL], now=NOW)
        self.unit, self.stranger = clinics[HOSPITAL].unit, clinics[PRIVATE].unit
        self.beside = Unit.objects.create(
            entity=self.unit.entity, name="Annen enhet", kind=UnitKind.HOSPITAL
        )
        self.nurse = self.case.nurse
        self.fill()
        stated(clinics[HOSPITAL], number=1, now=NOW)
        delivery.prepare(by=clinics[HOSPITAL].staff[Role.UNIT_LEAD], at=NOW)

    def fill(self) -> None:
        """With what none of the stories has."""
        patient, by = self.case.patient, self.nurse
        kin = Kin(name="Ola", kinship="partner", consent=True)
        actions.add_relative(patient=patient, kin=kin, by=by, at=NOW)
        actions.block(patient=patient, staff=self.someone(), chapter=None, by=by, at=NOW)
        actions.open_in_emergency(patient=patient, by=by, at=NOW, reason=WHY)
        letter = ReferralLetter.objects.latest("pk")
        if not WaitingContact.objects.exists():
            WaitingContact.objects.create(
                referral=letter.referral,
                contact=self.someone(),
                every_days=14,
                recontact_on=NOW.date(),
                by=by,
                **STAMP,
            )
        if not ReportedAssessment.objects.exists():
            task = SafetyTask.objects.open().latest("pk")
            doctor = Professional.objects.filter(role=Role.PSYCHIATRIST, unit=self.unit)[0]
            ReportedAssessment.objects.create(
                task=task, doctor=doctor, plan="Ny vurdering i morgen", by=by, **STAMP
            )
        doctor = Professional.objects.filter(role=Role.PSYCHIATRIST, unit=self.unit)[0]
        tapered(asked_of(Patient, self), by=doctor, at=NOW)
        if not SafetyPlan.objects.filter(patient__entity=self.unit.entity).exists():
            plan_made(patient, by=by, at=NOW)
        not_reached(patient, by=by, at=NOW)
        course = Course.objects.open().in_unit(self.unit.pk).order_by("planned_at")[0]
        of_every_kind(patient, course, nurse=by, doctor=doctor, at=NOW)
        chair = Chair.objects.in_unit(self.unit.pk).latest("pk")
        monitor = chairside.Bound(sender="", device="1", name="Monitor", chair=chair)
        chairside.bind_monitor(bound=monitor, by=by, at=NOW)
        screen = chairside.Hung(name="Korridoren", numbers=False)
        chairside.hang_screen(hung=screen, by=by, at=NOW)
        wrong(asked_of(SessionGiven, self), by=by, at=NOW)
        if asked_of(ChairEvent, self) is None:
            session = Session.objects.in_unit(self.unit.pk).latest("pk")
            ChairEvent.objects.create(session=session, kind="nausea", by=by, **STAMP)

    def someone(self) -> Professional:
        number = Professional.objects.count()
        return self.worker(Role.NURSE, self.unit, f"someone-{number}")

    @staticmethod
    def worker(role: Role, unit: Unit, name: str) -> Professional:
        return Professional.objects.create_user(name, role=role, unit=unit)


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield House()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def block(patient: Patient, by: Professional) -> None:
    actions.block(patient=patient, staff=by, chapter=None, by=by, at=NOW)


def emergency(patient: Patient, by: Professional) -> None:
    block(patient, by)
    actions.open_in_emergency(patient=patient, by=by, at=NOW, reason=WHY)


def nobody(*_: object) -> Any:
    return Patient.objects.none()


def everybody(patient: Any, *_: object) -> Any:
    return Patient.objects.filter(pk=patient)


def over(tie: Tie) -> Tie:
    return Tie(lambda patient, _: tie.ever(patient).none(), tie.ever)


def relations(about: Any) -> list[Relation]:
    """Those in which somebody can stand to a row of this model."""
    if about is None:
        return [Relation.OWN_UNIT]
    if not about.to_patient:
        near = [Relation.OWN_UNIT, Relation.OTHER_UNIT] if about.to_unit else [Relation.OWN_ENTITY]  # fmt: skip
        return [*near, Relation.OTHER_ENTITY]
    return [one for one in Relation if one is not Relation.OWN_ENTITY]


def asked_of(about: Any, house: House) -> Any:
    """A row of the unit, the last that has what the page needs."""
    rows = about.objects.order_by("pk")
    if about.to_unit:
        rows = rows.filter(**{about.to_unit: house.unit})
    if about is Patient:
        with_history = TreatmentTrial.objects.values("patient")
        rows = rows.filter(pk__in=with_history)
    if about.to_entity == "entity":
        rows = rows.filter(entity=house.unit.entity)
    if about is Appointment:
        rows = rows.in_force().expected().filter(course__isnull=False)
    if about is Holding:
        rows = rows.filter(entries__in=LedgerEntry.objects.disagreed())
    if about is ChairEvent:
        rows = rows.filter(kind__in=list(TERMS))
    return rows.last()


OTHERWISE = {
    "print.duty": {"ending": "pdf"},
    "incident.report": {"kind": "near-miss"},
    "incident.unit": {"kind": "near-miss"},
}
"""What an address of its own calls as others do."""


def address(operation: str, row: Any) -> str:
    route = PAGES[operation]
    keys: dict[str, Any] = {
        "protocol": PROTOCOL.id,
        "version": PROTOCOL.version,
        "kind": "trial",
        "instrument_id": "madrs",
        "question": "drip-response",
        "picture": "forest",
        "ending": "svg",
        "movement": "receipt",
        "language": "nb",
        "number": 2,
        "duty": "adverse-reaction",
        "item": "headache",
        "which": "evening",
        "panel": "liver",
        "asked": "session",
    }
    keys |= OTHERWISE.get(operation, {})
    if operation in {"ledger.settle", "ledger.not-given", "ledger.anew"}:
        keys["holding"] = Holding.objects.in_unit(row.unit_id).latest("pk").pk
    if row is not None:
        keys["pk"] = row.pk
    if operation == "sign-ins.end":
        keys["pk"] = Professional.objects.latest("pk").pk
    if operation == "entry":
        trial = TreatmentTrial.objects.filter(patient=row).latest("pk")
        keys |= {"kind": "referral-treatmenttrial", "row": trial.pk}
    if "<uuid:entry>" in str(route.pattern):
        keys["entry"] = TreatmentTrial.objects.filter(patient=row).latest("pk").entry
    if operation in OF_MEDICINES:
        taper = TaperPlan.objects.filter(medicine__patient=row).latest("pk")
        striking = operation == "medicines.strike"
        keys |= {"kind": "taper", "entry": (taper if striking else taper.medicine).entry}
    asked = {name: keys[name] for name in route.pattern.converters}
    return reverse(operation, kwargs=asked)


Answer = Callable[[str, Relation, str], int]


@pytest.fixture
def answer(house: House, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """The status that somebody who stands so gets to a GET; to a POST where there is no GET."""

    def answer(operation: str, stands: Relation, method: str) -> int:
        about = ABOUT[operation]
        row = asked_of(about, house) if about else None
        assert about is None or row is not None, f"there is no {about.__name__}"
        role = next(iter(POLICY[operation]))
        unit = {Relation.OTHER_UNIT: house.beside, Relation.OTHER_ENTITY: house.stranger}
        with transaction.atomic(), monkeypatch.context() as patched:
            by = house.worker(role, unit.get(stands, house.unit), "the-one-who-asks")
            arrange(stands, row, by, patched)
            checked(stands, row, by)
            client = Client(raise_request_exception=False)
            client.force_login(by)
            reply = client.generic(method, address(operation, row))
            transaction.set_rollback(True)
        return reply.status_code

    return answer


def arrange(stands: Relation, row: Any, by: Professional, patched: pytest.MonkeyPatch) -> None:
    if row is None or not row.to_patient:
        return
    patient = Patient.objects.get(
        pk=type(row).objects.filter(pk=row.pk).values_list(row.to_patient, flat=True).get()
    )
    if stands is Relation.FORMER:
        patched.setattr(standing, "TIES", [over(tie) for tie in standing.TIES])
    patched.setattr(standing, "NAMED", [everybody if stands is Relation.ASSIGNED else nobody])
    if stands is Relation.BLOCKED:
        block(patient, by)
    if stands is Relation.EMERGENCY:
        emergency(patient, by)


CHECKED: set[tuple[type, object, Relation, str]] = set()


def checked(stands: Relation, row: Any, by: Professional) -> None:
    """What was arranged is what is meant; it is arranged alike for every page about this row."""
    if row is None or stands is Relation.OTHER_ENTITY:
        return
    # A counted key comes again with another row, once a test is rolled back.
    key = row.pk if isinstance(row.pk, UUID) else getattr(row, "entry", None)
    arranged = (type(row), key, stands, by.role)
    if key and arranged in CHECKED:
        return
    CHECKED.add(arranged)
    rows = type(row).objects.for_professional(Professional.objects.get(pk=by.pk))
    found = with_standing(rows, by, chapters=(), at=NOW).get(pk=row.pk)
    assert relation(found, by) is stands


@pytest.mark.parametrize("operation", sorted(PAGES))
def test_an_address_answers_as_the_table_says(
    operation: str, answer: Answer, figures: Callable[..., None]
) -> None:
    role = next(iter(POLICY[operation]))
    asked = relations(ABOUT[operation])
    method = "GET"
    for stands in asked:
        status = answer(operation, stands, method)
        if status == 405:
            method = "POST"
            status = answer(operation, stands, method)
        if stands is Relation.OTHER_ENTITY:
            assert status == 404, stands
        elif permits(operation, role, stands):
            assert status in {200, 302, 409, 422}, stands
        else:
            assert status == 403, stands
    figures(addresses_asked_in_a_relation=len(asked))


@pytest.mark.anywhere
@pytest.mark.parametrize("operation", sorted(PAGES))
def test_an_address_refuses_every_role_that_its_row_leaves_out(
    operation: str, house: House, figures: Callable[..., None]
) -> None:
    about = ABOUT[operation]
    row = asked_of(about, house) if about else None
    out = [role for role in Role if role not in POLICY[operation]]
    for role in out:
        with transaction.atomic():
            client = Client()
            client.force_login(house.worker(role, house.unit, "left-out"))
            where = address(operation, row)
            assert {client.get(where).status_code, client.post(where).status_code} - {405} == {
                403
            }
            transaction.set_rollback(True)
    figures(addresses_asked_in_a_role=len(out))


KEPT_IN = {
    Chapter.RATINGS: {"treatment_rating", "questionnaires_ratingdraft"},
    Chapter.HISTORY: {
        *("referral_treatmenttrial", "referral_stimulationseries", "referral_diagnosis"),
        "referral_medicine",
    },
    Chapter.SESSIONS: {
        *("chairside_vitalset", "chairside_pumpevent", "chairside_sessionorder"),
        *("chairside_chairevent", "chairside_dischargerecord", "treatment_sessiongiven"),
    },
}
COUNTED = {
    ("course.book", "treatment_sessiongiven"),
    ("appointment.move", "treatment_sessiongiven"),
    ("ratings", "treatment_sessiongiven"),
    ("taper.plan", "treatment_sessiongiven"),
    ("asking.patient", "treatment_sessiongiven"),
    ("entry", "referral_treatmenttrial"),
    ("session.gate", "treatment_rating"),
    *(("order.write", table) for table in ("treatment_rating", *KEPT_IN[Chapter.HISTORY])),
    *(("course.plan", table) for table in ("treatment_rating", *KEPT_IN[Chapter.HISTORY])),
}
"""From the days of sessions follows what is due, and on which days; the sessions are not shown.
An entry is asked for by the right, and so by the block, of the chapter that it stands in. The
start check counts a suicidality form as scored; what was answered is told to those who may read it.
The rules about medicines ask the record before a course is planned and a dose is ordered: where it is
closed to the reader, the first says nothing, and the second the number of the rule alone."""
ABOUT_PATIENTS = sorted(name for name, about in ABOUT.items() if about and about.to_patient)


@pytest.mark.anywhere
@pytest.mark.parametrize("operation", ABOUT_PATIENTS)
def test_a_page_names_the_chapters_that_it_asks_for(operation: str, house: House) -> None:
    """Else a page that somebody forgot to name would show a chapter that is closed."""
    asked = asked_of(ABOUT[operation], house)
    where, role = address(operation, asked), next(iter(POLICY[operation]))
    with transaction.atomic():
        client = Client(raise_request_exception=False)
        client.force_login(house.worker(role, house.unit, "reader"))
        with CaptureQueriesContext(connection) as queries:
            client.get(where)
        transaction.set_rollback(True)
    read = {
        (operation, table)
        for chapter in set(Chapter) - chapters_of(operation)
        for table in KEPT_IN[chapter]
        if any(f'FROM "{table}"' in query["sql"] for query in queries.captured_queries)
    }
    assert read <= COUNTED


LISTS = sorted(name for name, about in ABOUT.items() if not (about and about.to_patient))
"""About nobody in particular: whom such a page names, it chooses by itself."""


@pytest.mark.anywhere
@pytest.mark.parametrize(
    "role",
    [
        Role.UNIT_LEAD,
        Role.NURSE,
        pytest.param(Role.PSYCHIATRIST, marks=pytest.mark.second_ring),
    ],
)
def test_whom_everybody_has_blocked_reads_of_nobody_on_any_list_or_paper(
    role: Role, house: House, figures: Callable[..., None]
) -> None:
    with transaction.atomic():
        by = house.worker(role, house.unit, "shut-out")
        for patient in Patient.objects.filter(entity=house.unit.entity):
            block(patient, by)
        client = Client()
        client.force_login(by)
        open_to_role = [name for name in LISTS if permits(name, role, Relation.OWN_UNIT)]
        pages = {name: asked_for(client, name, house) for name in open_to_role}
        transaction.set_rollback(True)
    told = {name: [*WATCH.shown(text)] for name, text in pages.items()}
    figures(lists_looked_at=sum(bool(text) for text in pages.values()))
    assert {name: signs for name, signs in told.items() if signs} == {}


def asked_for(client: Client, operation: str, house: House) -> str:
    """What stands there, on paper too; nothing where there is nothing to read."""
    about = ABOUT[operation]
    page = client.get(address(operation, asked_of(about, house) if about else None))
    if page.headers.get("Content-Type") == "application/pdf":
        return " ".join(each.extract_text() for each in PdfReader(BytesIO(page.content)).pages)
    return POINTERS.sub("", page.content.decode()) if page.status_code == 200 else ""
