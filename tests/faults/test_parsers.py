"""No file and no text, however mangled, breaks what reads it: it is read, or refused in words."""

import json
import os
from collections.abc import Iterator
from contextlib import chdir
from importlib.resources import files as packaged
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from lysglimt.exchange.files.columns import CellRefused, value_of
from lysglimt.exchange.files.long_table import read_table
from lysglimt.exchange.files.sheet import read_sheet
from lysglimt.exchange.files.templates import TEMPLATES
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.instruments.questionnaire import read_questionnaire
from lysglimt.knowledge.protocols.library import load
from lysglimt.server.commands.import_ import write
from lysglimt.server.configuration import Configuration
from lysglimt.server.starting import start
from tests.faults.misread import documents, files
from tests.knowledge.instruments.test_wording import licensed
from tests.server.commands import lysglimt

DOCS = Path(__file__).resolve().parents[2] / "docs"
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
tried = settings(
    max_examples=10_000 if LONG else 100,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
SCREEN = json.loads((DOCS / "examples/screen/eligible.json").read_bytes())
COURSE = json.loads((DOCS / "examples/course/remission-at-four.json").read_bytes())
MADRS = instrument("madrs")
SCORES = "patient,visit,score\n" + "".join(
    f"p{one},{visit},{40 - one}\n" for one in range(4) for visit in ("before", "after")
)
PROTOCOL = (
    packaged("lysglimt.knowledge.protocols") / "catalogue" / "iv-ketamine-no.toml"
).read_bytes()
SETTINGS = b"""\
secret_key = "a"
index_key = "dGVzdHMgbG9vayB1cCBieSB0aGlzIGtleSwgMzIgYnk="
database = "sqlite:///lysglimt.sqlite3"
hosts = ["localhost"]
idle_minutes = 30
[encryption_keys]
"2026" = "dGVzdHMgbG9vayB1cCBieSB0aGlzIGtleSwgMzIgYnk="
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("misread")


def written(folder: Path, name: str, content: bytes) -> Path:
    place = folder / name
    place.write_bytes(content)
    return place


@tried
@given(content=documents(SCREEN))
def test_a_candidate_is_screened_or_refused(folder: Path, content: bytes) -> None:
    written(folder, "candidate.json", content)
    ran = lysglimt("screen", "candidate.json", "--on", "2026-03-04", folder=folder)
    event(f"exit {ran.code}")
    assert ran.code in {0, 1, 2}
    assert ran.out or ran.err.startswith("lysglimt: ")


@tried
@given(content=documents(COURSE))
def test_the_facts_of_a_course_are_read_or_refused(folder: Path, content: bytes) -> None:
    written(folder, "facts.json", content)
    ran = lysglimt(
        "course", "iv-ketamine-no", "facts.json", "--on", "2026-09-04", folder=folder
    )
    event(f"exit {ran.code}")
    assert ran.code in {0, 2}
    assert ran.out or ran.err.startswith("lysglimt: ")


@tried
@given(content=files(SCORES.encode()))
def test_a_table_of_scores_is_reckoned_or_refused(folder: Path, content: bytes) -> None:
    written(folder, "scores.csv", content)
    columns = ("--patient", "patient", "--visit", "visit", "--score", "score")
    asked = (*columns, "--baseline", "before", "--instrument", "madrs")
    ran = lysglimt("outcomes", "scores.csv", *asked, folder=folder)
    event(f"exit {ran.code}")
    assert ran.code in {0, 2}
    assert ran.out or ran.err.startswith("lysglimt: ")


@tried
@given(content=documents(licensed(MADRS)))
def test_a_licensed_wording_is_taken_or_refused(content: bytes) -> None:
    text = content.decode(errors="replace")
    try:
        wording = read_questionnaire(MADRS, text, language="nb")
    except ClinicalError as refusal:
        event(refusal.code)
    else:
        assert wording.questions.keys() == {item.id for item in MADRS.items}


@tried
@given(content=files(PROTOCOL))
def test_a_clinic_s_own_protocol_is_loaded_or_refused(folder: Path, content: bytes) -> None:
    place = written(folder, "iv-ketamine-no.toml", content)
    try:
        protocol = load(place)
    except ClinicalError as refusal:
        event(refusal.code)
    else:
        assert protocol.id.encode() in content


@pytest.fixture
def unset() -> Iterator[None]:
    """As on a machine where no variable says anything."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("LYSGLIMT_")}
    with patch.dict(os.environ, clean, clear=True), patch("django.setup", Configuration):
        yield


@tried
@given(content=files(SETTINGS))
def test_a_configuration_is_read_or_refused(folder: Path, unset: None, content: bytes) -> None:
    written(folder, "lysglimt.toml", content)
    with chdir(folder):
        said = ""
        try:
            start()
        except ClinicalError as refusal:
            said = str(refusal)
            event(refusal.code)
    assert "dGVzdHMg" not in said


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_is_read_or_refused(folder: Path, kind: str) -> None:
    write(folder / kind)
    sound = next((folder / kind).glob(f"*.{kind}")).read_bytes()
    read = read_sheet if kind == "xlsx" else read_table

    @tried
    @given(content=files(sound))
    def is_read(content: bytes) -> None:
        place = written(folder, f"any.{kind}", content)
        try:
            assert read(place).columns
        except ClinicalError as refusal:
            event(refusal.code)

    is_read()


@tried
@given(text=st.text(max_size=200), template=st.sampled_from(sorted(TEMPLATES)))
def test_any_text_is_read_or_refused(text: str, template: str) -> None:
    for column in TEMPLATES[template].columns:
        try:
            assert value_of(column, text) is not None
        except CellRefused as refusal:
            event(refusal.reason.en)
