"""Doses as published, for a reader who wants something to begin with: each names where it was read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from urllib.parse import urlencode

from django.utils.translation import get_language, gettext

from lysglimt.clinic.design.numerals import numeral, without_zeros
from lysglimt.knowledge.figures import Basis, Mark
from lysglimt.knowledge.protocols.library import latest
from lysglimt.science.kinetics.model import Route as Way
from lysglimt.science.kinetics.model import default_for, kinetic_model

WEIGHT = Decimal(70)
"""Of the made-up person of an example; it is said with it."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Dosed:
    """A dose of a protocol, as the form takes it."""

    model: str
    milligrams: Decimal
    minutes: int


@dataclass(frozen=True, slots=True)
class Example:
    protocol: str
    first: Dosed
    second: Dosed
    basis: Basis

    @property
    def address(self) -> str:
        """What the form would send."""
        said: dict[str, object] = {}
        for prefix, one in (("first", self.first), ("second", self.second)):
            said |= {
                f"{prefix}-model": one.model,
                f"{prefix}-milligrams": f"{without_zeros(one.milligrams)}",
                f"{prefix}-minutes": one.minutes,
                f"{prefix}-weight": f"{WEIGHT}",
            }
        return f"?{urlencode(said)}"

    @property
    def words(self) -> str:
        name = latest(self.protocol).name.in_language(get_language() or "nb")
        facts = {
            "protocol": name,
            "first": written(self.first),
            "second": written(self.second),
            "weight": numeral(WEIGHT),
        }
        return (
            gettext(
                "Example: %(protocol)s: %(first)s beside %(second)s, a person of %(weight)s kg"
            )
            % facts
        )


def written(one: Dosed) -> str:
    amount = numeral(without_zeros(one.milligrams))
    if Way.INTRANASAL in kinetic_model(one.model).routes:
        return f"{amount} mg"
    return gettext("%(amount)s mg in %(minutes)s min") % {
        "amount": amount,
        "minutes": one.minutes,
    }


@cache
def example_doses() -> tuple[Example, ...]:
    """Only of doses that were read in their source."""
    return tuple(one for one in (*slower("bio-k"), *more("esketamine-adult")))


def slower(name: str) -> Iterator[Example]:
    """The same dose by weight, in two times."""
    dose = latest(name).dose
    if dose is None or not (dose.per_kilogram and dose.over and dose.slow_over):
        return
    if {one.basis.mark for one in (dose.per_kilogram, dose.over, dose.slow_over)} != {
        Mark.SEEN
    }:
        return
    given = dose.per_kilogram.value.value * WEIGHT
    model = default_for(Way.INTRAVENOUS).id
    first, second = (
        Dosed(model, given, over.value // MINUTE) for over in (dose.over, dose.slow_over)
    )
    yield Example(name, first, second, dose.per_kilogram.basis)


def more(name: str) -> Iterator[Example]:
    """The lowest and the highest dose by device."""
    dose = latest(name).dose
    if dose is None or len(dose.amounts) < 2:
        return
    least, *_, most = dose.amounts
    model = default_for(Way.INTRANASAL)
    if {least.basis.mark, most.basis.mark} != {Mark.SEEN} or model.devices is None:
        return
    apart = round(model.devices.apart.reckoned * 60)
    yield Example(
        name,
        Dosed(model.id, least.value.value, apart),
        Dosed(model.id, most.value.value, apart),
        least.basis,
    )
