"""A higher dose is offered when every condition is met, and never by itself."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from lysglimt.knowledge.catalogue import parse
from lysglimt.knowledge.dosing.escalation import CourseSoFar, Ladder, ladders, offered_step
from lysglimt.knowledge.errors import Misstated
from lysglimt.knowledge.quantities import MilligramsPerKilogram
from lysglimt.knowledge.verdict import Standing


def dose(mg_per_kg: str) -> MilligramsPerKilogram:
    return MilligramsPerKilogram(Decimal(mg_per_kg))


AFTER_THREE = CourseSoFar(
    sessions=3,
    dose=dose("0.5"),
    reduction=Fraction(2, 5),
    worst_dissociation=2,
    red=False,
    red_in_last=False,
)


def offered(ladder: str = "default", **changes: Any) -> str | None:
    step = offered_step(ladders()[ladder], replace(AFTER_THREE, **changes)).step
    return str(step.dose.value.value) if step else None


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        pytest.param({}, "0.75", id="three sessions, 40 % better, calm"),
        pytest.param({"sessions": 2}, None, id="not before session 3"),
        pytest.param({"reduction": Fraction(1, 2)}, None, id="half is response: no step"),
        pytest.param({"reduction": None}, None, id="not rated: asked, not offered"),
        pytest.param({"red": True}, None, id="red once: no step up"),
        pytest.param({"red": None}, None, id="unknown readings: no step up"),
        pytest.param({"worst_dissociation": 3}, None, id="severe dissociation"),
        pytest.param({"worst_dissociation": None}, None, id="dissociation not graded"),
        pytest.param({"exposure_raised": True}, None, id="a drug that raises the level"),
        pytest.param({"dose": dose("0.75")}, "1.0", id="the step that a named doctor takes"),
        pytest.param({"dose": dose("1.0")}, None, id="no step above the top"),
        pytest.param({"dose": dose("0.75"), "red_in_last": True}, "0.5", id="red: one down"),
        pytest.param({"red_in_last": True}, None, id="no step below the lowest"),
    ],
)
def test_a_step_is_offered_when_every_condition_is_met(
    changes: dict[str, Any], step: str | None
) -> None:
    assert offered(**changes) == step


def test_the_highest_step_takes_a_named_doctor() -> None:
    verdict = offered_step(
        ladders()["default"], replace(AFTER_THREE, dose=dose("0.75"))
    ).verdict
    assert verdict.standing is Standing.NEEDS_SPECIALIST


@pytest.mark.parametrize(
    ("age", "sessions", "step", "standing"),
    [
        pytest.param(64, 1, "0.6", Standing.MET, id="at 64 the ladder's own rule"),
        pytest.param(65, 1, "0.6", Standing.NEEDS_SPECIALIST, id="at 65 with a doctor's note"),
        pytest.param(None, 1, None, Standing.UNKNOWN, id="the age is not known: asked"),
        pytest.param(80, 3, "0.6", Standing.MET, id="from session 3 as for anyone"),
    ],
)
def test_from_65_years_an_early_step_takes_a_doctors_note(
    age: int | None, sessions: int, step: str | None, standing: Standing
) -> None:
    so_far = replace(AFTER_THREE, sessions=sessions, age=age)
    offer = offered_step(ladders()["kads"], so_far)
    assert (offer.step and str(offer.step.dose.value.value)) == step
    assert offer.verdict.standing is standing


def test_the_published_ladders_are_there_with_their_sources() -> None:
    assert offered("three-then-0.75") == "0.75"
    assert [offered("kads", dose=dose(d)) for d in ("0.5", "0.6", "0.75", "0.9")] == [
        "0.6",
        "0.75",
        "0.9",
        None,
    ]
    assert ladders()["kads"].steps[0].over is None
    assert ladders()["three-then-0.75"].steps[1].dose.basis.source.low


def test_a_ladder_goes_up() -> None:
    figure = '{ value = %s, unit = "%s", mark = "own", source = "own-proposal" }'
    stated = "\n".join(
        [
            'id = "down"',
            f"after_sessions = {figure % (3, 'sessions')}",
            f"unless_improved = {figure % (50, '%')}",
            f"dissociation_at_most = {figure % (2, 'points')}",
            *(f"[[steps]]\ndose = {figure % (d, 'mg/kg')}" for d in ("0.75", "0.5")),
        ]
    )
    with pytest.raises(Misstated, match="each step is above the one before"):
        parse(Ladder, stated, name="ladder.toml")
