"""What is done when something is outside the planned range: hold, resume, stop."""

from collections.abc import Iterable, Iterator, Sequence
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
    the steps when the pump no longer runs, where they are others. ``breathing`` is about airway,
    breathing, oxygen or sedation, and comes before all else but the pump: ``first`` is how
    another order halts it, alone. ``sedates`` are the numbers of the steps, from 1, that are a
    drug which sedates. ``covers`` are signs that it speaks for and that do not call it. Where a step
    names ``antiemetics``, what speaks against each is told beside it.
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
    breathing: bool = False
    first: Text | None = None
    sedates: tuple[int, ...] = ()
    covers: tuple[str, ...] = ()
    antiemetics: bool = False

    def __post_init__(self) -> None:
        lacking = [
            n for n in self.sedates if n > min(len(self.steps), len(self.told(running=False)))
        ]
        if lacking:
            raise Inconsistent(f"{self.id}: no step {lacking[0]}")

    @property
    def halts(self) -> bool:
        return self.pump.rank >= PumpAdvice.PAUSE.rank

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
        for one in self.orders:
            if one.halts and not one.breathing and one.first is None:
                raise Inconsistent(f"{one.id}: first: how the pump is halted is missing")


@cache
def rescue_orders() -> tuple[RescueOrder, ...]:
    shelf = files("lysglimt.knowledge.monitoring") / "catalogue" / "interventions.toml"
    return read(RescueOrders, shelf).orders


WITHHELD = Text(
    "Ingen beroligende legemidler: pust, oksygenmetning eller våkenhet er utenfor planlagt område",
    "No sedating drugs: breathing, oxygen saturation or wakefulness is outside the planned range",
)
"""Told in place of a drug that sedates. [own-proposal]"""


def interventions(found: Iterable[Outside]) -> tuple[RescueOrder, ...]:
    """The orders that what is outside calls for: breathing, red, then the gravest for the pump.

    Of equals as the catalogue has them. Of orders about the same sign the gravest alone: nobody
    is to pause and to slow.
    """
    seen = tuple(found)
    symptoms = with_symptoms(seen)
    called = {order.id for one in seen for order in _called(one, symptoms=symptoms)}
    kept = list[RescueOrder]()
    for order in sorted((one for one in rescue_orders() if one.id in called), key=_turn):
        if not any(_about(order) & _about(graver) for graver in _graver(order, kept)):
            kept.append(order)
    return tuple(kept)


Told = tuple[tuple[RescueOrder, Text], ...]
"""Steps, each with its order."""


def steps_told(called: Iterable[RescueOrder], *, running: bool) -> Told:
    """One list of steps, breathing first and then the worst, each with its order.

    Once a step has paused or stopped the pump, nobody is told to slow it or to stop it again, and
    nothing is told twice. A drug that sedates is withheld while an order is about breathing.
    """
    orders = tuple(called)
    withheld = any(order.breathing for order in orders)
    steps = list[tuple[RescueOrder, Text]]()
    if running and (halting := _halted_before(orders)):
        steps += [(halting, halting.first)] if halting.first else []
        running = False
    for order in orders:
        for number, step in enumerate(order.told(running=running), start=1):
            said = WITHHELD if withheld and number in order.sedates else step
            if not any(_says(earlier, said) for _, earlier in steps):
                steps.append((order, said))
        running = running and not order.halts
    return tuple(steps)


def told_first(steps: Told) -> tuple[Text, ...]:
    """What is done at once: the pump, what each order about breathing begins with, the first red."""
    begins = {order.id: (order, step) for order, step in reversed(steps)}
    of_breathing = [one for one in steps if one[0].breathing and begins[one[0].id] == one]
    of_red = [one for one in steps if one[0].light is Light.RED]
    wanted = (*steps[:1], *of_breathing, *of_red[:1])
    return tuple(step for _, step in dict.fromkeys(wanted))


def _halted_before(orders: Sequence[RescueOrder]) -> RescueOrder | None:
    """The order that halts the pump, where one about breathing that does less comes before it."""
    halting = max(orders, key=lambda one: one.pump.rank, default=None)
    if halting is None or not halting.halts or halting.breathing or halting is orders[0]:
        return None
    return None if orders[0].halts else halting


def _says(earlier: Text, step: Text) -> bool:
    """Is all of the step in what is told already?"""
    return step.nb.lower() in earlier.nb.lower() and step.en.lower() in earlier.en.lower()


def _about(order: RescueOrder) -> set[str]:
    return {*order.signs, *order.covers}


def _turn(order: RescueOrder) -> tuple[int, ...]:
    """Of orders about breathing, oxygen comes before the rate of the pump."""
    if order.breathing:
        return 0, -order.light.rank
    return 1, *_gravity(order)


def _gravity(order: RescueOrder) -> tuple[int, int]:
    return -order.light.rank, -order.pump.rank


def _graver(order: RescueOrder, kept: Iterable[RescueOrder]) -> Iterator[RescueOrder]:
    """Of those kept, the ones that stand in place of this order where they share a sign."""
    return (one for one in kept if _gravity(one) < _gravity(order))


def pump_advice(found: Iterable[Outside]) -> PumpAdvice:
    """The gravest of the orders; nothing outside: go on."""
    called = (order.pump for order in interventions(found))
    return max(called, key=lambda pump: pump.rank, default=PumpAdvice.GO_ON)


def _called(one: Outside, *, symptoms: bool) -> Iterator[RescueOrder]:
    for order in rescue_orders():
        applies = (symptoms or not order.with_symptoms) and order.low in {None, one.low}
        if applies and one.sign in order.signs and one.light is order.light:
            yield order
