"""Between sessions: who is telephoned after a dose, when, and what is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.safety.adverse_events import EventTerm, taxonomy
from lysglimt.knowledge.text import Text


class AfterCheckState(StrEnum):
    """``OVER``: nobody asks any more, and it is counted as not asked."""

    NOT_YET = "not-yet"
    DUE = "due"
    LATE = "late"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class AfterCheckRule:
    """Hours count from the midnight that began the day of the session, or ``from_stop`` of it."""

    id: str
    name: Text
    begins: Figure[timedelta]
    ends: Figure[timedelta]
    from_stop: bool = False

    def window(self, stopped: datetime) -> tuple[datetime, datetime]:
        """From when and until when, on the clock of the wall, as ``stopped`` is."""
        since = stopped if self.from_stop else datetime.combine(stopped.date(), time())
        return since + self.begins.value, since + self.ends.value


@dataclass(frozen=True, slots=True)
class EcgRule:
    """What palpitations or fainting ask for."""

    what: Text
    basis: Basis


@dataclass(frozen=True, slots=True)
class AfterSessionRules:
    check: tuple[AfterCheckRule, ...]
    symptoms: tuple[str, ...]
    keep_asking: Figure[timedelta]
    ecg: EcgRule
    basis: Basis

    @property
    def checks(self) -> Mapping[str, AfterCheckRule]:
        return {one.id: one for one in self.check}

    @property
    def terms(self) -> tuple[EventTerm, ...]:
        """What is asked about, by the words of the adverse events."""
        return tuple(taxonomy().terms[one] for one in self.symptoms)


@cache
def after_session_rules() -> AfterSessionRules:
    return read(AfterSessionRules, files("lysglimt.knowledge.safety") / "after_session.toml")


def state_of(rule: AfterCheckRule, stopped: datetime, *, now: datetime) -> AfterCheckState:
    """Of one that nobody has made yet. Both times are on the clock of the wall, without a zone."""
    begins, ends = rule.window(stopped)
    if now < begins:
        return AfterCheckState.NOT_YET
    if now <= ends:
        return AfterCheckState.DUE
    given_up = begins + after_session_rules().keep_asking.value
    return AfterCheckState.LATE if now < given_up else AfterCheckState.OVER
