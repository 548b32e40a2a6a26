"""From a fact to its row: each table as a clinician would have filled it in by hand."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from lysglimt.clinic.delivery.extract import TABLES, Extract
from lysglimt.clinic.delivery.status import status
from lysglimt.clinic.delivery.tables.beside import nearest
from lysglimt.clinic.delivery.tables.treated import BLOOD_TESTS, examined
from lysglimt.clinic.incidents import actions as incidents
from lysglimt.clinic.incidents.actions import About, Said
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.referral.models import Medicine, StimulationSeries, TreatmentTrial
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.actions import Booking
from lysglimt.clinic.scheduling.models import AppointmentKind, AppointmentState
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.actions import Decided, Rated
from lysglimt.clinic.treatment.models import Course, Mode, SafetyTask, Timing
from lysglimt.knowledge.protocols.facts import DecisionKind, StopGround
from lysglimt.knowledge.safety.reporting import IncidentKind
from lysglimt.register.code_book import code_book
from lysglimt.register.findings import validate_all
from lysglimt.register.legal_basis import Basis
from tests.clinic.conftest import NOON
from tests.clinic.treatment.conftest import Give, Rate, entered

from .conftest import TODAY, State, Take

DAY = timedelta(days=1)
MARCH_2 = NOON.date()


@pytest.fixture(autouse=True)
def _stated(state: State) -> None:
    state(Basis.OPT_OUT)


def known(found: Extract, table: str) -> list[dict[str, object]]:
    """What is not empty of each row, without pseudonyms. All of it is as the code book has it."""
    assert list(validate_all(found.tables)) == []
    names = {
        name
        for name, variable in code_book().tables[table].variables.items()
        if variable.holds.value == "pseudonym"
    }
    return [
        {name: value for name, value in row.items() if value is not None and name not in names}
        for row in found.tables[table]
    ]


@pytest.mark.anywhere
def test_each_table_of_the_book_has_its_function_in_its_order() -> None:
    assert list(TABLES) == list(code_book().tables)


def test_every_variable_of_a_row_has_its_place_and_no_other_is_there(
    take: Take, give: Give
) -> None:
    give(0)
    for name, rows in take().tables.items():
        for row in rows:
            assert list(row) == list(code_book().tables[name].variables)


def test_the_unit_is_known_by_the_number_of_the_register(take: Take) -> None:
    [row] = known(take(), "unit")
    assert row == {
        "unit": 17,
        "name": "Moss",
        "kind": "hospital",
        "region": "south-east",
        "legal_basis": "opt-out",
    }


def test_of_a_birth_date_the_year_leaves(take: Take, course: Course) -> None:
    assert known(take(), "person") == [{"birth_year": 1979, "sex": "f"}]


def test_a_session_is_told_as_it_was_given_and_nothing_is_made_up_of_the_chair(
    take: Take, give: Give
) -> None:
    give(0)
    give(3, mg="20")
    rows = known(take(), "session")
    assert rows[0] == {
        "session": 1,
        "given_on": MARCH_2,
        "minutes": 40,
        "prescribed_mg": Decimal(40),
        "delivered_mg": Decimal(40),
        "ended_early": False,
    }
    assert (rows[1]["session"], rows[1]["delivered_mg"]) == (2, Decimal(20))
    [course] = known(take(), "course")
    assert (course["sessions"], course["product"], course["route"]) == (2, "racemic", "iv")
    assert course["last_session_on"] == MARCH_2 + 3 * DAY
    assert "sixth_session_on" not in course


def test_why_a_course_was_stopped_is_told_as_the_doctor_said(
    take: Take, course: Course, give: Give, psychiatrist: Professional
) -> None:
    give(0)
    at = NOON + 5 * DAY
    treatment.decide(
        course=course,
        decided=Decided(kind=DecisionKind.STOP, ground=StopGround.HARM, deviation="Utslett"),
        entered=entered(at),
        by=psychiatrist,
        at=at,
    )
    [decision] = known(take(), "decision")
    assert decision == {"decided_on": at.date(), "kind": "stop"}
    [row] = known(take(), "course")
    assert row["phase"] in {"follow-up", "closed"}


def test_of_the_answers_to_a_scale_the_sum_leaves_and_the_item_about_suicide(
    take: Take, rate: Rate
) -> None:
    rate(0, 31, item_10=2, timing=Timing.BASELINE)
    [row] = known(take(), "rating")
    assert row == {
        "instrument": "madrs",
        "instrument_version": row["instrument_version"],
        "timing": "baseline",
        "mode": "interview",
        "rated_on": MARCH_2,
        "total": Decimal(31),
        "suicidal_item": 2,
        "prorated": False,
    }


def test_a_relapse_is_told_by_both_definitions_from_the_first_day_of_it(
    take: Take, give: Give, rate: Rate
) -> None:
    rate(0, 34, timing=Timing.BASELINE)
    for day in (0, 3, 7, 10, 14, 17):
        give(day)
    rate(19, 8, timing=Timing.EVALUATION)
    assert "relapsed_on_default" not in known(take(), "course")[0]
    rate(40, 30, timing=Timing.FOLLOW_UP)
    rate(49, 31, timing=Timing.FOLLOW_UP)
    [row] = known(take(), "course")
    assert row["sixth_session_on"] == MARCH_2 + 17 * DAY
    assert row["relapsed_on_default"] == row["relapsed_on_janssen"] == MARCH_2 + 40 * DAY


def test_who_never_got_better_has_no_relapse(take: Take, give: Give, rate: Rate) -> None:
    rate(0, 34, timing=Timing.BASELINE)
    for day in (0, 3, 7, 10, 14, 17):
        give(day)
    rate(19, 30, timing=Timing.EVALUATION)
    rate(40, 34, timing=Timing.FOLLOW_UP)
    rate(49, 34, timing=Timing.FOLLOW_UP)
    assert "relapsed_on_default" not in known(take(), "course")[0]


def test_what_was_tried_is_counted_for_each_person_and_told_in_milligrams(
    take: Take, course: Course, psychiatrist: Professional
) -> None:
    said = {"by": psychiatrist, "patient": course.patient, "current_episode": True}
    times = dict.fromkeys(("happened_at", "entered_at", "received_at"), NOON)
    TreatmentTrial.objects.create(
        atc="H03AA02", mg_per_day=50, weeks="6.5", augments="N06AB10", **said, **times
    )
    StimulationSeries.objects.create(kind="ect", sessions=12, **said, **times)
    medicine, series = known(take(), "resistance")
    assert (medicine["trial"], medicine["mg_per_day"]) == (1, Decimal("0.05"))
    assert (medicine["weeks"], medicine["augments"]) == (6, True)
    assert (series["trial"], series["kind"], series["sessions"]) == (2, "ect", 12)
    assert "atc" not in series


def test_a_medicine_without_a_code_stays(
    take: Take, course: Course, psychiatrist: Professional
) -> None:
    times = dict.fromkeys(("happened_at", "entered_at", "received_at"), NOON)
    said = {"by": psychiatrist, "patient": course.patient, **times}
    Medicine.objects.create(name="Kosttilskudd fra onkel", **said)
    Medicine.objects.create(atc="N06AB10", mg_per_day=20, stopped_on=MARCH_2, **said)
    [row] = known(take(), "medication")
    assert (row["atc"], row["stopped_on"]) == ("N06AB10", MARCH_2)


def test_an_event_of_nobody_leaves_and_one_of_a_reserved_patient_does_not(
    take: Take, course: Course, nurse: Professional
) -> None:
    for kind, patient, term in (
        (IncidentKind.NEAR_MISS, None, ""),
        (IncidentKind.ADVERSE_EVENT, course.patient, "nausea"),
    ):
        incidents.enter_incident(
            about=About(kind=kind, patient=patient),
            said=Said(
                words="Ord som blir",
                known_at=NOON,
                term=term,
                grade="2" if term else "",
                course="ended" if term else "",
                ended_at=NOON + DAY if term else None,
            ),
            entered=entered(),
            by=nurse,
            at=NOON,
        )
    found = take()
    assert {row["kind"] for row in known(found, "event")} == {"near-miss", "adverse-event"}
    [nausea] = [row for row in known(found, "event") if row["kind"] == "adverse-event"]
    assert (nausea["grade"], nausea["ended_on"]) == (2, (NOON + DAY).date())
    assert "Ord som blir" not in str(found.tables)
    nobody = replace(found.scope, people=frozenset())
    assert {row["kind"] for row in TABLES["event"](nobody)} == {"near-miss"}


def test_a_question_about_suicide_is_told_with_when_it_was_taken_care_of(
    take: Take, rate: Rate, psychiatrist: Professional
) -> None:
    rate(0, 40, item_10=5, timing=Timing.BASELINE)
    task = SafetyTask.objects.get()
    treatment.acknowledge_task(
        safety_task=task,
        action_taken="Samtale",
        by=psychiatrist,
        at=NOON + DAY,
        treat_today=False,
    )
    [row] = known(take(), "suicidality")
    assert row["taken_on"] == (NOON + DAY).date()
    assert row["safety_plan"] is False


@pytest.fixture
def over(course: Course, give: Give, psychiatrist: Professional) -> Course:
    """A course of one session in March, ended the week after."""
    give(0)
    at = NOON + 7 * DAY
    treatment.decide(
        course=course,
        decided=Decided(kind=DecisionKind.STOP, ground=StopGround.PATIENT, deviation="Ønsket"),
        entered=entered(at),
        by=psychiatrist,
        at=at,
    )
    return course


def kept(course: Course, kind: AppointmentKind, *, days: int, by: Professional) -> None:
    start = NOON + days * DAY
    booked = scheduling.book(
        patient=course.patient,
        booking=Booking(
            kind=kind, starts_at=start, ends_at=start + timedelta(hours=1), course=course.pk
        ),
        by=by,
        at=NOON,
    )
    scheduling.mark(appointment=booked, state=AppointmentState.KEPT, by=by, at=start)


def test_a_follow_up_that_is_not_due_yet_is_not_missing(
    take: Take, over: Course, nurse: Professional
) -> None:
    kept(over, AppointmentKind.FOLLOW_UP, days=33, by=nurse)
    rows = known(take(), "follow_up")
    assert rows == [
        {
            "month": 1,
            "due_on": date(2026, 4, 2),
            "done_on": (NOON + 33 * DAY).date(),
            "treated_again": False,
        }
    ], "three months after 2 March is 2 June, which on 1 June has not come"


def test_a_therapy_that_was_held_is_told_by_its_day(
    take: Take, over: Course, nurse: Professional
) -> None:
    kept(over, AppointmentKind.THERAPY, days=1, by=nurse)
    assert known(take(), "therapy") == [{"held_on": (NOON + DAY).date()}]


@pytest.mark.anywhere
@pytest.mark.parametrize(
    ("days", "found"),
    [
        pytest.param([13, -3], -3, id="the nearest"),
        pytest.param([15], None, id="outside the days either way"),
        pytest.param([-14], -14, id="the last day counts"),
    ],
)
def test_a_visit_is_the_one_nearest_to_its_day(days: list[int], found: int | None) -> None:
    came = [TODAY + one * DAY for one in days]
    expected = None if found is None else TODAY + found * DAY
    assert nearest(came, TODAY, timedelta(days=14)) == expected


def test_function_is_told_of_the_day_on_which_it_was_asked(
    take: Take, course: Course, psychiatrist: Professional
) -> None:
    treatment.record_rating(
        patient=course.patient,
        rated=Rated(
            instrument="wsas",
            answers={f"i{number}": 4 for number in range(1, 6)},
            timing=Timing.BASELINE,
            mode=Mode.SELF,
            rater="patient",
        ),
        entered=entered(),
        by=psychiatrist,
        at=NOON,
    )
    assert known(take(), "function") == [{"asked_on": MARCH_2, "wsas": 20}]


@pytest.mark.anywhere
def test_blood_tests_are_taken_when_each_of_them_is_and_on_the_oldest_day() -> None:
    done = {item: [MARCH_2 - number * DAY] for number, item in enumerate(BLOOD_TESTS)}
    later = {**done, "liver": [*done["liver"], MARCH_2 + DAY]}
    oldest = MARCH_2 - (len(BLOOD_TESTS) - 1) * DAY
    assert examined(later, before=MARCH_2)["blood_tests_on"] == oldest
    assert examined({"liver": [MARCH_2]}, before=MARCH_2)["blood_tests_on"] is None
    assert examined({"ecg": [MARCH_2 + DAY]}, before=MARCH_2)["ecg_on"] is None


def test_how_late_it_was_entered_is_told_in_days(
    take: Take, course: Course, nurse: Professional, give: Give
) -> None:
    give(0)
    start = NOON + 3 * DAY
    treatment.record_session(
        course=course,
        given=treatment.Given(
            started_at=start,
            stopped_at=start + timedelta(minutes=40),
            prescribed_mg=Decimal(40),
            delivered_mg=Decimal(40),
        ),
        entered=entered(start),
        by=nurse,
        at=start + 9 * DAY,
    )
    [lag] = [one for one in status(take()).lags if one.what == "session"]
    assert (lag.rows, lag.middle, lag.longest) == (2, 4, 8)


def test_the_patient_of_another_day_is_the_same(take: Take, kari: Patient, moss: Unit) -> None:
    """The clock of the machine is nowhere in what leaves."""
    before = take().digests
    assert timezone.localdate() != TODAY
    assert take().digests == before
