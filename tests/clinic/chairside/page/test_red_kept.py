"""Red stays in the chart until a doctor takes it out; a nurse measures again."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import PumpEvent, Session, SessionPhase, VitalSet
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from tests.clinic.chairside import typed
from tests.clinic.chairside.conftest import entered
from tests.clinic.conftest import NOON

from .at_the_page import RED, Clock, send, shown, words

STRUCK: typed.Typed = {"withdrawn": "on", "reason": "Feil pasient"}


def newest() -> VitalSet:
    return VitalSet.objects.order_by("-pk")[0]


def refused(client: Client, row: VitalSet, sent: typed.Typed) -> str:
    answer = client.post(reverse("vitals.correct", args=[row.pk]), sent)
    assert answer.status_code == 422
    return words(answer)  # type: ignore[arg-type]  # Django's test client


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(typed.vitals("202/104", **RED) | STRUCK, id="struck"),
        pytest.param(typed.vitals("142/84", reason="Feil lest av"), id="changed"),
        pytest.param(typed.vitals("", reason="Feil lest av"), id="emptied"),
    ],
)
def test_a_red_reading_is_taken_out_by_a_doctor_and_by_no_nurse(
    running: Session, as_nurse: Client, as_doctor: Client, sent: typed.Typed
) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("202/104", **RED))
    row = newest()
    told = refused(as_nurse, row, sent)
    assert "bare en lege" in told
    assert "Systolisk blodtrykk 202 mmHg" in told
    assert "Mål på nytt" in told
    assert "Rødt: Systolisk blodtrykk 202" in shown(as_nurse, running)
    send(as_doctor, "vitals.correct", row.pk, sent)
    assert "Rødt: Systolisk" not in shown(as_nurse, running)


def test_a_nurse_reads_it_before_anything_is_typed(running: Session, as_nurse: Client) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("202/104", **RED))
    page = as_nurse.get(reverse("vitals.correct", args=[newest().pk]))
    assert "bare en lege" in words(page)  # type: ignore[arg-type]  # Django's test client


def test_a_green_reading_answers_a_red_one_without_a_doctor(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("202/104", **RED))
    clock.move(1)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("124/78"))
    assert "Rødt: Systolisk" not in shown(as_nurse, running)


def test_what_is_not_red_of_a_red_set_a_nurse_corrects(
    running: Session, as_nurse: Client
) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("202/104", **RED))
    other = typed.vitals("202/104", pulse="84", reason="Feil lest av", **RED)
    send(as_nurse, "vitals.correct", newest().pk, other)
    assert newest().pulse == 84


@pytest.mark.parametrize("stage", ["session", "running", "stopped"])
def test_a_danger_sign_is_taken_out_by_a_doctor(
    request: pytest.FixtureRequest, as_nurse: Client, as_doctor: Client, stage: str
) -> None:
    session = request.getfixturevalue(stage)
    send(as_nurse, "vitals.record", session.pk, typed.vitals() | {"signs": ["chest_pain"]})
    row = newest()
    assert "Brystsmerte" in refused(as_nurse, row, typed.vitals() | STRUCK)
    assert row.signs == newest().signs
    send(as_doctor, "vitals.correct", row.pk, typed.vitals() | STRUCK)
    assert newest().withdrawn


def test_a_danger_sign_stands_though_a_nurse_says_in_an_earlier_set_that_it_was_over(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals() | {"signs": ["chest_pain"]})
    clock.move(5)
    send(as_nurse, "vitals.record", running.pk, typed.vitals())
    over = typed.vitals(reason="Glemte det") | {"signs_over": ["chest_pain"]}
    send(as_nurse, "vitals.correct", newest().pk, over)
    assert newest().signs_over == ["chest_pain"], "what she says is charted"
    assert "Rødt: Brystsmerter" in shown(as_nurse, running), (
        "and no doctor has seen the patient"
    )


def test_a_reading_that_makes_another_red_is_not_taken_out_either(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("182/98"))
    first = newest()
    clock.move(6)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("182/98"))
    assert "182 mmHg" in refused(as_nurse, first, typed.vitals("182/98") | STRUCK)


def test_a_pressure_before_the_start_that_makes_a_rise_red_stays(
    running: Session, as_nurse: Client
) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("178/98"))
    before = VitalSet.objects.filter(session=running).order_by("pk")[0]
    assert refused(as_nurse, before, typed.vitals("158/88", reason="Feil lest av"))


def test_a_red_start_is_not_made_a_start_that_never_was(
    running: Session, as_nurse: Client
) -> None:
    send(
        as_nurse,
        "vitals.record",
        running.pk,
        typed.vitals(respiration="32", confirmed="respiration=32"),
    )
    start = PumpEvent.objects.get()
    answer = as_nurse.post(
        reverse("pump.strike", args=[start.pk]), {"reason": "Feil økt valgt"}
    )
    assert answer.status_code == 422
    assert PumpEvent.objects.in_force().exists()


def test_a_set_that_is_not_red_a_nurse_strikes(running: Session, as_nurse: Client) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("146/88"))
    send(as_nurse, "vitals.correct", newest().pk, typed.vitals("146/88") | STRUCK)
    assert newest().withdrawn


def test_in_journal_mode_no_reading_is_judged(
    running: Session, nurse: Professional, psychiatrist: Professional, moss: Unit
) -> None:
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=timezone.now())
    row = actions.record_vitals(
        session=running,
        measured=actions.Measured(phase=SessionPhase.INFUSION, systolic=202, diastolic=104),
        entered=entered(),
        by=nurse,
        at=NOON,
    )
    actions.strike(fact=row, by=nurse, at=NOON, reason="Feil pasient")
    assert not VitalSet.objects.in_force().filter(entry=row.entry).exists()
