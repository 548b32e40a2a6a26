"""The predicted concentration under the vital signs: off until a doctor of the unit turns it on."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.charted import session_picture
from lysglimt.clinic.chairside.concentration import concentration, delivered, grid
from lysglimt.clinic.chairside.models import ConcentrationSetting, Session
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.design.charts import Scene
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.science.kinetics.model import Route
from tests.clinic.chairside import typed
from tests.clinic.conftest import Staff

from .at_the_page import Clock, send, shown, words

NEVER = "Populasjonsmodell, ikke en måling, aldri en dose."
ADDRESS = "/unit/concentration/"


@pytest.fixture
def turned_on(psychiatrist: Professional) -> ConcentrationSetting:
    return actions.set_concentration(on=True, by=psychiatrist, at=timezone.now())


def scene_of(session: Session) -> Scene | None:
    sheet = sheet_of(session, now=timezone.now())
    with override("en"):
        return concentration(sheet, session_picture(sheet, judged=True))


def drawn(session: Session) -> Scene:
    scene = scene_of(session)
    assert scene is not None
    return scene


def middle(session: Session) -> dict[int, int]:
    """By minute, in ng/ml."""
    return {int(row[0]): int(row[2]) for row in drawn(session).rows}


def test_nobody_has_turned_it_on_and_it_is_not_shown(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(20)
    assert NEVER not in shown(as_nurse, running)


def test_turned_on_it_says_first_what_it_is_not(
    running: Session, as_nurse: Client, clock: Clock, turned_on: ConcentrationSetting
) -> None:
    clock.move(20)
    page = shown(as_nurse, running)
    assert NEVER in page
    assert "Beregnet ketamin (ng/ml)" in page
    assert "Rasemisk ketamin i blodåre (S + R)" in page


def test_in_journal_mode_it_is_never_shown(
    running: Session,
    as_nurse: Client,
    psychiatrist: Professional,
    clock: Clock,
    turned_on: ConcentrationSetting,
) -> None:
    at = timezone.now()
    people.state_purpose(unit=running.unit, on=False, by=psychiatrist, at=at)
    clock.move(20)
    assert NEVER not in shown(as_nurse, running)


def test_turned_off_again_it_is_gone(
    running: Session,
    as_nurse: Client,
    psychiatrist: Professional,
    clock: Clock,
    turned_on: ConcentrationSetting,
) -> None:
    actions.set_concentration(on=False, by=psychiatrist, at=timezone.now())
    clock.move(20)
    assert NEVER not in shown(as_nurse, running)


@pytest.mark.usefixtures("turned_on")
@pytest.mark.parametrize("stage", ["before", "infusing", "after"])
def test_the_page_still_asks_the_database_ten_times_at_most(
    prepared: Session, as_nurse: Client, stage: str, django_assert_max_num_queries: Any
) -> None:
    for act in {"before": [], "infusing": ["start"], "after": ["start", "stop"]}[stage]:
        send(as_nurse, "pump.record", prepared.pk, typed.pump(act))
    with django_assert_max_num_queries(10):
        as_nurse.get(reverse("session", args=[prepared.pk]))


def test_before_anything_is_delivered_there_is_nothing_to_draw(prepared: Session) -> None:
    assert scene_of(prepared) is None


def test_it_rises_while_the_pump_runs_and_the_table_says_what_was_delivered(
    running: Session, clock: Clock
) -> None:
    clock.move(20)
    scene = drawn(running)
    assert scene.rows[0] == ("0", "0.0", "0", "0–0")
    levels = list(middle(running).values())
    assert all(one < other for one, other in pairwise(levels))
    assert Decimal(scene.rows[-1][1]) == pytest.approx(Decimal(20), abs=Decimal("0.6"))
    low, _, high = scene.rows[-1][3].partition("–")
    assert int(low) < levels[-1] < int(high)


def test_a_pause_lets_it_fall_and_is_marked(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(20)
    send(as_nurse, "pump.record", running.pk, typed.pump("pause", pause_reason="toilet"))
    at_the_pause = max(middle(running).values())
    clock.move(15)
    scene = drawn(running)
    assert int(scene.rows[-1][2]) < at_the_pause
    assert [box.kind for box in scene.boxes] == ["pause"]


def test_never_more_is_drawn_than_the_syringe_held(running: Session, clock: Clock) -> None:
    clock.move(90)
    sheet = sheet_of(running, now=timezone.now())
    assert sheet.delivery is not None
    assert sheet.order is not None
    doses = list(delivered(sheet.delivery, until=sheet.now))
    assert sum(one.milligrams for one in doses) == pytest.approx(float(sheet.order.dose_mg))
    assert sum(one.hours for one in doses) == pytest.approx(sheet.order.minutes / 60, abs=0.01)


def test_what_the_model_gives_is_what_the_clock_knows(running: Session, clock: Clock) -> None:
    """Delivered by the pump's own account, at every minute."""
    clock.move(33)
    sheet = sheet_of(running, now=timezone.now())
    assert sheet.delivery is not None
    started, by_then = sheet.delivery.started, sheet.delivery.delivered(sheet.now)
    doses = list(delivered(sheet.delivery, until=sheet.now))
    hours = (sheet.now - started) / timedelta(hours=1)
    assert sum(one.delivered(hours) for one in doses) == pytest.approx(float(by_then.value))


def test_it_stands_under_the_trend_minute_by_minute(running: Session, clock: Clock) -> None:
    clock.move(20)
    scene = drawn(running)
    [now] = [line for line in scene.lines if line.kind == "today"]
    last = scene.curves[-1].points.split()[-1]
    assert abs(int(last.partition(",")[0]) - now.x1) <= 1
    for curve in scene.curves:
        for point in curve.points.split():
            x, y = map(int, point.split(","))
            assert 0 <= x <= scene.width
            assert 0 <= y <= scene.height


def test_beside_another_substance_nothing_is_drawn(
    running: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.move(20)
    other = dict.fromkeys(Route, "N01AX10")
    monkeypatch.setattr("lysglimt.clinic.chairside.concentration.SUBSTANCES", other)
    assert scene_of(running) is None


def test_the_grid_ends_at_the_last_minute_and_is_never_long() -> None:
    for last in (1, 7, 40, 119, 121, 1000, 90000):
        minutes = grid(last)
        assert minutes[0] == 0
        assert minutes[-1] == last
        assert all(one < other for one, other in pairwise(minutes))
    assert max(len(grid(last)) for last in range(1, 2000)) <= 122


def test_it_stays_as_it_was_once_the_patient_has_gone_home(
    stopped: Session, clock: Clock
) -> None:
    clock.move(60)
    peak = max(middle(stopped).values())
    assert middle(stopped)[max(middle(stopped))] < peak


def test_a_doctor_turns_it_on_by_name(as_doctor: Client, psychiatrist: Professional) -> None:
    assert "den er av" in words(as_doctor.get(ADDRESS))  # type: ignore[arg-type]  # Django's test client
    refused = as_doctor.post(ADDRESS, {})
    assert refused.status_code == 422
    done = as_doctor.post(ADDRESS, {"on": "on"})
    assert done["Location"] == ADDRESS
    row = ConcentrationSetting.objects.get()
    assert (row.on, row.by) == (True, psychiatrist)
    assert Event.objects.filter(operation="unit.concentration").count() == 1
    page = words(as_doctor.get(ADDRESS))  # type: ignore[arg-type]  # likewise
    assert f"På, {psychiatrist}" in page
    assert "viser den under de vitale målingene" in page
    as_doctor.post(ADDRESS, {"on": "off"})
    assert "viser bare det som er målt" in words(as_doctor.get(ADDRESS))  # type: ignore[arg-type]  # likewise
    assert ConcentrationSetting.objects.count() == 2


def test_its_page_says_when_the_unit_keeps_a_journal_only(
    as_doctor: Client, moss: Unit, psychiatrist: Professional
) -> None:
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=timezone.now())
    assert "vises ikke ved noen stol" in words(as_doctor.get(ADDRESS))  # type: ignore[arg-type]  # likewise


def test_administration_leads_there(as_doctor: Client) -> None:
    assert f'href="{ADDRESS}"' in as_doctor.get("/administration/").content.decode()


@pytest.mark.parametrize("role", [Role.NURSE, Role.UNIT_LEAD, Role.ADMINISTRATOR])
def test_others_than_doctors_may_not(moss: Unit, staff: Staff, role: Role) -> None:
    client = Client()
    client.force_login(staff(moss, role, "another"))
    assert client.post(ADDRESS, {"on": "on"}).status_code == 403
    assert not ConcentrationSetting.objects.exists()


def test_another_unit_is_not_turned_on_with_it(
    halden: Unit, turned_on: ConcentrationSetting
) -> None:
    assert ConcentrationSetting.objects.on_in(turned_on.unit)
    assert not ConcentrationSetting.objects.on_in(halden)


def test_the_database_refuses_to_change_what_was_chosen(
    turned_on: ConcentrationSetting,
) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ConcentrationSetting.objects.filter(pk=turned_on.pk).update(on=False)
