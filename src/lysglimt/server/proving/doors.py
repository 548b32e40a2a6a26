"""Asked of a scratch copy: the address of every page, and who stands how to what it shows."""

import json
import sys
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import get_resolver
from django.utils import timezone

from lysglimt.clinic.cupboard.models import Holding
from lysglimt.clinic.medicines.models import TaperPlan
from lysglimt.clinic.people.models import Patient, PatientDetails
from lysglimt.clinic.people.permissions import POLICY
from lysglimt.clinic.people.policy import Relation
from lysglimt.clinic.referral.models import TreatmentTrial
from lysglimt.knowledge.protocols.library import latest
from lysglimt.server.openapi.routes import routes

from .houses import Houses, arranged, furnished
from .signing import cookies

PLAIN = ("own_unit", "other_unit", "other_entity")
ABOUT_A_PATIENT = (*PLAIN, "blocked", "emergency")


def main() -> None:
    houses = furnished(at=timezone.now())
    doors = list(addresses(houses))
    patients = {door.pop("patient") for door in doors} - {None}
    said = {
        "doors": doors,
        "people": list(people(houses, patients)),
        "csrf": settings.CSRF_COOKIE_NAME,
    }
    sys.stdout.write(json.dumps(said))


def people(houses: Houses, patients: set[Any]) -> Iterator[dict[str, Any]]:
    """Whoever is shut out is so by every patient whose page is asked for."""
    arrange = arranged(houses)
    rows = list(Patient.objects.filter(pk__in=patients))
    for stands in ABOUT_A_PATIENT:
        for someone in houses.staff(Relation(stands)):
            for patient in rows if stands in arrange else ():
                arrange[Relation(stands)](patient, someone)
            yield {"role": someone.role, "stands": stands, "cookies": cookies(someone)}


def addresses(houses: Houses) -> Iterator[dict[str, Any]]:
    """Of every operation of the policy, in the relations that there can be to what it is about."""
    for route in routes(get_resolver().url_patterns):
        if route.name in POLICY:
            about: Any = vars(route.view)["about"]
            row = houses.row(about) if about else None
            if about and row is None:
                raise LookupError(f"no {about.__name__} to ask {route.name} about")
            yield {
                "operation": route.name,
                "address": route.path.format_map(keys(houses, route.name, row)),
                "method": route.methods[0],
                "relations": relations(about),
                "patient": whom(row),
            }


def relations(about: Any) -> tuple[str, ...]:
    if about is None:
        return ("own_unit",)
    if about.to_patient:
        return ABOUT_A_PATIENT
    return PLAIN if about.to_unit else ("own_entity", "other_entity")


def whom(row: Any) -> Any:
    if row is None or not row.to_patient:
        return None
    return type(row).objects.filter(pk=row.pk).values_list(row.to_patient, flat=True).get()


OF_MEDICINES = frozenset({"medicines.timing", "medicines.strike", "taper.plan"})
"""Operations whose address names a medicine, or what was said of one."""


def keys(houses: Houses, operation: str, row: Any) -> dict[str, Any]:
    """Whatever an address may hold."""
    protocol = latest("iv-ketamine-no")
    trial = TreatmentTrial.objects.filter(patient=houses.row(Patient)).latest("pk")
    known: dict[str, Any] = {
        "protocol": protocol.id,
        "version": protocol.version,
        "instrument_id": "madrs",
    }
    known |= {"kind": "trial", "entry": trial.entry, "language": "nb"}
    if operation in OF_MEDICINES:
        taper = TaperPlan.objects.filter(medicine__patient=trial.patient).latest("pk")
        striking = operation == "medicines.strike"
        known |= {"kind": "taper", "entry": (taper if striking else taper.medicine).entry}
    known |= {"duty": "adverse-reaction", "item": "headache", "which": "evening"}
    known |= {"panel": "liver", "asked": "session"}
    if operation in {"incident.report", "incident.unit"}:
        known["kind"] = "near-miss"
    known |= {"question": "drip-response", "picture": "forest", "ending": "svg"}
    if operation == "print.duty":
        known["ending"] = "pdf"
    if operation.startswith(("ledger.", "discrepancy.")):
        counted = houses.row(Holding).entries.latest("number")
        known |= {
            "movement": "receipt",
            "number": counted.number,
            "holding": counted.holding_id,
        }
    if operation == "entry":
        # Of a chapter that all who treat may read: the page asks for the chapter's right, too.
        details = PatientDetails.objects.filter(patient=row).latest("pk")
        known |= {"kind": "people-patientdetails", "row": details.pk}
    if row is not None:
        known["pk"] = row.pk
    if operation == "sign-ins.end":
        known["pk"] = houses.somebody.pk
    return known
