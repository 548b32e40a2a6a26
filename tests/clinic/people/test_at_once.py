"""Two at two desks with the same patient before them."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from lysglimt.clinic.people import actions
from lysglimt.clinic.people.actions.patients import AlreadyRegistered
from lysglimt.clinic.people.models import Patient, Professional
from tests.clinic.conftest import KARI, NOON
from tests.clinic.turns import at_once

pytestmark = pytest.mark.django_db(transaction=True)

Register = Callable[[], object]


def test_of_two_who_register_one_person_the_second_is_told_of_the_first(
    nurse: Professional, psychiatrist: Professional
) -> None:
    def register(by: Professional) -> Register:
        return lambda: actions.register_patient(said=KARI, by=by, at=NOON)

    refused = at_once(register(nurse), register(psychiatrist))
    assert [type(one) for one in refused if one] == [AlreadyRegistered]
    assert Patient.objects.count() == 1


def test_a_button_pressed_twice_at_once_registers_one(nurse: Professional) -> None:
    entry = uuid4()

    def register() -> object:
        return actions.register_patient(said=KARI, by=nurse, at=NOON, entry=entry)

    assert at_once(register, register) == [None, None]
    assert Patient.objects.get().pk == entry
