"""Whom the chair asks for a doctor: who is named as available that day, else the rota."""

from datetime import timedelta

import pytest

from lysglimt.clinic.chairside import actions as chairside
from lysglimt.clinic.chairside.models import ChairEventKind, Session
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.clinic.treatment.templatetags.treatment import receiver_told
from tests.clinic.chairside.conftest import course, gated, session
from tests.clinic.conftest import NOON, Staff

from .conftest import Put, entered

__all__ = ["course", "session"]
NIGHT = NOON + timedelta(hours=10)


def said(session: Session, by: Professional, *, night: bool = True) -> SafetyTask:
    """New intent, told at the chair; what is charted at night is of the evening before."""
    at = NIGHT if night else NOON + timedelta(minutes=5)
    happened = chairside.Happened(kind=ChairEventKind.NEW_INTENT)
    chairside.record_event(
        session=session, happened=happened, entered=entered(at), by=by, at=at
    )
    return SafetyTask.objects.latest("opened_at")


def test_where_nobody_is_named_as_available_the_rota_receives(
    session: Session, put: Put, nurse: Professional, moss: Unit, staff: Staff
) -> None:
    on_watch = staff(moss, Role.ANAESTHETIST)
    put(on_watch, 20, 8)
    task = said(session, nurse)
    assert (task.receiver, task.routed) == (on_watch, "rota")


def test_where_the_rota_has_a_hole_the_leader_receives_and_not_who_charts(
    session: Session,
    put: Put,
    nurse: Professional,
    leader: Professional,
    psychiatrist: Professional,
) -> None:
    put(psychiatrist, 8, 20)
    task = said(session, nurse)
    assert (task.receiver, task.routed) == (leader, "gap")


@pytest.mark.parametrize("here", [True, False])
def test_who_was_named_as_available_receives_while_they_work_here(
    session: Session,
    put: Put,
    nurse: Professional,
    psychiatrist: Professional,
    moss: Unit,
    staff: Staff,
    *,
    here: bool,
) -> None:
    on_watch, named = staff(moss, Role.ANAESTHETIST), psychiatrist
    put(on_watch, 8, 20)
    chairside.record_gate(
        session=session, gated=gated(doctor=named), entered=entered(NOON), by=nurse, at=NOON
    )
    named.is_active = here
    named.save()
    task = said(session, nurse, night=False)
    assert task.receiver == (named if here else on_watch)


def test_a_receiver_who_has_left_is_said_to_have(
    session: Session, put: Put, nurse: Professional, psychiatrist: Professional
) -> None:
    put(psychiatrist, 20, 8)
    task = said(session, nurse)
    assert receiver_told(task) == str(psychiatrist)
    task.receiver.is_active = False
    assert receiver_told(task) != str(psychiatrist)
