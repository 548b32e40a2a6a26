"""`lysglimt dose`: the dose card on the command line."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.protocols.protocol import Route
from lysglimt.server.commands.dose import NotAnInfusion, command, first_step

from .commands import lysglimt

BODY = ("--height-cm", "170", "--sex", "f", "--concentration-mg-ml")
WOMAN = ("iv-ketamine-no", "--weight-kg", "80", *BODY)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_norwegian_default_for_a_woman_of_80_kilos() -> None:
    ran = lysglimt("dose", *WOMAN, "1", "--json")
    card = json.loads(ran.out)
    assert ran.code == 0
    assert (card["dose_mg"], card["volume_ml"], card["rate_ml_per_h"]) == (40, 40, 60.0)
    assert '"rate_ml_per_h": 60.0' in ran.out
    assert card["weights"] == {
        "actual": {"weight_kg": 80, "dose_mg": 40},
        "ideal": {"weight_kg": 61.34, "dose_mg": 30.5},
        "adjusted": {"weight_kg": 68.804, "dose_mg": 34.5},
    }
    assert card["inputs"] == {
        "mg_per_kg": 0.5,
        "minutes": 40,
        "concentration_mg_ml": 1,
        "basis": "actual",
    }
    assert [line["name"] for line in card["formulas"]] == ["Dose", "Volume", "Rate", "Check"]
    assert card["findings"] == []


@pytest.mark.parametrize(
    ("kg", "reason"),
    [
        pytest.param("700", "weight_kg: 700 is too high, allowed is 30-250 kg", id="700 kg"),
        pytest.param("0", "weight_kg: 0 is too low, allowed is 30-250 kg", id="0 kg"),
        pytest.param("7", "weight_kg: 7 is too low, allowed is 30-250 kg", id="7 kg"),
        pytest.param("8O", "weight_kg: 8O is not a number, allowed is 30-250 kg", id="8O kg"),
    ],
)
def test_a_weight_that_cannot_be_is_refused(kg: str, reason: str) -> None:
    ran = lysglimt("dose", "iv-ketamine-no", "--weight-kg", kg, *BODY, "1", "--json")
    assert (ran.code, ran.out, ran.err) == (2, "", f"lysglimt: {reason}\n")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        pytest.param((*WOMAN, "3"), "1 or 2 mg/ml", id="a strength nobody makes up"),
        pytest.param((*WOMAN, "1", "--mg-per-kg", "2"), "anaesthesia", id="an induction dose"),
        pytest.param((*WOMAN, "1", "--minutes", "10"), "allowed is 20-120 min", id="too fast"),
        pytest.param((*WOMAN, "1", "--minutes", "30"), "doctor's override", id="fast"),
        pytest.param(
            ("iv-ketamin-no", *WOMAN[1:], "1"), "'iv-ketamine-no'", id="a misspelt name"
        ),
    ],
)
def test_a_plan_that_may_not_be_is_refused(arguments: tuple[str, ...], reason: str) -> None:
    with pytest.raises(ClinicalError, match=reason):
        run(*arguments)


def test_a_protocol_by_another_route_has_no_pump() -> None:
    by_vein = latest("iv-ketamine-no")
    by_nose = replace(by_vein, product=replace(by_vein.product, route=Route.INTRANASAL))
    with pytest.raises(NotAnInfusion, match="states no dose by weight for an infusion"):
        first_step(by_nose)


def test_another_step_is_asked_for_by_name() -> None:
    card = json.loads(run(*WOMAN, "2", "--mg-per-kg", "0.75", "--minutes", "45", "--json"))
    assert (card["dose_mg"], card["volume_ml"], card["rate_ml_per_h"]) == (60, 30, 40.0)


def test_another_basis_is_shown_and_said() -> None:
    shown = run(*WOMAN, "1", "--basis", "ideal")
    assert "30.5 mg <- the basis" in shown
    assert "Rate: 30.5 ml × 60 ÷ 40 min ≈ 45.8 ml/h" in shown
    assert "Ketalar 10 mg/ml: 5 ml + 45 ml NaCl 9 mg/ml" in shown


def test_a_high_dose_is_said_with_its_source() -> None:
    heavy = ("iv-ketamine-no", "--weight-kg", "130", *BODY, "2")
    [finding] = json.loads(run(*heavy, "--json"))["findings"]
    assert (finding["criterion"], finding["standing"]) == ("IV-08", "caution")
    assert (finding["mark"], finding["source"]) == ("own", "own-proposal")
    assert "IV-08: The dose is above 60 mg" in run(*heavy)
