"""`lysglimt register`: what a statistician types, and what comes back."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from pyarrow import parquet

from lysglimt.exchange.files.extracted import ExtractTaken, Written
from tests.server.commands import lysglimt


def test_the_code_book_is_a_table_in_norwegian_unless_another_language_is_asked_for() -> None:
    ran = lysglimt("register", "codebook")
    assert (ran.code, ran.err) == (0, "")
    labels = {one["variable"]: one["label"] for one in csv.DictReader(StringIO(ran.out))}
    assert labels["birth_year"] == "Fødselsår"
    english = lysglimt("register", "codebook", "--language", "en")
    assert "Year of birth" in english.out


def test_the_code_book_is_a_page() -> None:
    ran = lysglimt("register", "codebook", "--format", "html", "--language", "en")
    assert ran.out.startswith("<!doctype html>")
    assert "<h1>The code book of the register</h1>" in ran.out


def test_the_code_book_is_json_with_both_languages() -> None:
    ran = lysglimt("register", "codebook", "--json")
    book = json.loads(ran.out)
    assert book == json.loads(lysglimt("register", "codebook", "--format", "json").out)
    assert book["lists"]["sex"]["f"] == {"nb": "Kvinne", "en": "Female"}
    assert book["tables"]["session"]["variables"]["delivered_mg"]["unit"] == "mg"


def test_a_format_that_there_is_not_is_refused_with_those_there_are() -> None:
    ran = lysglimt("register", "codebook", "--format", "xml")
    assert ran.code == 2
    assert "'csv', 'html', 'json'" in ran.err


def test_rows_are_not_written_over_what_lies_there(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(ExtractTaken) as refused:
        Written(tmp_path / "out")
    assert refused.value.code == "delivery.folder-taken"
    assert [file.name for file in tmp_path.rglob("*.txt")] == ["letter.txt"]


def test_rows_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(KeyError), Written(out) as files:
        files.take({"unit": [{"unit": 1}], "units": []})
    assert list(tmp_path.iterdir()) == []
    with Written(out) as files:
        files.take({"unit": [{"unit": 1, "name": "Moss", "telephone": "99 99 99 99"}]})
        files.keep()
    assert [file.name for file in out.iterdir()] == ["unit.parquet"]
    [row] = parquet.read_table(out / "unit.parquet").to_pylist()
    assert (row["unit"], row["name"], row["region"]) == (1, "Moss", None)
    assert "telephone" not in row, "what the code book does not name has no column"
