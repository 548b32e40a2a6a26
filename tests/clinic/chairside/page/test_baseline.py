"""What a rise is judged from: nothing that comes later changes it, and what is missing is said."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from lysglimt.clinic.chairside.charts_beside import chart_beside, sets_beside
from lysglimt.clinic.chairside.models import Session, VitalSet
from lysglimt.clinic.chairside.reds import red_in
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.knowledge.monitoring.vital_signs import VitalSign
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, shown

HAPPENED = "Satt i gang av en lege ved sengen"


def without_a_gate(session: Session, client: Client) -> None:
    send(
        client,
        "pump.record",
        session.pk,
        typed.pump("start", happened_because=HAPPENED, rate_ml_h="60"),
    )


def ago(minutes: int) -> str:
    return f"{timezone.localtime() - timedelta(minutes=minutes):%H:%M}"


def test_a_reading_that_comes_after_the_start_never_changes_the_baseline(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(10)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("150/88", clock=ago(12)))
    send(as_nurse, "vitals.record", running.pk, typed.vitals("190/98"))
    page = shown(as_nurse, running)
    assert "Systolisk blodtrykk 190 mmHg (+62, ≥ +50)" in page
    assert "Ingen utgangsverdi" not in page
    sheet = sheet_of(running, now=timezone.now())
    assert len(sheet.before) == 3
    assert sheet.started
    beside = Session.objects.annotate(chart=chart_beside("pk")).get()
    [told] = red_in(sets_beside(beside), started=sheet.started, age=sheet.age)
    assert "+62" in told.nb, "the same wherever the session is read"


def test_a_reading_that_was_there_is_corrected_where_it_stands(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(10)
    first = VitalSet.objects.filter(session=running).order_by("pk")[0]
    corrected = typed.vitals("118/78", reason="Feil lest av", ago="")
    send(as_nurse, "vitals.correct", first.pk, corrected)
    assert sheet_of(running, now=timezone.now()).baseline[VitalSign.SYSTOLIC] == 123


def test_one_reading_before_the_start_is_what_a_rise_is_judged_from_and_the_page_says_so(
    ordered: object, session: Session, as_nurse: Client, clock: Clock
) -> None:
    send(as_nurse, "vitals.record", session.pk, typed.vitals("121/78"))
    clock.move(6)
    without_a_gate(session, as_nurse)
    clock.move(10)
    send(as_nurse, "vitals.record", session.pk, typed.vitals("172/92"))
    page = shown(as_nurse, session)
    assert "Rødt: Systolisk blodtrykk 172 mmHg (+51, ≥ +50)" in page
    assert "Ingen utgangsverdi: bare én holdbar måling før start." in page
    assert "vurderes foreløpig fra den, 121 mmHg. Egen verdi" in page
    assert not sheet_of(session, now=timezone.now()).baseline, "nobody goes home by it"


def test_with_no_reading_before_the_start_the_page_says_that_no_rise_is_judged(
    ordered: object, session: Session, as_nurse: Client, clock: Clock
) -> None:
    without_a_gate(session, as_nurse)
    clock.move(10)
    send(as_nurse, "vitals.record", session.pk, typed.vitals("121/78", clock=ago(12)))
    assert "Ingen utgangsverdi: stigning i blodtrykk vurderes ikke." in shown(as_nurse, session)
