"""The trail says who, when, as what and by which right; and nobody can change it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit.append_only import AppendOnly
from lysglimt.clinic.audit.circumstances import Actor, circumstances, under
from lysglimt.clinic.audit.models import Event, Read
from lysglimt.clinic.people.models import Patient, Professional
from tests.clinic.conftest import NOON


def test_an_event_says_who_as_what_and_by_which_right(
    kari: Patient, psychiatrist: Professional
) -> None:
    psychiatrist.hpr_number = "9999999"
    with under(request_id="abc", origin="page", decision="x/psychiatrist/own_unit"):
        deed = audit.Deed(patients=[kari.pk], after=kari, reason="Asked for")
        event = audit.record(by=psychiatrist, at=NOON, operation="x", deed=deed)
    assert (event.actor, event.role, event.hpr_number) == (
        psychiatrist.username,
        "psychiatrist",
        "9999999",
    )
    assert (event.unit, event.entity) == (
        str(psychiatrist.unit_id),
        str(psychiatrist.entity_id),
    )
    assert (event.request_id, event.origin, event.decision) == (
        "abc",
        "page",
        "x/psychiatrist/own_unit",
    )
    assert (event.patients, event.category) == ([str(kari.pk)], "people.patient")
    assert (event.subject, len(event.after_digest)) == (f"people.patient/{kari.pk}", 64)
    assert str(event) == f"{psychiatrist.username} x"


def test_circumstances_end_where_they_began() -> None:
    with under(purpose="quality"):
        assert circumstances().purpose == "quality"
    assert circumstances().purpose == "treatment"


def test_a_command_acts_under_its_own_name(db: None) -> None:
    actor = Actor(username="command:ola")
    event = audit.record(by=actor, at=NOON, operation="unit.add", deed=audit.Deed())
    assert (event.actor, event.origin, event.subject) == ("command:ola", "command", "")


def test_a_digest_follows_every_column(kari: Patient) -> None:
    before = audit.digest(Patient.objects.get())
    assert before == audit.digest(Patient.objects.get())
    kari.birth_date_index = "other"
    assert audit.digest(kari) != before


def test_a_read_names_each_patient_once(kari: Patient, nurse: Professional) -> None:
    read = audit.record_read(by=nurse, at=NOON, operation="patients", patients=[kari.pk] * 2)
    assert (read.patients, read.category) == ([str(kari.pk)], "patients")


@pytest.mark.parametrize("model", [Event, Read])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_change_the_trail(
    kari: Patient, nurse: Professional, model: type[Event] | type[Read], verb: str
) -> None:
    audit.record_read(by=nurse, at=NOON, operation="patients", patients=[kari.pk])
    rows = model.objects.all()
    change = {"update": lambda: rows.update(actor="nobody"), "delete": rows.delete}[verb]
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change()
    assert not rows.filter(actor="nobody")
    assert rows


@pytest.mark.django_db(transaction=True)
def test_the_guard_is_taken_down_by_a_migration_alone() -> None:
    state = MigrationExecutor(connection).loader.project_state()
    guard = AppendOnly("Read")
    audit.record_read(by=Actor(username="a"), at=NOON, operation="x", patients=[])
    with connection.schema_editor() as editor:
        guard.database_backwards("audit", editor, state, state)
    assert Read.objects.update(actor="b") == 1
    with connection.schema_editor() as editor:
        guard.database_forwards("audit", editor, state, state)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Read.objects.update(actor="c")
    assert "Read" in guard.describe()


WAYS_ROUND = {
    "sqlite": "REPLACE INTO audit_read SELECT * FROM audit_read",
    "postgresql": "TRUNCATE audit_read",
}


def test_there_is_no_way_round_the_guard(nurse: Professional) -> None:
    audit.record_read(by=nurse, at=NOON, operation="patients", patients=[])
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(WAYS_ROUND[connection.vendor])
    assert Read.objects.exists()
