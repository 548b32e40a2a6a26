"""What a tablet takes along of a session is what the page and the rules say."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.infusing import infused_in
from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.chairside.observing import next_observation, overdue
from lysglimt.clinic.chairside.off_line import plan_off_line
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.knowledge.dosing.devices import DeviceAct
from lysglimt.knowledge.monitoring.limits import Light, limits
from tests.clinic.chairside import let_in, nasal, typed
from tests.clinic.conftest import NOON

from .at_the_page import Clock, send, shown
from .tablet import plan

MINUTE = timedelta(minutes=1)
AMBER, GREEN = "172/92", "124/76"
CHARTED = [
    pytest.param([], id="nothing charted"),
    pytest.param([(6, GREEN)], id="inside"),
    pytest.param([(6, AMBER)], id="outside"),
    pytest.param([(6, AMBER), (12, GREEN)], id="inside again"),
    pytest.param([(5, GREEN), (47, AMBER)], id="outside late"),
    pytest.param([(5, GREEN), (130, AMBER)], id="outside when the intervals are long"),
]


def told(session: Session) -> Any:
    return plan_off_line(sheet_of(session, now=timezone.now()))


def reckoned(said: Any) -> tuple[int, int] | None:
    """When the next is due, and when overdue, as a tablet compares: it decides nothing."""
    planned, last = said["planned"], said["measured_last"]
    if last is None:
        return planned[0]["at"], planned[0]["late"]
    nearest = min(range(len(planned)), key=lambda n: abs(planned[n]["at"] - last))
    following = planned[nearest + 1] if nearest + 1 < len(planned) else None
    current = following or planned[nearest]
    sooner = last + current["tight"]
    if said["outside_now"] and (following is None or sooner < following["at"]):
        return sooner, sooner + current["tight_grace"]
    return (following["at"], following["late"]) if following else None


def agree(session: Session) -> None:
    """The tablet and the rules: when it is due, and from which minute it is overdue."""
    sheet = sheet_of(session, now=timezone.now())
    said = plan_off_line(sheet)
    ruled, found = next_observation(sheet, at=sheet.now), reckoned(said)
    assert ruled is not None
    assert found is not None
    due, late = (datetime.fromtimestamp(one / 1000, NOON.tzinfo) for one in found)
    assert abs(due - ruled.at) < timedelta(milliseconds=1)
    since = max(late, sheet.now)
    assert overdue(next_observation(sheet, at=since + timedelta(seconds=1)))
    assert not overdue(next_observation(sheet, at=late - MINUTE))


def chart(session: Session, client: Client, clock: Clock, sets: list[tuple[int, str]]) -> None:
    begun = sheet_of(session, now=timezone.now()).started
    assert begun
    for minute, pressure in sets:
        clock.at = begun + minute * MINUTE
        send(client, "vitals.record", session.pk, typed.vitals(pressure))


@pytest.mark.parametrize("sets", CHARTED)
def test_an_infusion_is_observed_next_when_the_rules_say(
    running: Session, as_nurse: Client, clock: Clock, sets: list[tuple[int, str]]
) -> None:
    chart(running, as_nurse, clock, sets)
    assert told(running)["route"] == "iv"
    agree(running)


@pytest.mark.parametrize("pressure", [AMBER, GREEN])
def test_a_time_that_was_typed_is_when_it_was_measured(
    running: Session, as_nurse: Client, clock: Clock, pressure: str
) -> None:
    clock.move(20)
    at = timezone.localtime(clock.at - 8 * MINUTE)
    send(as_nurse, "vitals.record", running.pk, typed.vitals(pressure, clock=f"{at:%H:%M}"))
    said = told(running)
    assert said["measured_last"] == int(at.replace(second=0, microsecond=0).timestamp() * 1000)
    agree(running)


def test_a_danger_sign_that_is_tapped_is_no_observation_and_is_told_by_its_name(
    running: Session, as_nurse: Client, clock: Clock, psychiatrist: Professional
) -> None:
    clock.move(6)
    send(as_nurse, "vitals.record", running.pk, typed.vitals(GREEN))
    measured = told(running)["measured_last"]
    clock.move(3)
    pain: typed.Typed = {"entry": typed.entry(), "ago": "0", "signs": "chest_pain"}
    send(as_nurse, "vitals.record", running.pk, pain)
    said = plan(running, as_nurse).json()["plan"]
    assert said["measured_last"] == measured
    assert said["outside_now"]
    agree(running)
    [newest, before, *_] = said["stored"]["sets"]
    sign = {"id": "chest_pain", "name": "Brystsmerter"}
    assert (newest["kind"], newest["light"], newest["signs"]) == ("danger", "red", [sign])
    assert (before["kind"], before["light"], before["signs"]) == ("vitals", None, [])
    assert before["values"]["systolic"] == 124
    [stands] = said["standing"]
    assert (stands["id"], stands["name"]) == ("chest_pain", "Brystsmerter")
    assert datetime.fromisoformat(stands["at"]).timestamp() * 1000 == pytest.approx(
        newest["measured_at"], abs=1
    )
    assert said["doctor"]["name"] == str(psychiatrist)
    task = SafetyTask.objects.get()
    assert datetime.fromisoformat(said["called"]) == task.opened_at


def test_where_nothing_is_known_the_plan_says_so(session: Session, as_nurse: Client) -> None:
    said = plan(session, as_nurse).json()["plan"]
    assert (said["doctor"], said["called"], said["devices"]) == (None, None, None)
    assert (said["tight"], said["measured_last"], said["outside_now"]) == (None, None, False)
    assert (said["standing"], said["planned"], said["held"]) == ([], [], {})


def test_what_is_red_if_it_lasts_is_shown_before_plain_amber(
    running: Session, as_nurse: Client
) -> None:
    said = told(running)
    for column in said["columns"]:
        rule = said["held"].get(column["name"])
        shades = [one["light"] for one in column["bands"]]
        assert shades == sorted(shades, key=lambda one: one != "red"), column["name"]
        if rule is None:
            continue
        shown_first = next(
            one
            for one in column["bands"]
            if one["above"] and one["above"] <= rule["at"] and one["light"] == Light.AMBER
        )
        assert "mål på nytt" in shown_first["words"].lower()
    apart = limits().held.apart.value // MINUTE
    systolic = limits().during["systolic"].red_held_from
    assert systolic
    assert said["held"]["systolic"] == {"at": systolic.value, "apart": apart}
    assert {"systolic", "diastolic", "pulse"} == {*said["held"]}


def test_a_recheck_has_the_grace_of_its_own_interval(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(6)
    send(as_nurse, "vitals.record", running.pk, typed.vitals(AMBER))
    said = told(running)
    assert said["tight"] == {"minutes": 5, "grace": 4}
    assert said["planned"][0]["tight_grace"] == 4 * 60_000


@pytest.fixture
def by_nose(
    kari: Patient,
    psychiatrist: Professional,
    nurse: Professional,
    colleague: Professional,
    clock: Clock,
) -> Session:
    """Two devices ordered, the first given."""
    course = nasal.course_of(kari, by=psychiatrist)
    session = actions.open_session(course=course, planned_on=NOON.date(), by=nurse, at=NOON)
    let_in.agree(kari, by=psychiatrist)
    let_in.accept(kari, by=psychiatrist)
    order = nasal.ordered(session, by=psychiatrist)
    actions.sign_device_order(order=order, by=psychiatrist, at=NOON)
    nasal.check(order, by=nurse, other=colleague)
    nasal.let_through(session, by=psychiatrist)
    nasal.give(session, 1, by=nurse)
    clock.at = NOON + 2 * MINUTE
    return session


@pytest.mark.parametrize("sets", CHARTED)
def test_a_session_by_nose_is_observed_next_when_its_own_rules_say(
    by_nose: Session, as_nurse: Client, clock: Clock, sets: list[tuple[int, str]]
) -> None:
    chart(by_nose, as_nurse, clock, sets)
    agree(by_nose)


def test_the_devices_of_a_session_by_nose_are_taken_along(
    by_nose: Session, as_nurse: Client
) -> None:
    said = plan(by_nose, as_nurse).json()["plan"]
    assert said["route"] == "intranasal"
    given = (NOON + MINUTE).astimezone()
    assert said["devices"]["ordered"] == 2
    [first] = said["devices"]["given"]
    assert (first["number"], datetime.fromisoformat(first["at"])) == (1, given)
    assert datetime.fromisoformat(said["devices"]["next_from"]) == given + 5 * MINUTE
    figures = " ".join(f"{name} {value}" for name, value in said["figures"])
    assert "ml/t" not in figures
    assert "1 av 2 sprayenheter gitt" in figures
    assert [words for _, words, kind in said["stored"]["happened"] if kind == "device"] == [
        "Sprayenhet 1 gitt"
    ]


def test_a_doctor_who_is_called_to_a_session_by_nose_is_asked_what_is_decided(
    by_nose: Session, as_nurse: Client, as_doctor: Client, clock: Clock
) -> None:
    clock.move(8)
    pain: typed.Typed = {"entry": typed.entry(), "ago": "0", "signs": "chest_pain"}
    send(as_nurse, "vitals.record", by_nose.pk, pain)
    task = SafetyTask.objects.get()
    page = as_doctor.get(reverse("task.acknowledge", args=[task.pk]))
    assert "Nødanrop og overflytting" in page.content.decode()
    assert "Kan pasienten behandles i dag?" not in page.content.decode()
    assert "Rødt: Brystsmerter" in shown(as_nurse, by_nose)


def test_a_session_by_nose_that_nobody_ended_closes_the_start_of_another(
    by_nose: Session, nurse: Professional
) -> None:
    """One of two devices is given; on the same day the patient is to be infused in another course."""
    other = actions.open_session(
        course=by_nose.course, planned_on=NOON.date() + 24 * 60 * MINUTE, by=nurse, at=NOON
    )
    assert infused_in(other, on=other.planned_on) == by_nose.pk
    assert infused_in(by_nose, on=by_nose.planned_on) is None
    nasal.give(by_nose, 8, by=nurse)
    assert infused_in(other, on=other.planned_on) is None, "both that were ordered are given"


def test_a_session_by_nose_whose_end_is_charted_is_over(
    by_nose: Session, nurse: Professional
) -> None:
    other = actions.open_session(
        course=by_nose.course, planned_on=NOON.date() + 24 * 60 * MINUTE, by=nurse, at=NOON
    )
    nasal.give(by_nose, 8, by=nurse, used=nasal.use(8, DeviceAct.ENDED))
    assert infused_in(other, on=other.planned_on) is None
