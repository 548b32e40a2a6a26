"""What is written of a session, all revisions, and which of it is in force."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby, pairwise
from uuid import UUID

from lysglimt.clinic.people.facts import AFact, Fact
from lysglimt.clinic.treatment.told import ToldLast
from lysglimt.knowledge.monitoring.discharge import INTENT

from .models import (
    AnOrder,
    Capacity,
    ChairEvent,
    ChairEventKind,
    DeviceCheck,
    DeviceOrder,
    DeviceUse,
    DischargeRecord,
    PreparationCheck,
    PumpEvent,
    Session,
    SessionOrder,
    StartGateRecord,
    VitalSet,
)
from .stands import intent_stands, times_in


@dataclass(frozen=True, slots=True)
class Hand:
    """A signature of the discharge: as what, who by name, and when."""

    capacity: Capacity
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Departure:
    """The patient was charted as having left; ``struck`` is the row that took it back."""

    left_at: datetime
    struck: DischargeRecord


@dataclass(frozen=True)
class Written:
    """What is charted of a session, all revisions, as of ``now``.

    ``given`` is whether the dose is recorded in the course; ``doctor_awaited`` whether a task for
    a doctor now is open, ``intent_assessed`` whether a doctor answered one since new intent was
    last said, and ``told`` what others have written of a doctor who has not confirmed it.
    ``doctor_seen`` is when a doctor last saw the patient for a danger sign, ``danger_task`` the
    open task that asks for one.
    """

    session: Session
    now: datetime
    orders: Sequence[SessionOrder] = ()
    preparations: Sequence[PreparationCheck] = ()
    gates: Sequence[StartGateRecord] = ()
    vital_rows: Sequence[VitalSet] = ()
    pump_rows: Sequence[PumpEvent] = ()
    event_rows: Sequence[ChairEvent] = ()
    discharges: Sequence[DischargeRecord] = ()
    device_orders: Sequence[DeviceOrder] = ()
    device_checks: Sequence[DeviceCheck] = ()
    device_rows: Sequence[DeviceUse] = ()
    form_answered: Sequence[str] = ()
    given: bool = False
    doctor_awaited: bool = False
    intent_assessed: bool = False
    told: ToldLast | None = None
    doctor_seen: datetime | None = None
    danger_task: UUID | None = None

    @cached_property
    def order(self) -> SessionOrder | None:
        return newest(self.orders)

    @cached_property
    def device_order(self) -> DeviceOrder | None:
        return newest(self.device_orders)

    @property
    def ordered(self) -> AnOrder | None:
        """An infusion, or devices."""
        return self.device_order or self.order

    @property
    def signed(self) -> bool:
        return self.ordered is not None and hasattr(self.ordered, "signature")

    @cached_property
    def preparation(self) -> PreparationCheck | None:
        """Of the order as it stands: a changed order is prepared anew."""
        of_order = [
            row for row in self.preparations if self.order and row.order_id == self.order.pk
        ]
        return newest(of_order)

    @cached_property
    def gate(self) -> StartGateRecord | None:
        return newest(self.gates)

    @property
    def gate_revisions(self) -> list[StartGateRecord]:
        """Of the gate in force, the first first: who went through it, then who opened it."""
        if self.gate is None:
            return []
        same = [one for one in self.gates if one.entry == self.gate.entry]
        return sorted(same, key=lambda one: one.revision)

    def gate_closed_by(self, *, judged: bool) -> Fact | None:
        """The first that the gate has not seen: a set that was measured, or the changed order.

        Unjudged, no set closes it, and none hides an order that was changed after it.
        """
        if self.gate is None:
            return None
        looked = self.gate_revisions[0].received_at
        measured = self.vital_rows if judged else ()
        facts: list[Fact] = [*measured, *([self.ordered] if self.ordered else [])]
        unseen = [row for row in facts if row.received_at > looked]
        return min(unseen, key=lambda row: row.received_at, default=None)

    @cached_property
    def intent_told(self) -> datetime | None:
        """When new suicidal intent or plan was last charted at the chair."""
        said = (
            row for row in in_force(self.event_rows) if row.kind == ChairEventKind.NEW_INTENT
        )
        return max((row.received_at for row in said), default=None)

    @cached_property
    def discharge(self) -> DischargeRecord | None:
        return newest(self.discharges)

    @cached_property
    def departures(self) -> list[Departure]:
        """Those that were struck, the first first."""
        rows = sorted(self.discharges, key=by_entry)
        return [
            Departure(one.left_at, following)
            for one, following in pairwise(rows)
            if one.left_at and following.left_at is None
        ]

    @cached_property
    def hands(self) -> list[Hand]:
        """Who signed the discharge as it now is. That the patient left changes no criterion."""
        if self.discharge is None:
            return []
        said = discharge_said(self.discharge)
        same = [vars(row) for row in self.discharges if discharge_said(row) == said]
        return [
            Hand(capacity, row[capacity.value], row[f"{capacity}_at"])
            for capacity in Capacity
            for row in same
            if row[capacity.value]
        ]


def intent_said_at(rows: Iterable[DischargeRecord]) -> datetime | None:
    """When the checklist last said new intent or plan; where no times were kept, when it was written.

    That the patient left says nothing anew.
    """
    said, left = None, False
    for row in sorted(rows, key=by_entry):
        leaves = row.left_at is not None and not left and row.revision > 1
        kept = times_in(row.answers).get(INTENT)
        if intent_stands(row.answers) and (kept or not leaves):
            said = datetime.fromisoformat(kept) if kept else row.received_at
        left = row.left_at is not None
    return said


def discharge_said(row: DischargeRecord) -> tuple[object, ...]:
    return row.entry, row.answers, row.escort_name, row.escort_telephone, row.deviation


def in_force(rows: Iterable[AFact]) -> list[AFact]:
    """The newest revision of each entry, unless it was withdrawn."""
    return [last for *_, last in revisions(rows) if not last.withdrawn]


def revisions(rows: Iterable[AFact]) -> list[list[AFact]]:
    """Each entry with all that was said of it, first to last."""
    ordered = sorted(rows, key=by_entry)
    return [list(group) for _, group in groupby(ordered, key=lambda row: row.entry)]


def by_entry(row: Fact) -> tuple[str, int]:
    return str(row.entry), row.revision


def newest(rows: Iterable[AFact]) -> AFact | None:
    return max(in_force(rows), key=lambda row: (row.happened_at, row.pk), default=None)
