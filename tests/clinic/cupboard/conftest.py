"""A cabinet with ketamine in it, two nurses who sign, and a session that has been given."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from lysglimt.clinic.chairside import actions as chairside
from lysglimt.clinic.chairside.models import Session, SessionOrder
from lysglimt.clinic.cupboard import actions
from lysglimt.clinic.cupboard.actions import Batch, Booked, Product
from lysglimt.clinic.cupboard.models import Cabinet, Form, Holding, LedgerEntry
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct
from lysglimt.knowledge.ledger.movements import Movement
from lysglimt.knowledge.quantities import Milligrams
from tests.clinic.chairside.conftest import Pump, course, order, pump, ready, session
from tests.clinic.conftest import NOON, Staff
from tests.clinic.kept import kept

__all__ = ["course", "order", "pump", "ready", "session"]

KETALAR = Product(
    atc="N01AX03",
    name="Ketalar",
    strength="10 mg/ml, 20 ml",
    form=Form.VIAL,
    piece=Milligrams(Decimal(200)),
)
BATCH = Batch(number="K-1", expires_on=datetime(2027, 5, 31).date())  # noqa: DTZ001 - a day


def entered(entry: UUID | None = None, *, at: datetime = NOON) -> Entered:
    return Entered(happened_at=at, entered_at=at, entry=entry or uuid4())


def mg(amount: object) -> Milligrams:
    return Milligrams(Decimal(str(amount)))


@pytest.fixture
@kept
def colleague(moss: Unit, staff: Staff) -> Professional:
    """Without a number in the register of health personnel a name tells persons apart."""
    other = staff(moss, Role.NURSE, "colleague")
    other.display_name = "Berit Berg"
    other.save(update_fields=["display_name"])
    return other


@pytest.fixture
@kept
def pharmacist(moss: Unit, staff: Staff) -> Professional:
    return staff(moss, Role.PHARMACIST)


@pytest.fixture
@kept
def lead(moss: Unit, staff: Staff) -> Professional:
    return staff(moss, Role.UNIT_LEAD)


@pytest.fixture
@kept
def cabinet(pharmacist: Professional) -> Cabinet:
    return actions.open_cabinet(name="Medisinrommet", by=pharmacist, at=NOON)


@pytest.fixture
@kept
def ketalar(cabinet: Cabinet, nurse: Professional, pharmacist: Professional) -> Holding:
    """Ten vials of 200 mg."""
    booked = Booked(movement=Movement.OPENING, pieces=10, witness=nurse, batch=BATCH)
    return actions.place(
        cabinet=cabinet,
        product=KETALAR,
        booked=booked,
        entered=entered(),
        by=pharmacist,
        at=NOON,
    )


Counted = Callable[..., LedgerEntry]


@pytest.fixture
def counted(ketalar: Holding, nurse: Professional, colleague: Professional) -> Counted:
    def counted(pieces: int) -> LedgerEntry:
        return actions.count(
            holding=ketalar,
            counted=pieces,
            witness=colleague,
            entered=entered(),
            by=nurse,
            at=NOON,
        )

    return counted


Draw = Callable[..., LedgerEntry]


@pytest.fixture
@kept
def ordered(session: Session, order: SessionOrder, psychiatrist: Professional) -> Session:
    """40 mg are ordered, and a doctor has signed it."""
    chairside.sign_order(order=order, by=psychiatrist, at=NOON)
    return session


@pytest.fixture
def draw(
    ordered: Session,
    ketalar: Holding,
    nurse: Professional,
    colleague: Professional,
    psychiatrist: Professional,
) -> Draw:
    def draw(pieces: int = 1, entry: UUID | None = None, **more: object) -> LedgerEntry:
        said: dict[str, object] = {
            "pieces": pieces,
            "prescriber": psychiatrist,
            "ordered": mg(40),
            "witness": colleague,
            "batch": BATCH,
            "why": "En i reserve" if pieces > 1 else "",
        }
        drawn = actions.Withdrawn(**(said | more))  # type: ignore[arg-type]  # each has its type above
        return actions.withdraw(
            session=ordered,
            holding=ketalar,
            drawn=drawn,
            entered=entered(entry),
            by=nurse,
            at=NOON,
        )

    return draw


@pytest.fixture
def given(ready: Session, order: SessionOrder, pump: Pump) -> Session:
    """40 mg ordered over 40 minutes; paused after ten, and stopped at 30: 25 of 40 minutes."""
    pump(0, PumpAct.START, "60")
    pump(10, PumpAct.PAUSE, reason=PauseReason.TOILET)
    pump(15, PumpAct.RESUME, "60")
    pump(30, PumpAct.STOP)
    return ready
