"""Who comes when: a chair takes one patient at a time."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.scheduling import actions
from lysglimt.clinic.scheduling.actions import Booking, ChairTaken, WrongTimes
from lysglimt.clinic.scheduling.models import (
    Appointment,
    AppointmentKind,
    AppointmentState,
    Chair,
)
from tests.clinic.conftest import NOON

HOUR = timedelta(hours=1)


@pytest.fixture
def chair(moss: Unit, nurse: Professional) -> Chair:
    return actions.add_chair(unit=moss, name="1", by=nurse, at=NOON)


def booking(chair: Chair | None, start: int, hours: int = 2) -> Booking:
    return Booking(
        kind=AppointmentKind.SESSION,
        starts_at=NOON + start * HOUR,
        ends_at=NOON + (start + hours) * HOUR,
        chair=chair,
    )


def book(
    patient: Patient, by: Professional, chair: Chair | None, start: int, hours: int = 2
) -> Appointment:
    return actions.book(patient=patient, booking=booking(chair, start, hours), by=by, at=NOON)


@pytest.mark.parametrize(
    ("start", "hours"),
    [
        pytest.param(0, 2, id="the same time"),
        pytest.param(1, 2, id="begins before the other ends"),
        pytest.param(-1, 2, id="ends after the other begins"),
        pytest.param(-1, 9, id="around the other"),
    ],
)
def test_a_chair_takes_one_patient_at_a_time(
    kari: Patient, nurse: Professional, chair: Chair, start: int, hours: int
) -> None:
    book(kari, nurse, chair, 0)
    with pytest.raises(ChairTaken) as refusal:
        book(kari, nurse, chair, start, hours)
    assert str(refusal.value.facts["value"]).startswith("['1', ")
    assert Appointment.objects.count() == 1


def test_one_may_begin_when_the_other_ends(
    kari: Patient, nurse: Professional, chair: Chair
) -> None:
    book(kari, nurse, chair, 0)
    book(kari, nurse, chair, 2)
    book(kari, nurse, None, 0)
    assert Appointment.objects.in_chair(chair).count() == 2


@pytest.mark.parametrize("state", [AppointmentState.CANCELLED, AppointmentState.NO_SHOW])
def test_who_does_not_come_leaves_the_chair_free(
    kari: Patient, nurse: Professional, chair: Chair, state: AppointmentState
) -> None:
    first = book(kari, nurse, chair, 0)
    gone = actions.mark(appointment=first, state=state, by=nurse, at=NOON)
    assert (gone.revision, gone.reason) == (2, state.value)
    book(kari, nurse, chair, 0)
    with pytest.raises(ChairTaken):
        actions.mark(appointment=gone, state=AppointmentState.PLANNED, by=nurse, at=NOON)


def test_moving_is_a_revision_and_asks_for_the_chair(
    kari: Patient, nurse: Professional, psychiatrist: Professional, chair: Chair
) -> None:
    first = book(kari, nurse, chair, 0)
    book(kari, nurse, chair, 4)
    with pytest.raises(ChairTaken):
        actions.move(
            appointment=first, booking=booking(chair, 3), by=nurse, at=NOON, reason="ill"
        )
    moved = actions.move(
        appointment=first, booking=booking(chair, 1), by=psychiatrist, at=NOON, reason="ill"
    )
    assert (moved.revision, moved.starts_at, moved.by) == (2, NOON + HOUR, psychiatrist)
    assert Appointment.objects.in_force().count() == 2
    assert Event.objects.filter(operation="appointment.move").get().reason == "ill"


def test_an_appointment_ends_after_it_starts(
    kari: Patient, nurse: Professional, chair: Chair
) -> None:
    with pytest.raises(WrongTimes):
        book(kari, nurse, chair, 0, hours=0)
    first = book(kari, nurse, chair, 0)
    backwards = first.revised(ends_at=NOON - HOUR, reason="typing")
    with pytest.raises(IntegrityError, match="ends_after"), transaction.atomic():
        backwards.save(force_insert=True)


def test_the_day_of_a_chair_is_a_query(
    kari: Patient, nurse: Professional, outsider: Professional, chair: Chair
) -> None:
    today = book(kari, nurse, chair, 0)
    book(kari, nurse, chair, 24)
    day = Appointment.objects.in_unit(nurse.unit_id).between(NOON, NOON + 12 * HOUR)
    assert list(day) == [today]
    assert not Appointment.objects.for_professional(outsider)


def test_the_database_refuses_to_change_an_appointment(
    kari: Patient, nurse: Professional, chair: Chair
) -> None:
    book(kari, nurse, chair, 0)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Appointment.objects.update(state="kept")
