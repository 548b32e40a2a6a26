"""The rows of a unit for the register, written as files: by whom, on which basis, signed or not."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from lysglimt.clinic.delivery import actions
from lysglimt.clinic.delivery.extract import Extract, extract
from lysglimt.exchange.files.extracted import Written

from .accounts import Desk
from .delivering import unit_of


@dataclass(frozen=True, slots=True)
class Taken:
    """``signed_by`` is empty where no delivery of exactly these rows is signed."""

    unit: str
    basis: str
    project: str
    rows: dict[str, int]
    digest: str
    signed_by: str


def taken_out(unit: str, folder: Path, *, done: Callable[[int], object]) -> Taken:
    """Written whole or not at all; that it was done stands in the log of each patient."""
    at = timezone.now()
    with Written(folder) as files:
        found = extract(unit_of(unit), on=timezone.localdate(at), done=done)
        files.take(found.tables)
        actions.note_extract(found, by=Desk.by(), at=at)
        files.keep()
    return told(found)


def told(found: Extract) -> Taken:
    signed = actions.signed_as(found)
    return Taken(
        unit=found.scope.unit.name,
        basis=found.scope.basis.basis,
        project=found.scope.basis.project,
        rows={name: len(rows) for name, rows in found.tables.items()},
        digest=actions.digest(found),
        signed_by=str(signed.signature.by) if signed else "",
    )
