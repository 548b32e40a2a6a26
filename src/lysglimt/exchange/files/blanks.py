"""The empty templates that are filled in: XLSX with drop-downs and an explanation, and CSV."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import xlsxwriter

from .columns import Column, Kind
from .sheet import EXPLANATION
from .templates import TEMPLATES, Template

ROWS = 1000
"""Rows below the header that have drop-downs."""
LONGEST_LIST = 255
"""Characters of a list that XLSX takes; a longer one stands on the sheet of explanations."""
HEADER = ("Kolonne", "Navn", "Name", "Må fylles ut", "Tillatt", "Eksempel")
TAKES = {
    Kind.WORDS: "tekst / text",
    Kind.IDENTITY: "11 siffer / 11 digits",
    Kind.DAY: "2026-03-02, 02.03.2026",
    Kind.CLOCK: "10:40",
    Kind.AMOUNT: "mg",
    Kind.ANSWERS: "3,2,2,-,1",
}


def written(folder: Path) -> list[Path]:
    """Both forms of every template. Raises FileExistsError: what is filled in stays."""
    folder.mkdir(parents=True, exist_ok=True)
    places = {
        folder / f"{template.id}.{kind}": (template, kind)
        for template in TEMPLATES.values()
        for kind in ("xlsx", "csv")
    }
    for place in places:
        if place.exists():
            raise FileExistsError(17, "is there already", str(place))
    for place, (template, kind) in places.items():
        if kind == "xlsx":
            write_workbook(template, place)
        else:
            place.write_text(as_csv(template), encoding="utf-8", newline="")
    return list(places)


def as_csv(template: Template) -> str:
    text = StringIO()
    rows = csv.writer(text, delimiter=";")
    rows.writerow([column.name for column in template.columns])
    rows.writerow([column.example for column in template.columns])
    return text.getvalue()


def write_workbook(template: Template, place: Path) -> None:
    with xlsxwriter.Workbook(str(place)) as book:
        bold, plain = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(template.name.nb)
        explained = book.add_worksheet(EXPLANATION)
        explained.write_row(0, 0, [template.about.nb])
        explained.write_row(1, 0, [template.about.en])
        explained.write_row(3, 0, HEADER, bold)
        for place_of, column in enumerate(template.columns):
            sheet.write_string(0, place_of, column.name, bold)
            # As text, so that nothing is read as another day or loses its first nought.
            sheet.set_column(place_of, place_of, 18, plain)
            sheet.write_string(1, place_of, column.example, plain)
            explained.write_row(4 + place_of, 0, explanation(column))
            if column.choices:
                limit(sheet, place_of, column)
        sheet.freeze_panes(1, 0)
        explained.set_column(0, 5, 28)


def limit(sheet: Any, place: int, column: Column) -> None:
    listed = list(column.choices)
    if len(",".join(listed)) <= LONGEST_LIST:
        rule = {"validate": "list", "source": listed}
        sheet.data_validation(1, place, ROWS, place, rule)


def explanation(column: Column) -> list[str]:
    allowed = ", ".join(f"{said} = {means.nb}" for said, means in column.choices.items())
    return [
        column.name,
        column.label.nb,
        column.label.en,
        "ja" if column.required else "",
        allowed or TAKES[column.kind],
        column.example,
    ]
