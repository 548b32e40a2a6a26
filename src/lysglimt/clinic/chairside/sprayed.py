"""The nasal devices of a session: what was ordered, what was given, and what holds the next."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.knowledge.dosing.devices import DeviceAct, DeviceEvent, Devices
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.monitoring.observation import SessionRoute
from lysglimt.knowledge.protocols.protocol import Route

from .came_late import start_told
from .models import DeviceCheck, DeviceUse, Session
from .written import Written, in_force, newest


def by_nose(session: Session) -> bool:
    """By the protocol that the course keeps. No question of the database.

    A chart that is read without its course is an infusion's.
    """
    if vars(session).get("course_id") is None:
        return False
    return protocol_of(session.course).product.route is Route.INTRANASAL


class OtherRoute(ClinicalError):
    """Devices are for a session by nose, a pump for an infusion."""

    code = "session.other-route"


def refuse_other_route(session: Session, *, nasal: bool) -> None:
    """Raises OtherRoute."""
    if by_nose(session) is not nasal:
        raise OtherRoute("Of another way of giving.", field="session")


def used(rows: Iterable[DeviceUse]) -> tuple[DeviceEvent, ...]:
    return tuple(
        DeviceEvent(row.happened_at, DeviceAct(row.act), begun=row.begun_at) for row in rows
    )


class Sprayed(Written):
    """Of a session by nose; of an infusion there are no devices."""

    @cached_property
    def nasal(self) -> bool:
        return by_nose(self.session)

    @property
    def route(self) -> SessionRoute:
        return SessionRoute.NASAL if self.nasal else SessionRoute.IV

    @cached_property
    def uses(self) -> list[DeviceUse]:
        return sorted(
            in_force(self.device_rows), key=lambda row: (row.happened_at, row.pk or 0)
        )

    @cached_property
    def devices(self) -> Devices:
        ordered = self.device_order.devices if self.device_order else None
        return Devices(ordered, used(self.uses))

    @property
    def device_check(self) -> DeviceCheck | None:
        """Of the order as it stands: of a changed order the devices are laid out anew."""
        order = self.device_order
        return newest(row for row in self.device_checks if order and row.order_id == order.pk)

    @cached_property
    def start_told(self) -> datetime | None:
        """When the start was charted first."""
        return start_told(self.pump_rows, self.device_rows)
