"""What was typed without the network comes in: once, at its time, for the session's own unit."""

import base64
import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.audit.models import Read
from lysglimt.clinic.chairside.models import Session, VitalSet
from lysglimt.clinic.chairside.shell import SCRIPTS, WORKER
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling.calendar import OSLO
from tests.clinic.chairside import typed
from tests.clinic.conftest import KARI, NUMBER, Staff

from .at_the_page import Clock, send, shown, words
from .tablet import HOUR, plan, sent


def stored_minutes_ago() -> float:
    row = VitalSet.objects.latest("pk")
    return float((row.received_at - row.happened_at) / timedelta(minutes=1))


def test_the_plan_names_nobody_and_whoever_took_it_along_is_in_the_log(
    running: Session, as_nurse: Client
) -> None:
    note = {"comment": f"{KARI.family_name} er uvel"}
    send(as_nurse, "vitals.record", running.pk, typed.vitals("131/82", **note))
    send(as_nurse, "event.record", running.pk, typed.tile("other", comment=KARI.given_name))
    answer = plan(running, as_nurse)
    said = answer.content.decode()
    told = json.loads(said)
    assert not [name for name in (KARI.family_name, KARI.given_name, NUMBER) if name in said]
    assert ["131/82", "green"] in told["plan"]["stored"]["sets"][0]["cells"]
    assert len(base64.b64decode(told["key"])) == 32
    assert told["wristband"] in shown(as_nurse, running)
    assert Read.objects.filter(operation="session.off-line").count() == 1


def test_two_sessions_have_neither_code_nor_key_in_common(session: Session) -> None:
    other = Session(pk=uuid4())
    assert session.wristband != other.wristband
    assert session.off_line_key != other.off_line_key
    assert Session(pk=session.pk).wristband == session.wristband


def test_of_another_unit_nobody_gets_the_key_nor_stores_anything(
    running: Session, halden: Unit, staff: Staff, client: Client
) -> None:
    client.force_login(staff(halden, Role.NURSE))
    before = VitalSet.objects.count()
    assert plan(running, client).status_code == 403
    assert sent(running, client, typed.vitals()).status_code == 403
    assert VitalSet.objects.count() == before


def test_it_is_stored_once_at_the_time_at_which_it_was_typed(
    running: Session, as_nurse: Client
) -> None:
    before, row = VitalSet.objects.count(), typed.vitals("136/82", ago="2")
    for _ in range(3):
        answer = sent(running, as_nurse, row)
        assert answer.json() == {"stored": True, "moved": False}
    assert VitalSet.objects.count() == before + 1
    assert stored_minutes_ago() == pytest.approx(12, abs=0.2)
    assert VitalSet.objects.latest("pk").late


def test_it_is_of_the_phase_that_it_was_of_when_it_is_sent_again_after_the_stop(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    row = typed.vitals("136/82")
    assert sent(running, as_nurse, row).status_code == 200
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    clock.move(70)
    assert sent(running, as_nurse, row).json()["stored"]


@pytest.mark.parametrize(
    ("by", "minutes", "moved"),
    [
        pytest.param({}, 10, "", id="a clock that is right"),
        pytest.param({"all": -400 * 24 * HOUR}, 10, "", id="always 400 days behind"),
        pytest.param({"reckoned": -2 * HOUR}, 10, "moved", id="set back two hours before it was typed"),
        pytest.param({"reckoned": 400 * 24 * HOUR}, 10, "moved", id="set on 400 days before it was typed"),
        pytest.param({"sent": 400 * 24 * HOUR}, 10, "moved", id="set on 400 days after it was typed"),
        pytest.param({"sent": -2 * HOUR}, 10, "moved", id="set back two hours after it was typed"),
        pytest.param({"reckoned": 400 * 24 * HOUR, "sent": -2 * HOUR}, 0, "moved", id="moved twice"),
    ],
)  # fmt: skip
def test_a_wrong_clock_refuses_nothing_and_the_time_is_reckoned_past_it(
    running: Session,
    as_nurse: Client,
    clock: Clock,
    by: dict[str, int],
    minutes: int,
    moved: str,
) -> None:
    clock.move(30)
    now = int(timezone.now().timestamp() * 1000)
    at = now - 600_000
    off = by.get("all", 0)
    said = {
        "typed_at": at + off,
        "sent_at": now + off + by.get("sent", 0),
        # Reckoned by what the tablet's clock was off when the plan was fetched.
        "reckoned_at": at + by.get("reckoned", 0),
        "fetched_at": now - 1_200_000,
    }
    if "reckoned" in by and "sent" not in by:
        said = said | {"typed_at": at + by["reckoned"], "sent_at": now + by["reckoned"]}
    answer = sent(running, as_nurse, typed.vitals("136/82"), **said)
    assert answer.json() == {"stored": True, "moved": bool(moved)}
    assert stored_minutes_ago() == pytest.approx(minutes, abs=0.2)


def test_what_is_sent_at_once_was_measured_now_though_a_clock_was_moved_and_that_is_told(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(30)
    now = int(timezone.now().timestamp() * 1000)
    by_tablet = now - 2 * HOUR
    said = {
        "typed_at": by_tablet,
        "sent_at": by_tablet + 400,
        "reckoned_at": now - 360_000,
        "fetched_at": now - 360_000,
    }
    answer = sent(running, as_nurse, typed.vitals("136/82"), **said)
    assert answer.json() == {"stored": True, "moved": True}
    assert stored_minutes_ago() == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize(
    "nonsense",
    [
        pytest.param({"typed_at": "", "sent_at": "", "reckoned_at": "", "fetched_at": ""}, id="no times"),
        pytest.param({"reckoned_at": "8640000000000", "typed_at": "8640000000000"}, id="year 2243"),
        pytest.param({"reckoned_at": "-8640000000000", "fetched_at": "-8640000000000"}, id="year 1696"),
    ],
)  # fmt: skip
def test_times_that_say_nothing_store_it_now(
    running: Session, as_nurse: Client, nonsense: dict[str, str]
) -> None:
    answer = sent(running, as_nurse, typed.vitals(), **nonsense)
    assert answer.json()["stored"]


def test_a_time_of_the_clock_is_read_as_of_when_it_was_typed(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(30)
    was = (timezone.now() - timedelta(minutes=10)).astimezone(OSLO)
    ahead, before = (f"{was + timedelta(minutes=m):%H:%M}" for m in (5, -5))
    told = sent(running, as_nurse, typed.vitals(clock=ahead)).json()
    assert ahead in told["refused"][0]
    assert sent(running, as_nurse, typed.vitals(clock=before)).json()["stored"]


def test_what_the_rules_refuse_is_told_in_their_words_and_danger_in_it_is_stored(
    running: Session, as_nurse: Client
) -> None:
    before = VitalSet.objects.count()
    answer = sent(running, as_nurse, typed.vitals("1200/80", signs=["chest_pain"]))
    assert answer.status_code == 422
    assert "1200 er utenfor 50–300 mmHg" in answer.json()["refused"][0]
    [danger] = VitalSet.objects.all()[before:]
    assert danger.signs == ["chest_pain"]


def test_what_is_unusual_says_which_tick_confirms_it(
    running: Session, as_nurse: Client
) -> None:
    row = typed.vitals("202/104")
    answer = sent(running, as_nurse, row).json()
    assert answer["confirm"] == "systolic=202"
    assert "202" in answer["asked"]
    assert sent(running, as_nurse, row | {"confirmed": answer["confirm"]}).json()["stored"]


def test_an_event_that_says_too_little_is_refused(running: Session, as_nurse: Client) -> None:
    answer = sent(running, as_nurse, typed.tile("drug_given"), what="event")
    assert answer.status_code == 422
    assert "hvor mye" in " ".join(answer.json()["refused"])
    assert sent(running, as_nurse, typed.vitals(), what="pump").status_code == 422


def test_before_the_start_the_ranges_are_those_for_a_start(
    session: Session, as_nurse: Client
) -> None:
    [systolic, *_] = plan(session, as_nurse).json()["plan"]["columns"]
    assert [(one["light"], one["above"]) for one in systolic["bands"]] == [
        ("red", 160),
        ("amber", 140),
    ]


def test_in_journal_mode_nothing_is_judged(
    running: Session, as_nurse: Client, moss: Unit, psychiatrist: Professional
) -> None:
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=timezone.now())
    told = plan(running, as_nurse).json()["plan"]
    assert not [one for one in told["columns"] if one["bands"]]
    assert told["planned"] == []


def test_who_loses_to_another_correction_sees_both_and_keeps_what_was_typed(
    running: Session, as_nurse: Client, colleague: Professional
) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("136/82"))
    row = VitalSet.objects.latest("pk")
    first, second = (typed.vitals(one, reason="feil avlest") for one in ("138/82", "140/82"))
    beside = Client()
    beside.force_login(colleague)
    send(beside, "vitals.correct", row.pk, first)
    page = as_nurse.post(reverse("vitals.correct", args=[row.pk]), second)
    assert page.status_code == 422
    told = words(page)  # type: ignore[arg-type]  # Django's test client
    assert "Ingenting av ditt er lagret ennå" in told
    assert "138" in told
    newest = VitalSet.objects.history(row.entry).latest("revision")
    assert reverse("vitals.correct", args=[newest.pk]) in page.content.decode()
    assert 'value="140"' in page.content.decode()
    send(as_nurse, "vitals.correct", newest.pk, second)
    assert VitalSet.objects.history(row.entry).latest("revision").systolic == 140


def test_the_shell_is_the_same_for_all_and_names_nobody(
    running: Session, as_nurse: Client, client: Client
) -> None:
    for language, said in (("nb", "Uten nett"), ("en", "Without the network")):
        address = reverse("off-line", args=[language])
        page = as_nurse.get(address).content.decode()
        assert said in page
        assert page == Client().get(address).content.decode()
        assert "nurse Moss" not in page
    assert Client().get("/off-line/xx/").status_code == 404


def test_the_worker_keeps_the_shell_and_no_page_of_the_clinic() -> None:
    answer = Client().get("/service-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    [kept] = [
        line for line in answer.content.decode().splitlines() if line.startswith("const SHELL")
    ]
    paths = json.loads(kept.removeprefix("const SHELL = ").rstrip(";"))
    assert {"/off-line/nb/", "/off-line/en/"} <= {*paths}
    assert not [one for one in paths if not one.startswith(("/static/", "/off-line/"))]
    drawn = [one.removeprefix("/static/") for one in paths if one.startswith("/static/")]
    assert all(map(finders.find, drawn))


def test_the_shell_has_every_script_that_its_page_asks_for() -> None:
    """One that is missing is found in the browser's own cache, until it is not."""
    folder = WORKER.parent
    asked = {
        name
        for script in SCRIPTS
        for name in re.findall(r'from "\./([\w-]+\.js)"', (folder / script).read_text("utf-8"))
    }
    assert asked
    assert asked <= {*SCRIPTS}
