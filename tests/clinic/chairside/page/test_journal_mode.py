"""In journal mode all is recorded, and nothing is judged or suggested."""

from django.test import Client
from django.utils import timezone

from lysglimt.clinic.chairside.models import PumpEvent, Session
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, shown


def test_in_journal_mode_a_reading_after_the_gate_is_not_judged(
    prepared: Session, as_nurse: Client, moss: Unit, psychiatrist: Professional
) -> None:
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=timezone.now())
    send(as_nurse, "vitals.record", prepared.pk, typed.vitals("128/78"))
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))


def test_in_journal_mode_no_reading_is_too_old(
    prepared: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    at = timezone.now()
    people.state_purpose(unit=prepared.unit, on=False, by=psychiatrist, at=at)
    clock.move(90)
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))
    assert PumpEvent.objects.exists()


def test_nothing_is_suggested_in_journal_mode_and_everything_is_recorded(
    prepared: Session, moss: Unit, psychiatrist: Professional, as_nurse: Client, clock: Clock
) -> None:
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=timezone.now())
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))
    send(as_nurse, "vitals.record", prepared.pk, typed.vitals("164/98"))
    clock.move(30)
    page = shown(as_nurse, prepared)
    assert "164/98" in page
    for suggestion in ("Utenfor planlagt område", "planlagt område", "forsinket", "Regel"):
        assert suggestion not in page
