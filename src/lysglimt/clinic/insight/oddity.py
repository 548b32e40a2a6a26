"""Which accesses somebody should ask about: plain rules, each with its reason, no score."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from lysglimt.clinic.audit.accesses import OSLO, Access
from lysglimt.clinic.people.names import similar


class Reason(StrEnum):
    NO_RELATION = "no-relation"
    """The unit had no referral, course, appointment or task of the patient near that day."""
    OTHER_UNIT = "other-unit"
    """The patient was in the care of another unit, and not of the reader's."""
    SAME_NAME = "same-name"
    """Reader and patient share a family name."""
    MANY = "many"
    """Unusually many records were opened one by one within an hour."""
    AT_NIGHT = "at-night"
    """While the unit is closed, and the patient was not there."""
    EMERGENCY = "emergency"
    REFUSED = "refused"
    """Tried again and again what the policy does not permit."""
    OWN_TIE = "own-tie"
    """Only the reader's own referral or booking joins the unit to the patient."""
    LIFTED = "lifted"
    """What the patient had closed was opened again."""
    NAMED_ONESELF = "named-oneself"
    """Someone made themselves the contact of a patient who has closed a part of the record."""


# The limits are proposals of our own, to be agreed with the unit; no study stands behind them.
MANY = 25
WITHIN = timedelta(hours=1)
NIGHT_BEGINS, NIGHT_ENDS = 22, 6
AROUND_A_VISIT = timedelta(hours=12)
TRIES = 3
LIFTING = "block.lift"
NAMING_ONESELF = "waiting.name_oneself"
OPENING = (LIFTING, NAMING_ONESELF)
"""What the trail calls the deeds by which a reader comes to see more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A unit had to do with a patient in a span; ``there`` when the patient came to it.

    ``by`` is who entered it, where one person alone may; else "".
    """

    unit: str
    first: datetime
    last: datetime | None = None
    there: bool = False
    by: str = ""

    def near(self, at: datetime) -> bool:
        return self.first <= at and (self.last is None or at <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a patient when an access is judged."""

    ties: tuple[Tie, ...] = ()
    family_name: str = field(default="", repr=False)
    closed: bool = False
    """A part of the record is closed to all but those to whom the patient is assigned."""

    def tied(self, at: datetime) -> Iterator[Tie]:
        return (tie for tie in self.ties if tie.near(at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """One reader's day, of which at least one access is to be asked about."""

    first: datetime
    who: str
    actor: str
    role: str
    department: str
    unit: str
    patients: tuple[UUID, ...] = field(repr=False)
    reads: int
    reasons: tuple[Reason, ...]


NOBODY = Known()


def odd(accesses: Iterable[Access], patients: Mapping[UUID, Known]) -> tuple[Odd, ...]:
    """Only pages about one patient are judged: a list shows whom it shows. The newest first."""
    alone = [one for one in accesses if len(one.patients) == 1]
    alone.sort(key=lambda one: (one.actor, one.day, one.at))
    days = (list(some) for _, some in groupby(alone, lambda one: (one.actor, one.day)))
    found = [row for day in days if (row := judged(day, patients))]
    return tuple(sorted(found, key=lambda row: row.first, reverse=True))


def judged(day: Sequence[Access], patients: Mapping[UUID, Known]) -> Odd | None:
    reasons: dict[Reason, None] = {}
    whom: dict[UUID, None] = {}
    for one in day:
        patient = UUID(one.patients[0])
        if said := list(reasons_for(one, patients.get(patient, NOBODY))):
            reasons |= dict.fromkeys(said)
            whom[patient] = None
    for rule, reason in OF_A_DAY:
        if seen := rule(day):
            reasons[reason] = None
            whom |= dict.fromkeys(sorted(seen, key=str))
    if not reasons:
        return None
    return Odd(
        first=day[0].at,
        who=day[0].who,
        actor=day[0].actor,
        role=day[0].role,
        department=day[0].department,
        unit=day[0].unit,
        patients=tuple(whom),
        reads=len(day),
        reasons=tuple(sorted(reasons)),
    )


def reasons_for(one: Access, known: Known) -> Iterator[Reason]:
    if one.emergency:
        yield Reason.EMERGENCY
    if known.family_name and similar(one.who.split()[-1:], [known.family_name]):
        yield Reason.SAME_NAME
    tied = list(known.tied(one.at))
    own = [tie for tie in tied if tie.unit == one.unit]
    if not own and not one.refused:
        yield Reason.OTHER_UNIT if tied else Reason.NO_RELATION
    if own and all(tie.by == one.actor for tie in own):
        yield Reason.OWN_TIE
    if one.wrote and one.operation == LIFTING:
        yield Reason.LIFTED
    if one.wrote and one.operation == NAMING_ONESELF and known.closed:
        yield Reason.NAMED_ONESELF
    if at_night(one.at) and not any(tie.there for tie in own):
        yield Reason.AT_NIGHT


def at_night(at: datetime) -> bool:
    hour = at.astimezone(OSLO).hour
    return hour >= NIGHT_BEGINS or hour < NIGHT_ENDS


def many(day: Sequence[Access]) -> Collection[UUID]:
    """Whom one reader opened within some hour, if they were many."""
    most: set[UUID] = set()
    for number, one in enumerate(day):
        hour = {UUID(other.patients[0]) for other in day[number:] if other.at < one.at + WITHIN}
        most = max(most, hour, key=len)
    return most if len(most) > MANY else ()


def tries(day: Sequence[Access]) -> Collection[UUID]:
    refused = [UUID(one.patients[0]) for one in day if one.refused]
    return set(refused) if len(refused) >= TRIES else ()


OF_A_DAY: tuple[tuple[Callable[[Sequence[Access]], Collection[UUID]], Reason], ...] = (
    (many, Reason.MANY),
    (tries, Reason.REFUSED),
)
