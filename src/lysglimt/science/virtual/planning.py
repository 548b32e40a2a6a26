"""A clinic as it might be run: chairs, staff, hours, referrals, rules, prices; and what if."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from importlib.resources.abc import Traversable
from typing import NamedTuple, TypeVar

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Implausible, Inconsistent
from lysglimt.knowledge.figures import Basis, Figure, Mark
from lysglimt.knowledge.protocols.protocol import Maintenance, Protocol
from lysglimt.knowledge.sources.library import library

from .figures import clinic_figures
from .story import asked_protocol

MOST = {
    "chairs": 100,
    "nurses": 100,
    "days_a_week": 7,
    "session_minutes": 600,
    "nurse_minutes": 600,
    "visit_minutes": 600,
    "assessment_minutes": 600,
    "interval_days": 84,
    "stop_below_percent": 50,
    "maintenance_months": 24,
}
LEAST = {
    "visit_minutes": 0,
    "assessment_minutes": 0,
    "interval_days": 14,
    "stop_below_percent": 0,
}
MOST_REFERRALS = 200
Held = TypeVar("Held")
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Change:
    """What differs from the clinic as it is; what is left out stays."""

    name: str
    chairs: int | None = None
    nurses: int | None = None
    referrals_a_week: Decimal | None = None
    opens: str | None = None
    closes: str | None = None
    days_a_week: int | None = None
    session_minutes: int | None = None
    nurse_minutes: int | None = None
    visit_minutes: int | None = None
    assessment_minutes: int | None = None
    protocol: str | None = None
    interval_days: int | None = None
    stop_below_percent: int | None = None
    maintenance_months: int | None = None


@dataclass(frozen=True, slots=True)
class ClinicPlan:
    """Chairs, staff, hours, referrals and rules.

    ``interval_days`` between maintenance sessions, ``stop_below_percent``, the improvement without
    which a stop is proposed in the induction, and ``maintenance_months`` replace those of the
    protocol; left out, the protocol's hold.
    """

    chairs: int
    nurses: int
    referrals_a_week: Decimal
    opens: str
    closes: str
    session_minutes: int
    nurse_minutes: int
    visit_minutes: int = 0
    assessment_minutes: int = 0
    days_a_week: int = 5
    protocol: str = "iv-ketamine-no"
    interval_days: int | None = None
    stop_below_percent: int | None = None
    maintenance_months: int | None = None

    def __post_init__(self) -> None:
        for name, most in MOST.items():
            value, least = getattr(self, name), LEAST.get(name, 1)
            if value is not None and not least <= value <= most:
                raise Implausible.of(name, value, f"{least} to {most}")
        if not 0 < self.referrals_a_week <= MOST_REFERRALS:
            raise Implausible.of(
                "referrals_a_week", self.referrals_a_week, f"above 0, to {MOST_REFERRALS}"
            )
        if self.nurse_minutes > self.session_minutes:
            raise Implausible.of(
                "nurse_minutes",
                self.nurse_minutes,
                f"up to {self.session_minutes}, the session",
            )
        if self.session_minutes > self.open_minutes:
            raise Implausible.of(
                "session_minutes", self.session_minutes, f"up to {self.open_minutes}, a day"
            )

    @property
    def opening(self) -> int:
        """Minutes after midnight."""
        return clock("opens", self.opens)

    @property
    def open_minutes(self) -> int:
        return clock("closes", self.closes) - self.opening

    def changed(self, change: Change) -> "ClinicPlan":
        said = {one.name: getattr(change, one.name) for one in fields(change)}
        said.pop("name")
        return replace(
            self, **{name: value for name, value in said.items() if value is not None}
        )


def clock(name: str, text: str) -> int:
    hours, colon, minutes = text.partition(":")
    good = colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2
    total = int(hours) * 60 + int(minutes) if good else DAY_MINUTES + 1
    if total > DAY_MINUTES or int(minutes) > 59:
        raise Implausible.of(name, text, "00:00 to 24:00")
    return total


@dataclass(frozen=True, slots=True)
class Prices:
    """Those of the one who asks; none are ours. ``fixed`` is for each year."""

    currency: str
    session: Decimal = Decimal(0)
    nurse_hour: Decimal = Decimal(0)
    assessment: Decimal = Decimal(0)
    visit: Decimal = Decimal(0)
    chair_year: Decimal = Decimal(0)
    fixed: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, Decimal) and value < 0:
                raise Implausible.of(one.name, value, "0 or more")


@dataclass(frozen=True, slots=True)
class Population:
    """How many of those whom the clinic is for are in need in a year.

    Or which share of the country's people it is for, in per cent.
    """

    in_need_a_year: int | None = None
    share_of_country: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.in_need_a_year is None) is (self.share_of_country is None):
            raise Inconsistent(
                "population: say in_need_a_year or share_of_country, one of them"
            )
        if self.in_need_a_year is not None and self.in_need_a_year < 1:
            raise Implausible.of("in_need_a_year", self.in_need_a_year, "1 or more")
        share = self.share_of_country
        if share is not None and not 0 < share <= 100:
            raise Implausible.of("share_of_country", share, "above 0, to 100 %")


class Need(NamedTuple):
    """How many are in need in a year, and who says so; ``weak`` where nobody has counted them."""

    lowest: float
    highest: float
    source: str
    mark: Mark | None = None
    weak: bool = False


def need(population: Population) -> Need:
    """What is entered bears no mark: it is the reader's own."""
    if population.in_need_a_year is not None:
        return Need(population.in_need_a_year, population.in_need_a_year, "entered")
    share = float(population.share_of_country or 0) / 100
    country = clinic_figures().figures["country"]
    lowest, highest = country["in_need_lowest"], country["in_need_highest"]
    return Need(
        lowest.reckoned * share,
        highest.reckoned * share,
        lowest.source.key,
        lowest.mark,
        lowest.source.low,
    )


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The clinic as it is, and the changes to look at one by one."""

    clinic: ClinicPlan
    changes: tuple[Change, ...] = ()
    prices: Prices | None = None
    population: Population | None = None

    def __post_init__(self) -> None:
        names = ["", *(change.name for change in self.changes)]
        if len(set(names)) != len(names):
            raise Inconsistent("changes: each has a name of its own")

    @property
    def plans(self) -> Mapping[str, ClinicPlan]:
        """By name; the clinic as it is under the first."""
        changed = {change.name: self.clinic.changed(change) for change in self.changes}
        return {"as it is": self.clinic, **changed}


def load(file: Traversable) -> WhatIf:
    """Raises Misstated with the file and the path of the key, and Implausible with the range."""
    return read(WhatIf, file)


@cache
def planned_protocol(plan: ClinicPlan) -> Protocol:
    """The protocol with what the plan changes in it; the rules stay those of the course engine."""
    protocol = asked_protocol(plan.protocol)
    protocol = replace(protocol, maintenance=maintained(protocol, plan))
    rule, below = protocol.induction.futility, plan.stop_below_percent
    if below is None:
        return protocol
    if rule is None:
        raise Implausible.of(
            "stop_below_percent", below, f"nothing: {protocol.id} has no rule of futility"
        )
    stricter = replace(rule, improvement_below=own(Decimal(below), "%"))
    return replace(protocol, induction=replace(protocol.induction, futility=stricter))


def maintained(protocol: Protocol, plan: ClinicPlan) -> Maintenance | None:
    every = plan.interval_days
    if every is None:
        return protocol.maintenance
    if protocol.maintenance is None:
        raise Implausible.of(
            "interval_days", every, f"nothing: {protocol.id} has no maintenance"
        )
    stages = tuple(
        replace(stage, every=own(timedelta(days=every), "d"))
        for stage in protocol.maintenance.stages
    )
    return replace(protocol.maintenance, stages=stages)


def own(value: Held, unit: str) -> Figure[Held]:
    """As the one who asks has set it."""
    return Figure(value, unit, Basis(Mark.OWN, library()["own-proposal"]))
