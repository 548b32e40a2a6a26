"""What holds the treatment over months, at the start check: it waits for a doctor, or for two."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.models import PumpEvent, Session, StartGateRecord
from lysglimt.clinic.exposure import actions
from lysglimt.clinic.exposure.beside import over_months_of
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional
from lysglimt.knowledge.verdict import Standing
from tests.clinic.chairside import typed
from tests.clinic.chairside.conftest import entered

from .at_the_page import send, shown, what_the_gate_found, words


def liver(session: Session, alt: int, *, upper: int | None = 50, by: Professional) -> None:
    actions.enter_results(
        patient=session.course.patient,
        taken=actions.Taken(taken_on=timezone.localdate(), circumstance="no"),
        answers=[
            actions.Answer(
                analyte="alt",
                value=Decimal(alt),
                unit_of_value="U/l",
                upper_limit=None if upper is None else Decimal(upper),
            )
        ],
        entered=entered(),
        by=by,
        at=timezone.now(),
    )


def lift(session: Session, *, by: Professional) -> None:
    [hold] = over_months_of(session.course.patient).holds
    actions.lift_hold(
        patient=session.course.patient,
        lifted=actions.Lifted(
            name=hold.name, keys=hold.keys, told="Utredet, årsaken er fjernet."
        ),
        entered=entered(),
        by=by,
        at=timezone.now(),
    )


def test_a_hold_closes_the_start_check_until_a_doctor_lifts_it(
    prepared: Session, as_nurse: Client, nurse: Professional, psychiatrist: Professional
) -> None:
    liver(prepared, 170, by=nurse)
    found = what_the_gate_found(as_nurse, prepared)
    assert found["LT-liver"] == Standing.NEEDS_SPECIALIST
    page = shown(as_nurse, prepared)
    assert "ALAT 3,4 ganger øvre grense" in page
    assert "Åpne oppfølgingen over tid" in page
    assert "Start infusjonen" not in page
    lift(prepared, by=psychiatrist)
    assert "LT-liver" not in what_the_gate_found(as_nurse, prepared)
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))


def test_a_result_that_comes_after_the_start_check_closes_the_start(
    prepared: Session, as_nurse: Client, nurse: Professional
) -> None:
    liver(prepared, 170, by=nurse)
    refused: Any = as_nurse.post(
        reverse("pump.record", args=[prepared.pk]), typed.pump("start")
    )
    assert refused.status_code == 422
    assert "ALAT 3,4 ganger øvre grense" in words(refused)
    assert not PumpEvent.objects.exists()


@pytest.mark.parametrize(
    ("alt", "standing"),
    [
        pytest.param(150, None, id="three times is not above"),
        pytest.param(170, Standing.NEEDS_SPECIALIST, id="hold"),
        pytest.param(260, Standing.EXCLUDED, id="stop"),
    ],
)
def test_what_is_to_be_stopped_excludes_and_what_waits_takes_a_doctor(
    prepared: Session,
    as_nurse: Client,
    as_doctor: Client,
    nurse: Professional,
    *,
    alt: int,
    standing: Standing | None,
) -> None:
    liver(prepared, alt, by=nurse)
    assert what_the_gate_found(as_nurse, prepared).get("LT-liver") == standing
    if standing:
        newest = StartGateRecord.objects.in_force().order_by("-pk")[0]
        send(as_doctor, "session.override", newest.pk, {"reason": "Drøftet med overlege"})
        assert over_months_of(prepared.course.patient).holds
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))


def test_a_missing_limit_is_asked_for_before_the_start(
    prepared: Session, as_nurse: Client, nurse: Professional
) -> None:
    liver(prepared, 170, upper=None, by=nurse)
    assert what_the_gate_found(as_nurse, prepared)["LT-liver"] == Standing.UNKNOWN
    page = shown(as_nurse, prepared)
    assert "Hva er laboratoriets øvre grense for ALAT?" in page
    assert "Start infusjonen" not in page


def test_in_journal_mode_a_raised_value_closes_nothing(
    prepared: Session, as_nurse: Client, nurse: Professional, psychiatrist: Professional
) -> None:
    people.state_purpose(unit=prepared.unit, on=False, by=psychiatrist, at=timezone.now())
    liver(prepared, 260, by=nurse)
    assert "LT-liver" not in what_the_gate_found(as_nurse, prepared)
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))


@pytest.mark.parametrize("judged", [True, False], ids=["supported", "journal mode"])
def test_a_course_that_was_stopped_starts_no_session_past_its_check(
    prepared: Session,
    as_nurse: Client,
    nurse: Professional,
    psychiatrist: Professional,
    *,
    judged: bool,
) -> None:
    """The stop rests on words alone: no result holds."""
    people.state_purpose(unit=prepared.unit, on=judged, by=psychiatrist, at=timezone.now())
    actions.stop_for_safety(
        course=prepared.course,
        stopped=actions.Stopped(
            told="Gulsott.",
            plan="Innlagt.",
            responsible=nurse,
            next_contact_on=timezone.localdate(),
        ),
        entered=entered(),
        by=psychiatrist,
        at=timezone.now(),
    )
    refused: Any = as_nurse.post(
        reverse("pump.record", args=[prepared.pk]), typed.pump("start")
    )
    assert refused.status_code == 422
    assert "Forløpet er avsluttet eller stanset" in words(refused)
    assert not PumpEvent.objects.exists()
