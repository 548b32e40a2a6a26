"""A clock that jumped is seen in the trail; it breaks no chain and stops no write."""

from datetime import datetime, timedelta

import pytest
from django.test import override_settings

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit import trail
from lysglimt.clinic.audit.circumstances import under
from lysglimt.clinic.audit.models import Link, Read, Seal
from lysglimt.server.examination import clock, seals
from lysglimt.server.sealer import work
from tests.clinic.conftest import NOON
from tests.server.commands import lysglimt as command

from .trail import NURSE, written

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Wall:
    """The clock of the server, as whoever can set it sets it."""

    def __init__(self) -> None:
        self.shows = NOON

    def now(self) -> datetime:
        return self.shows


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    shown = Wall()
    monkeypatch.setattr("django.utils.timezone.now", shown.now)
    return shown


def a_page_is_read(at: datetime, *, origin: str = "page") -> Read:
    with under(origin=origin):
        return audit.record_read(by=NURSE, at=at, operation="patient", patients=[])


def at_work(wall: Wall, *moments: datetime) -> None:
    """At each of them a page is read, and the sealer passes."""
    for moment in moments:
        wall.shows = moment
        a_page_is_read(moment)
        work(everything=False)


def told() -> list[str]:
    return [seen.what.partition(",")[0] for seen in trail.verdict().observations]


@pytest.mark.parametrize(
    ("jump", "says"),
    [
        pytest.param(-2 * HOUR, "the clock went back by 1:59:00", id="summer time set twice"),
        pytest.param(400 * DAY, "the clock went ahead by 400 days", id="a year mistyped"),
    ],
)
def test_a_jump_is_told_and_the_chain_is_whole(wall: Wall, jump: timedelta, says: str) -> None:
    later = NOON + MINUTE + jump
    at_work(wall, NOON, later, later + MINUTE)
    found = trail.verdict()
    assert found.sound
    assert (found.links, found.waiting) == (3, 0), "every write was taken"
    assert any(seen.what.startswith(says) for seen in found.observations)
    ran = command("audit", "verify")
    assert ran.code == 0
    assert f"NOTE read/{Read.objects.latest('pk').pk - 1}: {says}" in ran.out
    assert "the trail saw it jump" in clock().says


def test_a_clock_that_was_ahead_and_is_set_right_again_is_sealed_on(wall: Wall) -> None:
    """Else nothing would be sealed until the day that it had shown."""
    far = NOON + 400 * DAY
    at_work(wall, NOON, far, NOON + HOUR)
    assert list(Seal.objects.order_by("number").values_list("made_at", flat=True)) == [
        NOON,
        far,
        NOON + HOUR,
    ]
    at_work(wall, NOON + 2 * HOUR)
    assert Seal.objects.count() == 3, "once, and not with every pass"
    a_page_is_read(NOON + 2 * HOUR)
    found = trail.verdict()
    assert (found.sound, found.waiting) == (True, 1)


def test_what_waits_after_the_clock_was_ahead_was_not_left_out(wall: Wall) -> None:
    at_work(wall, NOON, NOON + 400 * DAY)
    wall.shows = NOON + HOUR
    a_page_is_read(NOON + HOUR)
    assert trail.verdict().faults == ()


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param([NOON, NOON + HOUR, NOON + 8 * HOUR], id="a day at work"),
        pytest.param([NOON, NOON - MINUTE, NOON], id="two processes, a minute apart"),
        pytest.param([NOON, NOON + 24 * HOUR], id="the next day"),
    ],
)
def test_a_clock_that_runs_as_it_should_is_not_remarked_on(
    wall: Wall, moments: list[datetime]
) -> None:
    at_work(wall, *moments)
    assert told() == []


def test_a_weekend_without_a_patient_is_no_jump(wall: Wall) -> None:
    at_work(wall, NOON)
    for day in (1, 2, 3):
        wall.shows = NOON + day * DAY
        work(everything=False)
    at_work(wall, NOON + 3 * DAY + HOUR)
    assert told() == []


def test_a_seal_alone_shows_a_jump(wall: Wall) -> None:
    at_work(wall, NOON)
    wall.shows = NOON + 400 * DAY
    work(everything=False)
    [seen] = trail.verdict().observations
    assert seen.where.startswith("seal 2 of ")


def test_a_long_import_has_one_moment_and_is_no_jump(wall: Wall) -> None:
    for minute in range(0, 12, 3):
        at_work(wall, NOON + minute * MINUTE)
        a_page_is_read(NOON, origin="command")
    work(everything=True)
    assert told() == []


def test_many_jumps_are_counted_and_twenty_are_told(wall: Wall) -> None:
    at_work(wall, *(NOON + (number % 2) * 4 * HOUR for number in range(30)))
    lines = command("audit", "verify").out.splitlines()
    assert sum(line.startswith("NOTE ") for line in lines) == 21
    assert "more: see --json" in "\n".join(lines)


def test_the_doctor_looks_at_the_newest_links_alone(
    wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work(wall, NOON, NOON - 2 * HOUR, NOON - HOUR, NOON)
    assert trail.clock_jumps()
    monkeypatch.setattr(trail, "NEWEST", 2)
    assert trail.clock_jumps() == []
    assert told() != []


def test_an_empty_trail_says_nothing_of_the_clock() -> None:
    assert trail.clock_jumps() == []
    assert (seals().sound, seals().says) == (True, "nothing to seal yet")


@pytest.mark.parametrize(
    ("hours", "sound", "says"),
    [
        (0, True, "the trail was sealed 0.0 hours ago"),
        (25, True, "the trail was sealed 25.0 hours ago"),
        (27, False, "the trail was sealed 27.0 hours ago"),
        (-2, False, "the trail was sealed at 2026-03-02 12:00 UTC, which is still to come"),
    ],
)
def test_the_doctor_says_how_old_the_last_seal_is(
    wall: Wall, settings: object, hours: int, *, sound: bool, says: str
) -> None:
    written(3, at=NOON - 2 * MINUTE)
    wall.shows = NOON + hours * HOUR
    with override_settings(DEMO=False):
        finding = seals()
    assert (finding.sound, finding.says) == (sound, says)
    assert "audit seal" in finding.remedy


def test_a_trail_that_nobody_ever_sealed_is_told_after_a_day(wall: Wall) -> None:
    a_page_is_read(NOON)
    with override_settings(DEMO=False):
        assert seals().sound
        wall.shows = NOON + 27 * HOUR
        finding = seals()
    assert (finding.sound, finding.says) == (
        False,
        "never sealed; the trail began 27.0 hours ago",
    )
    with override_settings(DEMO=True):
        assert seals().sound, "nobody looks after the trail of a demonstration"
    assert Link.objects.count() == 0
