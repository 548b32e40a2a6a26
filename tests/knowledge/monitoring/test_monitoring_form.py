"""The minimum data set of a session by nose."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.monitoring.monitoring_form import (
    Origin,
    monitoring_form,
    nearest_to_40,
    unanswered,
)

FIRST = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Read:
    at: datetime


def read(*minutes: int) -> list[Read]:
    return [Read(FIRST + timedelta(minutes=minute)) for minute in minutes]


def test_every_field_has_one_name_and_one_origin() -> None:
    ids = [one.id for one in monitoring_form().fields]
    assert len(ids) == len(set(ids)) == 25
    assert {one.origin for one in monitoring_form().fields} == set(Origin)
    assert {one.id for one in monitoring_form().asked} < set(ids)


@given(known=st.sets(st.sampled_from([one.id for one in monitoring_form().fields])))
def test_what_is_unanswered_and_what_is_known_are_the_whole_form(known: set[str]) -> None:
    missing = {one.id for one in unanswered(known)}
    assert missing | known == {one.id for one in monitoring_form().fields}
    assert not missing & known


def test_the_pressure_of_40_minutes_is_the_nearest_within_ten() -> None:
    assert nearest_to_40(read(20, 38, 47), first=FIRST) == read(38)[0]
    assert nearest_to_40(read(50), first=FIRST) == read(50)[0]
    assert nearest_to_40(read(29, 51), first=FIRST) is None
    assert nearest_to_40([], first=FIRST) is None
