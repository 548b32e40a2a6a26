"""Where a drug goes in the body: compartments, and what flows from one to another."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lysglimt.knowledge.errors import Inconsistent

Array = NDArray[np.float64]
Values = Mapping[str, Array]
"""Each parameter by its name, one value for each virtual patient."""


@dataclass(frozen=True, slots=True)
class Compartment:
    """``volume`` names the parameter that turns its amount into a concentration."""

    name: str
    volume: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """In proportion to what is in ``out_of``: by a rate, or by a clearance over its volume.

    Without ``into`` it leaves the body, or what the model follows.
    """

    out_of: str
    into: str = ""
    rate: str = ""
    clearance: str = ""
    both_ways: bool = False

    def __post_init__(self) -> None:
        if bool(self.rate) is bool(self.clearance):
            raise Inconsistent(f"the flow out of '{self.out_of}' needs a rate or a clearance")
        if self.both_ways and not (self.into and self.clearance):
            raise Inconsistent(f"the flow out of '{self.out_of}' cannot run both ways")

    @property
    def ways(self) -> tuple["Flow", ...]:
        """Each direction by itself."""
        there = Flow(self.out_of, self.into, self.rate, self.clearance)
        back = Flow(self.into, self.out_of, self.rate, self.clearance)
        return (there, back) if self.both_ways else (there,)


@dataclass(frozen=True, slots=True)
class Network:
    """Linear: twice the dose is twice of everything, and doses add up."""

    compartments: tuple[Compartment, ...]
    flows: tuple[Flow, ...]

    def __post_init__(self) -> None:
        names = [one.name for one in self.compartments]
        if len(set(names)) < len(names):
            raise Inconsistent("two compartments of one name")
        for flow in self.flows:
            self._refuse_unknown(flow, names)
        if held := set(names) - self._leaving(names):
            raise Inconsistent(f"what comes into '{min(held)}' never leaves it")

    def _refuse_unknown(self, flow: Flow, names: list[str]) -> None:
        for name in filter(None, (flow.out_of, flow.into)):
            if name not in names:
                raise Inconsistent(f"a flow names the compartment '{name}', there is none")
        if flow.clearance and not all(self.volume(way.out_of) for way in flow.ways):
            raise Inconsistent(f"a clearance out of '{flow.out_of}' needs volumes")

    def _leaving(self, names: list[str]) -> set[str]:
        """From where there is a way out of the body."""
        ways = [way for flow in self.flows for way in flow.ways]
        leaving = {way.out_of for way in ways if not way.into}
        for _ in names:
            leaving |= {way.out_of for way in ways if way.into in leaving}
        return leaving

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.compartments)

    def volume(self, name: str) -> str:
        return next(one.volume for one in self.compartments if one.name == name)

    def upstream(self, name: str) -> "Network":
        """Only what can reach that compartment; what lies below it does not bear on it.

        A flow to what is left out leaves the body.
        """
        reaching, ways = {name}, [way for flow in self.flows for way in flow.ways]
        for _ in self.compartments:
            reaching |= {way.out_of for way in ways if way.into in reaching}
        return Network(
            tuple(one for one in self.compartments if one.name in reaching),
            tuple(
                Flow(
                    way.out_of,
                    way.into if way.into in reaching else "",
                    way.rate,
                    way.clearance,
                )
                for way in ways
                if way.out_of in reaching
            ),
        )

    def rates(self, values: Values, people: int) -> Array:
        """The matrix of ``d amounts / dt``, its last axis the people."""
        place = {name: number for number, name in enumerate(self.names)}
        matrix = np.zeros((len(place), len(place), people))
        for way in (way for flow in self.flows for way in flow.ways):
            rate = (
                values[way.rate]
                if way.rate
                else values[way.clearance] / values[self.volume(way.out_of)]
            )
            start = place[way.out_of]
            matrix[start, start] -= rate
            if way.into:
                matrix[place[way.into], start] += rate
        return matrix
