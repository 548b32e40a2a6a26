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

    ``low`` is for what is outside downwards, or upwards, alone; None is for both. ``still`` are
    the steps when the pump no longer runs, where they are others.
    """

    id: str
    signs: tuple[str, ...]
    light: Light
    pump: PumpAdvice
    basis: Basis
    steps: tuple[Text, ...]
    with_symptoms: bool = False
    low: bool | None = None
    still: tuple[Text, ...] = ()

    def told(self, *, running: bool) -> tuple[Text, ...]:
        return self.steps if running or not self.still else self.still


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
    """The orders that what is outside calls for, red first, then the gravest for the pump.

    Of orders about the same sign the gravest alone: nobody is to pause and to slow.
    """
    seen = tuple(found)
    symptoms = with_symptoms(seen)
    called = {order.id: order for one in seen for order in _called(one, symptoms=symptoms)}
    kept = list[RescueOrder]()
    for order in sorted(called.values(), key=_gravity):
        if not any(set(order.signs) & set(graver.signs) for graver in _graver(order, kept)):
            kept.append(order)
    return tuple(kept)


def steps_told(
    called: Iterable[RescueOrder], *, running: bool
) -> tuple[tuple[RescueOrder, Text], ...]:
    """One list of steps, the worst first, each with its order.

    Once a step has paused or stopped the pump, nobody is told to slow it or to stop it again.
    """
    steps = list[tuple[RescueOrder, Text]]()
    for order in called:
        steps += [(order, step) for step in order.told(running=running)]
        running = running and order.pump.rank < PumpAdvice.PAUSE.rank
    return tuple(steps)


def _gravity(order: RescueOrder) -> tuple[int, int]:
    return -order.light.rank, -order.pump.rank


def _graver(order: RescueOrder, kept: Iterable[RescueOrder]) -> Iterator[RescueOrder]:
    """Of those kept, the ones that stand in place of this order where they share a sign."""
    return (one for one in kept if _gravity(one) < _gravity(order))


def pump_advice(found: Iterable[Outside]) -> PumpAdvice:
    """The gravest of the orders; nothing outside: go on."""
    orders = interventions(found)
    return orders[0].pump if orders else PumpAdvice.GO_ON


def _called(one: Outside, *, symptoms: bool) -> Iterator[RescueOrder]:
    for order in rescue_orders():
        applies = (symptoms or not order.with_symptoms) and order.low in {None, one.low}
        if applies and one.sign in order.signs and one.light is order.light:
            yield order
