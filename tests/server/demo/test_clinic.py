"""The made-up clinic: everything that happens in a real one is in it, and nobody real."""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.db import models, transaction
from django.db.models import Value
from pytest_django import DjangoDbBlocker

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.chairside import rows as of_a_session
from lysglimt.clinic.chairside.after import in_the_way
from lysglimt.clinic.chairside.findings import finding_as_read
from lysglimt.clinic.chairside.models import (
    DischargeRecord,
    PumpEvent,
    Session,
    StartGateRecord,
    VitalSet,
)
from lysglimt.clinic.chairside.sheet import Stage, sheet_of
from lysglimt.clinic.insight.departures import departed
from lysglimt.clinic.people.asked import Question
from lysglimt.clinic.people.identity import Accepts, identity_number
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.policy import STAFF
from lysglimt.clinic.referral.models import (
    Assessment,
    EligibilityDecision,
    Referral,
    Refusal,
    WaitingContact,
)
from lysglimt.clinic.scheduling.models import Appointment
from lysglimt.clinic.suicidality.schedule import askings, recent, standings_to_ask
from lysglimt.clinic.treatment.actions.standing import derived
from lysglimt.clinic.treatment.history import state_on
from lysglimt.clinic.treatment.models import (
    Consent,
    ConsentWithdrawal,
    Course,
    CourseDecision,
    CoursePause,
    CourseStanding,
    Rating,
    Registration,
    SafetyTask,
    SessionGiven,
    TaskAddition,
)
from lysglimt.knowledge.protocols.facts import DecisionKind
from lysglimt.knowledge.verdict import Verdict
from lysglimt.register.code_book import code_book
from lysglimt.register.findings import validate_all
from lysglimt.server.demo.clinic import Told, populated
from lysglimt.server.demo.stories import STORIES

from . import leaving

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
TODAY = NOW.date()
EVERYONE = len(STORIES) + 2

ByName = Mapping[str, Told]
QUESTIONS = {name: one for name, one in vars(of_a_session).items() if isinstance(one, Question)}


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[ByName]:
    """Every story and two ordinary courses, gone again after these tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        everyone = populated(patients=EVERYONE, seed=1, now=NOW)
        yield {each.story.name: each for each in everyone}
        transaction.set_rollback(True)


def facts(model: Any, **more: Any) -> Callable[[Patient], models.QuerySet[Any]]:
    """Rows in force of the patient that say this."""

    def rows(patient: Patient) -> models.QuerySet[Any]:
        way = next(
            way
            for way in (
                "patient",
                "course__patient",
                "referral__patient",
                "session__course__patient",
            )
            if exists(model, way.partition("__")[0])
        )
        found = (
            model.objects.in_force() if hasattr(model.objects, "in_force") else model.objects
        )
        asked: models.QuerySet[Any] = found.filter(**{way: patient}, **more)
        return asked

    return rows


def exists(model: Any, field: str) -> bool:
    return field in {each.name for each in model._meta.get_fields()}


def standing(**more: Any) -> Callable[[Patient], models.QuerySet[Any]]:
    return lambda patient: CourseStanding.objects.filter(patient=patient, **more)


TROUBLES: Mapping[str, Callable[[Patient], models.QuerySet[Any]]] = {
    "new-referral": lambda p: Referral.objects.awaiting_assessment().filter(patient=p),
    "assessment-overdue": lambda p: Referral.objects.assessment_overdue(TODAY).filter(patient=p),
    "waiting": lambda p: WaitingContact.objects.due(TODAY).filter(referral__patient=p),
    "refused-with-plan": lambda p: Refusal.objects.filter(decision__referral__patient=p),
    "eligible-with-questions": facts(Assessment, standing=3),
    "excluded": facts(Assessment, standing=5),
    "second-signature-pending": lambda p: (
        EligibilityDecision.objects.awaiting_second_signature().filter(referral__patient=p)
    ),
    "override-signed-by-two": facts(EligibilityDecision, second_signature__isnull=False),
    "consent-missing": standing(phase="planned", next_kind="consent"),
    "planned": standing(phase="planned", next_kind="session"),
    "reserved": lambda p: Registration.objects.awaiting_decision().filter(patient=p),
    "reserved-and-treated": facts(Registration, decision="treat"),
    **{
        f"mid-induction-{given}": standing(phase="induction", sessions=given)
        for given in range(1, 6)
    },
    "infusing": facts(PumpEvent, act="resume"),
    "before-start": facts(Session, planned_on=TODAY, gates__isnull=True),
    "observation-outside-range": facts(VitalSet, systolic__gte=160, phase="observation"),
    "later-today": facts(Appointment, state="planned", starts_at__gt=NOW),
    "gone-home": facts(DischargeRecord, left_at__date=TODAY),
    "ended-early": facts(SessionGiven, ended_early__gt=""),
    "missed-session": facts(Appointment, state="no_show"),
    "broken-induction": standing(phase="induction", last_session__lt=TODAY - timedelta(days=7)),
    "evaluation-due": standing(phase="evaluation", next_kind="evaluation"),
    "partial-at-six": facts(Rating, timing="evaluation", instrument="madrs", total=23),
    "extended": facts(CourseDecision, kind="extend"),
    "stopped-for-futility": facts(CourseDecision, kind="stop", ground="futility"),
    "stopped-for-harm": facts(CourseDecision, kind="stop", ground="harm"),
    "consent-withdrawn": lambda p: ConsentWithdrawal.objects.filter(consent__patient=p),
    "paused": facts(CoursePause),
    "gate-overridden": facts(StartGateRecord, override_by__isnull=False),
    "safety-task-open": lambda p: SafetyTask.objects.open().filter(patient=p),
    "safety-task-repeated": lambda p: TaskAddition.objects.filter(task__patient=p),
    "corrected": facts(Rating, revision=2),
    "maintenance": standing(phase="maintenance"),
    "maintenance-lengthened": facts(CourseDecision, kind="lengthen"),
    "maintenance-shortened": facts(CourseDecision, kind="shorten"),
    "follow-up": standing(phase="follow-up"),
    "closed": standing(phase="closed", open=False),
    "esketamine": facts(Course, protocol="esketamine-adult"),
    "ect": facts(SessionGiven, course__protocol="ect", prescribed_mg__isnull=True),
    "journal-mode": facts(Course, protocol="private-clinic"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "query"), TROUBLES.items(), ids=TROUBLES.keys())
def test_each_trouble_is_there(
    told: ByName, name: str, query: Callable[[Patient], models.QuerySet[Any]]
) -> None:
    assert query(told[name].case.patient).exists()


def test_the_ready_one_has_all_observations_and_has_not_left(told: ByName) -> None:
    patient = told["ready-for-home"].case.patient
    session = Session.objects.get(course__patient=patient, planned_on=TODAY)
    assert session.vital_sets.filter(phase="observation").count() == 5
    assert SessionGiven.objects.filter(entry=session.pk).exists()
    assert not session.discharges.exists()


def test_whoever_has_left_met_every_criterion_or_somebody_decided_otherwise(
    told: ByName,
) -> None:
    left = DischargeRecord.objects.in_force().filter(left_at__isnull=False)
    assert left
    for record in left:
        unmet = in_the_way(Verdict.of(map(finding_as_read, record.findings)))
        assert not unmet or record.decided_by or record.no_doctor_reached, unmet
    gone = left.get(
        session__course__patient=told["gone-home"].case.patient, left_at__date=TODAY
    )
    assert not sheet_of(gone.session, now=NOW).unmet, "and as the page tells it now"


def test_the_resume_against_the_rule_is_among_the_deviations_of_the_unit(told: ByName) -> None:
    case = told["infusing"].case
    resume = PumpEvent.objects.in_force().get(
        session__course__patient=case.patient, act="resume"
    )
    found = departed(case.clinic.unit, (), since=TODAY, closed=lambda *_: Value(value=False))
    [pump] = [one for one in found if one.patient == case.patient.pk]
    assert (pump.rule, pump.by) == ("resume:green", str(case.doctor))
    assert resume.doctor == case.doctor


def test_the_last_observation_of_the_infusing_one_is_overdue(told: ByName) -> None:
    patient = told["infusing"].case.patient
    newest = VitalSet.objects.filter(session__course__patient=patient).latest("happened_at")
    assert NOW - newest.happened_at == timedelta(minutes=17)


def test_one_waits_between_two_nasal_devices(told: ByName) -> None:
    """The first of three was given four minutes ago, after a signed order and two persons' check."""
    session = Session.objects.get(
        course__patient=told["between-devices"].case.patient, planned_on=TODAY
    )
    sheet = sheet_of(session, now=NOW)
    assert sheet.stage is Stage.INFUSING
    assert (sheet.devices.count, sheet.devices.ordered) == (1, 3)
    assert sheet.devices.next_from == NOW + timedelta(minutes=1)
    assert session.course.standing.phase == "induction"


def test_a_late_entry_is_marked(told: ByName) -> None:
    sets = VitalSet.objects.filter(session__course__patient=told["entered-late"].case.patient)
    assert {row.late for row in sets} == {True, False}


def test_what_was_not_rated_is_missing(told: ByName) -> None:
    patient = told["ratings-missing"].case.patient
    scores = Rating.objects.filter(patient=patient).exclude(instrument="cssrs_screener")
    assert set(scores.values_list("timing", flat=True)) == {"baseline"}


def test_after_a_course_most_were_asked_in_time_and_a_few_were_forgotten(told: ByName) -> None:
    unit = told["infusing"].case.clinic.unit
    rows = standings_to_ask(TODAY).filter(recent(TODAY), course__unit=unit)
    found = [one for one in askings(rows, on=TODAY, judged=True) if not one.by_contact]
    assert 0 < sum(one.late_since is not None for one in found) < len(found) / 4


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("partial-at-six", DecisionKind.EXTEND),
        ("remission-at-four", DecisionKind.END_INDUCTION),
        ("broken-induction", DecisionKind.COUNT_ON),
        ("consent-withdrawn", DecisionKind.STOP),
        ("hard-review", DecisionKind.CONTINUE),
        ("relapse", DecisionKind.SHORTEN),
    ],
)
def test_the_rules_see_the_trouble(told: ByName, name: str, proposed: DecisionKind) -> None:
    course = Course.objects.get(patient=told[name].case.patient)
    decision = state_on(course, TODAY).advice.next
    assert decision is not None
    assert decision.proposed[0] is proposed


EXPECTED = {
    "ended-early": {"not-counted"},
    "stopped-for-harm": {"not-counted"},
    "reserved-and-treated": {"registered-by-decision"},
}


def test_no_course_is_in_an_impossible_state(told: ByName) -> None:
    """The only deviations are those that are told of."""
    for name, each in told.items():
        for course in Course.objects.filter(patient=each.case.patient):
            found = {one.code for one in state_on(course, TODAY).recorded.deviations}
            assert found <= EXPECTED.get(name, set()), name


def test_every_standing_is_what_the_facts_say(told: ByName) -> None:
    courses = Course.objects.select_related("standing")
    assert courses
    for course in courses:
        said = derived(course)
        assert {name: getattr(course.standing, name) for name in said} == said


def test_nothing_has_happened_later_than_now(told: ByName) -> None:
    for model in (Rating, VitalSet, SessionGiven, CourseDecision, PumpEvent, Consent):
        assert not model.objects.filter(happened_at__gt=NOW).exists(), model


def test_every_identity_number_is_made_up(told: ByName) -> None:
    cards = Patient.objects.cards()
    assert len(cards) == EVERYONE
    for card in cards:
        number = identity_number(card.full_identity_number, accepts=Accepts.SYNTHETIC, on=TODAY)
        assert number.made_up
        assert (number.birth_date, number.sex) == (card.birth_date, card.sex)
        assert int(card.full_identity_number[2:4]) > 80


def test_two_patients_bear_one_name(told: ByName) -> None:
    one, other = told["namesake"].case, told["namesake-too"].case
    assert one.said.names == other.said.names
    assert one.patient != other.patient


def test_each_unit_has_one_of_each_role(told: ByName) -> None:
    for house in {each.story.house for each in told.values()}:
        unit = next(iter(told.values())).case.setting.clinics[house].unit
        staff = Professional.objects.filter(unit=unit)
        assert sorted(one.role for one in staff) == sorted(role.value for role in STAFF)
        assert unit.journal_mode is not house.decision_support
        assert not any(one.has_usable_password() for one in staff)


def test_every_patient_has_a_trail(told: ByName) -> None:
    seen = {patient for event in Event.objects.all() for patient in event.patients}
    assert seen == {str(each.case.patient.pk) for each in told.values()} | {
        str(pk) for pk in Patient.objects.values_list("pk", flat=True)
    }


def test_what_leaves_the_whole_clinic_is_as_the_code_book_has_it(told: ByName) -> None:
    found = leaving.extracts(TODAY)
    assert len(found) == 2
    assert [fault for one in found for fault in validate_all(one.tables)] == []
    filled = leaving.filled(found)
    assert leaving.from_facts() - filled == leaving.NOT_IN_THE_DEMO
    assert filled <= {f"{table}.{name}" for table, name, _ in code_book().variables()}


def test_nothing_that_leaves_for_the_register_names_anybody(
    told: ByName, tmp_path: Path
) -> None:
    secrets = {one for one in leaving.secrets() if len(one) > 2}
    assert len(secrets) > 1000
    for one in leaving.extracts(TODAY):
        first = leaving.written(one, tmp_path / str(one.scope.known_as.number))
        assert [secret for secret in secrets if secret in first] == []
        assert first == leaving.written(one, tmp_path / f"{one.scope.known_as.number} again")


def digest() -> str:
    """Everything that was entered, in order, without the ids of rows and times of storing."""
    said = []
    for model in (Rating, VitalSet, SessionGiven, CourseDecision, Appointment):
        for row in model.objects.order_by("pk"):
            content = row.content()
            said.append(
                sorted(
                    (k, str(v))
                    for k, v in content.items()
                    if not k.endswith(("_id", "entry", "course"))
                )
            )
    people = sorted(str(patient.particulars()) for patient in Patient.objects.all())
    return sha256(repr((said, people)).encode()).hexdigest()


FEW = 4 if os.environ.get("LYSGLIMT_LONG") == "true" else 2


def built(seed: int) -> str:
    with transaction.atomic():
        assert len(list(islice(populated(patients=FEW, seed=seed, now=NOW), FEW))) == FEW
        found = digest()
        transaction.set_rollback(True)
    return found


@pytest.mark.anywhere
@pytest.mark.django_db
def test_the_same_seed_makes_the_same_clinic() -> None:
    assert built(7) == built(7)
    assert built(7) != built(8)


def read_of(row: models.Model) -> dict[str, object]:
    """Each column, what is annotated, and all of the rows beside it."""
    beside = {name: one and vars(one) for name, one in row._state.fields_cache.items()}
    return vars(row) | {"_state": row._state.db, "beside": clean(beside)}


def clean(beside: Mapping[str, Any]) -> dict[str, object]:
    return {name: one and one | {"_state": None} for name, one in beside.items()}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_made_once_tells_of_each_session_what_one_made_anew_tells(
    told: ByName, name: str
) -> None:
    question, found = QUESTIONS[name], 0
    for session in Session.objects.all():
        once, anew = question.rows(session.pk), question.asked(session.pk)
        assert [*map(read_of, once)] == [*map(read_of, anew)]
        found += len(once)
    assert found
