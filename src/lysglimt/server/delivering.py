"""The rows of a unit for the register, from the command line: by whom, of which unit, where to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from lysglimt.clinic.delivery import actions
from lysglimt.clinic.delivery.extract import Extract, extract
from lysglimt.clinic.delivery.status import Status, status
from lysglimt.clinic.people.models import Unit
from lysglimt.knowledge.errors import Unknown

from .accounts import Desk

if TYPE_CHECKING:  # Parquet is an extra
    from lysglimt.exchange.files.extracted import Written


@dataclass(frozen=True, slots=True)
class Taken:
    """``signed_by`` is empty where no delivery of exactly these rows is signed."""

    unit: str
    basis: str
    project: str
    rows: dict[str, int]
    digest: str
    signed_by: str


def unit_of(name: str) -> Unit:
    """By its name; without one, the only unit there is. Raises Unknown with the names there are."""
    units = Unit.objects.select_related("entity").order_by("name")
    known = {one.name: one for one in units}
    if not name and len(known) == 1:
        return next(iter(known.values()))
    if name not in known or units.filter(name=name).count() > 1:
        raise Unknown(
            f"--unit: {name!r} is no unit, or the name of several; there are {', '.join(known)}",
            field="unit",
            value=name,
            allowed=tuple(known),
        )
    return known[name]


def taken_out(unit: Unit, to: "Written", *, done: Callable[[int], object]) -> Taken:
    """Written whole or not at all; that it was done stands in the log of each patient."""
    at = timezone.now()
    with to as files:
        found = extract(unit, on=timezone.localdate(at), done=done)
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


def status_of(unit: Unit) -> Status:
    return status(extract(unit, on=timezone.localdate()))
