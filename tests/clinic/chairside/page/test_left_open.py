"""A page that was left open: nothing is set by what it showed, and nothing it says of now is lost."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.chairside.models import PumpEvent, Session, SessionOrder
from lysglimt.clinic.people.models import Professional
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, words

Deed = Callable[[], object]


def page_of(client: Client, session: Session) -> str:
    return client.get(reverse("session", args=[session.pk])).content.decode()


def cards(client: Client, session: Session) -> str:
    """As the open page is told by itself."""
    address = reverse("session", args=[session.pk])
    page = client.get(address, headers={"X-Background": "follow"}).content.decode()
    [found] = re.findall(r'data-cards="(\w+)"\s+data-dose="(\w+)"', page)
    return " ".join(found)


def order_on(page: str) -> str:
    [found] = re.findall(r'name="order" value="([^"]+)"', page)
    return str(found)


@pytest.fixture
def written_anew(
    prepared: Session, as_doctor: Client, as_nurse: Client, colleague: Professional
) -> Deed:
    """At another strength, signed, checked by two and let through, all elsewhere."""

    def anew() -> None:
        change = typed.order(concentration="2", reason="Other vials")
        send(as_doctor, "order.write", prepared.pk, change)
        order = SessionOrder.objects.in_force().get()
        send(as_doctor, "order.sign", order.pk, {})
        send(as_nurse, "order.check", order.pk, typed.preparation(colleague.pk, drawn_mg="100"))
        send(as_nurse, "session.gate", prepared.pk, typed.gate())

    return anew


def test_a_start_by_figures_that_are_no_longer_ordered_is_refused(
    prepared: Session, as_nurse: Client, written_anew: Deed
) -> None:
    """The pump would give another dose than the chart says."""
    shown = page_of(as_nurse, prepared)
    written_anew()
    address = reverse("pump.record", args=[prepared.pk])
    answer = as_nurse.post(address, typed.pump("start", order=order_on(shown)))
    assert answer.status_code == 422
    assert not PumpEvent.objects.exists()
    page = answer.content.decode()
    assert "Ikke startet: ordinasjonen er skrevet på nytt" in words(answer)  # type: ignore[arg-type]  # Django's test client
    assert order_on(page) != order_on(shown)
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start", order=order_on(page)))


def test_an_open_page_is_told_of_each_step_that_others_take(
    prepared: Session, as_nurse: Client, as_doctor: Client, written_anew: Deed, clock: Clock
) -> None:
    shown = page_of(as_nurse, prepared)
    before = cards(as_nurse, prepared)
    assert [*before.split()] == re.findall(r'data-(?:cards|dose)="(\w+)"', shown)
    clock.move(1)
    assert cards(as_nurse, prepared) == before, "nothing happened"
    send(as_nurse, "event.record", prepared.pk, typed.tile("nausea"))
    assert cards(as_nurse, prepared) == before, "what happened has its own place"
    written_anew()
    anew = cards(as_nurse, prepared)
    assert anew != before
    send(as_nurse, "session.gate", prepared.pk, typed.gate())
    again = cards(as_nurse, prepared)
    assert again != anew
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))
    assert cards(as_nurse, prepared) != again


def test_red_that_waits_for_its_tick_stands_where_nothing_is_swapped(
    running: Session, as_nurse: Client
) -> None:
    address = reverse("vitals.record", args=[running.pk])
    page = as_nurse.post(address, typed.vitals("212/114")).content.decode()
    [waiting] = re.findall(r'<section class="card outside[^>]*aria-labelledby="foreseen".*?</section>', page, re.DOTALL)  # fmt: skip
    assert "Systolisk blodtrykk 212 mmHg" in waiting
    assert '<ol class="what-to-do"' in waiting
    live = as_nurse.get(
        reverse("session", args=[running.pk]), headers={"X-Background": "follow"}
    ).content.decode()
    assert "212 mmHg" not in live, "the figure of the row, not a key that has the digits"
    between = page[page.index('data-live="now"') : page.index('aria-labelledby="foreseen"')]
    assert between.count("</div>") > between.count("<div"), "outside the region that is swapped"
