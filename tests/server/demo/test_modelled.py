"""Ordinary patients of the demonstration fare as the virtual clinic has it."""

from datetime import date, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from lysglimt.knowledge.protocols.facts import DecisionKind
from lysglimt.science.course.targets import published
from lysglimt.server.demo import treated
from lysglimt.server.demo.courses import session_days
from lysglimt.server.demo.modelled import Modelled, modelled

LAST = date(2026, 1, 9)


def dice(number: int) -> Random:
    return Random(number)  # noqa: S311 - the same patient every time is the point


def six_sessions(number: int) -> Modelled:
    ill = modelled(dice(number))
    ill.dosed(session_days(LAST, 6))
    return ill


def test_as_many_respond_to_six_sessions_as_in_the_target() -> None:
    target = next(one for one in published().targets if one.id == "moss-response-six")
    people = [six_sessions(number) for number in range(600)]
    responded = [2 * one.madrs(on=LAST + timedelta(days=3)) <= one.start for one in people]
    assert sum(responded) / len(people) == pytest.approx(target.found.reckoned, abs=0.08)


def test_without_a_dose_hardly_anybody_does() -> None:
    people = [modelled(dice(number)) for number in range(100)]
    responded = [2 * one.madrs(on=LAST) <= one.start for one in people]
    assert sum(responded) <= 5


def test_the_same_patient_fares_the_same() -> None:
    one, again, other = (six_sessions(number) for number in (1, 1, 2))
    days = [LAST + timedelta(days=n) for n in (1, 30, 90)]
    told = [[each.madrs(on=day) for day in days] for each in (one, again, other)]
    assert told[0] == told[1] != told[2]


@pytest.fixture
def entered(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """What an ordinary course would enter, without a clinic to enter it in."""
    kept: dict[str, list[Any]] = {"totals": [], "decided": [], "doses": []}

    def begun(_case: object, *, ill: Modelled, **_: object) -> None:
        kept["ill"] = [ill]
        kept["doses"] = list(ill.ill.given)

    def evaluated(_case: object, *, last: date, total: int) -> date:
        kept["totals"].append(total)
        return treated.after(last)

    def maintained(_case: object, _course: object, *, days: Any, totals: Any) -> None:
        kept["maintained"] = [*zip(days, totals, strict=True)]

    def decide(_case: object, _course: object, kind: DecisionKind, **_: object) -> None:
        kept["decided"].append(kind)

    for name, stands_in in (
        ("begun", begun), ("evaluated", evaluated), ("maintained", maintained),
        ("decide", decide), ("madrs", lambda *_, **__: None),
    ):  # fmt: skip
        monkeypatch.setattr(treated, name, stands_in)
    return kept


@pytest.mark.parametrize("number", range(6))
def test_an_ordinary_course_is_told_by_the_model(
    entered: dict[str, list[Any]], number: int
) -> None:
    today = date(2026, 3, 4)
    case: Any = SimpleNamespace(
        chance=dice(number), today=today, ago=lambda days: today - timedelta(days=days)
    )
    treated.whole_course(case)
    [ill] = entered["ill"]
    assert isinstance(ill, Modelled)
    assert len(entered["doses"]) == 6
    responded = 2 * entered["totals"][0] <= ill.start
    assert (DecisionKind.MAINTENANCE in entered["decided"]) is responded
    assert len(ill.ill.given) == 6 + len(entered.get("maintained", []))
