"""A higher dose is offered when every condition is met, and never by itself."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from lysglimt.knowledge.catalogue import parse
from lysglimt.knowledge.dosing.escalation import (
    CourseSoFar,
    Ladder,
    NotOffered,
    ladders,
    offered_step,
    speaks_against,
)
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


def against(asked: str, **changes: Any) -> list[tuple[str, Standing]]:
    """What speaks against a dose, the protocol's own being 0.5 mg/kg."""
    found = speaks_against(
        ladders()["default"],
        replace(AFTER_THREE, **({"age": 40} | changes)),
        asked=dose(asked),
        standard=dose("0.5"),
    )
    return [(one.criterion.removeprefix("escalation:"), one.standing) for one in found]


NO, ASKED, NAMED = Standing.EXCLUDED, Standing.UNKNOWN, Standing.NEEDS_SPECIALIST


@pytest.mark.parametrize(
    ("asked", "changes", "found"),
    [
        pytest.param("0.75", {}, [], id="what is offered"),
        pytest.param("0.6", {}, [], id="less than the step that is offered"),
        pytest.param("0.5", {"sessions": 0, "age": 80}, [], id="the protocol's own, whatever"),
        pytest.param("0.4", {"red_in_last": True}, [], id="below the protocol's own"),
        pytest.param("0.75", {"sessions": 2}, [("sessions", NO)], id="too early"),
        pytest.param(
            "0.75",
            {"sessions": 1, "age": 73},
            [("sessions", NO), ("older", NAMED)],
            id="73 years at the second session",
        ),
        pytest.param("0.75", {"reduction": Fraction(1, 2)}, [("improvement", NO)], id="helped"),
        pytest.param("0.75", {"reduction": None}, [("improvement", ASKED)], id="not rated"),
        pytest.param("0.75", {"red": True}, [("red", NO)], id="red in an earlier session"),
        pytest.param("0.75", {"red": None}, [("red", ASKED)], id="earlier readings unknown"),
        pytest.param(
            "0.75", {"worst_dissociation": None}, [("dissociation", ASKED)], id="not graded"
        ),
        pytest.param("0.75", {"worst_dissociation": 3}, [("dissociation", NO)], id="grade 3"),
        pytest.param("0.75", {"exposure_raised": True}, [("exposure", NO)], id="RX-6"),
        pytest.param("0.75", {"exposure_raised": None}, [("exposure", ASKED)], id="not asked"),
        pytest.param("1.0", {}, [("one-step", NO)], id="two steps at once"),
        pytest.param("1.0", {"dose": dose("0.75")}, [("named-doctor", NAMED)], id="named"),
        pytest.param("1.2", {"dose": dose("1.0")}, [("top", NO)], id="above the ladder"),
        pytest.param(
            "0.75",
            {"dose": dose("0.75"), "sessions": 1, "reduction": None},
            [],
            id="what was given before is no step",
        ),
        pytest.param(
            "0.75",
            {"dose": dose("0.75"), "red_in_last": True},
            [("down", Standing.CAUTION)],
            id="red last time: the same dose is one step too high",
        ),
        pytest.param(
            "0.75",
            {"dose": dose("1.0"), "red_in_last": True},
            [],
            id="red last time: one step down",
        ),
        pytest.param(
            "0.75",
            {"red": True, "red_in_last": True},
            [("down", Standing.CAUTION), ("red", NO)],
            id="red last time: no step up",
        ),
        pytest.param(
            "0.75",
            {"dose": dose("0.75"), "red_in_last": None},
            [("down", ASKED)],
            id="last session's readings unknown: asked before the dose is given again",
        ),
    ],
)
def test_a_dose_above_the_protocols_own_is_held_against_the_ladder(
    asked: str, changes: dict[str, Any], found: list[tuple[str, Standing]]
) -> None:
    assert against(asked, **changes) == found


def test_what_is_not_known_is_asked_and_what_is_against_says_so() -> None:
    found = speaks_against(
        ladders()["default"],
        CourseSoFar(
            sessions=1,
            dose=dose("0.5"),
            reduction=None,
            worst_dissociation=None,
            red=None,
            red_in_last=None,
            exposure_raised=None,
        ),
        asked=dose("0.75"),
        standard=dose("0.5"),
    )
    assert {one.standing for one in found} == {Standing.EXCLUDED, Standing.UNKNOWN}
    assert all(one.question for one in found if one.standing is Standing.UNKNOWN)
    [early] = [one for one in found if one.standing is Standing.EXCLUDED]
    assert early.reason.en == "1 of at least 3 sessions are given"
    refusal = NotOffered(dose("0.750"), found)
    assert refusal.facts["value"] == "0.75 mg/kg"
    assert early in refusal.reasons


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
