"""What a unit lays in a folder is read as it was meant, or becomes a finding."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lysglimt.knowledge.errors import Implausible
from lysglimt.register.code_book import Holds
from lysglimt.register.delivered import NoDelivery, tables_in
from lysglimt.register.findings import Fault, validate_all
from lysglimt.register.parquet import as_kept, rows_of, written


def csv(folder: Path, table: str, *lines: str) -> Path:
    (folder / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return folder


def test_cells_are_read_by_the_code_book(tmp_path: Path) -> None:
    csv(tmp_path, "event", "event,grade,transient,onset_on,criteria,term", "e-1,3,false,2026-03-02,death;important,")  # fmt: skip
    csv(tmp_path, "session", "course,session,delivered_mg", "c-1,1,40.5")
    found = tables_in(tmp_path)
    assert found["event"] == [
        {
            "event": "e-1", "grade": 3, "transient": False, "onset_on": "2026-03-02",
            "criteria": ["death", "important"], "term": None,
        }
    ]  # fmt: skip
    assert found["session"][0]["delivered_mg"] == Decimal("40.5")


@pytest.mark.parametrize(
    ("variable", "cell"),
    [
        ("session", "1.5"), ("session", "9" * 5_000), ("delivered_mg", "40;5"),
        ("ended_early", "yes"), ("given_on", "2.3.2026"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_stays_as_typed_and_is_found(
    tmp_path: Path, variable: str, cell: str
) -> None:
    whole = {"course": "c-1", "session": "1", "given_on": "2026-03-02", "ended_early": "false"}
    row = {**whole, variable: cell}
    csv(tmp_path, "session", ",".join(row), ",".join(row.values()))
    tables = tables_in(tmp_path)
    assert tables["session"][0][variable] == cell
    assert [(one.variable, one.fault) for one in validate_all(tables)] == [
        (variable, Fault.KIND)
    ]


def test_a_cell_too_many_is_found_and_one_too_few_is_missing(tmp_path: Path) -> None:
    csv(tmp_path, "person", "person,birth_year", "p-1,1980,more", "p-2")
    assert [(one.row, one.fault) for one in validate_all(tables_in(tmp_path))] == [
        (1, Fault.UNKNOWN_VARIABLE),
        (2, Fault.MISSING),
    ]


def test_a_table_twice_is_refused(tmp_path: Path) -> None:
    csv(tmp_path, "person", "person,birth_year")
    (tmp_path / "person.parquet").write_bytes(written("person", []))
    with pytest.raises(NoDelivery, match=r"person\.parquet: is refused"):
        tables_in(tmp_path)


def test_a_cell_without_an_end_is_refused_by_the_name_of_its_file(tmp_path: Path) -> None:
    csv(tmp_path, "person", "person,birth_year", f"{'x' * 200_000},1980")
    with pytest.raises(NoDelivery, match=r"person\.csv: field larger"):
        tables_in(tmp_path)


def test_what_is_written_comes_back_as_it_was() -> None:
    row = {
        "event": "e",
        "criteria": ["death"],
        "grade": 3,
        "onset_on": "2026-03-02",
        "term": " ",
    }
    [back] = rows_of(written("event", [row]), name="event.parquet")
    assert {name: value for name, value in back.items() if value is not None} == {
        "event": "e", "criteria": ["death"], "grade": 3, "onset_on": date(2026, 3, 2),
    }  # fmt: skip


def test_a_count_beyond_what_is_kept_is_refused() -> None:
    assert as_kept("unit.unit", Holds.COUNT, 2**63 - 1) == 2**63 - 1
    with pytest.raises(Implausible, match=r"unit\.unit: 9223372036854775808"):
        as_kept("unit.unit", Holds.COUNT, 2**63)
