"""How much a patient has had, here and elsewhere: rows in, sums by product and by clinic out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext

from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.protocols.protocol import Route
from lysglimt.knowledge.safety.cumulative import (
    DosesGiven,
    ExposureLine,
    exposure_lines,
)
from lysglimt.knowledge.safety.holding import SeenResult

from .beside import OUTSIDE
from .models import DoseElsewhere, Substance
from .wordings import SUBSTANCES

BY_ATC: Mapping[str, Promise] = {
    "N01AX03": SUBSTANCES[Substance.KETAMINE],
    "N01AX14": SUBSTANCES[Substance.ESKETAMINE],
    "N06AX27": SUBSTANCES[Substance.ESKETAMINE],
}
"""What is one substance is added up as one, by whatever way it was given."""


@dataclass(frozen=True, slots=True)
class ExposureLedger:
    """By product, and by product and clinic. ``elsewhere`` is told, not charted here."""

    products: tuple[ExposureLine, ...]
    clinics: tuple[ExposureLine, ...]
    elsewhere: bool

    @property
    def whole(self) -> bool:
        return all(one.whole for line in self.products for one in line.sums)


def given_here(patient: Patient) -> Iterator[DosesGiven]:
    """Asks one question of the database. What is no drug, as ECT is, is left out."""
    rows = SessionGiven.objects.in_force().filter(course__patient=patient)
    for row in rows.select_related("course__unit"):
        product = protocol_of(row.course).product
        if product.route is Route.DEVICE:
            continue
        day = on_day(row.started_at)
        name = BY_ATC.get(product.atc or "") or product.name.in_language(get_language() or "nb")
        yield DosesGiven(
            product=str(name),
            clinic=row.course.unit.name,
            first=day,
            last=day,
            mg=row.delivered_mg,
        )


def given_elsewhere(rows: Iterable[DoseElsewhere]) -> Iterator[DosesGiven]:
    for row in rows:
        yield DosesGiven(
            product=str(SUBSTANCES[Substance(row.substance)]),
            clinic=row.place or gettext("A place that is not known"),
            first=row.first_on,
            last=row.last_on,
            sessions=row.sessions,
            mg=row.mg,
            elsewhere=True,
        )


def not_entered(
    readings: Iterable[SeenResult], elsewhere: Iterable[DoseElsewhere]
) -> list[SeenResult]:
    """Ketamine used outside the clinic, as it was told, of which nobody has entered since how much."""
    newest = max((on_day(row.happened_at) for row in elsewhere), default=date.min)
    used = (one for one in readings if one.what == OUTSIDE and one.positive)
    return [one for one in used if one.on > newest]


def used_outside(told: Iterable[SeenResult]) -> Iterator[DosesGiven]:
    for one in told:
        yield DosesGiven(
            product=str(SUBSTANCES[Substance.UNKNOWN]),
            clinic=gettext("Outside the clinic"),
            first=None,
            last=one.on,
            sessions=None,
            elsewhere=True,
        )


def exposure_ledger(
    patient: Patient,
    elsewhere: Iterable[DoseElsewhere],
    *,
    on: date,
    outside: Iterable[SeenResult] = (),
) -> ExposureLedger:
    told = [*given_elsewhere(elsewhere), *used_outside(outside)]
    doses = [*given_here(patient), *told]
    return ExposureLedger(
        exposure_lines(doses, on, named=lambda dose: dose.product),
        exposure_lines(doses, on, named=placed),
        bool(told),
    )


def placed(dose: DosesGiven) -> str:
    if not dose.elsewhere:
        return f"{dose.product}, {dose.clinic}"
    said = {"product": dose.product, "clinic": dose.clinic}
    return gettext("%(product)s, %(clinic)s (as told)") % said
