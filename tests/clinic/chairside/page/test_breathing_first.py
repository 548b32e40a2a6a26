"""A drowsy patient short of oxygen: what the page tells the nurse to do at once."""

from django.test import Client

from lysglimt.clinic.chairside.models import Session
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, shown


def test_the_first_line_stops_the_pump_gives_oxygen_and_calls_the_doctor(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(10)
    drowsy = {"spo2": "91", "sedation": "3", "distress": "8"}
    unusual = {"confirmed": "systolic=228;diastolic=124"}
    send(as_nurse, "vitals.record", running.pk, typed.vitals("228/124", **drowsy, **unusual))
    page = shown(as_nurse, running)
    first = "Først: Stopp pumpen. Endre leie, oksygen 2 l/min, mål på nytt etter 5 min, si fra"
    assert f"{first} til lege. Alle " in page
    assert "idazolam" not in page
    assert "Ingen beroligende legemidler" in page
