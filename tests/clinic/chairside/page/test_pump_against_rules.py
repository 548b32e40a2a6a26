"""What is done to a pump against the rules: who may decide it, and where it is seen."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import PumpEvent, Session
from lysglimt.clinic.design.bilingual import in_readers
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.knowledge.dosing.delivery import PumpAct
from tests.clinic.chairside import typed
from tests.clinic.conftest import Staff

from .at_the_page import RED, Clock, send, shown, words


@pytest.fixture
def as_lead(moss: Unit, staff: Staff) -> Client:
    client = Client()
    client.force_login(staff(moss, Role.UNIT_LEAD))
    return client


@pytest.fixture
def paused(running: Session, as_nurse: Client, clock: Clock) -> Session:
    """Red, and the pump stands still."""
    clock.move(6)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("202/104", **RED))
    send(
        as_nurse, "pump.record", running.pk, typed.pump("pause", pause_reason="blood_pressure")
    )
    return running


def read(client: Client, name: str) -> str:
    return words(client.get(reverse(name)))  # type: ignore[arg-type]  # Django's test client


@pytest.mark.parametrize(
    "named", [True, False], ids=["a doctor ordered it", "no doctor decided it"]
)
@pytest.mark.parametrize(
    "symptom",
    [
        pytest.param("chest_pain", id="a danger sign"),
        pytest.param("headache", id="a headache while the pressure is red"),
    ],
)
def test_after_red_with_symptoms_going_on_is_not_advised_and_is_recorded_as_it_was(
    paused: Session,
    as_nurse: Client,
    as_doctor: Client,
    as_lead: Client,
    psychiatrist: Professional,
    clock: Clock,
    symptom: str,
    *,
    named: bool,
) -> None:
    if symptom == "headache":
        send(as_nurse, "event.record", paused.pk, typed.tile(symptom))
    else:
        row: typed.Typed = {"entry": typed.entry(), "ago": "0", "signs": symptom}
        send(as_nurse, "vitals.record", paused.pk, row)
    for _ in range(2):
        clock.move(6)
        send(as_nurse, "vitals.record", paused.pk, typed.vitals())
    address = reverse("pump.record", args=[paused.pk])
    refused = as_nurse.post(address, typed.pump("resume", rate_ml_h="30"))
    assert refused.status_code == 422
    assert "Dette frarådes: la pumpen stå" in words(refused)  # type: ignore[arg-type]  # Django's test client
    assert not PumpEvent.objects.filter(act="resume").exists()
    decided = str(psychiatrist.pk) if named else "nobody"
    done = typed.pump("resume", rate_ml_h="30", doctor=decided)
    send(as_nurse, "pump.record", paused.pk, done)
    page = read(as_lead, "unit")
    assert "Gjenopptatt etter røde verdier med symptomer" in page
    assert ("ingen lege bestemte det" in page) is not named
    assert PumpEvent.objects.get(act="resume").doctor == (psychiatrist if named else None)
    assert SafetyTask.objects.open().filter(rule="pump-against").exists() is named
    confirms = "Pumpen satt til 30 ml/t til tross for: Etter røde verdier med symptomer"
    assert (confirms in read(as_doctor, "today")) is named


def test_what_speaks_against_a_rate_is_reckoned_where_it_is_stored(
    running: Session, nurse: Professional, clock: Clock
) -> None:
    """Whatever the page knew of when it was sent, the chart keeps which rules were set aside."""
    now = clock()
    row = actions.record_pump(
        session=running,
        pumped=actions.Pumped(act=PumpAct.RATE, rate_ml_h=Decimal(90)),
        entered=Entered(happened_at=now, entered_at=now),
        by=nurse,
        at=now,
    )
    assert (row.against, row.comment) == ("delivery:rate", "")


def test_a_headache_of_another_hour_does_not_close_the_way_back(
    paused: Session, as_nurse: Client, clock: Clock
) -> None:
    for _ in range(2):
        clock.move(6)
        send(as_nurse, "vitals.record", paused.pk, typed.vitals())
    clock.move(1)
    send(as_nurse, "event.record", paused.pk, typed.tile("headache"))
    send(as_nurse, "pump.record", paused.pk, typed.pump("resume", rate_ml_h="30"))
    assert not SafetyTask.objects.exists()
    assert PumpEvent.objects.get(act="resume").against == ""


def test_a_doctor_whom_a_nurse_names_for_a_resume_confirms_it_on_today(
    paused: Session,
    as_nurse: Client,
    as_doctor: Client,
    as_lead: Client,
    psychiatrist: Professional,
) -> None:
    resume = typed.pump("resume", rate_ml_h="30", doctor=str(psychiatrist.pk))
    for _ in range(2):
        send(as_nurse, "pump.record", paused.pk, resume)
    task = SafetyTask.objects.get()
    assert task.receiver == psychiatrist
    day = read(as_doctor, "today")
    assert "Bekreft din vurdering" in day
    assert "Pumpen satt til 30 ml/t til tross for: To grønne målinger" in day
    assert "legen som er navngitt, bekrefter det" in day
    with override("en"):
        said = str(in_readers(task.reports.get().plan))
    assert said.startswith("The pump set to 30 ml/h in spite of: "), "whoever wrote it"
    page = read(as_lead, "unit")
    assert "Gjenopptatt uten to grønne målinger" in page
    assert f"Regel resume:green · {psychiatrist}" in page
    send(as_doctor, "task.confirm", task.reports.get().pk, {})
    assert not SafetyTask.objects.open().exists()


def test_a_doctor_who_decides_it_with_their_own_hands_confirms_nothing(
    paused: Session, as_doctor: Client, psychiatrist: Professional
) -> None:
    resume = typed.pump("resume", rate_ml_h="30", doctor=str(psychiatrist.pk))
    send(as_doctor, "pump.record", paused.pk, resume)
    assert not SafetyTask.objects.exists()
    assert PumpEvent.objects.get(act="resume").against == "resume:green"


AGAINST = "– til tross for reglene: Gjenopptatt uten to grønne målinger"


def test_the_line_of_a_resume_names_the_rule_and_the_doctor_as_told_then_as_confirmed(
    paused: Session,
    as_nurse: Client,
    as_doctor: Client,
    nurse: Professional,
    psychiatrist: Professional,
    django_assert_max_num_queries: Any,
) -> None:
    resume = typed.pump("resume", rate_ml_h="30", doctor=str(psychiatrist.pk))
    send(as_nurse, "pump.record", paused.pk, resume)
    with django_assert_max_num_queries(10):
        page = shown(as_nurse, paused)
    line = f"Pumpe gjenopptatt 30 ml/t {AGAINST} – bestemt av {psychiatrist}"
    assert f"{line} ifølge {nurse}, ikke bekreftet" in page
    send(as_doctor, "task.confirm", SafetyTask.objects.get().reports.get().pk, {})
    assert f"{line}, som bekreftet det 02.03.2026" in shown(as_nurse, paused)


def test_the_line_says_when_the_doctor_has_answered_that_it_was_otherwise(
    paused: Session,
    as_nurse: Client,
    as_doctor: Client,
    nurse: Professional,
    psychiatrist: Professional,
) -> None:
    resume = typed.pump("resume", rate_ml_h="30", doctor=str(psychiatrist.pk))
    send(as_nurse, "pump.record", paused.pk, resume)
    otherwise: typed.Typed = {"action_taken": "I never said that", "decided": "observe"}
    send(as_doctor, "task.acknowledge", SafetyTask.objects.get().pk, otherwise)
    told = f"bestemt av {psychiatrist} ifølge {nurse}; {psychiatrist} har svart noe annet"
    assert told in shown(as_nurse, paused)


def test_the_line_says_when_the_doctor_did_it_and_when_no_doctor_decided(
    paused: Session,
    as_doctor: Client,
    as_nurse: Client,
    psychiatrist: Professional,
    clock: Clock,
) -> None:
    own = typed.pump("resume", rate_ml_h="30", doctor=str(psychiatrist.pk))
    send(as_doctor, "pump.record", paused.pk, own)
    page = shown(as_nurse, paused)
    assert f"{AGAINST} – bestemt av {psychiatrist} " in page
    assert "ifølge" not in page
    clock.move(1)
    faster = typed.pump("rate", rate_ml_h="80", doctor="nobody")
    send(as_nurse, "pump.record", paused.pk, faster)
    fast = "– til tross for reglene: Pumpen satt raskere enn ordinert – ingen lege bestemte det"
    assert fast in shown(as_nurse, paused)
