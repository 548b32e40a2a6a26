"""The drug cupboard of the made-up hospital: two cabinets, what was bought, and a count that did not agree."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import NAMESPACE_OID, uuid5

from lysglimt.clinic.cupboard import actions
from lysglimt.clinic.cupboard.actions import Batch, Booked, Product
from lysglimt.clinic.cupboard.models import Cabinet, Form, Holding
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import Role
from lysglimt.knowledge.dosing.nasal import nasal_rules
from lysglimt.knowledge.ledger.movements import Movement
from lysglimt.knowledge.quantities import Milligrams

from .cast import Clinic

KETAMINE = Product(
    atc="N01AX03",
    name="Ketalar",
    strength="10 mg/ml, 20 ml",
    form=Form.VIAL,
    piece=Milligrams(Decimal(200)),
)
MIDAZOLAM = Product(
    atc="N05CD08",
    name="Midazolam",
    strength="1 mg/ml, 5 ml",
    form=Form.VIAL,
    piece=Milligrams(Decimal(5)),
)


def esketamine() -> Product:
    return Product(
        atc="N06AX27",
        name="Spravato",
        strength="28 mg",
        form=Form.DEVICE,
        piece=nasal_rules().device.content.value,
    )


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who keeps the cupboard, with whom, and the made-up now."""

    by: Professional
    other: Professional
    now: datetime

    def entered(self, what: str, *, days: int) -> Entered:
        """So many days ago; the same each time that the clinic is made."""
        at = self.now - timedelta(days=days)
        return Entered(happened_at=at, entered_at=at, entry=uuid5(NAMESPACE_OID, what))


def stocked(clinic: Clinic, *, now: datetime) -> None:
    """Opened a week ago, filled since, and counted this morning."""
    staff = clinic.staff
    keeper = Keeper(staff[Role.PHARMACIST], staff[Role.NURSE], now)
    at = now - timedelta(days=7)
    room, ward = (
        actions.open_cabinet(name=name, by=keeper.by, at=at)
        for name in ("Medisinrommet", "Akuttskap")
    )
    ketamine = placed(keeper, KETAMINE, room, pieces=20)
    placed(keeper, esketamine(), room, pieces=12)
    midazolam = placed(keeper, MIDAZOLAM, ward, pieces=10)
    received = Booked(movement=Movement.RECEIPT, pieces=10, batch=batch(now, 21))
    told = keeper.entered("receipt", days=2)
    actions.book(
        holding=ketamine, booked=received, entered=told, by=keeper.by, at=told.happened_at
    )
    counted(keeper, ketamine, 30)
    counted(keeper, midazolam, 9)


def placed(keeper: Keeper, product: Product, cabinet: Cabinet, *, pieces: int) -> Holding:
    told = keeper.entered(f"opening {product.name}", days=7)
    opening = Booked(
        movement=Movement.OPENING,
        pieces=pieces,
        witness=keeper.other,
        batch=batch(keeper.now, 400),
    )
    return actions.place(
        cabinet=cabinet,
        product=product,
        booked=opening,
        entered=told,
        by=keeper.by,
        at=told.happened_at,
    )


def batch(now: datetime, days: int) -> Batch:
    return Batch(number=f"LS-{days}", expires_on=expiry(now, days))


def expiry(now: datetime, days: int) -> date:
    return (now + timedelta(days=days)).date()


def counted(keeper: Keeper, holding: Holding, pieces: int) -> None:
    told = keeper.entered(f"count {holding.product}", days=0)
    actions.count(
        holding=holding,
        counted=pieces,
        witness=keeper.other,
        entered=told,
        by=keeper.by,
        at=told.happened_at,
    )
