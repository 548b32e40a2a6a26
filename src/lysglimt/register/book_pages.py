"""The code book for its readers: a table to work on, and a page to read."""

import csv
from collections.abc import Iterator, Mapping
from html import escape
from io import StringIO

from lysglimt.knowledge.text import Text

from .code_book import CodeBook, Holds, Need, Rule, Table, Variable

TITLE = Text(nb="Kodebok for registeret", en="The code book of the register")
VERSION = Text(nb="Versjon {version}", en="Version {version}")
ONE_ROW = Text(nb="Én rad for hver: {key}", en="One row for each: {key}")
LISTS = Text(nb="Verdilister", en="Lists of values")
CODE, MEANING = Text(nb="Kode", en="Code"), Text(nb="Betydning", en="Meaning")
COLUMNS: Mapping[str, Text] = {
    "table": Text(nb="Tabell", en="Table"),
    "variable": Text(nb="Variabel", en="Variable"),
    "label": Text(nb="Navn", en="Label"),
    "holds": Text(nb="Type", en="Type"),
    "unit": Text(nb="Enhet", en="Unit"),
    "lowest": Text(nb="Laveste", en="Lowest"),
    "highest": Text(nb="Høyeste", en="Highest"),
    "values": Text(nb="Verdier", en="Values"),
    "need": Text(nb="Kreves", en="Needed"),
    "when": Text(nb="Når", en="When"),
    "rule": Text(nb="Hvordan den blir til", en="How it is made"),
    "facts": Text(nb="Fra", en="From"),
    "of": Text(nb="Nøkkel i", en="Key of"),
    "since": Text(nb="Siden versjon", en="Since version"),
}
HELD: Mapping[Holds, Text] = {
    Holds.PSEUDONYM: Text(nb="pseudonym", en="pseudonym"),
    Holds.TEXT: Text(nb="tekst", en="text"),
    Holds.CODE: Text(nb="kode", en="code"),
    Holds.CODES: Text(nb="flere koder", en="several codes"),
    Holds.COUNT: Text(nb="helt tall", en="whole number"),
    Holds.AMOUNT: Text(nb="tall", en="number"),
    Holds.DAY: Text(nb="dato", en="date"),
    Holds.FLAG: Text(nb="ja eller nei", en="yes or no"),
}
NEEDED: Mapping[Need, Text] = {
    Need.ALWAYS: Text(nb="alltid", en="always"),
    Need.EXPECTED: Text(nb="ventes", en="expected"),
    Need.MAY: Text(nb="kan stå tom", en="may be empty"),
}
MADE: Mapping[Rule, Text] = {
    Rule.AS_ENTERED: Text(nb="som ført", en="as entered"),
    Rule.PSEUDONYM: Text(nb="pseudonym av", en="pseudonym of"),
    Rule.DAY: Text(nb="dagen av", en="the day of"),
    Rule.DERIVED: Text(nb="regnet ut av", en="derived from"),
    Rule.COUNTED: Text(nb="talt", en="counted"),
    Rule.LINKED: Text(nb="fra et annet register", en="from another register"),
    Rule.AWAITED: Text(nb="føres ikke ennå", en="not entered yet"),
}


def lines(book: CodeBook, language: str) -> Iterator[Mapping[str, str]]:
    """A line for each variable: the columns by their names."""
    for table, name, variable in book.variables():
        yield {"table": table, "variable": name, **line(book, variable, language)}


def line(book: CodeBook, variable: Variable, language: str) -> Mapping[str, str]:
    when = variable.when
    return {
        "label": variable.label.in_language(language),
        "holds": HELD[variable.holds].in_language(language),
        "unit": variable.unit,
        "lowest": "" if variable.lowest is None else str(variable.lowest),
        "highest": "" if variable.highest is None else str(variable.highest),
        "values": meanings(book, variable, language),
        "need": NEEDED[variable.need].in_language(language),
        "when": f"{when.variable}: {', '.join(when.has)}" if when else "",
        "rule": MADE[variable.rule].in_language(language),
        "facts": ", ".join(variable.facts),
        "of": variable.of,
        "since": str(variable.since),
    }


def meanings(book: CodeBook, variable: Variable, language: str) -> str:
    if not variable.values:
        return ""
    values = book.values(variable).items()
    return "; ".join(f"{code} = {text.in_language(language)}" for code, text in values)


def as_csv(book: CodeBook, language: str) -> str:
    """Columns have the same names in both languages, so that a program finds them."""
    text = StringIO()
    writer = csv.DictWriter(text, list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines(book, language))
    return text.getvalue()


def as_html(book: CodeBook, language: str) -> str:
    """One page without script or address: it can be filed, and read in twenty years."""
    said = "nb" if language == "nb" else "en"
    title = escape(TITLE.in_language(language))
    version = escape(VERSION.filled(version=book.version).in_language(language))
    parts = [
        f'<!doctype html>\n<html lang="{said}">\n<head>\n<meta charset="utf-8">\n',
        f"<title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{version}</p>\n",
        *(section(book, name, language) for name in book.tables),
        f"<h2>{escape(LISTS.in_language(language))}</h2>\n",
        *(listed(book, name, language) for name in sorted(book.lists)),
        "</body>\n</html>\n",
    ]
    return "".join(parts)


def section(book: CodeBook, name: str, language: str) -> str:
    table: Table = book.tables[name]
    shown = {key: text for key, text in COLUMNS.items() if key not in {"table", "values"}}
    shown = {**shown, "values": COLUMNS["values"]}
    rows = []
    for each, variable in table.variables.items():
        cells = {"variable": each, **line(book, variable, language), "values": variable.values}
        rows.append([cells[key] for key in shown])
    key = escape(ONE_ROW.filled(key=", ".join(table.key)).in_language(language))
    heading = f'<h2 id="{escape(name)}">{escape(table.label.in_language(language))}</h2>\n'
    heads = [text.in_language(language) for text in shown.values()]
    return f"{heading}<p>{key}</p>\n{grid(name, heads, rows)}"


def listed(book: CodeBook, name: str, language: str) -> str:
    heads = [CODE.in_language(language), MEANING.in_language(language)]
    rows = [[code, text.in_language(language)] for code, text in book.lists[name].items()]
    return grid(name, heads, rows)


def grid(caption: str, heads: list[str], rows: list[list[str]]) -> str:
    top = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(one)}</td>" for one in others)
        + "</tr>\n"
        for first, *others in rows
    )
    return f"<table>\n<caption>{escape(caption)}</caption>\n<tr>{top}</tr>\n{body}</table>\n"
