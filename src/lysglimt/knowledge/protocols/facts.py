"""What has happened in a course, as recorded: the facts a course's state is derived from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lysglimt.knowledge.errors import Inconsistent

from .protocol import Route


class RegisteredIn(StrEnum):
    """Starting requires one of these."""

    REGISTER = "register"
    STUDY = "study"
    DECISION = "decision"
    """Reserved against both: a named decision, never silently."""


class Timing(StrEnum):
    """A rating on the day of a session: before its dose, or after."""

    BEFORE = "before"
    AFTER = "after"


class DecisionKind(StrEnum):
    """Those of one day count in this order."""

    END_INDUCTION = "end-induction"
    RESTART = "restart"
    COUNT_ON = "count-on"
    EXTEND = "extend"
    MAINTENANCE = "maintenance"
    CONTINUE = "continue"
    LENGTHEN = "lengthen"
    SHORTEN = "shorten"
    STOP = "stop"
    CLOSE = "close"


class StopGround(StrEnum):
    """Why a course is stopped, where that has consequences for the rules."""

    FUTILITY = "futility"
    HARM = "harm"
    CONSENT = "consent"
    PATIENT = "patient"
    REMISSION = "remission"
    OTHER = "other"


class TriggerKind(StrEnum):
    """What stops a course at any time (EV-5)."""

    RED_THRESHOLD = "red-threshold"
    PSYCHOSIS_OR_MANIA = "psychosis-or-mania"
    PREGNANCY = "pregnancy"
    MISUSE = "misuse"
    LIVER = "liver"
    CYSTITIS = "cystitis"
    CONSENT_WITHDRAWN = "consent-withdrawn"


@dataclass(frozen=True, slots=True)
class SessionGiven:
    """An encounter with drug given. Amounts are mg; None where none was recorded."""

    on: date
    prescribed: Decimal | None = None
    delivered: Decimal | None = None
    route: Route | None = None
    stopped_because: str = ""

    def __post_init__(self) -> None:
        if (self.prescribed is None) is not (self.delivered is None):
            raise Inconsistent(
                "prescribed and delivered belong together", field="delivered", value=None
            )
        if self.prescribed is not None and self.prescribed <= 0:
            raise Inconsistent(
                f"prescribed: {self.prescribed} mg is not above 0",
                field="prescribed",
                value=self.prescribed,
                allowed="> 0 mg",
            )
        if self.delivered is not None and self.delivered < 0:
            raise Inconsistent(
                f"delivered: {self.delivered} mg is below 0",
                field="delivered",
                value=self.delivered,
                allowed=">= 0 mg",
            )

    @property
    def share(self) -> Decimal | None:
        """Per cent of the prescribed amount that was given; None where not recorded."""
        if self.prescribed is None or self.delivered is None:
            return None
        return self.delivered * 100 / self.prescribed


@dataclass(frozen=True, slots=True)
class RatingGiven:
    """A total. ``timing`` is asked for only on the day of a session."""

    instrument: str
    total: int
    on: date
    timing: Timing | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """An instrument that was filled in and makes no total, such as the C-SSRS."""

    instrument: str
    on: date


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A decision of a clinician.

    One to go on stands before a session of its day, one to stop or end after it.
    """

    kind: DecisionKind
    on: date
    reason: str
    by: str
    ground: StopGround | None = None

    def __post_init__(self) -> None:
        for field, what in (("reason", "reason"), ("by", "author")):
            if not getattr(self, field).strip():
                raise Inconsistent(
                    f"{field}: is empty; a decision carries its {what}", field=field, value=""
                )


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event of EV-5; ``reversible`` when a reversible cause was found and removed.

    That ends a red reading alone: a pregnancy or a withdrawn consent takes a decision.
    """

    kind: TriggerKind
    on: date
    reversible: bool = False

    @property
    def removed(self) -> bool:
        return self.reversible and self.kind is TriggerKind.RED_THRESHOLD


@dataclass(frozen=True, slots=True)
class Pause:
    """Planned away, from ``start`` to and including ``end`` (None: until further notice)."""

    start: date
    end: date | None
    reason: str

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise Inconsistent(
                f"end: {self.end} is before start, {self.start}",
                field="end",
                value=self.end,
                allowed=f">= {self.start}",
            )

    def holds(self, on: date) -> bool:
        return self.start <= on and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """All that is recorded of one course. Their order carries no meaning.

    Dates are calendar days in Europe/Oslo. ``consented`` is the first consent, ``renewed``
    those signed later.
    """

    consented: date | None = None
    registration: RegisteredIn | None = None
    planned_start: date | None = None
    sessions: tuple[SessionGiven, ...] = ()
    ratings: tuple[RatingGiven, ...] = ()
    decisions: tuple[DecisionMade, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    pauses: tuple[Pause, ...] = ()
    answered: tuple[Answered, ...] = ()
    renewed: tuple[date, ...] = ()
