"""One person's depression from day to day: the model of symptoms, told as the sessions come."""

from dataclasses import dataclass, field
from math import exp, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from lysglimt.science.course.symptoms import HIGHEST_SCORE

from .asked import Asked


class Kernel(NamedTuple):
    """A dose that rises and dies away, at its highest one."""

    rise: float
    fall: float
    highest: float

    @classmethod
    def of(cls, rise: float, fall: float) -> "Kernel":
        top = log(fall / rise) * rise * fall / (fall - rise)
        return cls(rise, fall, exp(-top / fall) - exp(-top / rise))

    def at(self, since: float) -> float:
        return (exp(-since / self.fall) - exp(-since / self.rise)) / self.highest


@dataclass(slots=True)
class Illness:
    """``given`` are days and doses, where 1 is the whole one."""

    figures: dict[str, float]
    before: float
    strength: float
    relief: Kernel
    lasting: Kernel
    hoped: float
    given: list[tuple[int, float]] = field(default_factory=list)
    wandered: float = 0.0
    rated: float | None = None

    def level(self, day: int) -> float:
        """Points of the MADRS that are left on a day, before good and bad weeks."""
        f, held = self.figures, 0.0
        for at, dose in self.given:
            if at < day:
                held += dose * self.relief.at(day - at)
                held += f["care.clinic"] * f["w_slow"] * dose * self.lasting.at(day - at)
        moved = (self.strength * held) ** f["hill"]
        left: float = self.before * (1 - self.hoped * self._waiting(day)) / (1 + moved)
        return left

    def score(self, day: int, chance: Generator) -> tuple[int, float]:
        """A total as rated, and the level that other scales are asked about the same day.

        Days are asked for in their order: what is near in time is alike.
        """
        f = self.figures
        kept = 0.0 if self.rated is None else exp(-(day - self.rated) / f["tau_ou"])
        anew = f["sd_ou"] * sqrt(1 - kept * kept)
        self.wandered = kept * self.wandered + anew * chance.standard_normal()
        self.rated = day
        level = self.level(day) + self.wandered
        seen = level + f["sd_rater"] * chance.standard_normal()
        return min(HIGHEST_SCORE, max(0, round(seen))), min(HIGHEST_SCORE, max(0.0, level))

    def _waiting(self, day: int) -> float:
        given = [at for at, _ in self.given if at <= day]
        if not given:
            return 0.0
        f = self.figures
        come = 1 - exp(-(day - given[0]) / f["on_ns"])
        return come * exp(-(day - given[-1]) / f["off_ns"])


def fallen_ill(asked: Asked, chance: Generator) -> Illness:
    """Drawn as ``symptoms.scores`` draws: the same figures, the same spreads."""
    f = asked.course
    much = chance.random() < f["sens"]
    lasting = f["off_slow"] * np.exp(f["sd_slow"] * chance.standard_normal())
    hope = f["expectancy.clinic"]
    return Illness(
        figures=f,
        before=max(chance.normal(f["baseline"], f["sd_baseline"]), f["lowest_baseline"]),
        strength=float(
            f["a_high" if much else "a_low"] * np.exp(f["sd_a"] * chance.standard_normal())
        ),
        relief=Kernel.of(
            f["on_fast"], float(f["off_fast"] * np.exp(f["sd_off"] * chance.standard_normal()))
        ),
        lasting=Kernel.of(
            f["on_slow"], float(np.clip(lasting, f["shortest_slow"], f["longest_slow"]))
        ),
        hoped=float(chance.beta(f["conc"] * hope, f["conc"] * (1 - hope))),
    )
