"""Two nurses at one pump: the second is told what the first has recorded, and by whom."""

import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.chairside.models import PumpEvent, Session, VitalSet
from lysglimt.clinic.people.models import Professional
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, words


@pytest.fixture
def as_second(colleague: Professional) -> Client:
    client = Client()
    client.force_login(colleague)
    return client


def once_more(client: Client, session: Session, act: str, **more: str) -> str:
    """What is answered to who acts on a page from before; nothing more is stored."""
    acts = PumpEvent.objects.count()
    answer = client.post(
        reverse("pump.record", args=[session.pk]), typed.pump(act, **more), follow=True
    )
    assert answer.redirect_chain, words(answer)  # type: ignore[arg-type]  # Django's test client
    assert PumpEvent.objects.count() == acts
    return words(answer)  # type: ignore[arg-type]  # Django's test client


def clocked(act: str) -> str:
    row = PumpEvent.objects.in_force().get(act=act)
    return f"kl. {row.happened_at.astimezone():%H:%M}"


@pytest.mark.parametrize("again", ["start", "pause", "resume", "stop"])
def test_what_the_first_has_done_is_told_the_second(
    running: Session,
    as_nurse: Client,
    as_second: Client,
    nurse: Professional,
    clock: Clock,
    again: str,
) -> None:
    for act, said in (
        ("start", "Allerede startet"),
        ("pause", "Allerede satt på pause"),
        ("resume", "Allerede gjenopptatt"),
        ("stop", "Allerede stoppet"),
    ):
        more = {"rate_ml_h": "30"} if act == "resume" else {}
        clock.move(2)
        if act != "start":
            reason = {"pause_reason": "toilet"} if act == "pause" else {}
            send(as_nurse, "pump.record", running.pk, typed.pump(act, **more, **reason))
        if act == again:
            clock.move(1)
            page = once_more(as_second, running, act, **more)
            assert f"{said} {clocked(act)} av {nurse}" in page
            assert "Pumpen kan ikke ha gjort" not in page
            assert ("Hastigheten: 30 ml/t" in page) is (act == "resume")
            return


@pytest.mark.parametrize("act", ["pause", "rate", "resume"])
def test_after_a_stop_the_second_is_told_of_the_stop(
    running: Session,
    as_nurse: Client,
    as_second: Client,
    nurse: Professional,
    clock: Clock,
    act: str,
) -> None:
    clock.move(10)
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    clock.move(1)
    page = once_more(as_second, running, act, rate_ml_h="30")
    assert f"Allerede stoppet {clocked('stop')} av {nurse}" in page


def test_the_row_that_was_begun_is_not_lost(
    running: Session, as_nurse: Client, as_second: Client, nurse: Professional, clock: Clock
) -> None:
    clock.move(5)
    send(as_nurse, "pump.record", running.pk, typed.pump("pause"))
    sets = VitalSet.objects.count()
    tapped = typed.vitals("133/81") | {"at_once": f"pause {typed.entry()}"}
    answer = as_second.post(reverse("pump.record", args=[running.pk]), tapped)
    told = [str(one) for one in get_messages(answer.wsgi_request)]
    page = words(answer)  # type: ignore[arg-type]  # Django's test client
    assert answer.status_code == 200
    assert f"av {nurse}" in page
    assert "Observasjonen du begynte på, er ikke lagret ennå" in page, told
    assert re.search(r'name="systolic"\s+value="133', answer.content.decode())
    assert VitalSet.objects.count() == sets


def test_a_pause_that_cannot_have_been_is_refused_as_before(
    prepared: Session, as_nurse: Client
) -> None:
    answer = as_nurse.post(reverse("pump.record", args=[prepared.pk]), typed.pump("pause"))
    assert answer.status_code == 422
    assert "Pumpen kan ikke ha gjort" in words(answer)  # type: ignore[arg-type]  # Django's test client


def test_what_was_before_the_stop_is_charted_after_it(
    running: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    """A forgotten act is asked about as ever, and is not answered by what came after it."""
    clock.move(20)
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    clock.move(1)
    forgotten = {"rate_ml_h": "90", "clock": "13:20"}
    address = reverse("pump.record", args=[running.pk])
    asked = as_nurse.post(address, typed.pump("rate", **forgotten))
    assert asked.status_code == 422
    page = words(asked)  # type: ignore[arg-type]  # Django's test client
    assert "raskere enn ordinert" in page
    assert "Allerede" not in page
    named = typed.pump("rate", doctor=str(psychiatrist.pk), **forgotten)
    send(as_nurse, "pump.record", running.pk, named)
    assert PumpEvent.objects.get(act="rate").doctor == psychiatrist


def test_what_was_not_typed_is_asked_for_whatever_another_has_done(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(10)
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    address = reverse("pump.record", args=[running.pk])
    asked = as_nurse.post(address, typed.pump("rate"))
    assert asked.status_code == 422
    page = words(asked)  # type: ignore[arg-type]  # Django's test client
    assert "Skriv hastigheten" in page
    assert "Allerede" not in page
