"""The pump: paused, resumed, slowed, stopped, and what the page says of it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.day_charts import sheet_beside, with_charts
from lysglimt.clinic.chairside.models import PumpEvent, Session, VitalSet
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import SessionGiven, WeightBasis
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, shown, steps, words


def test_the_pump_is_paused_for_a_reason_and_resumed_at_a_rate(
    running: Session, as_nurse: Client
) -> None:
    address = reverse("pump.record", args=[running.pk])
    send(as_nurse, "pump.record", running.pk, typed.pump("pause"))
    pause = PumpEvent.objects.get(act="pause")
    assert pause.pause_reason == "not_said"
    assert "Oppgi hvorfor infusjonen ble satt på pause" in shown(as_nurse, running)
    send(as_nurse, "pump.reason", pause.pk, {"pause_reason": "toilet"})
    assert "Oppgi hvorfor" not in shown(as_nurse, running)
    assert "rettet: grunnen er oppgitt" in shown(as_nurse, running)
    assert PumpEvent.objects.get(revision=2).reason == "pause.reason-said", "for each reader"
    assert as_nurse.post(address, typed.pump("resume")).status_code == 422
    send(as_nurse, "pump.record", running.pk, typed.pump("resume", rate_ml_h="60"))
    page = as_nurse.post(address, typed.pump("resume", rate_ml_h="60"), follow=True)
    assert "Allerede gjenopptatt" in words(page), "it is not paused"  # type: ignore[arg-type]  # Django's test client
    acts = [row.act for row in PumpEvent.objects.in_force()]
    assert acts == ["start", "pause", "resume"]


def test_nobody_says_why_the_pump_was_started(running: Session, as_nurse: Client) -> None:
    start = PumpEvent.objects.get(act="start")
    send(as_nurse, "pump.reason", start.pk, {"pause_reason": "toilet"})
    assert PumpEvent.objects.get().pause_reason == ""


@pytest.mark.parametrize(
    ("act", "rate", "why"),
    [
        pytest.param("rate", "75", "75 ml/t er raskere enn ordinert", id="faster than ordered"),
        pytest.param("resume", "30", "To grønne målinger", id="resumed without green readings"),
        pytest.param(
            "resume", "60", "Høyeste hastighet ved gjenopptak er 30", id="at full rate"
        ),
    ],
)
def test_the_pump_outside_the_rules_asks_which_doctor_decided(
    running: Session,
    as_nurse: Client,
    psychiatrist: Professional,
    act: str,
    rate: str,
    why: str,
) -> None:
    if act == "resume":
        pause = typed.pump("pause", pause_reason="blood_pressure")
        send(as_nurse, "pump.record", running.pk, pause)
    address = reverse("pump.record", args=[running.pk])
    page = as_nurse.post(address, typed.pump(act, rate_ml_h=rate))
    assert page.status_code == 422
    assert why in words(page)  # type: ignore[arg-type]  # Django's test client
    assert not PumpEvent.objects.filter(act=act).exists()
    named = typed.pump(act, rate_ml_h=rate, doctor=str(psychiatrist.pk))
    send(as_nurse, "pump.record", running.pk, named)
    assert PumpEvent.objects.get(act=act).doctor == psychiatrist
    after = shown(as_nurse, running)
    assert f"bestemt av {psychiatrist}" in after
    if act == "resume":
        resumed = "Gjenopptatt til tross for dette: To grønne målinger"
        assert resumed in after, "it stays when it is resumed"
        assert after.count("resume:green") == 1, "in the small print alone"


def test_a_bolus_is_decided_by_no_doctor_and_charted_as_what_happened(
    running: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    address = reverse("pump.record", args=[running.pk])
    for doctor in ("", str(psychiatrist.pk)):
        page = as_nurse.post(address, typed.pump("rate", rate_ml_h="540", doctor=doctor))
        assert page.status_code == 422
        assert "540 ml/t gir hele dosen på under 20 min" in words(page)  # type: ignore[arg-type]  # Django's test client
    assert not PumpEvent.objects.filter(act="rate").exists()
    send(
        as_nurse,
        "pump.record",
        running.pk,
        typed.pump("rate", rate_ml_h="540", doctor="nobody"),
    )
    assert "Pumpen har gått raskere enn ordinert" in shown(as_nurse, running)


@pytest.mark.parametrize("reason", ["toilet", "cannula", "line"])
@pytest.mark.parametrize(
    ("pressure", "sign", "why"),
    [
        pytest.param("206/112", "", "To grønne målinger", id="a red pressure"),
        pytest.param(
            "128/78", "chest_pain", "Etter røde verdier med symptomer", id="chest pain"
        ),
    ],
)
def test_red_values_close_a_pause_whatever_reason_is_tapped(
    running: Session,
    as_nurse: Client,
    psychiatrist: Professional,
    clock: Clock,
    reason: str,
    pressure: str,
    sign: str,
    why: str,
) -> None:
    red = typed.vitals(pressure, confirmed="systolic=206") | ({"signs": [sign]} if sign else {})
    send(as_nurse, "vitals.record", running.pk, red)
    clock.move(1)
    send(as_nurse, "pump.record", running.pk, typed.pump("pause", pause_reason=reason))
    clock.move(2)
    assert why in shown(as_nurse, running)
    address = reverse("pump.record", args=[running.pk])
    refused = as_nurse.post(address, typed.pump("resume", rate_ml_h="60"))
    assert refused.status_code == 422
    told = words(refused)  # type: ignore[arg-type]  # Django's test client
    assert why in told
    assert "Høyeste hastighet ved gjenopptak er 30" in told
    done = typed.pump("resume", rate_ml_h="60", doctor=str(psychiatrist.pk))
    send(as_nurse, "pump.record", running.pk, done)
    after = shown(as_nurse, running)
    assert f"Gjenopptatt til tross for dette: {why}" in after
    assert "Gjenopptatt med mer enn 50 % av hastigheten før pausen" in after


@pytest.mark.parametrize(
    ("minute", "look"),
    [
        pytest.param(20, "", id="half of it is given"),
        pytest.param(41, "notice--due", id="all of it is given"),
        pytest.param(121, "notice--late", id="and the longest time is out"),
    ],
)
def test_when_the_dose_is_given_the_page_says_stop_the_pump(
    running: Session, as_nurse: Client, clock: Clock, minute: int, look: str
) -> None:
    clock.move(minute)
    page = shown(as_nurse, running)
    assert ("Dosen er gitt. Stopp pumpen." in page) is bool(look)
    source = as_nurse.get(reverse("session", args=[running.pk])).content.decode()
    assert not look or look in source
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    assert "Stopp pumpen" not in shown(as_nurse, running)


def test_a_slow_infusion_past_the_longest_time_is_stopped_too(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    send(as_nurse, "pump.record", running.pk, typed.pump("rate", rate_ml_h="1"))
    clock.move(119)
    assert "Stopp pumpen" not in shown(as_nurse, running)
    clock.move(2)
    assert "Tiden er ute. Stopp pumpen." in shown(as_nurse, running)


def test_a_paused_pump_is_not_an_infusion_that_runs(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(10)
    send(as_nurse, "pump.record", running.pk, typed.pump("pause"))
    clock.move(3)
    since = timezone.localtime(PumpEvent.objects.get(act="pause").happened_at)
    page = " | ".join(steps(as_nurse, running))
    assert f"Pause siden {since:%H:%M}" in page
    assert "Nå:" not in page
    whole = shown(as_nurse, running)
    assert "Hastighet nå 0 ml/t, pause" in whole
    assert "Ordinert hastighet 60 ml/t" in whole


def test_the_ribbon_counts_to_the_end_that_the_present_rate_gives(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    assert "Nå: Infusjon 0 av 40 min" in steps(as_nurse, running)
    clock.move(20)
    send(as_nurse, "pump.record", running.pk, typed.pump("rate", rate_ml_h="30"))
    assert "Nå: Infusjon 20 av 60 min" in steps(as_nurse, running)
    assert "Hastighet nå 30 ml/t" in shown(as_nurse, running)


def test_pause_and_stop_are_two_buttons_with_an_id_each(
    running: Session, as_nurse: Client
) -> None:
    page = as_nurse.get(reverse("session", args=[running.pk])).content.decode()
    [card] = re.findall(r'<section class="card pump-now.*?</section>', page, re.DOTALL)
    sent = re.findall(r'name="at_once"\s+value="(\w+) ([^"]+)"', card)
    assert [act for act, _ in sent] == ["pause", "stop"]
    ids = {entry for _, entry in sent}
    assert len(ids) == 2, "stopping after a pause that was taken back is another act"
    assert page.index("pump-now") < page.index('id="dose"')


@pytest.mark.parametrize("changed", ["order", "basis"])
def test_an_infusion_is_paused_and_stopped_though_its_order_or_weight_basis_was_changed(
    running: Session,
    as_nurse: Client,
    as_doctor: Client,
    psychiatrist: Professional,
    colleague: Professional,
    clock: Clock,
    changed: str,
) -> None:
    clock.move(10)
    if changed == "order":
        said = typed.order(step="other", mg_per_kg="0,4", minutes="40", reason="Was dizzy")
        send(as_doctor, "order.write", running.pk, said)
    else:
        basis = WeightBasis.objects.in_force().get()
        at = timezone.now()
        treatment.correct(fact=basis, by=psychiatrist, at=at, reason="BMI", basis="adjusted")
    clock.move(1)
    send(as_nurse, "pump.record", running.pk, typed.pump("pause", pause_reason="toilet"))
    clock.move(2)
    send(as_nurse, "pump.record", running.pk, typed.pump("resume", rate_ml_h="30"))
    clock.move(2)
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    acts = [row.act for row in PumpEvent.objects.in_force()]
    assert acts == ["start", "pause", "resume", "stop"]
    ended = typed.finished(colleague.pk, ended_early="other", wasted_mg="1")
    send(as_nurse, "session.finish", running.pk, ended)
    given = SessionGiven.objects.in_force().get()
    assert given.delivered_mg
    assert 11 < given.delivered_mg < 13


def test_a_pump_that_has_given_all_is_not_counted_to_a_minute_that_never_comes(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(100)
    assert "Nå: Infusjon 100 min, hele dosen er gitt" in steps(as_nurse, running)


def test_a_stop_is_not_moved_back_before_a_set_of_the_infusion_without_a_word(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    """The pump is said to have stopped at twenty minutes; at forty it was charted as running."""
    clock.move(40)
    send(as_nurse, "vitals.record", running.pk, typed.vitals())
    measured = timezone.localtime(VitalSet.objects.order_by("-pk")[0].happened_at)
    clock.move(2)
    start = PumpEvent.objects.get().happened_at
    early = timezone.localtime(start + timedelta(minutes=20))
    address = reverse("pump.record", args=[running.pk])
    stop = typed.pump("stop", clock=f"{early:%H:%M}")
    page = as_nurse.post(address, stop)
    assert page.status_code == 422
    assert f"kl. {measured:%H:%M} ble det målt mens infusjonen gikk" in words(page)  # type: ignore[arg-type]  # Django's test client
    assert not PumpEvent.objects.filter(act="stop").exists()
    send(as_nurse, "pump.record", running.pk, stop | {"stopped_then": "on"})
    told = shown(as_nurse, running)
    assert f"Tidligst kl. {measured + timedelta(minutes=60):%H:%M}" in told
    assert f"Regnet fra kl. {measured:%H:%M}" in told


def test_a_stop_taken_back_and_charted_earlier_brings_nobody_home_sooner(
    running: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    clock.move(42)
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    first = PumpEvent.objects.get(act="stop")
    actions.strike(fact=first, by=psychiatrist, at=timezone.now(), reason="Other time")
    early = timezone.localtime(first.happened_at - timedelta(minutes=20))
    send(as_nurse, "pump.record", running.pk, typed.pump("stop", clock=f"{early:%H:%M}"))
    assert PumpEvent.objects.in_force().get(act="stop").happened_at < first.happened_at
    stopped = timezone.localtime(first.happened_at)
    told = shown(as_nurse, running)
    assert f"Tidligst kl. {stopped + timedelta(minutes=60):%H:%M}" in told
    [beside] = with_charts(Session.objects.filter(pk=running.pk))
    sheets = sheet_beside(beside, now=clock.at), sheet_of(running, now=clock.at)
    assert len({sheet.earliest_home for sheet in sheets}) == 1, "Today says the same"


def test_a_stop_charted_a_few_minutes_late_is_not_asked_about(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(40)
    send(as_nurse, "vitals.record", running.pk, typed.vitals())
    clock.move(1)
    send(as_nurse, "pump.record", running.pk, typed.pump("stop", ago="2"))
    assert "Regnet fra" in shown(as_nurse, running), "and the wait is from the later of the two"


def test_the_highest_rate_stands_beside_the_field_before_anything_is_typed(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    assert "Høyst" not in shown(as_nurse, running)
    send(as_nurse, "pump.record", running.pk, typed.pump("pause", pause_reason="toilet"))
    ordered = "Høyst 60 ml/t: den ordinerte hastigheten, 40 mg på 40 min"
    assert ordered in shown(as_nurse, running)
    send(as_nurse, "pump.record", running.pk, typed.pump("resume", rate_ml_h="60"))
    clock.move(1)
    pause = typed.pump("pause", pause_reason="blood_pressure")
    send(as_nurse, "pump.record", running.pk, pause)
    half = "Høyst 30 ml/t: 50 % av hastigheten før pausen, 60 ml/t. Egen verdi, ikke fra studie"
    page = shown(as_nurse, running)
    assert half in page, page[page.index("Høyst") :]
    refused = as_nurse.post(reverse("pump.record", args=[running.pk]), typed.pump("resume"))
    assert half in words(refused), "and after a refusal"  # type: ignore[arg-type]  # Django's test client


def test_of_an_infusion_that_is_not_resumed_no_rate_is_told(
    running: Session, as_nurse: Client
) -> None:
    red = typed.vitals("206/112", signs="chest_pain", confirmed="systolic=206")
    send(as_nurse, "vitals.record", running.pk, red)
    send(as_nurse, "pump.record", running.pk, typed.pump("pause", pause_reason="toilet"))
    assert "Høyst" not in shown(as_nurse, running)
