"""The field of the planned range in the picture: nothing that is amber lies inside it."""

import re
from fractions import Fraction

import pytest
from django.test import Client

from lysglimt.clinic.chairside.charted import planned_ranges
from lysglimt.clinic.chairside.models import Session
from lysglimt.knowledge.monitoring.vital_signs import VitalSign
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, shown


@pytest.mark.parametrize(
    ("before", "highest"),
    [
        pytest.param({VitalSign.SYSTOLIC: Fraction(121)}, 150, id="a rise of 30 comes first"),
        pytest.param({VitalSign.SYSTOLIC: Fraction(243, 2)}, 151, id="of a mean of 121.5 too"),
        pytest.param({VitalSign.SYSTOLIC: Fraction(138)}, 159, id="160 comes first"),
        pytest.param({}, 159, id="no rise is judged"),
    ],
)
def test_the_field_ends_below_the_first_amber_pressure(
    before: dict[VitalSign, Fraction], highest: int
) -> None:
    pressure, pulse, _ = planned_ranges(before)
    assert pressure.highest == highest
    assert pulse.highest == 110


def test_an_amber_rise_lies_above_the_field_of_the_picture(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    """The two readings before the start have a mean of 128."""
    clock.move(10)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("158/92"))
    page = shown(as_nurse, running)
    assert "Systolisk blodtrykk 158 mmHg (+30, ≥ +30)" in page
    assert "▲ 158/92" in page
    assert re.search(r"planlagt område 157\b", page)
