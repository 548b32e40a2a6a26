"""A file is imported whole or not at all, once however often it is read."""

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from itertools import islice
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people.identity import made_up_numbers
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral.models import ReferralLetter, Sender
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import CourseStanding, Rating, SessionGiven, Timing
from lysglimt.exchange.files import sheet as sheets
from lysglimt.exchange.files.blanks import written
from lysglimt.exchange.files.columns import CellRefused, value_of
from lysglimt.exchange.files.importing import Imported, imported
from lysglimt.exchange.files.long_table import TableRefused
from lysglimt.exchange.files.sheet import read_sheet
from lysglimt.exchange.files.storing import Desk, Outcome
from lysglimt.exchange.files.templates import MADE_UP_NUMBER, TEMPLATES
from lysglimt.knowledge.protocols.library import latest
from tests.clinic.conftest import BORN, Staff, hospital, moss, psychiatrist, staff

__all__ = ["hospital", "moss", "psychiatrist", "staff"]  # fixtures of the clinic

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NUMBER, OTHER = islice(made_up_numbers(BORN, sex="f"), 1, 3)
KARI = {"identity_number": NUMBER, "given_name": "Kari", "family_name": "Eksempelstad"}
LETTER = {
    "identity_number": NUMBER,
    "received_on": "02.03.2026",
    "sender_kind": "Fastlege",
    "sender_name": "Fastlege Eksempel",
}
SESSION = {
    "identity_number": NUMBER,
    "protocol": "iv-ketamine-no",
    "given_on": "2026-03-16",
    "started_at": "10:00",
    "stopped_at": "10:40",
    "prescribed_mg": "40",
    "delivered_mg": "39,5",
}
RATING = {
    "identity_number": NUMBER,
    "instrument": "madrs",
    "rated_on": "2026-03-15",
    "rated_at": "09:00",
    "timing": "baseline",
    "answers": "4,4,3,4,3,4,4,4,3,1",
}
DAYS_SINCE_1900, TEN_FORTY = 46083, 640 / 1440
"""2 March 2026, and twenty to eleven, as a spreadsheet keeps them."""
ROWS = {"patients": KARI, "referrals": LETTER, "sessions": SESSION, "ratings": RATING}
ROW_MODELS = (Patient, ReferralLetter, SessionGiven, Rating, Event)

Cells = Mapping[str, str]
Bring = Callable[..., Imported]


@pytest.fixture
def desk(psychiatrist: Professional) -> Desk:
    treatment.approve_protocol(
        unit=psychiatrist.unit, protocol=latest("iv-ketamine-no"), by=psychiatrist, at=NOW
    )
    return Desk(by=psychiatrist, at=NOW, file="rows.csv")


def as_csv(place: Path, rows: Sequence[Cells]) -> Path:
    with place.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), delimiter=";")
        table.writeheader()
        table.writerows(rows)
    return place


def as_xlsx(place: Path, rows: Sequence[Cells]) -> Path:
    with xlsxwriter.Workbook(str(place)) as book:
        page = book.add_worksheet("Rader")
        for column, name in enumerate(rows[0]):
            page.write(0, column, name)
            for number, row in enumerate(rows, 1):
                page.write_string(number, column, row[name])
    return place


@pytest.fixture
def bring(desk: Desk, tmp_path: Path) -> Bring:
    """`bring("patients", row, ...)` is what importing these rows comes to."""

    def bring(template: str, *rows: Cells, revise: bool = False, dry: bool = False) -> Imported:
        table = read_sheet(as_csv(tmp_path / "rows.csv", rows))
        by = Desk(by=desk.by, at=desk.at, file=desk.file, revise=revise)
        return imported(table, TEMPLATES[template], by, dry_run=dry)

    return bring


@pytest.fixture
def all_four(bring: Bring) -> None:
    for template, row in ROWS.items():
        assert bring(template, row).outcomes == {Outcome.STORED: 1}


def counted() -> list[int]:
    return [model.objects.count() for model in ROW_MODELS]


def test_a_patient_from_referral_to_a_session(all_four: None) -> None:
    patient = Patient.objects.get()
    assert patient.particulars().birth_date == BORN
    letter = ReferralLetter.objects.get()
    assert (letter.sender_kind, letter.received_on.isoformat()) == ("gp", "2026-03-02")
    session = SessionGiven.objects.get()
    assert (session.prescribed_mg, session.delivered_mg) == (Decimal(40), Decimal("39.5"))
    rating = Rating.objects.get()
    assert rating.total == Decimal(34)
    assert (rating.mode, rating.answers["i10"]) == ("imported", 1)
    assert CourseStanding.objects.get().sessions == 1
    assert set(Event.objects.exclude(operation="protocol.approve").values_list("origin")) == {
        ("import",)
    }


def test_the_same_file_again_stores_nothing(all_four: None, bring: Bring) -> None:
    before = counted()
    for template, row in ROWS.items():
        assert bring(template, row).outcomes == {Outcome.KNOWN: 1}
    assert counted() == before


@pytest.mark.parametrize(
    ("template", "column", "value"),
    [
        ("patients", "given_name", "Karianne"),
        ("referrals", "sender_name", "Overlege Eksempel"),
        ("sessions", "delivered_mg", "20"),
        ("ratings", "answers", "0,0,3,4,3,4,4,4,3,1"),
    ],
)
def test_a_changed_row_is_refused_unless_a_revision_is_asked_for(
    all_four: None, bring: Bring, template: str, column: str, value: str
) -> None:
    changed = ROWS[template] | {column: value}
    before = counted()
    found = bring(template, changed)
    assert [(one.row, one.column) for one in found.problems] == [(2, column)]
    assert counted() == before
    assert bring(template, changed, revise=True).outcomes == {Outcome.REVISED: 1}
    assert bring(template, changed).outcomes == {Outcome.KNOWN: 1}


def test_a_dry_run_writes_nothing(bring: Bring) -> None:
    before = counted()
    found = bring("patients", KARI, dry=True)
    assert (found.accepted, found.outcomes) == (True, {Outcome.STORED: 1})
    assert counted() == before


def test_every_problem_of_the_file_is_named_and_nothing_is_stored(bring: Bring) -> None:
    before = counted()
    found = bring(
        "patients",
        KARI,
        KARI | {"identity_number": "12345678901"},
        KARI | {"identity_number": OTHER, "given_name": ""},
    )
    assert [(one.row, one.column) for one in found.problems] == [
        (3, "identity_number"),
        (4, "given_name"),
    ]
    assert "12345678901" not in repr(found.problems)
    assert found.problems[0].reason.nb != found.problems[0].reason.en
    assert counted() == before


@pytest.mark.parametrize(
    ("template", "changes", "column", "allowed"),
    [
        ("referrals", {"received_on": "31.02.2026"}, "received_on", "2026-03-02"),
        ("referrals", {"received_on": "1750-01-01"}, "received_on", "2026-03-02"),
        ("referrals", {"received_on": "2026-07-01"}, "received_on", ""),
        ("referrals", {"sender_kind": "naboen"}, "sender_kind", "gp"),
        ("referrals", {"sender_name": "x" * 201}, "sender_name", "<= 200"),
        ("referrals", {"sender_name": "a\x07b"}, "sender_name", ""),
        ("sessions", {"started_at": "25:00"}, "started_at", "23:59"),
        ("sessions", {"stopped_at": "09:00"}, "stopped_at", ""),
        ("sessions", {"prescribed_mg": "4O"}, "prescribed_mg", "mg"),
        ("sessions", {"prescribed_mg": "0.00001"}, "prescribed_mg", "mg"),
        ("sessions", {"prescribed_mg": ""}, "prescribed_mg", ""),
        ("sessions", {"delivered_mg": ""}, "delivered_mg", ""),
        ("sessions", {"prescribed_mg": "0"}, "prescribed_mg", "> 0"),
        ("sessions", {"protocol": "ect"}, "protocol", ""),
        ("sessions", {"identity_number": OTHER}, "identity_number", ""),
        ("ratings", {"answers": "9,4,3,4,3,4,4,4,3,1"}, "", "0-6"),
        ("ratings", {"answers": "4,4"}, "", ""),
        ("ratings", {"instrument": "madr"}, "instrument", "madrs"),
    ],
)
def test_what_cannot_be_is_refused_with_what_may_stand_there(
    bring: Bring, template: str, changes: Cells, column: str, allowed: str
) -> None:
    bring("patients", KARI)
    before = counted()
    found = bring(template, {**ROWS[template], **changes})
    [problem] = found.problems
    assert problem.row == 2
    assert not column or problem.column == column
    assert allowed in problem.allowed
    assert problem.reason.nb
    assert problem.reason.en
    assert counted() == before


def test_an_unknown_column_names_the_nearest(bring: Bring) -> None:
    found = bring("patients", KARI | {"famly_name": "x"})
    assert "family_name" in found.problems[0].reason.nb


def test_a_missing_column_is_named(bring: Bring) -> None:
    found = bring("patients", {"given_name": "Kari"})
    assert [one.column for one in found.problems] == ["family_name"]


def test_someone_alike_is_registered_by_hand(bring: Bring) -> None:
    bring("patients", KARI)
    alike = {"birth_date": "14.03.1979", "given_name": "Kari", "family_name": "Annen"}
    [problem] = bring("patients", alike).problems
    assert "lignende navn" in problem.reason.nb


def test_intent_is_imported_by_a_doctor_and_the_refusal_says_how(
    bring: Bring, desk: Desk, staff: Staff, tmp_path: Path
) -> None:
    bring("patients", KARI)
    nurse = staff(desk.by.unit, Role.NURSE)
    intent = RATING | {"instrument": "cssrs_screener", "answers": "1,1,0,1,0,0,-"}
    by_nurse = Desk(by=nurse, at=desk.at, file=desk.file)
    table = read_sheet(as_csv(tmp_path / "intent.csv", [intent]))
    [problem] = imported(table, TEMPLATES["ratings"], by_nurse).problems
    assert "ber om lege nå" in problem.reason.nb
    assert "--by LEGE" in problem.reason.nb
    assert "--by DOCTOR" in problem.reason.en
    assert not Rating.objects.exists()
    assert bring("ratings", intent).outcomes == {Outcome.STORED: 1}


def test_a_patient_without_a_number_is_known_by_name_and_birth_date(bring: Bring) -> None:
    row = {"birth_date": "1979-03-14", "given_name": "Kari", "family_name": "Eksempelstad"}
    assert bring("patients", row).outcomes == {Outcome.STORED: 1}
    assert bring("patients", row).outcomes == {Outcome.KNOWN: 1}


def test_a_session_of_an_open_course_on_another_protocol_is_refused(
    all_four: None, bring: Bring
) -> None:
    [problem] = bring(
        "sessions", SESSION | {"protocol": "ect", "given_on": "2026-03-19"}
    ).problems
    assert (problem.column, problem.allowed) == ("protocol", "iv-ketamine-no")


def test_the_choices_of_the_templates_are_those_of_the_clinic() -> None:
    assert set(TEMPLATES["referrals"].column("sender_kind").choices) == set(Sender)
    assert set(TEMPLATES["ratings"].column("timing").choices) == set(Timing)


# Files


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_template_is_read_back_as_it_was_written(
    tmp_path: Path, template: str, kind: str
) -> None:
    written(tmp_path)
    table = read_sheet(tmp_path / f"{template}.{kind}")
    columns = TEMPLATES[template].columns
    assert table.columns == tuple(column.name for column in columns)
    [example] = table.rows
    assert example.number == 2
    for column in columns:
        said = example.cells[column.name]
        assert said == column.example
        assert not said or value_of(column, said) is not None


def test_the_examples_import(bring: Bring, tmp_path: Path) -> None:
    written(tmp_path)
    for template in TEMPLATES.values():
        [row] = read_sheet(tmp_path / f"{template.id}.xlsx").rows
        assert bring(template.id, row.cells).accepted, template.id
    assert Patient.objects.get().card().full_identity_number == MADE_UP_NUMBER


def test_a_workbook_explains_itself(tmp_path: Path) -> None:
    written(tmp_path)
    book = CalamineWorkbook.from_path(str(tmp_path / "referrals.xlsx"))
    assert book.sheet_names == ["Henvisninger", "Forklaring"]
    said = [row[0] for row in book.get_sheet_by_name("Forklaring").to_python()]
    assert {column.name for column in TEMPLATES["referrals"].columns} <= set(said)


def test_what_was_filled_in_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        written(tmp_path)
    assert [place.name for place in tmp_path.iterdir()] == ["ratings.csv"]


def test_typed_cells_of_a_workbook_are_read_as_a_person_wrote_them(tmp_path: Path) -> None:
    place = tmp_path / "typed.xlsx"
    with xlsxwriter.Workbook(str(place)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["day", "clock", "whole", "part", "yes", "sum"])
        page.write_number(1, 0, DAYS_SINCE_1900, book.add_format({"num_format": "dd.mm.yyyy"}))
        page.write_number(1, 1, TEN_FORTY, book.add_format({"num_format": "hh:mm"}))
        page.write_row(1, 2, [40.0, 39.5, True])
        page.write_formula(1, 5, "=20+20", value=40)
    [row] = read_sheet(place).rows
    assert list(row.cells.values()) == ["2026-03-02", "10:40", "40", "39.5", "ja", "40"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip", b"\x00" * 100])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "rows.xlsx"
    place.write_bytes(content)
    with pytest.raises(TableRefused):
        read_sheet(place)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "rows.xlsx"
    with ZipFile(place, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(TableRefused):
        read_sheet(place)


def test_a_workbook_that_unpacks_to_a_thousandfold_is_refused_unread(tmp_path: Path) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 5_000_000)
    place = tmp_path / "bomb.xlsx"
    place.write_bytes(packed.getvalue())
    with pytest.raises(TableRefused, match="unpacks to"):
        read_sheet(place)


def test_too_large_and_too_long_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = as_csv(tmp_path / "rows.csv", [KARI, KARI])
    monkeypatch.setattr(sheets, "MOST_ROWS", 1)
    with pytest.raises(TableRefused, match="2 rows"):
        read_sheet(place)
    monkeypatch.setattr(sheets, "LARGEST", 10)
    with pytest.raises(TableRefused, match="larger"):
        read_sheet(place)


@pytest.mark.parametrize(
    "rows",
    [[[]], [["a", "a"], ["1", "2"]], [["a", ""], ["1", "2"]]],
    ids=["empty", "two of a name", "a cell under no name"],
)
def test_an_unclear_workbook_is_refused(tmp_path: Path, rows: list[list[str]]) -> None:
    place = tmp_path / "rows.xlsx"
    with xlsxwriter.Workbook(str(place)) as book:
        page = book.add_worksheet()
        for number, cells in enumerate(rows):
            page.write_row(number, 0, cells)
    with pytest.raises(TableRefused):
        read_sheet(place)


def test_both_kinds_of_file_say_the_same(tmp_path: Path) -> None:
    one = read_sheet(as_csv(tmp_path / "rows.csv", [SESSION, SESSION]))
    other = read_sheet(as_xlsx(tmp_path / "rows.xlsx", [SESSION, SESSION]))
    assert [row.cells for row in one.rows] == [row.cells for row in other.rows]
    assert [row.number for row in one.rows] == [row.number for row in other.rows] == [2, 3]


# Anything at all


@given(content=st.binary(max_size=300), kind=st.sampled_from(["csv", "xlsx"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_malformed_file_is_refused_and_never_breaks(
    tmp_path: Path, content: bytes, kind: str
) -> None:
    place = tmp_path / f"any.{kind}"
    place.write_bytes(content)
    try:
        assert read_sheet(place).columns
    except TableRefused:
        event("refused")


@given(
    text=st.text(max_size=40),
    template=st.sampled_from(sorted(TEMPLATES)),
    place=st.integers(0, 7),
)
@settings(deadline=None)
def test_any_cell_is_read_or_refused(text: str, template: str, place: int) -> None:
    columns = TEMPLATES[template].columns
    column = columns[place % len(columns)]
    try:
        assert value_of(column, text) is not None
    except CellRefused:
        event("refused")


@given(
    template=st.sampled_from(sorted(ROWS)),
    place=st.integers(0, 7),
    cell=st.text(st.characters(codec="utf-8"), max_size=30),
)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@pytest.mark.django_db
def test_whatever_stands_in_a_cell_nothing_is_half_written(
    bring: Bring, template: str, place: int, cell: str
) -> None:
    row = dict(ROWS[template])
    row[list(row)[place % len(row)]] = cell
    if template != "patients":
        bring("patients", KARI)
    before = counted()
    try:
        found = bring(template, row, row)
    except TableRefused:
        return
    assert found.accepted or counted() == before
