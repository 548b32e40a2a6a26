"""`lysglimt symptoms`: targets beside the model, and a fit that a register can use."""

import json
from pathlib import Path
from typing import Any

import pytest

from .commands import lysglimt

FEW = ("--people", "400")


def data(*words: str, folder: Path = Path()) -> dict[str, Any]:
    ran = lysglimt("symptoms", *words, "--json", folder=folder)
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_targets_stand_beside_the_model() -> None:
    found = data("targets")
    rows = {row["id"]: row for row in found["targets"]}
    assert rows["moss-response-six"]["model"] == pytest.approx(0.58, abs=0.03)
    assert rows["zarate06-response-d1"]["source"] == "zarate-2006"
    assert (found["preset"], found["people"], found["seed"]) == ("pooled", 20_000, 1)
    assert found["chi2"] == pytest.approx(
        sum(row["z"] ** 2 for row in rows.values() if row["fitted"]), abs=0.2
    )


def test_people_read_them_with_the_label() -> None:
    ran = lysglimt("symptoms", "targets", "--preset", "sceptical", *FEW)
    assert ran.code == 0
    assert "never the prospects of a patient" in ran.out
    assert "karmadep2-difference" in ran.out
    assert ran.out.count("not fitted") == 1
    assert ran.out.splitlines()[-1].startswith("chi2 ")


def test_what_was_fitted_can_be_used_as_a_preset(tmp_path: Path) -> None:
    done = data("fit", *FEW, "--steps", "25", "--out", "own.toml", folder=tmp_path)
    assert done["loss"] <= done["loss_before"]
    assert (done["people"], done["seed"], done["steps"]) == (400, 1, 25)
    used = data("targets", "--preset", "own.toml", *FEW, folder=tmp_path)
    assert used["preset"] == "pooled-fitted"
    again = data("fit", *FEW, "--steps", "1", "--preset", "own.toml", folder=tmp_path)
    assert again["loss_before"] < done["loss_before"]
    told = lysglimt("symptoms", "fit", *FEW, "--steps", "1")
    assert told.out.startswith("loss ")
    assert "expectancy.clinic" in told.out


def test_a_register_brings_its_own_targets(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        """[designs.unit]
setting = "clinic"
baseline = { value = 31, unit = "points", mark = "own", source = "own-proposal" }
sessions = [0, 3, 7, 10, 14, 17]
[[targets]]
id = "unit-response"
designs = ["unit"]
measure = "response"
active = true
day = 20
found = { value = 0.4, unit = "ratio", mark = "own", source = "own-proposal" }
people = 300
""",
        encoding="utf-8",
    )
    [row] = data("targets", "--targets", "own.toml", folder=tmp_path)["targets"]
    assert row["z"] > 4
    (tmp_path / "none.toml").write_text("targets = []\n[designs]\n", encoding="utf-8")
    ran = lysglimt("symptoms", "targets", "--targets", "none.toml", folder=tmp_path)
    assert ran.code == 2
    assert "at least one target" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("--preset", "poled"), "the nearest is 'pooled'", id="a misspelt preset"),
        pytest.param(("--preset", "none.toml"), "none.toml", id="a file that is not there"),
        pytest.param(("--people", "5"), "200<=x<=1000000", id="too few people"),
        pytest.param(("--seed", "-1"), "--seed", id="a seed below nought"),
    ],
)
def test_bad_input_is_refused(words: tuple[str, ...], said: str) -> None:
    ran = lysglimt("symptoms", "targets", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err
