"""The network of a question: which treatments the trials link, and what follows where they do.

What no chain of trials links stays apart, as islands: between two of them nothing is known.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import combinations
from math import sqrt

from lysglimt.knowledge.text import Text

from .arms import Counted, counted_together
from .effect_sizes import HALF, Measure, logit
from .network import Contrast, Network, Pair
from .pools import fingerprint
from .questions import Outcome, Query
from .selection import (
    Chosen,
    SetAside,
    amiss,
    aside,
    asked,
    first_time,
    people,
    without_overlaps,
)
from .traps import traps
from .trial_rows import Row

UNNAMED = "other"
"""What stands for several treatments cannot be a node."""
QUARREL = 75.0
"""Per cent of I2 of one comparison from which nothing is ranked through it. Own value."""


@dataclass(frozen=True, slots=True)
class Node:
    treatment: str
    trials: int
    people: float
    events: float


@dataclass(frozen=True, slots=True)
class Link:
    """Two treatments that trials compared directly. ``I2`` is None for a single trial."""

    pair: Pair
    studies: tuple[str, ...]
    people: float
    I2: float | None


@dataclass(frozen=True)
class Island:
    """Treatments that a chain of trials links. Effects are log odds ratios, row against column."""

    network: Network
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]

    @property
    def treatments(self) -> tuple[str, ...]:
        return self.network.treatments

    @property
    def quarrels(self) -> tuple[Link, ...]:
        """Comparisons whose own trials disagree: what goes through them is not ranked."""
        return tuple(one for one in self.links if one.I2 is not None and one.I2 > QUARREL)


@dataclass(frozen=True)
class Archipelago:
    """Each island, the largest first; what was left out; and a fingerprint as a pool has it."""

    query: Query
    islands: tuple[Island, ...]
    names: Mapping[str, str]
    set_aside: tuple[SetAside, ...]
    row_ids: tuple[str, ...]
    version: str
    hash: str


@dataclass(frozen=True, slots=True)
class Arms:
    """The arms of one trial by treatment, those of the same taken as one."""

    trial: str
    name: str
    rows: tuple[Row, ...]
    of: Mapping[str, Counted]

    @property
    def contrasts(self) -> Iterator[Contrast]:
        """Of every two arms. An empty cell anywhere adds half a person to each: so they add up."""
        empty = any(not arm.events or not arm.others for arm in self.of.values())
        more = HALF if empty else 0.0
        odds = {
            name: logit(Counted(arm.events + more, arm.n + 2 * more))
            for name, arm in self.of.items()
        }
        for one, other in combinations(sorted(odds), 2):
            a, b = odds[one], odds[other]
            yield Contrast(self.trial, one, other, a.yi - b.yi, sqrt(a.vi + b.vi))

    @property
    def silent(self) -> bool:
        """Nobody, or everybody, in every arm: no ratio tells of it."""
        arms = self.of.values()
        return all(not arm.events for arm in arms) or all(not arm.others for arm in arms)


def of_everything(*, outcome: Outcome, timepoint: tuple[str, ...], definition: str) -> Query:
    """Every treatment against every other. Raises Implausible for means."""
    nodes = tuple(name for name in traps().interventions if name != UNNAMED)
    return Query(
        intervention=nodes[:-1],
        control=nodes[-1:],
        outcome=outcome,
        timepoint=timepoint,
        measure=Measure.OR,
        definition=definition,
    )


def archipelago(rows: Sequence[Row], question: Query) -> Archipelago:
    """What the rows link. No row at all is an answer: no island."""
    speaking = [row for row in rows if asked(row, question)]
    left = [found for row in speaking if (found := amiss(row, question))]
    out = {one.row for one in left}
    usable = [row for row in speaking if row.id not in out]
    trials, unused = compared(usable, question)
    used = {row.id: row for one in trials for row in one.rows}
    said = version("lysglimt")
    return Archipelago(
        question,
        tuple(islands(trials)),
        {one.trial: one.name for one in trials},
        (*left, *unused),
        tuple(used),
        said,
        fingerprint(question, used, f"network {said}"),
    )


def compared(usable: Sequence[Row], question: Query) -> tuple[list[Arms], list[SetAside]]:
    """Trials with two treatments or more at one time, none sharing people with another."""
    found, left = [], []
    for trial in dict.fromkeys(row.trial for row in usable):
        at = first_time([row for row in usable if row.trial == trial], question)
        if len({row.text("intervention") for row in at}) > 1:
            found.append(Chosen(trial, tuple(at), ()))
        else:
            left += [lonely(row) for row in at]
    kept, overlapping = without_overlaps(found)
    trials = [arms_of(one, question) for one in kept]
    telling = [one for one in trials if not one.silent]
    left += [mute(row) for one in trials if one.silent for row in one.rows]
    telling.sort(key=lambda one: (one.rows[0].text("year"), one.trial))
    return telling, [*left, *overlapping]


def lonely(row: Row) -> SetAside:
    return aside(
        row, "one-sided",
        Text("Bare én behandling i studien har brukbare tall.",
        "Only one treatment of the trial has usable figures."),
    )  # fmt: skip


def mute(row: Row) -> SetAside:
    return aside(
        row, "uninformative",
        Text("Ingen eller alle i hver arm.", "Nobody or everybody in every arm."),
    )  # fmt: skip


def arms_of(trial: Chosen, question: Query) -> Arms:
    by_name: dict[str, list[Counted]] = {}
    for row in trial.rows:
        arm = Counted(row.number(question.outcome.column) or 0.0, people(row) or 0.0)
        by_name.setdefault(row.text("intervention"), []).append(arm)
    together = {name: counted_together(arms) for name, arms in by_name.items()}
    return Arms(trial.trial, trial.rows[0].name, trial.rows, together)


def islands(trials: Sequence[Arms]) -> Iterator[Island]:
    """The largest first, by the people in it."""
    apart: list[list[Arms]] = []
    for one in trials:
        touching = [group for group in apart if any(set(one.of) & set(it.of) for it in group)]
        apart = [group for group in apart if group not in touching]
        apart.append([*(it for group in touching for it in group), one])
    apart.sort(key=lambda group: -sum(arm.n for it in group for arm in it.of.values()))
    yield from map(island, apart)


def island(trials: Sequence[Arms]) -> Island:
    contrasts = [one for trial in trials for one in trial.contrasts]
    network = Network.of(contrasts)
    nodes = []
    for name in network.treatments:
        arms = [trial.of[name] for trial in trials if name in trial.of]
        whole = counted_together(arms)
        nodes.append(Node(name, len(arms), whole.n, whole.events))
    return Island(network, tuple(nodes), tuple(links(trials, contrasts)))


def links(trials: Sequence[Arms], contrasts: Sequence[Contrast]) -> Iterator[Link]:
    of = {trial.trial: trial.of for trial in trials}
    for pair in sorted({(one.treat1, one.treat2) for one in contrasts}):
        mine = [one for one in contrasts if (one.treat1, one.treat2) == pair]
        studies = tuple(one.study for one in mine)
        n = sum(of[study][name].n for study in studies for name in pair)
        yield Link(pair, studies, n, disagreement(mine))


def disagreement(contrasts: Sequence[Contrast]) -> float | None:
    """I2 of one comparison, from Q at fixed weights."""
    if len(contrasts) < 2:
        return None
    weights = [one.se**-2 for one in contrasts]
    mean = sum(w * one.te for w, one in zip(weights, contrasts, strict=True)) / sum(weights)
    q = sum(w * (one.te - mean) ** 2 for w, one in zip(weights, contrasts, strict=True))
    return max(0.0, 100 * (q - len(contrasts) + 1) / q) if q else 0.0
