"""How an ordinary made-up patient fares: by the model of symptoms, as in the virtual clinic."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from random import Random

from numpy.random import Generator

from lysglimt.science.course.symptoms import preset
from lysglimt.science.virtual.asked import Asked
from lysglimt.science.virtual.chance import MOST_SEED, stream
from lysglimt.science.virtual.illness import Illness, fallen_ill

PRESET = "pooled"


@dataclass(frozen=True, slots=True)
class Modelled:
    """Days are asked for in their order; a dose tells from the day after it."""

    ill: Illness
    own: Generator

    @property
    def start(self) -> int:
        return round(self.ill.before)

    def dosed(self, days: Iterable[date]) -> None:
        self.ill.given.extend((day.toordinal(), 1.0) for day in days)

    def madrs(self, *_: object, on: date) -> int:
        total, _level = self.ill.score(on.toordinal(), self.own)
        return total


def modelled(chance: Random) -> Modelled:
    """Someone new, with chance of their own: the same for the same patient of the same clinic."""
    seed = chance.randrange(MOST_SEED)
    own = stream(seed, 1)
    asked = Asked(people=1, units=1, years=1, seed=seed, preset=preset(PRESET))
    return Modelled(fallen_ill(asked, own), own)
