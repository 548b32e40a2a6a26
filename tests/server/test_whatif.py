"""`lysglimt whatif`: plans of a clinic side by side."""

import json
from pathlib import Path
from typing import Any

import pytest

from lysglimt.science.virtual.runs import Band
from lysglimt.server.commands.whatif import Span, spanned

from .commands import lysglimt

CLINIC = """
[clinic]
chairs = 1
nurses = 1
referrals_a_week = 1
opens = "08:00"
closes = "15:30"
session_minutes = 160
nurse_minutes = 120
"""
MORE = """
[prices]
currency = "NOK"
session = 1500
fixed = 100000

[population]
share_of_country = 2.5

[[changes]]
name = "every third week"
interval_days = 21
"""
TWO = ("--runs", "2", "--seed", "4")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    place = tmp_path / "clinic.toml"
    place.write_text(CLINIC + MORE, encoding="utf-8")
    return place


def test_plans_stand_side_by_side_with_bands(plan: Path) -> None:
    ran = lysglimt("whatif", str(plan), *TWO, "--processes", "1", "--json")
    assert ran.code == 0
    found: dict[str, Any] = json.loads(ran.out)
    assert [*found["plans"]] == ["as it is", "every third week"]
    changed = found["plans"]["every third week"]
    assert changed["plan"]["interval_days"] == 21
    for one in found["plans"].values():
        for band in one["bands"].values():
            assert band["low"] is None or band["low"] <= band["middle"] <= band["high"]
        assert one["bands"]["cost"]["low"] > 100_000
        assert one["bands"]["sessions"]["middle"] > 50
    assert found["need"] == {
        "lowest": 275,
        "highest": 450,
        "source": "synapse",
        "mark": "seen",
        "weak": True,
    }
    assert (found["currency"], found["runs"], found["seed"]) == ("NOK", 2, 4)
    assert "never the prospects" in found["label"]["en"]
    spread = lysglimt("whatif", str(plan), *TWO, "--processes", "2", "--json")
    assert spread.out == ran.out


def test_people_read_a_table_and_the_caution(plan: Path, tmp_path: Path) -> None:
    ran = lysglimt("whatif", str(plan), "--runs", "1", "--processes", "1")
    assert ran.code == 0
    assert "not for predicting a clinic" in ran.out
    assert "In need in a year: 275 to 450 (synapse, weakly founded" in ran.out
    assert "every third week" in ran.out
    plain = tmp_path / "plain.toml"
    plain.write_text(CLINIC.replace("= 1\nopens", "= 0.001\nopens"), encoding="utf-8")
    told = lysglimt("whatif", str(plain), "--runs", "1", "--processes", "1")
    assert "cost" not in told.out
    assert "In need" not in told.out
    assert any("-" in line for line in told.out.splitlines() if "wait_days" in line)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CLINIC.replace("chairs = 1", "chairs = 0"), "chairs: 0 is refused"),
        (CLINIC.replace("chairs", "chair"), "nearest is 'chairs'"),
        (CLINIC + 'protocol = "private-clinic"\ninterval_days = 21\n', "no maintenance"),
        (CLINIC + 'protocol = "ketamine"\n', "protocol"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_before_it_is_run(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "clinic.toml").write_text(text, encoding="utf-8")
    ran = lysglimt("whatif", str(tmp_path / "clinic.toml"))
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_both_presets_stand_side_by_side_and_what_they_span(tmp_path: Path) -> None:
    place = tmp_path / "clinic.toml"
    place.write_text(CLINIC.replace("= 1\nopens", "= 0.3\nopens"), encoding="utf-8")
    both = ("--preset", "pooled", "--preset", "sceptical", "--runs", "1", "--processes", "1")
    ran = lysglimt("whatif", str(place), *both, "--json")
    assert ran.code == 0
    found: dict[str, Any] = json.loads(ran.out)
    pooled, sceptical = (one["plans"]["as it is"]["bands"] for one in found["presets"])
    assert [one["preset"] for one in found["presets"]] == ["pooled", "sceptical"]
    assert pooled["referred"] == sceptical["referred"], "they meet the same people"
    for name, span in found["span"]["as it is"].items():
        ends = [one[name]["low"] for one in (pooled, sceptical) if one[name]["low"] is not None]
        assert span["low"] == min(ends, default=None)


def test_the_same_preset_twice_is_refused(plan: Path) -> None:
    ran = lysglimt("whatif", str(plan), "--preset", "pooled", "--preset", "pooled")
    assert ran.code == 2
    assert "each one once" in ran.err


def test_presets_span_from_the_lowest_end_to_the_highest() -> None:
    one, other = {"a": Band(1.0, 2.0, 3.0)}, {"a": Band(2.0, 4.0, 9.0)}
    assert spanned([{"plan": one}, {"plan": other}]) == {"plan": {"a": Span(1.0, 9.0)}}
    silent = {"a": Band(None, None, None)}
    assert spanned([{"plan": silent}, {"plan": one}])["plan"]["a"] == Span(1.0, 3.0)
    assert spanned([{"plan": silent}])["plan"]["a"] == Span(None, None)
