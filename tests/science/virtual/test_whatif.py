"""A clinic as it might be run: who waits, who is treated, what it uses and costs."""

import os
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import fmean

import pytest

from lysglimt.knowledge.calendar import months_after
from lysglimt.knowledge.errors import ClinicalError, Implausible, Inconsistent, Misstated
from lysglimt.knowledge.figures import Mark
from lysglimt.knowledge.protocols.course import course_state
from lysglimt.knowledge.protocols.facts import StopGround
from lysglimt.knowledge.sources.library import library
from lysglimt.science.course.symptoms import preset
from lysglimt.science.virtual.planning import (
    Change,
    ClinicPlan,
    Population,
    Prices,
    WhatIf,
    load,
    need,
    planned_protocol,
)
from lysglimt.science.virtual.queueing import FIRST_DAY, WARM_UP, House, run
from lysglimt.science.virtual.runs import Band, band, banded, seeds
from lysglimt.science.virtual.whatif import costs, coverage, outcome

from .test_courses import OF_PEOPLE

PLAN = ClinicPlan(
    chairs=2,
    nurses=2,
    referrals_a_week=Decimal(2),
    opens="08:00",
    closes="15:30",
    session_minutes=160,
    nurse_minutes=120,
    visit_minutes=30,
    assessment_minutes=90,
)
POOLED = preset("pooled")
LONG = os.environ.get("LYSGLIMT_LONG") == "true"


@cache
def ran(plan: ClinicPlan, seed: int = 1) -> House:
    return run(plan, POOLED, years=1, seed=seed)


def maintenance_gaps(house: House) -> list[int]:
    found = []
    for story in house.stories:
        given = [one.on for one in story.way(story.asked.until).maintenance]
        found += [(later - earlier).days for earlier, later in pairwise(given)]
    return found


def test_every_course_of_a_busy_clinic_is_one_that_the_engine_accepts() -> None:
    house = ran(replace(PLAN, chairs=1, nurses=1, referrals_a_week=Decimal(3)))
    assert len(house.stories) > 40
    for story in house.stories:
        state = course_state(planned_protocol(house.plan), story.facts, story.asked.until)
        assert {one.code for one in state.recorded.deviations} <= OF_PEOPLE


def test_no_day_has_more_sessions_than_there_is_room_for() -> None:
    house = ran(replace(PLAN, chairs=1, nurses=1, referrals_a_week=Decimal(3)))
    days = Counter(one.on for story in house.stories for one in story.sessions)
    assert max(days.values()) == 2
    assert all(day.weekday() < 5 for day in days)


def test_one_nurse_for_two_chairs_is_what_holds_the_clinic_up() -> None:
    busy = replace(PLAN, referrals_a_week=Decimal(6))
    many, few = ran(busy), ran(replace(busy, nurses=1))
    assert few.counts.sessions < many.counts.sessions
    assert few.counts.referred == many.counts.referred


def test_with_fewer_chairs_one_waits_longer_and_fewer_are_treated() -> None:
    wanted = Decimal(4 if LONG else 3)
    one, four = (
        outcome(
            1,
            plan=replace(PLAN, chairs=chairs, nurses=chairs, referrals_a_week=wanted),
            preset=POOLED,
            years=1,
        )
        for chairs in (1, 4)
    )
    assert one["referred"] == four["referred"]
    assert (one["wait_days_median"] or 0) > 2 * (four["wait_days_median"] or 0)
    assert (one["started"] or 0) < (four["started"] or 0)
    assert (one["waiting_for_start"] or 0) > (four["waiting_for_start"] or 0)
    assert (one["chair_use"] or 0) > 0.6
    assert (four["chair_use"] or 0) < 0.4


def test_the_same_seed_gives_the_same_year() -> None:
    plan = PLAN if LONG else replace(PLAN, referrals_a_week=Decimal("0.5"))
    one, again = (outcome(7, plan=plan, preset=POOLED, years=1) for _ in range(2))
    assert one == again != outcome(8, plan=plan, preset=POOLED, years=1)
    assert (one["sessions"] or 0) > 20


def test_what_is_used_is_what_the_sessions_take() -> None:
    found, house = outcome(1, plan=PLAN, preset=POOLED, years=1), ran(PLAN)
    given = sum(
        one.on >= FIRST_DAY + WARM_UP for story in house.stories for one in story.sessions
    )
    assert found["sessions"] == given
    minutes = given * 120 + (found["visits"] or 0) * 30
    assert found["nurse_hours"] == pytest.approx(minutes / 60)
    assert found["chair_use"] == pytest.approx(
        given * 160 / (2 * 450 * 5 * 365.25 / 7), rel=1e-6
    )
    assert found["assessment_hours"] == (found["referred"] or 0) * 1.5


def test_a_shorter_interval_gives_more_sessions_and_never_one_too_early() -> None:
    roomy = replace(PLAN, chairs=6, nurses=6, referrals_a_week=Decimal(4 if LONG else 2))
    usual, often = (
        maintenance_gaps(ran(replace(roomy, interval_days=days))) for days in (28, 14)
    )
    assert min(*usual, *often) >= 14
    assert fmean(often) < fmean(usual) - 4


def test_maintenance_ends_when_the_plan_says() -> None:
    house = ran(replace(PLAN, maintenance_months=4))
    for story in house.stories:
        way = story.way(story.asked.until)
        if way.maintenance:
            latest_day = months_after(way.given[0].on, 4) + timedelta(days=40)
            assert way.maintenance[-1].on <= latest_day


def test_a_stricter_rule_stops_more_who_are_not_helped_and_none_too_early() -> None:
    busy = replace(PLAN, referrals_a_week=Decimal(4 if LONG else 2))
    stopped = [
        [
            sum(session.on <= one.on for session in story.sessions)
            for story in ran(replace(busy, stop_below_percent=below)).stories
            for one in story.decisions
            if one.ground is StopGround.FUTILITY
        ]
        for below in (0, 50)
    ]
    assert len(stopped[0]) < len(stopped[1]) / 2
    assert min(stopped[1]) >= 4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"chairs": 0}, "chairs: 0"),
        ({"nurse_minutes": 161}, "up to 160, the session"),
        ({"session_minutes": 451, "nurse_minutes": 1}, "up to 450, a day"),
        ({"referrals_a_week": Decimal(0)}, "referrals_a_week"),
        ({"opens": "8 o'clock"}, "opens: 8 o'clock"),
        ({"closes": "15:75"}, "closes: 15:75"),
        ({"closes": "25:00"}, "00:00 to 24:00"),
        ({"interval_days": 7}, "14 to 84"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_what_can(
    change: dict[str, int], said: str
) -> None:
    with pytest.raises(Implausible, match=said.replace("(", "")):
        replace(PLAN, **change)  # type: ignore[arg-type]  # named fields of the plan


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"protocol": "private-clinic", "interval_days": 21}, id="no maintenance"),
        pytest.param(
            {"protocol": "private-clinic", "stop_below_percent": 30}, id="no futility"
        ),
    ],
)
def test_a_rule_that_the_protocol_cannot_keep_is_refused(change: dict[str, int]) -> None:
    with pytest.raises(ClinicalError):
        planned_protocol(replace(PLAN, **change))  # type: ignore[arg-type]  # likewise


def test_a_protocol_without_maintenance_runs_too() -> None:
    house = ran(replace(PLAN, protocol="private-clinic"))
    assert house.counts.sessions > 100
    assert maintenance_gaps(house) == []


def test_each_change_is_looked_at_by_itself() -> None:
    asked = WhatIf(PLAN, (Change("more", chairs=3), Change("later", closes="18:00")))
    assert [*asked.plans] == ["as it is", "more", "later"]
    assert asked.plans["as it is"] == PLAN
    assert asked.plans["more"] == replace(PLAN, chairs=3)
    assert asked.plans["later"] == replace(PLAN, closes="18:00")
    with pytest.raises(Inconsistent, match="name of its own"):
        WhatIf(PLAN, (Change("more"), Change("more")))


def test_a_file_with_an_unknown_word_is_refused_with_the_nearest(tmp_path: Path) -> None:
    place = tmp_path / "clinic.toml"
    place.write_text("[clinic]\nchair = 2\n", encoding="utf-8")
    with pytest.raises(Misstated, match=r"clinic\.toml: clinic\.chair.*nearest is 'chairs'"):
        load(place)


def test_costs_are_those_of_the_prices_entered() -> None:
    found = {
        "sessions": 100.0,
        "nurse_hours": 200.0,
        "referred": 50.0,
        "visits": 20.0,
        "responders": 10.0,
        "held_at_end": 0.0,
    }
    prices = Prices("NOK", *map(Decimal, (10, 2, 3, 4, 1000, 500)))
    money = costs(PLAN, prices, found, years=2)
    assert money["cost"] == 1000 + 400 + 150 + 80 + (2 * 1000 + 500) * 2
    assert money["cost_per_responder"] == 663
    assert money["cost_per_held_responder"] is None
    with pytest.raises(Implausible, match="visit"):
        Prices("NOK", visit=Decimal(-1))


def test_need_is_what_is_entered_or_a_share_of_the_country_with_its_source() -> None:
    assert need(Population(in_need_a_year=400)) == (400, 400, "entered", None, False)
    country = need(Population(share_of_country=Decimal(10)))
    assert country._asdict() == {
        "lowest": 1100,
        "highest": 1800,
        "source": "synapse",
        "mark": Mark.SEEN,
        "weak": True,
    }
    assert library()["synapse"].low, "a commercial clinic's page: whoever reads it is told"
    covered = coverage(Population(share_of_country=Decimal(10)), {"started": 220.0}, years=2)
    assert covered == {"coverage_lowest": 110 / 1800, "coverage_highest": 0.1}


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({}, Inconsistent),
        ({"in_need_a_year": 5, "share_of_country": Decimal(1)}, Inconsistent),
        ({"in_need_a_year": 0}, Implausible),
        ({"share_of_country": Decimal(101)}, Implausible),
    ],
)
def test_a_need_that_is_none_is_refused(
    said: dict[str, int], refusal: type[ClinicalError]
) -> None:
    with pytest.raises(refusal):
        Population(**said)  # type: ignore[arg-type]  # one or both of two fields


def test_bands_hold_nine_runs_in_ten_and_say_nothing_of_nothing() -> None:
    found = banded([{"a": float(n), "b": None} for n in range(101)])
    assert found == {"a": Band(5.0, 50.0, 95.0), "b": Band(None, None, None)}
    assert band([None, 3.0]) == Band(3.0, 3.0, 3.0)


def test_runs_have_seeds_of_their_own() -> None:
    assert len({*seeds(1, 500), *seeds(2, 500)}) == 1000
    assert seeds(1, 3) == seeds(1, 5)[:3]


def test_a_clinic_that_hardly_anybody_is_referred_to_has_no_waiting_time() -> None:
    found = outcome(
        3, plan=replace(PLAN, referrals_a_week=Decimal("0.001")), preset=POOLED, years=1
    )
    assert (found["sessions"], found["wait_days_median"], found["response"]) == (0, None, None)
