"""What leaves the made-up clinic for the register, looked at as a whole."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from django.apps import apps
from django.db.models import UUIDField
from pyarrow import parquet

from lysglimt.clinic.delivery.extract import Extract, extract
from lysglimt.clinic.people.models import Patient, Unit
from lysglimt.exchange.files.extracted import Written
from lysglimt.register.code_book import FROM_NO_FACT, code_book

NOT_IN_THE_DEMO = {
    # Nobody has come to therapy or to a follow-up that is due.
    *("therapy.course", "therapy.held_on", "follow_up.done_on"),
    # Few are reserved: how many is not told.
    "unit.reserved",
    # Relapses are of maintenance there, and no course was stopped for a ground.
    *("course.relapsed_on_default", "course.relapsed_on_janssen", "course.stop_ground"),
    *("resistance.sessions", "session.rass_lowest", "event.ended_on"),
    *("suicidality.taken_on", "medication.stopped_on"),
}
"""Of these the clinic has no fact; `tests/clinic/delivery/test_tables.py` enters them."""


def extracts(on: date) -> list[Extract]:
    return [extract(unit, on=on) for unit in Unit.objects.order_by("pk")]


def filled(found: Iterable[Extract]) -> set[str]:
    return {
        f"{table}.{name}"
        for one in found
        for table, rows in one.tables.items()
        for row in rows
        for name, value in row.items()
        if value is not None
    }


def from_facts() -> set[str]:
    """Every variable that a fact of the clinic gives."""
    return {
        f"{table}.{name}"
        for table, name, variable in code_book().variables()
        if variable.rule not in FROM_NO_FACT
    }


def written(found: Extract, folder: Path) -> str:
    """The files as they leave, read back: every name, every value, and what stands beside them."""
    with Written(folder) as files:
        files.take(found.tables)
        files.keep()
    told = []
    for file in sorted(folder.iterdir()):
        table = parquet.read_table(file)
        told += [file.name, str(table.schema), str(table.to_pylist())]
        told.append(file.read_bytes().decode("latin-1"))
    return "\n".join(told)


def secrets() -> Iterator[str]:
    """Who the patients are, where they live, and every id of the database that is no number."""
    for patient in Patient.objects.all():
        said = patient.particulars()
        yield from (said.identity_number, said.birth_date.isoformat(), *said.names)
        yield repr(said.birth_date)
        yield from (said.contact.telephone, said.contact.email, said.contact.address)
    for model in apps.get_models():
        if model.__module__.startswith("lysglimt.clinic."):
            keys = [one.attname for one in model._meta.fields if isinstance(one, UUIDField)]
            for row in model._base_manager.values_list(*keys) if keys else ():
                for key in row:
                    yield from (key.hex, str(key)) if key else ()
