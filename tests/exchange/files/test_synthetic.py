"""The synthetic register on disk: the same bytes each time, marked as made up, and importable."""

import csv
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from lysglimt.clinic.people.identity import Accepts, identity_number
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.referral.models import ReferralLetter
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import CourseStanding, Rating, SessionGiven
from lysglimt.exchange.files import synthetic_clinic, synthetic_tables
from lysglimt.exchange.files.importing import imported
from lysglimt.exchange.files.sheet import read_sheet
from lysglimt.exchange.files.storing import Desk
from lysglimt.exchange.files.synthetic import FolderTaken, Making, write
from lysglimt.exchange.files.synthetic_clinic import identity, word
from lysglimt.exchange.files.templates import TEMPLATES
from lysglimt.knowledge.protocols.library import latest
from lysglimt.science.course.symptoms import preset
from lysglimt.science.virtual import register
from lysglimt.science.virtual.asked import Asked
from lysglimt.science.virtual.chance import stream
from lysglimt.science.virtual.figures import ORIGIN
from lysglimt.science.virtual.people import made_up
from lysglimt.science.virtual.tables import tables
from tests.clinic.conftest import hospital, moss, psychiatrist, staff

__all__ = ["hospital", "moss", "psychiatrist", "staff"]  # fixtures of the clinic

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ORDER = ("patients", "referrals", "sessions", "ratings")


LONG = os.environ.get("LYSGLIMT_LONG") == "true"
PEOPLE = 300
"""More than a block of people, so that two processes have something to do."""
SOME, BLOCK = (PEOPLE, 256) if LONG else (60, 25)
"""Where blocks of any size show it."""


def asked(people: int = PEOPLE, *, units: int = 3, seed: int = 4) -> Asked:
    return Asked(people, units, 2, seed, preset("pooled"))


def made(folder: Path, wanted: Asked, *, processes: int = 1, together: int = 1) -> Path:
    write(folder, wanted, Making(processes, together), done=lambda _: None)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {
        place.relative_to(folder).as_posix(): place.read_bytes()
        for place in sorted(folder.rglob("*"))
        if place.is_file()
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("register") / "one", asked())


def test_the_bytes_are_the_same_when_two_processes_make_it(
    folder: Path, tmp_path: Path
) -> None:
    assert files(made(tmp_path / "again", asked(), processes=2)) == files(folder)


def test_another_seed_makes_other_bytes(tmp_path: Path) -> None:
    one = files(made(tmp_path / "one", asked(SOME)))
    other = files(made(tmp_path / "other", asked(SOME, seed=5)))
    same = [name for name, content in one.items() if other.get(name) == content]
    assert same == ["SYNTHETIC.txt"]
    assert len(one) > 10


def test_every_file_says_that_it_is_made_up(folder: Path) -> None:
    for name, content in files(folder).items():
        assert "synthetic" in name.casefold()
        if name.endswith(".parquet"):
            table = parquet.read_table(folder / name)
            assert table.schema.metadata[b"lysglimt.origin"].decode().endswith(ORIGIN.en)
            assert table.column("synthetic").to_pylist() == [True] * len(table)
            assert len(table) > 0
        elif name.endswith(".txt"):
            assert ORIGIN.nb in content.decode()
            assert ORIGIN.en in content.decode()


def test_every_person_of_every_table_is_a_made_up_one(folder: Path) -> None:
    people = set(read(folder, "people").column("person").to_pylist())
    assert len(people) == PEOPLE
    for name in tables():
        table = read(folder, name)
        if "person" in table.column_names:
            assert set(table.column("person").to_pylist()) <= people
    assert all(one.startswith("SYNTHETIC-") for one in people)


def read(folder: Path, table: str) -> pa.Table:
    return parquet.read_table(folder / "register" / f"synthetic-{table}.parquet")


def rows(folder: Path, template: str) -> Iterator[dict[str, str]]:
    for place in sorted((folder / "clinic").rglob(f"synthetic-{template}-*.csv")):
        with place.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file, delimiter=";")


def test_identity_numbers_are_those_of_nobody_and_each_is_one_persons(folder: Path) -> None:
    said = [row["identity_number"] for row in rows(folder, "patients")]
    assert len(said) == len(set(said)) == PEOPLE
    for row in rows(folder, "patients"):
        number = identity_number(
            row["identity_number"], accepts=Accepts.SYNTHETIC, on=date(2026, 1, 1)
        )
        assert number.made_up
        assert (number.birth_date.isoformat(), number.sex) == (row["birth_date"], row["sex"])
    for template in ORDER[1:]:
        assert {row["identity_number"] for row in rows(folder, template)} <= set(said)


def test_people_far_apart_in_a_large_register_have_numbers_of_their_own() -> None:
    wanted = asked(3_000_000)
    numbered = [1, 2, 70_000, 140_001, 1_500_000, 2_999_999]
    people = [made_up(wanted, number, stream(4, number)) for number in numbered]
    assert len({identity(person) for person in people}) == len(numbered)
    assert len({word(number) for number in range(1, 5_000)}) == 4_999


def test_both_forms_tell_the_same(folder: Path) -> None:
    for template, table in (("sessions", "sessions"), ("ratings", "ratings")):
        assert len(list(rows(folder, template))) == len(read(folder, table))
    rated = [
        (row["identity_number"], row["instrument"], row["rated_on"], row["rated_at"])
        for row in rows(folder, "ratings")
    ]
    assert len(rated) == len(set(rated)), "the import would take two of one time for one"
    referred = {row["question"] for row in rows(folder, "referrals")}
    assert referred == {ORIGIN.nb}


@pytest.mark.anywhere
def test_a_clinic_imports_all_of_it_without_a_problem(
    psychiatrist: Professional, tmp_path: Path
) -> None:
    folder = made(tmp_path / "small", asked(24 if LONG else 20, units=1))
    treatment.approve_protocol(
        unit=psychiatrist.unit, protocol=latest("iv-ketamine-no"), by=psychiatrist, at=NOW
    )
    stored = {}
    for template in ORDER:
        (place,) = (folder / "clinic" / "unit-001").glob(f"synthetic-{template}-*.csv")
        desk = Desk(by=psychiatrist, at=NOW, file=place.name)
        found = imported(read_sheet(place), TEMPLATES[template], desk)
        assert found.problems == ()
        stored[template] = found.rows
    counts = [one.objects.count() for one in (Patient, ReferralLetter, SessionGiven, Rating)]
    assert counts == list(stored.values())
    assert stored["sessions"] > 50
    given = {row["person"] for row in read(folder, "sessions").to_pylist()}
    assert CourseStanding.objects.count() == len(given)


def test_a_file_holds_no_more_rows_than_an_import_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = SOME // 3
    monkeypatch.setattr(synthetic_clinic, "MOST_ROWS", most)
    folder = made(tmp_path / "parted", asked(SOME, units=1))
    places = sorted((folder / "clinic").rglob("synthetic-patients-*.csv"))
    assert [place.name[-7:-4] for place in places] == ["001", "002", "003"]
    assert [len(read_sheet(place).rows) for place in places] == [most, most, most]
    assert len({row["identity_number"] for row in rows(folder, "patients")}) == SOME


def test_rows_are_written_in_groups_of_one_size_however_many_blocks_are_made_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = SOME // 3
    monkeypatch.setattr(register, "BLOCK", BLOCK)
    monkeypatch.setattr(synthetic_tables, "GROUP", size)
    one = made(tmp_path / "one", asked(SOME))
    two = made(tmp_path / "two", asked(SOME), together=3)
    assert files(one) == files(two)
    kept = parquet.ParquetFile(one / "register" / "synthetic-people.parquet").metadata
    assert [kept.row_group(n).num_rows for n in range(kept.num_row_groups)] == [size] * 3


def test_what_lies_in_a_folder_is_not_written_over(folder: Path) -> None:
    before = files(folder)
    with pytest.raises(FolderTaken, match="is not empty"):
        write(folder, asked(5), Making(), done=lambda _: None)
    assert files(folder) == before


def test_a_register_that_was_cut_off_leaves_no_half_group(tmp_path: Path) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "cut", asked(SOME), Making(), done=stop)
    assert len(read(tmp_path / "cut", "ratings")) == 0


def test_tables_alone_come_without_files_to_import(tmp_path: Path) -> None:
    write(tmp_path / "tables", asked(20), Making(clinic=False), done=lambda _: None)
    assert not (tmp_path / "tables" / "clinic").exists()
    assert len(read(tmp_path / "tables", "people")) == 20
