"""`lysglimt register`: what a statistician types, and what comes back."""

import csv
import json
from io import StringIO

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
