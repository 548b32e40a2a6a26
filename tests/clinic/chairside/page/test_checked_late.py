"""A dose that was begun without the two-person check: what was done is told afterwards, as that."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import Prepared, Unchecked
from lysglimt.clinic.chairside.models import PreparationCheck, Session, SessionOrder, Waste
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment.models import SessionGiven
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, shown, words

WITHOUT = "Avvik: Det sto ingen dobbeltkontroll før start"
AFTERWARDS = "Før i etterkant hva som ble trukket opp og kontrollert"


@pytest.fixture
def unchecked(
    ordered: SessionOrder, session: Session, as_nurse: Client, clock: Clock
) -> Session:
    """Started, and stopped forty minutes later; nobody had checked the syringe."""
    why = {"happened_because": "Startet i feil rekkefølge", "rate_ml_h": "60"}
    send(as_nurse, "pump.record", session.pk, typed.pump("start", **why))
    clock.move(40)
    send(as_nurse, "pump.record", session.pk, typed.pump("stop"))
    return session


def page(client: Client, name: str, key: object) -> str:
    return words(client.get(reverse(name, args=[key])))  # type: ignore[arg-type]  # Django's test client


def late(colleague: Professional, **more: Any) -> typed.Typed:
    said: dict[str, Any] = {"clock": "12:50", "lines": ["drug", "dose"], **more}
    return typed.preparation(colleague.pk, **said)


def test_what_was_drawn_up_and_wasted_is_told_afterwards_and_stays_a_deviation(
    unchecked: Session,
    ordered: SessionOrder,
    as_nurse: Client,
    nurse: Professional,
    colleague: Professional,
    django_assert_max_num_queries: Any,
) -> None:
    address = reverse("order.check", args=[ordered.pk])
    for name in ("session", "session.finish"):
        html = as_nurse.get(reverse(name, args=[unchecked.pk])).content.decode()
        assert AFTERWARDS in html
        assert f'href="{address}"' in html, "one tap"
        assert WITHOUT in page(as_nurse, name, unchecked.pk)
    answer = send(as_nurse, "order.check", ordered.pk, late(colleague))
    finish = reverse("session.finish", args=[unchecked.pk])
    assert answer["Location"] == finish, "what is left over is known now"
    row = PreparationCheck.objects.get()
    assert (row.by, row.checked_by, row.lines) == (nurse, colleague, ["dose", "drug"])
    assert f"{timezone.localtime(row.happened_at):%H:%M}" == "12:50"
    told = f"Ført i etterkant: {nurse} og {colleague}, kl. 12:50, ført kl. "
    lacking = "Ikke kontrollert: Pasient, Styrke på ampullen, Fortynning"
    with django_assert_max_num_queries(10):
        read = shown(as_nurse, unchecked)
    for seen in (read, page(as_nurse, "session.finish", unchecked.pk)):
        assert WITHOUT in seen
        assert told in seen
        assert lacking in seen
        assert AFTERWARDS not in seen
    refused = as_nurse.post(finish, typed.finished(colleague.pk))
    assert refused.status_code == 422, "when it was wasted is asked"
    send(as_nurse, "session.finish", unchecked.pk, typed.finished(colleague.pk, clock="13:41"))
    waste = Waste.objects.get()
    assert (waste.by, waste.witness) == (nurse, colleague)
    assert waste.wasted_mg == 10
    assert SessionGiven.objects.count() == 1


def test_the_rest_is_told_of_also_after_the_dose_was_recorded(
    unchecked: Session, ordered: SessionOrder, as_nurse: Client, colleague: Professional
) -> None:
    send(as_nurse, "session.finish", unchecked.pk, {"ended_early": ""})
    assert not Waste.objects.exists()
    send(as_nurse, "order.check", ordered.pk, late(colleague))
    send(as_nurse, "session.finish", unchecked.pk, typed.finished(colleague.pk, clock="13:41"))
    send(as_nurse, "session.finish", unchecked.pk, typed.finished(colleague.pk, clock="13:41"))
    assert Waste.objects.get().wasted_mg == 10
    assert SessionGiven.objects.count() == 1
    assert "Kassert 10 mg 13:41" in page(as_nurse, "session.finish", unchecked.pk)


def test_before_the_start_every_line_is_still_checked(
    ordered: SessionOrder, nurse: Professional, colleague: Professional
) -> None:
    made = Prepared(product="Ketalar 10 mg/ml", drawn_mg=ordered.dose_mg, lines=["dose"])
    with pytest.raises(Unchecked):
        actions.check_preparation(
            order=ordered, prepared=made, checked_by=colleague, by=nurse, at=timezone.now()
        )


def test_of_a_dose_that_was_checked_in_time_nothing_is_said(
    stopped: Session, as_nurse: Client
) -> None:
    for name in ("session", "session.finish"):
        assert "dobbeltkontroll før start" not in page(as_nurse, name, stopped.pk)


def test_a_check_told_once_more_after_the_start_makes_the_first_no_later(
    running: Session, as_nurse: Client, colleague: Professional, clock: Clock
) -> None:
    """Two had checked it before the start; a page that stood open since is sent again."""
    order = running.orders.get()
    clock.move(5)
    address = reverse("order.check", args=[order.pk])
    lacking = as_nurse.post(address, late(colleague, lines=["drug"]))
    assert lacking.status_code == 422, "every line, as before a start"
    send(as_nurse, "order.check", order.pk, typed.preparation(colleague.pk))
    assert PreparationCheck.objects.count() == 2
    assert WITHOUT not in shown(as_nurse, running)
