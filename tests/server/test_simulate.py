"""`lysglimt simulate`: a synthetic register from the command line."""

import json
from importlib import util
from pathlib import Path
from typing import Any

import pytest

from .commands import lysglimt

FEW = ("--patients", "40", "--units", "2", "--years", "1", "--processes", "1")


def test_a_register_is_made_and_summed_up(tmp_path: Path) -> None:
    ran = lysglimt("simulate", *FEW, "--out", "made", "--seed", "3", "--json", folder=tmp_path)
    assert ran.code == 0
    found: dict[str, Any] = json.loads(ran.out)
    assert found["origin"]["en"].startswith("SYNTHETIC")
    assert (found["patients"], found["seed"], found["preset"]) == (40, 3, "pooled")
    assert (found["from"], found["until"]) == ("2025-01-01", "2025-12-31")
    assert found["rows"]["people"] == sum(found["referrals"].values()) == 40
    assert (tmp_path / "made" / "register" / "synthetic-ratings.parquet").exists()
    assert list((tmp_path / "made" / "clinic").rglob("*.csv"))


def test_people_read_that_it_is_made_up(tmp_path: Path) -> None:
    how = ("--out", str(tmp_path / "told"), "--preset", "sceptical", "--tables-only")
    ran = lysglimt("simulate", *FEW, *how, "--until", "2024-06-30")
    assert ran.code == 0
    assert ran.out.startswith("SYNTHETIC: made by the virtual clinic")
    assert "never the prospects of a patient" in ran.out
    assert not (tmp_path / "told" / "clinic").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("mine", encoding="utf-8")
    ran = lysglimt("simulate", *FEW, "--out", str(tmp_path))
    assert ran.code == 2
    assert "allowed is a folder that is empty or new" in ran.err
    assert "Traceback" not in ran.err
    assert [place.name for place in tmp_path.iterdir()] == ["kept.txt"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--patients", "0"), "1<=x<=3000000"),
        (("--patients", "5", "--preset", "hopeful"), "the nearest is 'pooled'"),
        (("--patients", "5", "--until", "next year"), "--until"),
    ],
)
def test_what_cannot_be_made_is_refused(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    ran = lysglimt("simulate", *words, "--out", str(tmp_path / "none"))
    assert ran.code == 2
    assert said in ran.err


def test_without_parquet_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "lysglimt.server.commands.simulate.find_spec",
        lambda name: None if name == "pyarrow" else util.find_spec(name),
    )
    ran = lysglimt("simulate", *FEW, "--out", str(tmp_path / "none"))
    assert ran.code == 2
    assert "lysglimt[science]" in ran.err
