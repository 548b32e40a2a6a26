"""What is asked before a dose is started, with the figures of the gate."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Known, Standing

from .observation import SessionRoute


class Otherwise(StrEnum):
    """How a condition stands when the answer is no; a caution is told and keeps nobody waiting."""

    CAUTION = "caution"
    NEEDS_SPECIALIST = "needs_specialist"
    EXCLUDED = "excluded"

    @property
    def standing(self) -> Standing:
        return Standing[self.name]


@dataclass(frozen=True, slots=True)
class GateCondition:
    """Yes or no; ``name`` says it is in place, ``unmet`` that it is not.

    ``routes`` empty means every route, ``from_age`` counts whole years, ``first_session`` is
    asked before the first session of a course alone.
    """

    id: str
    otherwise: Otherwise
    name: Text
    unmet: Text
    question: Text
    basis: Basis
    routes: tuple[SessionRoute, ...] = ()
    from_age: int = 0
    first_session: bool = False

    def asked(self, route: SessionRoute, age: int, *, first_session: bool = True) -> bool:
        here = not self.routes or route in self.routes
        return age >= self.from_age and here and (first_session or not self.first_session)

    def stated(self, answer: Known, *, lacking: Iterable[Text] = ()) -> Text:
        """In the words of the answer; ``lacking`` names what it is that is not in place."""
        if answer is not False:
            return self.name
        named = tuple(lacking)
        if not named:
            return self.unmet
        return Text(
            f"{self.unmet.nb}: {', '.join(one.nb for one in named)}",
            f"{self.unmet.en}: {', '.join(one.en for one in named)}",
        )


@dataclass(frozen=True, slots=True)
class Fasting:
    solids: Figure[timedelta]
    fluids: Figure[timedelta]


@dataclass(frozen=True, slots=True)
class PressureRecheck:
    rechecks: Figure[int]
    rest: Figure[timedelta]


@dataclass(frozen=True, slots=True)
class PregnancyWindow:
    first: Figure[timedelta]
    later: Figure[timedelta]


@dataclass(frozen=True, slots=True)
class Staffing:
    recovering: Figure[int]


@dataclass(frozen=True, slots=True)
class GateRules:
    """``unstopped``: a pump without a stop may run still, from that long before the day."""

    unstopped: Figure[timedelta]
    fasting: Mapping[str, Fasting]
    pressure: PressureRecheck
    pregnancy: PregnancyWindow
    staffing: Staffing
    conditions: tuple[GateCondition, ...]


@cache
def gate_rules() -> GateRules:
    return read(
        GateRules, files("lysglimt.knowledge.monitoring") / "catalogue" / "start_gate.toml"
    )
