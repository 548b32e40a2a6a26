"""The trail at the command line: whole or not, who has seen whom, and what is kept outside."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as configured
from django.test import override_settings

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit.models import Event, Link, Read, Seal
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.server.sealer import Sealer, work
from tests.clinic.conftest import NOON, NUMBER
from tests.server.commands import lysglimt as command

from .trail import take_guards_down, written


@pytest.fixture
def trail(kari: Patient, nurse: Professional) -> Patient:
    audit.record_read(by=nurse, at=NOON, operation="patient", patients=[kari.pk])
    audit.seal_rows(at=NOON)
    return kari


def test_who_has_seen_a_patient_by_id_or_by_number_on_standard_input(
    trail: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from io import StringIO  # noqa: PLC0415 - only here

    by_id = command("audit", "who", str(trail.pk))
    assert "nurse Moss  nurse  Moss  read patient  treatment" in by_id.out
    assert by_id.out.endswith("2 rows\n")
    monkeypatch.setattr("sys.stdin", StringIO(f"{NUMBER[:6]} {NUMBER[6:]}\n"))
    by_number = json.loads(command("audit", "who", "-", "--json").out)
    assert {row["operation"] for row in by_number} >= {
        "patient",
        "patient.register",
        "audit.who",
    }
    assert all("patients" not in row for row in by_number)
    assert Read.objects.filter(operation="audit.who", purpose="control").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "stdin", "says"),
    [
        pytest.param(NUMBER, "", "on standard input", id="a number is never an argument"),
        pytest.param("-", f"{NUMBER}\n", "No patient has this identity number", id="nobody's"),
        pytest.param("-", "\n", "is an id, or -", id="nothing"),
        pytest.param("-", "-\n", "Nothing stands", id="a dash"),
        pytest.param(str(uuid4()), "", "No patient has this id", id="an id of nobody"),
    ],
)
def test_nobody_is_named_by_mistake(
    typed: str, stdin: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from io import StringIO  # noqa: PLC0415 - only here

    monkeypatch.setattr("sys.stdin", StringIO(stdin))
    refused = command("audit", "who", typed)
    assert (refused.code, refused.out) == (2, "")
    assert says in refused.err
    assert NUMBER not in refused.err


def test_an_export_is_a_line_a_row_or_a_table(trail: Patient) -> None:
    lines = [json.loads(one) for one in command("audit", "export").out.splitlines()]
    assert [(one["kind"], one["operation"]) for one in lines][:2] == [
        ("event", "patient.register"), ("read", "patient"),
    ]  # fmt: skip
    assert len(lines[0]["after_digest"]) == len(lines[0]["digest"]) == 64
    table = list(
        csv.DictReader(
            command("audit", "export", "--csv", "--to", "2026-03-02").out.splitlines()
        )
    )
    assert [row["operation"] for row in table] == ["patient.register", "patient"]
    assert not command("audit", "export", "--from", "2026-03-03", "--to", "2026-03-04").out


def test_a_cell_never_begins_a_formula(nurse: Professional) -> None:
    deed = audit.Deed(reason="=1+1", category="x")
    audit.record(by=nurse, at=NOON, operation="x", deed=deed)
    assert "'=1+1" in command("audit", "export", "--csv").out


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--csv", "--json"),
        ("export", "--from", "yesterday"),
        ("odd", "--week", "2026-3"),
    ],
)
def test_wrong_use_is_told(words: tuple[str, ...]) -> None:
    assert command("audit", *words).code == 2


@pytest.mark.django_db
def test_there_is_nothing_to_anchor_without_a_trail() -> None:
    assert "no trail" in command("audit", "anchor").err


@pytest.mark.django_db
def test_seal_and_verify_in_figures() -> None:
    assert json.loads(command("audit", "seal", "--json").out) == {"chained": 0, "sealed": None}
    written(4)
    said = json.loads(command("audit", "verify", "--json").out)
    assert (said["links"], said["seals"], said["faults"]) == (4, 3, [])
    assert "Without an anchor" in command("audit", "verify").out
    assert json.loads(command("audit", "anchor", "--json").out)["seq"] == 4
    take_guards_down()
    Event.objects.filter(pk=Event.objects.earliest("pk").pk).delete()
    told = command("audit", "verify")
    assert told.code == 1
    assert "was removed; link 1 knew it" in told.out


def test_odd_accesses_are_told_with_their_reasons(
    trail: Patient, outsider: Professional, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit.record_read(by=outsider, at=NOON, operation="patient", patients=[trail.pk])
    told = command("audit", "odd", "--week", "2026-W10")
    assert "nurse Oslo  nurse  Oslo  1 patients, 1 reads: other-unit" in told.out
    assert told.out.endswith("1 to ask about, of 2 reads\n")
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON.replace(day=9))
    said = json.loads(command("audit", "odd", "--json").out)
    assert [row["reasons"] for row in said["rows"]] == [["other-unit"]]


@pytest.fixture
def anchored(tmp_path: Path) -> Iterator[Path]:
    with override_settings(AUDIT_ANCHOR=(f"file://{tmp_path}/anchors",)):
        assert configured.AUDIT_ANCHOR
        yield tmp_path / "anchors"


@pytest.mark.django_db
def test_a_pass_chains_and_once_a_day_seals_and_anchors(trail: Patient, anchored: Path) -> None:
    work(everything=True)
    work(everything=False)
    assert Seal.objects.count() == len(anchored.read_text().splitlines()) == 1
    assert Link.objects.count() == Event.objects.count() + Read.objects.count()


@pytest.mark.django_db
def test_a_place_that_takes_nothing_stops_no_sealer_and_is_told_later(
    trail: Patient, tmp_path: Path
) -> None:
    """Else whoever keeps it away for one second of the day has a whole day to cut the end off."""
    anchors = tmp_path / "away" / "anchors"
    with override_settings(AUDIT_ANCHOR=(f"file://{anchors}",)):
        work(everything=True)
        anchors.parent.mkdir()
        work(everything=False)
        assert not anchors.exists(), "not each second"
        for _ in range(2):
            work(everything=False, outside=True)
    assert Seal.objects.count() == len(anchors.read_text().splitlines()) == 1


@pytest.mark.django_db(transaction=True)
def test_the_sealer_works_until_it_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lysglimt.server.sealer.EVERY_SECONDS", 0.01)
    written(3)
    sealer = Sealer()
    sealer.start()
    from lysglimt.clinic.audit.circumstances import Actor  # noqa: PLC0415 - only here

    audit.record(by=Actor(username="command:ola"), at=NOON, operation="x", deed=audit.Deed())
    for _ in range(500):
        if Link.objects.count() == 4:
            break
        sealer.over.wait(0.02)
    sealer.stop()
    assert Link.objects.count() == 4
