"""Clinical data files are read strictly, and what is misstated is refused where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from lysglimt.knowledge.catalogue import compose, read
from lysglimt.knowledge.errors import Inconsistent, Misstated
from lysglimt.knowledge.figures import Basis, Figure, Mark
from lysglimt.knowledge.sources.library import library
from lysglimt.knowledge.text import Text


@dataclass(frozen=True, slots=True)
class Stage:
    sessions: Figure[int]
    every: Figure[timedelta] | None = None
    names: tuple[Text, ...] = ()
    also: str = ""

    def __post_init__(self) -> None:
        if self.sessions.value == 0:
            raise Inconsistent("a stage without a session")


def refusal(tmp_path: Path, stated: str) -> str:
    file = tmp_path / "stage.toml"
    file.write_text(stated, encoding="utf-8")
    with pytest.raises(Misstated) as misstated:
        read(Stage, file)
    return str(misstated.value)


def sessions(figure: str) -> str:
    return f"sessions = {{ {figure} }}"


GOOD = 'value = 6, unit = "sessions", mark = "own", source = "own-proposal"'


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        pytest.param(
            sessions(GOOD.replace("value", "valeu")),
            "stage.toml: sessions.valeu: 'valeu' is unknown, the nearest is 'value'",
            id="a misspelt key",
        ),
        pytest.param(
            sessions(GOOD.replace('"sessions"', '"session"')),
            "stage.toml: sessions.unit: 'session' is unknown, the nearest is 'sessions'",
            id="a misspelt unit",
        ),
        pytest.param(
            sessions(GOOD.replace('"own"', '"onw"')),
            "stage.toml: sessions.mark: 'onw' is unknown, the nearest is 'own'",
            id="a misspelt mark",
        ),
        pytest.param(
            sessions(GOOD.replace("own-proposal", "own-proposals")),
            "stage.toml: sessions.source: 'own-proposals' is unknown, "
            "the nearest is 'own-proposal'",
            id="a source that is not in the library",
        ),
        pytest.param(
            sessions(GOOD.replace("own-proposal", "elektd")),
            "stage.toml: sessions: mark 'own' cannot rest on 'elektd'",
            id="an own figure dressed in literature",
        ),
        pytest.param(
            sessions(GOOD.replace('"own"', '"seen"')),
            "stage.toml: sessions: mark 'seen' cannot rest on 'own-proposal'",
            id="a seen figure without its source",
        ),
        pytest.param(
            sessions(GOOD.partition(", source")[0]),
            "stage.toml: sessions.source: is missing",
            id="no source",
        ),
        pytest.param(
            sessions(GOOD.replace('"sessions"', '"h"')),
            "stage.toml: sessions.unit: 'h' does not make int",
            id="hours for sessions",
        ),
        pytest.param(
            sessions(GOOD.replace("6", "6.5")),
            "stage.toml: sessions.value: a whole number of sessions belongs here, not 6.5",
            id="half a session",
        ),
        pytest.param(
            sessions(GOOD.replace("6", "nan")),
            "stage.toml: sessions.value: a number belongs here, not Decimal('NaN')",
            id="not a number",
        ),
        pytest.param(
            "sessions = 6",
            "stage.toml: sessions: a table belongs here, not 6",
            id="a bare number",
        ),
        pytest.param(
            f"{sessions(GOOD)}\nalso = 3",
            "stage.toml: also: text belongs here, not 3",
            id="a number for a text",
        ),
        pytest.param(
            f'{sessions(GOOD)}\nnames = "induction"',
            "stage.toml: names: a list belongs here, not 'induction'",
            id="a text for a list",
        ),
        pytest.param(
            f'{sessions(GOOD)}\nnames = [{{ nb = "start" }}]',
            "stage.toml: names.1.en: is missing",
            id="Bokmål without English",
        ),
        pytest.param(
            sessions(GOOD.replace("6", "0")),
            "stage.toml: a stage without a session",
            id="a value that contradicts itself",
        ),
        pytest.param(
            "sessions = {",
            "stage.toml: Invalid initial character for a key part (at end of document)",
            id="not TOML at all",
        ),
    ],
)
def test_what_is_misstated_is_refused_where_it_stands(
    tmp_path: Path, stated: str, expected: str
) -> None:
    assert refusal(tmp_path, stated) == expected


def test_what_is_well_stated_is_read(tmp_path: Path) -> None:
    file = tmp_path / "stage.toml"
    file.write_text(f'{sessions(GOOD)}\nevery = "unknown"\nalso = "x"', encoding="utf-8")
    basis = Basis(Mark.OWN, library()["own-proposal"])
    assert read(Stage, file) == Stage(Figure(6, "sessions", basis), None, (), "x")


@dataclass(frozen=True, slots=True)
class Named:
    by_name: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Stay:
    on: date
    left: date | None = None


def test_json_writes_a_date_as_text_and_unknown_as_null() -> None:
    stated = {"on": "2026-03-02", "left": None}
    assert compose(Stay, stated, name="stay.json") == Stay(date(2026, 3, 2))


@pytest.mark.parametrize(
    "stated",
    [
        pytest.param("2026-02-30", id="a day that is none"),
        pytest.param("20260302", id="without hyphens"),
        pytest.param(20260302, id="a number"),
    ],
)
def test_what_is_no_date_is_refused(stated: object) -> None:
    with pytest.raises(Misstated, match=r"stay\.json: on: a date belongs here"):
        compose(Stay, {"on": stated}, name="stay.json")


def test_what_is_no_table_of_names_is_refused() -> None:
    with pytest.raises(Misstated, match=r"x\.toml: by_name: a table belongs here, not 3"):
        compose(Named, {"by_name": 3}, name="x.toml")


def test_a_file_that_is_not_utf_8_is_refused_by_name_and_place(tmp_path: Path) -> None:
    file = tmp_path / "stage.toml"
    file.write_bytes(b'name = "bl\xe6re"')
    with pytest.raises(Misstated, match=r"stage\.toml: is not UTF-8 \(byte 11\)"):
        read(Stage, file)
