"""Who receives, by the rota; a hole in it is told."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.safety.rota import RotaGap, Watch, on_watch, rota_gaps

MONDAY = date(2026, 3, 2)
SUNDAY = MONDAY + timedelta(days=6)
WEEK = frozenset(range(5))


def watch(person: int, begins: int, ends: int, weekdays: frozenset[int] = WEEK) -> Watch:
    return Watch(
        person=person,
        first=MONDAY,
        last=SUNDAY,
        weekdays=weekdays,
        begins=time(begins),
        ends=time(ends),
    )


DAY, NIGHT = watch(1, 8, 20), watch(2, 20, 8)


@pytest.mark.parametrize(
    ("day", "hour", "person"),
    [
        pytest.param(0, 8, 1, id="from its first minute"),
        pytest.param(0, 20, 2, id="the night begins when the day ends"),
        pytest.param(1, 3, 2, id="in the night the watch of the day before"),
        pytest.param(0, 3, None, id="the night before the first day is nobody's"),
        pytest.param(5, 3, 2, id="the night of Friday ends on Saturday"),
        pytest.param(5, 8, None, id="nobody at the weekend"),
        pytest.param(9, 12, None, id="after the last day"),
    ],
)
def test_who_receives(day: int, hour: int, person: int | None) -> None:
    at = datetime.combine(MONDAY + timedelta(days=day), time(hour))
    found = on_watch((DAY, NIGHT), at)
    assert [one.person for one in found] == ([] if person is None else [person])


def test_whose_watch_began_last_comes_first() -> None:
    late = watch(3, 12, 16)
    found = on_watch((DAY, late), datetime.combine(MONDAY, time(13)))
    assert [one.person for one in found] == [3, 1]


def test_a_hole_is_told_from_when_to_when() -> None:
    since = datetime.combine(MONDAY + timedelta(days=4), time(12))
    until = datetime.combine(SUNDAY, time(12))
    gap = RotaGap(datetime.combine(MONDAY + timedelta(days=5), time(8)), until)
    assert rota_gaps((DAY, NIGHT), since=since, until=until) == (gap,)


def test_where_the_last_watch_lasts_beyond_the_end_nothing_is_open() -> None:
    noon = datetime.combine(MONDAY, time(12))
    assert rota_gaps((DAY,), since=noon, until=noon + timedelta(hours=4)) == ()


def test_without_a_rota_all_is_a_hole() -> None:
    since = datetime.combine(MONDAY, time(12))
    until = since + timedelta(days=7)
    assert rota_gaps((), since=since, until=until) == (RotaGap(since, until),)


hours = st.integers(min_value=0, max_value=23)
watches = st.builds(
    watch,
    person=st.integers(min_value=1, max_value=4),
    begins=hours,
    ends=hours,
    weekdays=st.frozensets(st.integers(min_value=0, max_value=6)),
)


@given(rota=st.lists(watches, max_size=5), hour=st.integers(min_value=0, max_value=8 * 24))
def test_at_every_hour_there_is_a_person_or_a_hole(rota: list[Watch], hour: int) -> None:
    since = datetime.combine(MONDAY, time())
    at = since + timedelta(hours=hour)
    holes = rota_gaps(rota, since=since, until=since + timedelta(days=9))
    in_hole = any(one.begins <= at < one.ends for one in holes)
    assert in_hole is not bool(on_watch(rota, at))
