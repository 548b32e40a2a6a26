"""Which unit is asked about at the prompt, and how whole what it delivers is."""

from django.utils import timezone

from lysglimt.clinic.delivery.extract import extract
from lysglimt.clinic.delivery.status import Status, status
from lysglimt.clinic.people.models import Unit
from lysglimt.knowledge.errors import Unknown


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


def status_of(unit: str) -> Status:
    return status(extract(unit_of(unit), on=timezone.localdate()))
