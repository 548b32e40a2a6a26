"""A long table is read strictly, and a refusal names the row."""

from decimal import Decimal
from pathlib import Path

import pytest

from lysglimt.exchange.files.long_table import (
    Columns,
    LongTable,
    TableRefused,
    joined,
    only,
    rated,
    read_table,
    split,
)
from lysglimt.knowledge.outcomes.table import Rated

COLUMNS = Columns("who", "visit", "madrs")


def table(folder: Path, text: str, name: str = "scores.csv") -> LongTable:
    file = folder / name
    file.write_bytes(text.encode("utf-8"))
    return read_table(file)


def ratings(folder: Path, text: str) -> tuple[Rated, ...]:
    read = table(folder, text)
    return rated(read, COLUMNS, lowest=Decimal(0), highest=Decimal(60))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("who,visit,madrs\na,b0,34\n", id="commas"),
        pytest.param("who\tvisit\tmadrs\na\tb0\t34\n", id="tabs"),
        pytest.param("who;visit;madrs\na;b0;34,0\n", id="semicolons and a decimal comma"),
        pytest.param("\ufeffwho,visit,madrs\r\na,b0,34\r\n", id="as Excel saves it"),
        pytest.param('who,visit,madrs\n"a","b0","34.0"\n', id="in quotes"),
        pytest.param("who , visit , madrs\n a , b0 , 34 \n\n", id="spaces and an empty line"),
    ],
)
def test_the_delimiter_is_seen(tmp_path: Path, text: str) -> None:
    assert ratings(tmp_path, text) == (Rated("a", "b0", Decimal(34)),)


@pytest.mark.parametrize("cell", ["", "n/a", "N/A", "NA", "  "])
def test_what_is_missing_is_missing(tmp_path: Path, cell: str) -> None:
    assert ratings(tmp_path, f"who,visit,madrs\na,b0,{cell}\n") == (Rated("a", "b0", None),)


def test_a_row_that_says_nothing_is_passed_over(tmp_path: Path) -> None:
    assert ratings(tmp_path, "who,visit,madrs\na,n/a,n/a\n") == ()


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        pytest.param("", "scores.csv: is empty", id="an empty file"),
        pytest.param("who,who\n", "row 1: two columns are called 'who'", id="a name twice"),
        pytest.param("who,visit,madrs\na,b0\n", "row 2: 2 cells", id="a short row"),
        pytest.param('who,visit,madrs\n"a,b0,3\n', "row 2: unexpected end", id="an open quote"),
        pytest.param("who,visit,madrs\na,b0,3O\n", "row 2: madrs: '3O' is not", id="no number"),
        pytest.param("who,visit,madrs\na,b0,61\n", "row 2: madrs: 61 is out of", id="too high"),
        pytest.param("who,visit,madrs\na,b0,-1\n", "allowed is 0-60", id="too low"),
        pytest.param("who,visit,madrs\n,b0,3\n", "row 2: 'who' is missing", id="no patient"),
        pytest.param("who,visit,madrs\na,,3\n", "row 2: 'visit' is missing", id="no visit"),
        pytest.param(
            "who,visit,madrs\na,b0,3\nb,b0,3\na,b0,\n",
            "row 4: 'a' has 'b0' on row 2 too",
            id="a patient's visit twice",
        ),
        pytest.param(
            "who,visti,madrs\na,b0,3\n",
            "column 'visit' is unknown, the nearest is 'visti'",
            id="a column that is not there",
        ),
    ],
)
def test_a_refusal_names_the_row(tmp_path: Path, text: str, refusal: str) -> None:
    with pytest.raises(TableRefused) as said:
        ratings(tmp_path, text)
    assert refusal in str(said.value)


def test_text_of_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "latin.csv"
    file.write_bytes("who,visit,madrs\nBjørn,b0,3\n".encode("latin-1"))
    with pytest.raises(TableRefused, match="is not UTF-8 text"):
        read_table(file)


SCORES = "who,visit,madrs\na,b0,30\nb,b0,20\na,d2,10\n"


def test_a_second_table_is_joined_by_patient(tmp_path: Path) -> None:
    scores = table(tmp_path, SCORES)
    people = table(tmp_path, "who\tgroup\tvisit\na\tMDD\tx\nb\tHC\tx\n", "people.tsv")
    both = joined(scores, people, "who")
    assert both.columns == ("who", "visit", "madrs", "group")
    assert [row.cells["group"] for row in both.rows] == ["MDD", "HC", "MDD"]
    assert both.rows[0].cells["visit"] == "b0"
    assert len(only(both, "group", "MDD").rows) == 2
    assert list(split(both, "group")) == ["MDD", "HC"]


@pytest.mark.parametrize(
    ("people", "refusal"),
    [
        pytest.param("who\tgroup\na\tMDD\n", "row 3: 'b' is not in people.tsv", id="not there"),
        pytest.param("who\tgroup\na\tM\na\tH\n", "row 3: 'a' stands on row 2 too", id="twice"),
        pytest.param("whom\tgroup\na\tM\n", "the nearest is 'whom'", id="no such column"),
    ],
)
def test_a_join_that_would_guess_is_refused(tmp_path: Path, people: str, refusal: str) -> None:
    with pytest.raises(TableRefused) as said:
        joined(table(tmp_path, SCORES), table(tmp_path, people, "people.tsv"), "who")
    assert refusal in str(said.value)


def test_a_group_that_nobody_is_in_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableRefused, match="'B0' is unknown, the nearest is 'b0'"):
        only(table(tmp_path, SCORES), "visit", "B0")


def test_a_value_that_is_missing_is_a_part_of_its_own(tmp_path: Path) -> None:
    parts = split(table(tmp_path, "who,arm\na,\nb,x\n"), "arm")
    assert list(parts) == ["n/a", "x"]


def test_a_cell_may_hold_what_only_a_printer_calls_a_new_line(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("patient,note\n1,seen\u2028again\n2,as\x0cbefore\n", encoding="utf-8")
    table = read_table(file)
    assert [(row.number, row.cells["note"]) for row in table.rows] == [
        (2, "seen\u2028again"),
        (3, "as\x0cbefore"),
    ]
