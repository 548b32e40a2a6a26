"""What trials found beside what the model makes of them, and the fit that brings both together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

import numpy as np

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Inconsistent
from lysglimt.science.kinetics.figures import Number
from lysglimt.science.kinetics.network import Array
from lysglimt.science.lowest import lowest

from .symptoms import Scores, Treatment, scores

REMISSION, RELAPSE = 10, 20
HALF = 0.5
WEEKS = tuple(7.0 * number for number in range(1, 16))
VISITS = (7.0, 28.0, 57.0, 84.0, 182.0, 365.0)
YEAR, NEVER = 365.0, 1e4
LEAST_VARIANCE = 0.03
"""Of a share, so that none of 17 is not taken for certain."""


class Measure(StrEnum):
    RESPONSE = "response"
    REMISSION = "remission"
    FALL = "fall"
    DIFFERENCE = "difference"
    RELAPSE_MEDIAN = "relapse-median"
    RELAPSED = "relapsed"


class Place(StrEnum):
    SALINE_CROSSOVER = "saline_crossover"
    ACTIVE_PLACEBO = "active_placebo"
    OPEN_LABEL = "open_label"
    CLINIC = "clinic"


@dataclass(frozen=True, slots=True)
class Design:
    """How a trial is imitated; ``care`` where background treatment went on all the same."""

    setting: Place
    baseline: Number
    sessions: tuple[int, ...]
    care: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    id: str
    designs: tuple[str, ...]
    measure: Measure
    active: bool
    day: int
    found: Number
    people: int | None = None
    error: Number | None = None
    fitted: bool = True

    @property
    def standard_error(self) -> float:
        """As stated; of a share, from how many there were."""
        if self.error:
            return self.error.reckoned
        share = self.found.reckoned
        return float(np.sqrt(max(share * (1 - share), LEAST_VARIANCE) / (self.people or 1)))


@dataclass(frozen=True, slots=True)
class Targets:
    designs: Mapping[str, Design]
    targets: tuple[Target, ...]

    def __post_init__(self) -> None:
        for one in self.targets:
            if unknown := set(one.designs) - self.designs.keys():
                raise Inconsistent(f"{one.id}: there is no design '{min(unknown)}'")
            if not one.designs or (one.people is None) is (one.error is None):
                raise Inconsistent(f"{one.id}: a design, and either people or an error")


@cache
def published() -> Targets:
    return load(files("lysglimt.science.course") / "targets.toml")


def load(file: Traversable) -> Targets:
    """A register's own too. Raises Misstated with the file and the path of the key."""
    return read(Targets, file)


Play = Callable[..., tuple[list[float], Scores]]


class Compared(NamedTuple):
    target: Target
    model: float

    @property
    def z(self) -> float:
        return (self.model - self.target.found.reckoned) / self.target.standard_error


def compared(
    figures: Mapping[str, float], targets: Targets, *, people: int, seed: int
) -> list[Compared]:
    """Every target beside the model; the same people for each, from that seed."""
    play = cache(partial(_played, figures, targets, people=people, seed=seed))
    return [
        Compared(
            one,
            float(np.mean([_measured(one, name, targets, play=play) for name in one.designs])),
        )
        for one in targets.targets
    ]


def _played(
    figures: Mapping[str, float],
    targets: Targets,
    name: str,
    *,
    active: bool,
    people: int,
    seed: int,
) -> tuple[list[float], Scores]:
    """The trial, rated on every day that any of its targets asks for, and at visits afterwards."""
    design = targets.designs[name]
    asked = {float(one.day) for one in targets.targets if name in one.designs}
    clinic = design.setting is Place.CLINIC
    start, visits = (max(asked), VISITS) if clinic else (max(design.sessions), WEEKS)
    days = sorted(asked | {start + visit for visit in visits})
    care = 1.0 if design.care else figures[f"care.{design.setting}"]
    hope = figures[f"expectancy.{design.setting}"]
    treatment = Treatment(design.sessions, float(active), hope, care)
    return days, scores(
        figures,
        treatment,
        days,
        baseline=design.baseline.reckoned,
        people=people,
        chance=np.random.default_rng([seed, sorted(targets.designs).index(name), active]),
    )


def _measured(target: Target, name: str, targets: Targets, *, play: Play) -> float:
    days, found = play(name, active=target.active)
    before, on = found.before, found.after[days.index(target.day)]
    if target.measure in {Measure.RELAPSE_MEDIAN, Measure.RELAPSED}:
        days_to = relapses(targets.designs[name], days, found, day=target.day)
        median = target.measure is Measure.RELAPSE_MEDIAN
        return float(np.median(days_to) if median else (days_to <= YEAR).mean())
    if target.measure is Measure.DIFFERENCE:
        _, others = play(name, active=False)
        return float((on - others.after[days.index(target.day)]).mean())
    fallen = {
        Measure.RESPONSE: on <= HALF * before,
        Measure.REMISSION: on <= REMISSION,
        Measure.FALL: before - on,
    }
    return float(fallen[target.measure].mean())


def relapses(design: Design, days: list[float], found: Scores, *, day: int) -> Array:
    """The day of relapse of those who were well on ``day``; NEVER where none was seen.

    In the clinic the well are in remission, and a high total at a visit is a relapse. Elsewhere they
    are responders who lose it at two weekly visits in turn; days count from the last session.
    """
    on = found.after[days.index(day)]
    clinic = design.setting is Place.CLINIC
    start = day if clinic else max(design.sessions)
    visits = VISITS if clinic else WEEKS
    at = found.after[[days.index(start + visit) for visit in visits]]
    well = on <= (REMISSION if clinic else HALF * found.before)
    lost = at >= RELAPSE if clinic else at > HALF * found.before
    if not clinic:
        lost = lost[:-1] & lost[1:]
    first = np.asarray(visits)[lost.argmax(axis=0)]
    relapsed: Array = np.where(lost.any(axis=0), first, NEVER)[well]
    return relapsed


FITTED = (
    *("sens", "hill", "a_high", "a_low", "sd_a", "off_fast", "sd_off", "w_slow", "off_slow"),
    *("sd_slow", "conc"),
    *(f"expectancy.{place}" for place in Place),
)
SHARES = {"sens", *(f"expectancy.{place}" for place in Place)}
PRIOR = 0.3
"""How far a figure may weakly move from where it began, on its logarithm or logit."""


class Fit(NamedTuple):
    figures: Mapping[str, float]
    loss_before: float
    loss: float


def fit(
    start: Mapping[str, float], targets: Targets, *, people: int, seed: int, steps: int
) -> Fit:
    """Figures that bring the model nearer to the targets, from the same people at each step."""
    began = np.array([_free(name, start[name]) for name in FITTED])

    def figures(moved: Array) -> dict[str, float]:
        return {**start, **{n: _bound(n, x) for n, x in zip(FITTED, moved, strict=True)}}

    def loss(moved: Array) -> float:
        rows = compared(figures(moved), targets, people=people, seed=seed)
        apart = sum(row.z**2 for row in rows if row.target.fitted)
        return float(apart + (((moved - began) / PRIOR) ** 2).sum())

    simplex = began + 0.1 * np.eye(len(began) + 1, len(began), k=-1)
    done = lowest(loss, start=began, simplex=simplex, steps=steps)
    return Fit(figures(done.at), loss(began), done.value)


def _free(name: str, value: float) -> float:
    return float(np.log(value / (1 - value)) if name in SHARES else np.log(value))


def _bound(name: str, free: float) -> float:
    return float(1 / (1 + np.exp(-free)) if name in SHARES else np.exp(free))
