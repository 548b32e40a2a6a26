"""`lysglimt register`: from a unit's folder to the node, as two people type it."""

import csv
import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from lysglimt.register.code_book import code_book
from lysglimt.register.parquet import written
from tests.register.made import Made, Rows, register
from tests.server.commands import Ran, lysglimt

SAYS = (
    *("--unit", "1", "--legal-basis", "consent", "--made-on", "2026-05-02"),
    *("--since", "2026-01-01", "--until", "2026-05-01"),
)


def laid_out(folder: Path, rows: Rows) -> Path:
    folder.mkdir()
    for name, listed in rows.items():
        (folder / f"{name}.parquet").write_bytes(written(name, listed))
    return folder


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A unit's folder: its tables, its key, its first two packages; beside them the node."""
    here = tmp_path_factory.mktemp("unit")
    laid_out(here / "tables", register(Made("a"), Made("b", after=30)))
    key = lysglimt("register", "signing-key", "unit.pem", folder=here).out.strip()
    (here / "node").mkdir()
    (here / "node" / "units.toml").write_text(
        f'[[unit]]\nnumber = 1\nname = "Moss"\nlegal_basis = "consent"\nkeys = ["{key}"]\n',
        encoding="utf-8",
    )
    assert submit(here, "1.zip").code == 0
    assert submit(here, "2.zip", "--after", "1.zip").code == 0
    return here


def submit(here: Path, out: str, *more: str) -> Ran:
    return lysglimt(
        *("register", "submit", "tables", "--out", out, "--key", "unit.pem", *SAYS, *more),
        folder=here,
    )


def receive(here: Path, package: str, *more: str) -> Ran:
    return lysglimt("register", "receive", package, "--node", "node", *more, folder=here)


def test_from_the_folder_to_what_the_register_tells(unit: Path) -> None:
    first = receive(unit, "1.zip")
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith("Mottatt: enhet 1, versjon 1.")
    again = receive(unit, "1.zip", "--language", "en")
    assert (again.code, again.out) == (
        0,
        "Received already: unit 1, version 1. Nothing has changed.\n",
    )
    assert receive(unit, "2.zip").code == 0
    status = json.loads(
        lysglimt("register", "node-status", "--node", "node", "--json", folder=unit).out
    )
    assert [(one["unit"], one["version"]) for one in status["units"]] == [(1, 2)]
    assert status["rows"]["session"] == 12
    words = lysglimt("register", "node-status", "--node", "node", folder=unit).out
    assert "Enhet 1: versjon 2, til og med 2026-05-01" in words
    assert "unit.organisation_number: mangler i 1 av 1 rader der den ventes." in words
    found: dict[str, list[Any]] = {}
    for engine in ("duckdb", "plain"):
        ran = lysglimt(
            *("register", "indicators", "--node", "node", "--engine", engine), folder=unit
        )
        told = [one for one in json.loads(ran.out) if one["indicator"] == "K6"]
        found[engine] = told
    assert found["duckdb"] == found["plain"]
    assert found["plain"][0]["found"]["proportion"] == {"count": 1, "of": 2}


def test_a_package_that_was_changed_is_refused_with_the_reason(unit: Path) -> None:
    content = bytearray((unit / "1.zip").read_bytes())
    content[len(content) // 2] ^= 1
    (unit / "changed.zip").write_bytes(bytes(content))
    ran = receive(unit, "changed.zip")
    assert (ran.code, ran.out) == (1, "")
    assert "Dette er ingen pakke, eller den er skadet" in ran.err
    told = lysglimt(
        "register", "node-status", "--node", "node", "--language", "en", folder=unit
    )
    assert "This is no package, or it is damaged" in told.out


def test_a_package_is_never_written_over_another(unit: Path) -> None:
    before = (unit / "1.zip").read_bytes()
    ran = submit(unit, "1.zip")
    assert ran.code == 2
    assert "1.zip is there already; allowed is a name that is free" in ran.err
    assert (unit / "1.zip").read_bytes() == before


def test_findings_are_told_by_table_row_and_variable_in_both_languages(tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    names = list(code_book().tables["person"].variables)
    with (folder / "person.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, names)
        writer.writeheader()
        writer.writerow({"person": "p-1", "birth_year": "1980", "sex": "f"})
        writer.writerow({"person": "p-2", "birth_year": "1850", "sex": "x"})
    ran = lysglimt("register", "validate", "tables", folder=tmp_path)
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "person, rad 2, birth_year: utenfor området. Oppgitt: 1850. Tillatt: et helt tall, 1900..2100.",
        "person, rad 2, sex: står ikke i listen. Oppgitt: x. Tillatt: en av f, m.",
    ]
    english = lysglimt("register", "validate", "tables", "--language", "en", folder=tmp_path)
    assert (
        "person, row 2, sex: is not in the list. Given: x. Allowed: one of f, m." in english.out
    )
    asked = lysglimt("register", "validate", "tables", "--json", folder=tmp_path)
    assert [one["fault"] for one in json.loads(asked.out)] == ["range", "list"]


def test_a_sound_folder_is_said_to_be(unit: Path) -> None:
    ran = lysglimt("register", "validate", "tables", folder=unit)
    assert ran.code == 0
    assert ran.out.endswith(" tabeller: ingen funn.\n")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("patients.csv", b"", "patients.csv: is refused, allowed is one file of each of consent"),
        ("person.parquet", b"no", "person.parquet is refused, allowed is a whole Parquet file"),
        ("notes.txt", b"", "holds no table"),
    ],
)  # fmt: skip
def test_a_folder_that_is_no_delivery_is_refused(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    ran = lysglimt("register", "validate", ".", folder=tmp_path)
    assert ran.code == 2
    assert said in ran.err


def test_a_folder_with_findings_is_not_submitted(unit: Path) -> None:
    rows = register(Made("a"))
    rows["course"][0]["phase"] = "finished"
    laid_out(unit / "wrong", rows)
    ran = lysglimt(
        *("register", "submit", "wrong", "--out", "3.zip", "--key", "unit.pem", *SAYS),
        folder=unit,
    )
    assert ran.code == 1
    assert "1 funn" in ran.err
    assert not (unit / "3.zip").exists()


def test_coverage_is_asked_of_a_list_from_outside(unit: Path) -> None:
    receive(unit, "1.zip")
    lines = "unit,person,started_on\n1,p-a,2026-03-02\n1,p-z,2026-03-02\n"
    (unit / "list.csv").write_text(lines, encoding="utf-8")
    ran = lysglimt(
        *("register", "coverage", "--node", "node", "--list", "list.csv"),
        *("--since", "2026-01-01", "--until", "2026-12-31"),
        folder=unit,
    )
    told = json.loads(ran.out)["individuals"]
    assert (told["both"], told["only_here"], told["only_outside"]) == (1, 1, 1)
    assert told["norwegian"] == told["swedish"] == pytest.approx(2 / 3)


def test_a_delivery_follows_one_of_its_own_unit(unit: Path) -> None:
    ran = lysglimt(
        *("register", "submit", "tables", "--out", "4.zip", "--key", "unit.pem", *SAYS),
        *("--unit", "2", "--after", "1.zip"),
        folder=unit,
    )
    assert ran.code == 2
    assert "--after: is of unit 1, not 2" in ran.err


def test_without_the_extra_it_is_said_what_to_install() -> None:
    with patch("lysglimt.server.commands.register.find_spec", return_value=None):
        ran = lysglimt("register", "validate", ".")
        assert lysglimt("register", "--help").code == 0
    assert ran.code == 2
    assert "install lysglimt[register]" in ran.err


def test_help_lists_every_command_without_opening_one() -> None:
    ran = lysglimt("register", "--help")
    assert ran.code == 0
    for name in ("codebook", "validate", "submit", "receive", "node-status", "coverage"):
        assert f"  {name} " in ran.out
