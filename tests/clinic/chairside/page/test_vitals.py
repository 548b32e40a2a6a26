"""What is measured: refused, asked about, red, corrected, late."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session as SignIns
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.models import ChairEvent, PumpEvent, Session, VitalSet
from lysglimt.clinic.people.models import Professional
from tests.clinic.chairside import typed

from .at_the_page import RED, Clock, send, shown, words


def test_the_same_observation_sent_twice_is_stored_once(
    running: Session, as_nurse: Client
) -> None:
    before = VitalSet.objects.count()
    sent = typed.vitals("136/82", ago="2")
    for _ in range(2):
        send(as_nurse, "vitals.record", running.pk, sent)
    assert VitalSet.objects.count() == before + 1


def test_the_same_id_with_another_content_is_a_conflict(
    running: Session, as_nurse: Client
) -> None:
    sent = typed.vitals("136/82")
    send(as_nurse, "vitals.record", running.pk, sent)
    page = as_nurse.post(
        reverse("vitals.record", args=[running.pk]), sent | {"systolic": "146/82"}
    )
    assert page.status_code == 409


@pytest.mark.parametrize(
    ("pressure", "why"),
    [
        pytest.param("1200/80", "1200 er utenfor 50–300 mmHg", id="a digit too many"),
        pytest.param("8O/60", "ikke et tall", id="a letter for a digit"),
    ],
)
def test_an_impossible_reading_stops_and_everything_typed_stays(
    running: Session, as_nurse: Client, pressure: str, why: str
) -> None:
    before = VitalSet.objects.count()
    page = as_nurse.post(
        reverse("vitals.record", args=[running.pk]), typed.vitals(pressure, comment="pale")
    )
    assert page.status_code == 422
    assert why in words(page)  # type: ignore[arg-type]  # Django's test client
    assert 'value="pale"' in page.content.decode()
    assert VitalSet.objects.count() == before


def test_an_unusual_reading_is_asked_about_and_taken_when_it_is_confirmed(
    running: Session, as_nurse: Client
) -> None:
    unusual = typed.vitals("202/124")
    address = reverse("vitals.record", args=[running.pk])
    page = as_nurse.post(address, unusual)
    assert page.status_code == 422
    one_tick = "systolic=202;diastolic=124"
    assert page.content.decode().count('name="confirmed"') == 1
    assert f'value="{one_tick}"' in page.content.decode()
    source = page.content.decode()
    assert source.index('name="confirmed"') < source.index('name="systolic"'), "asked first"
    told = words(page)  # type: ignore[arg-type]  # Django's test client
    question = "Uvanlig: kryss av hvis det stemmer, eller rett det"
    assert "(valgfritt)" not in told[told.index("Uvanlig:") :][: len(question) + 20]
    assert told.index("Pause infusjonen") < told.index("Ny måling"), "red before the tick"
    assert '<details class="vitals-more" >' in page.content.decode(), "folded away"
    other = unusual | {"systolic": "212/124", "confirmed": [one_tick]}
    assert as_nurse.post(address, other).status_code == 422
    send(as_nurse, "vitals.record", running.pk, unusual | {"confirmed": [one_tick]})
    assert VitalSet.objects.filter(systolic=202).exists()


def test_nothing_in_the_amber_band_is_asked_about(running: Session, as_nurse: Client) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("176/105"))
    assert "Gult: Systolisk blodtrykk 176 mmHg (≥ 160)" in shown(as_nurse, running)


def test_swapped_pressures_are_asked_about_with_the_rest(
    running: Session, as_nurse: Client
) -> None:
    address = reverse("vitals.record", args=[running.pk])
    page = as_nurse.post(address, typed.vitals("82/125", pulse="7O"))
    told = words(page)  # type: ignore[arg-type]  # Django's test client
    assert "Er overtrykk og undertrykk byttet om?" in told
    assert "ikke et tall" in told


def test_red_is_told_alone_and_by_what_the_pump_does(
    running: Session, as_nurse: Client, as_doctor: Client
) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("202/104", **RED))
    page = shown(as_nurse, running)
    assert "Rødt: Systolisk blodtrykk 202 mmHg (≥ 200)" in page
    assert "Pause infusjonen" in page
    assert "Halver hastigheten" not in page, "nobody is to pause and to slow"
    assert page.index("Pause infusjonen") < page.index("Neste måling")
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    page = shown(as_nurse, running)
    assert "Pause infusjonen" not in page
    assert "Mål hvert 5. min" in page


def test_a_reading_outside_the_planned_range_says_so_with_what_to_do(
    running: Session, as_nurse: Client
) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("164/98"))
    page = shown(as_nurse, running)
    assert "Utenfor planlagt område" in page
    assert "164" in page
    assert "alarm" not in page.lower().replace("gir ingen alarm", "").replace(
        "raises no alarm", ""
    )


def test_a_correction_keeps_the_old_value_struck_through(
    running: Session, as_nurse: Client
) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("146/98"))
    row = VitalSet.objects.order_by("-pk")[0]
    sent = typed.vitals("134/88", reason="Misread")
    send(as_nurse, "vitals.correct", row.pk, sent)
    page = as_nurse.get(reverse("session", args=[running.pk])).content.decode()
    assert "<del>146/98</del>" in page
    assert "134/88" in page
    assert "Misread" in page
    late = as_nurse.post(
        reverse("vitals.correct", args=[row.pk]), sent | {"systolic": "130/80"}
    )
    assert late.status_code == 422, "another corrected it first"


def test_a_sign_in_that_ran_out_loses_no_reading(
    running: Session, as_nurse: Client, nurse: Professional
) -> None:
    page = reverse("session", args=[running.pk])
    as_nurse.get(page)
    SignIns.objects.all().delete()
    before = VitalSet.objects.count()
    sent = typed.vitals("146/98", comment="pale")
    late = as_nurse.post(
        reverse("vitals.record", args=[running.pk]),
        sent,
        headers={"referer": f"http://testserver{page}"},
    )
    assert VitalSet.objects.count() == before
    as_nurse.force_login(nurse)
    [back] = parse_qs(urlsplit(late.headers["Location"]).query)["next"]
    restored = as_nurse.get(back).content.decode()
    for value in ("146", "98", "pale", str(sent["entry"])):
        assert f'value="{value}"' in restored


def test_a_red_reading_before_the_start_says_at_once_what_to_do(
    session: Session, as_nurse: Client, clock: Clock
) -> None:
    send(as_nurse, "vitals.record", session.pk, typed.vitals("172/104"))
    assert "Hvile 15 min og ny måling" in shown(as_nurse, session)
    clock.move(6)
    send(as_nurse, "vitals.record", session.pk, typed.vitals("128/78"))
    assert "Hvile 15 min, så to målinger" in shown(as_nurse, session)
    for minutes in (15, 6):
        clock.move(minutes)
        send(as_nurse, "vitals.record", session.pk, typed.vitals("128/78"))
    assert "Hvile 15 min" not in shown(as_nurse, session)


def test_an_overdue_observation_is_said_in_words(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(12)
    assert "Måling forsinket" in shown(as_nurse, running)


def test_save_belongs_to_the_observation_and_each_ground_is_told_once(
    running: Session, as_nurse: Client
) -> None:
    red = typed.vitals("202/104", pulse="134", confirmed="systolic=202")
    send(as_nurse, "vitals.record", running.pk, red)
    page = as_nurse.get(reverse("session", args=[running.pk])).content.decode()
    assert re.search(r'<form method="post"\s+id="vitals-form"', page)
    assert re.search(r'<button[^>]*form="vitals-form"[^>]*>Lagre målingen', page)
    [outside] = re.findall(r'aria-labelledby="what-to-do".*?</section>', page, re.DOTALL)
    assert outside.count("Egen verdi") == 1
    assert "blood-pressure-red, heart-rate-amber" in outside


def test_the_points_of_a_score_say_of_how_many(stopped: Session, as_nurse: Client) -> None:
    page = words(as_nurse.get(reverse("discharge.record", args=[stopped.pk])))  # type: ignore[arg-type]  # Django's test client
    assert "4 lemmer = 2" in page
    assert "PADSS: gange" in page
    assert "best = 2" in page
    assert "Aldrete: bevissthet 2 av 2" in page


def test_a_red_pressure_stays_red_until_the_pressure_is_measured_again(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    send(
        as_nurse, "vitals.record", running.pk, typed.vitals("206/104", confirmed="systolic=206")
    )
    for _ in range(2):
        clock.move(5)
        send(as_nurse, "vitals.record", running.pk, typed.vitals(""))
    page = shown(as_nurse, running)
    assert "Rødt: Systolisk blodtrykk 206 mmHg (≥ 200), ikke målt på nytt" in page
    assert "Pause infusjonen" in page
    send(
        as_nurse, "pump.record", running.pk, typed.pump("pause", pause_reason="blood_pressure")
    )
    for _ in range(2):
        clock.move(5)
        send(as_nurse, "vitals.record", running.pk, typed.vitals(""))
    resume = typed.pump("resume", rate_ml_h="30")
    refused = as_nurse.post(reverse("pump.record", args=[running.pk]), resume)
    assert "To grønne målinger" in words(refused)  # type: ignore[arg-type]  # Django's test client
    for _ in range(2):
        clock.move(5)
        send(as_nurse, "vitals.record", running.pk, typed.vitals("132/80"))
    assert "ikke målt på nytt" not in shown(as_nurse, running)
    send(as_nurse, "pump.record", running.pk, resume)


def test_what_is_to_be_done_is_one_list_and_nobody_slows_a_pump_that_is_stopped(
    running: Session, as_nurse: Client
) -> None:
    many = typed.vitals("202/104", distress="7", pulse="134", confirmed="systolic=202")
    send(as_nurse, "vitals.record", running.pk, many | {"signs": ["chest_pain"]})
    page = as_nurse.get(reverse("session", args=[running.pk])).content.decode()
    [done] = re.findall(r'aria-labelledby="what-to-do".*?</section>', page, re.DOTALL)
    assert done.count("<ol") == 1
    steps = [
        " ".join(one.split()) for one in re.findall(r"<li[^>]*>(.*?)</li>", done, re.DOTALL)
    ]
    assert sum("Stopp" in one for one in steps) == 1
    assert not [one for one in steps if "senk hastigheten" in one or "Pause" in one]
    assert "Nærvær, jording, mindre inntrykk" in steps


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        pytest.param("vitals.record", typed.vitals("192/114"), id="a red reading"),
        pytest.param("pump.record", typed.pump("stop"), id="a stop"),
        pytest.param("event.record", typed.tile("vomiting"), id="an event"),
    ],
)
def test_a_mistyped_hour_is_refused_and_not_filed_as_yesterdays(
    running: Session, as_nurse: Client, clock: Clock, address: str, sent: typed.Typed
) -> None:
    """Forty minutes ahead, the clock showed it last the day before: no session was there then."""
    clock.move(5)
    ahead = f"{timezone.localtime() + timedelta(minutes=40):%H:%M}"
    said = {"entry": typed.entry(), "ago": "0"} | sent | {"clock": ahead}
    refused = as_nurse.post(reverse(address, args=[running.pk]), said)
    assert refused.status_code == 422
    assert f"Kl. {ahead} har ikke vært ennå i dag" in words(refused)  # type: ignore[arg-type]  # Django's test client
    assert ahead in refused.content.decode(), "what was typed stays"
    day = timezone.localdate()
    for kind in (VitalSet, PumpEvent, ChairEvent):
        assert not kind.objects.filter(happened_at__date__lt=day).exists()


def test_a_session_that_goes_on_past_midnight_is_charted_of_the_day_it_began(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(12 * 60)
    assert timezone.localdate() > running.planned_on
    send(as_nurse, "vitals.record", running.pk, typed.vitals() | {"clock": "23:50"})
    latest = VitalSet.objects.order_by("-pk")[0]
    assert timezone.localtime(latest.happened_at).date() == running.planned_on
