"""On which legal basis the made-up units deliver to a made-up register."""

from datetime import datetime, timedelta

from lysglimt.clinic.delivery import actions
from lysglimt.clinic.delivery.actions import Stated
from lysglimt.clinic.people.models import UnitKind
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.register.legal_basis import Basis

from .cast import OPENED_DAYS_AGO, Clinic

DECIDED_BEFORE = timedelta(days=30)


def stated(clinic: Clinic, *, number: int, now: datetime) -> None:
    """The hospital by the right to opt out, the private clinic by consent."""
    at = now - timedelta(days=OPENED_DAYS_AGO)
    hospital = clinic.unit.kind == UnitKind.HOSPITAL
    actions.state(
        said=Stated(
            number=number,
            region="south-east",
            basis=Basis.OPT_OUT if hospital else Basis.CONSENT,
            project="demo-register",
            decision="Oppdiktet vedtak, sak 1/2024",
            decided_by="Oppdiktet dataansvarlig",
            decided_on=on_day(at - DECIDED_BEFORE),
            valid_from=on_day(at),
            counts_reserved=hospital,
        ),
        by=clinic.staff[Role.UNIT_LEAD],
        at=at,
    )
