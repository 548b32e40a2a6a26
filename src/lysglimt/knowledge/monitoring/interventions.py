"""What is done when something is outside the planned range: hold, resume, stop."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import chain

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.text import Text

from .limits import Light, Outside, limits, with_symptoms
from .vital_signs import VitalSign


class PumpAdvice(StrEnum):
    GO_ON = "go-on"
    SLOW = "slow"
    PAUSE = "pause"
    STOP = "stop"

    @property
    def rank(self) -> int:
        return list(PumpAdvice).index(self)


@dataclass(frozen=True, slots=True)
class RescueOrder:
    """Signed by the doctor before the start; ``steps`` in order, the next when one is not enough.

    ``low`` is for what is outside downwards, or upwards, alone; None is for both.
    """

    id: str
    signs: tuple[str, ...]
    light: Light
    pump: PumpAdvice
    basis: Basis
    steps: tuple[Text, ...]
    with_symptoms: bool = False
    low: bool | None = None


@dataclass(frozen=True, slots=True)
class RescueOrders:
    orders: tuple[RescueOrder, ...]

    def __post_init__(self) -> None:
        known = {*VitalSign, *limits().signs}
        strangers = sorted({*chain.from_iterable(one.signs for one in self.orders)} - known)
        if strangers:
            raise Inconsistent(f"{', '.join(strangers)}: no such sign")


@cache
def rescue_orders() -> tuple[RescueOrder, ...]:
    shelf = files("lysglimt.knowledge.monitoring") / "catalogue" / "interventions.toml"
    return read(RescueOrders, shelf).orders


def interventions(found: Iterable[Outside]) -> tuple[RescueOrder, ...]:
    """The orders that what is outside calls for, the gravest for the pump first."""
    seen = tuple(found)
    symptoms = with_symptoms(seen)
    called = {order.id: order for one in seen for order in _called(one, symptoms=symptoms)}
    return tuple(sorted(called.values(), key=lambda order: -order.pump.rank))


def pump_advice(found: Iterable[Outside]) -> PumpAdvice:
    """The gravest of the orders; nothing outside: go on."""
    orders = interventions(found)
    return orders[0].pump if orders else PumpAdvice.GO_ON


def _called(one: Outside, *, symptoms: bool) -> Iterator[RescueOrder]:
    for order in rescue_orders():
        applies = (symptoms or not order.with_symptoms) and order.low in {None, one.low}
        if applies and one.sign in order.signs and one.light is order.light:
            yield order
