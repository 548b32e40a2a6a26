"""The order of a dose, its signature, and the two-person check."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.chairside.models import PreparationCheck, Session, SessionOrder
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from tests.clinic.chairside import typed

from .at_the_page import SECRET, WITH, send, shown, words


def test_the_dose_card_shows_every_input_and_formula_and_waits_for_a_signature(
    session: Session, as_doctor: Client, as_nurse: Client
) -> None:
    send(as_doctor, "order.write", session.pk, typed.order())
    order = SessionOrder.objects.get()
    assert [order.dose_mg, order.volume_ml, order.rate_ml_h] == [40, 40, 60]
    page = shown(as_nurse, session)
    assert "0,5 mg/kg × 80 kg = 40 mg" in page
    assert "ikke signert" in page


def test_no_dose_step_is_chosen_beforehand(session: Session, as_doctor: Client) -> None:
    page = as_doctor.get(reverse("order.write", args=[session.pk])).content.decode()
    assert 'name="step"' in page
    radios = re.findall(r"<input[^>]*name=\"(?:step|concentration)\"[^>]*>", page)
    assert radios
    assert not [radio for radio in radios if "checked" in radio]
    for measured in ("weight_kg", "height_cm"):
        [field] = re.findall(rf"<input[^>]*name=\"{measured}\"[^>]*>", page)
        assert "value" not in field


def test_a_dose_above_a_ceiling_asks_for_a_doctors_reason_and_keeps_what_was_typed(
    session: Session, as_doctor: Client, psychiatrist: Professional
) -> None:
    high = typed.order(step="other", mg_per_kg="1,2", minutes="60", concentration="2")
    page = as_doctor.post(reverse("order.write", args=[session.pk]), high)
    assert page.status_code == 422
    assert 'name="override_dose_mg_per_kg"' in page.content.decode()
    assert 'name="named_doctor"' in page.content.decode(), "both are asked for at once"
    assert "Velg legen som svarer for denne dosen" in words(page)  # type: ignore[arg-type]  # Django's test client
    assert 'value="1,2"' in page.content.decode()
    assert "oppgitt: 1,2 mg/kg" in words(page)  # type: ignore[arg-type]  # Django's test client
    assert not SessionOrder.objects.exists()
    reason: typed.Typed = {"override_dose_mg_per_kg": "Decided at the conference"}
    # More than one step above the first dose: a doctor is named for that too.
    named: typed.Typed = {"named_doctor": str(psychiatrist.pk)}
    send(as_doctor, "order.write", session.pk, high | reason | named)
    [_, lifted] = SessionOrder.objects.get().overrides
    assert lifted["ceiling"] == "dose_mg_per_kg"
    assert lifted["reason"] == reason["override_dose_mg_per_kg"]


def test_the_highest_step_typed_by_hand_takes_the_same_reason(
    session: Session, as_doctor: Client
) -> None:
    by_hand = typed.order(step="other", mg_per_kg="1", minutes="40", concentration="2")
    page = as_doctor.post(reverse("order.write", args=[session.pk]), by_hand)
    assert page.status_code == 422
    assert "utenfor protokollen for forløpet" in page.content.decode()
    assert not SessionOrder.objects.exists()


def test_the_highest_step_takes_a_named_doctors_reason(
    session: Session, as_doctor: Client
) -> None:
    page = as_doctor.post(
        reverse("order.write", args=[session.pk]), typed.order(step="1|40", concentration="2")
    )
    assert page.status_code == 422
    assert "navngitt lege" in words(page)  # type: ignore[arg-type]  # Django's test client
    assert "Velg legen som svarer for denne dosen" in words(page)  # type: ignore[arg-type]  # likewise


def test_a_change_takes_the_signature_away(
    ordered: SessionOrder, session: Session, as_doctor: Client
) -> None:
    changed = typed.order(weight_kg="81,5", reason="Weighed again")
    send(as_doctor, "order.write", session.pk, changed)
    assert not SessionOrder.objects.signed().exists()
    assert "ikke signert" in shown(as_doctor, session)


def test_the_order_cannot_be_signed_by_a_nurse(
    session: Session, as_doctor: Client, as_nurse: Client
) -> None:
    send(as_doctor, "order.write", session.pk, typed.order())
    page = as_nurse.post(reverse("order.sign", args=[SessionOrder.objects.get().pk]))
    assert page.status_code == 403


def test_the_other_person_of_the_check_signs_with_a_password(
    ordered: SessionOrder, as_nurse: Client, colleague: Professional
) -> None:
    colleague.set_password(SECRET)
    colleague.save()
    address = reverse("order.check", args=[ordered.pk])
    wrong = as_nurse.post(address, typed.preparation(colleague.pk, **{WITH: "guess"}))
    assert wrong.status_code == 422
    right = typed.preparation(colleague.pk, **{WITH: SECRET})
    send(as_nurse, "order.check", ordered.pk, right)


def test_whoever_guesses_a_colleague_s_password_is_stopped_as_at_the_door(
    ordered: SessionOrder, as_nurse: Client, colleague: Professional
) -> None:
    cache.clear()
    colleague.set_password(SECRET)
    colleague.save()
    address = reverse("order.check", args=[ordered.pk])
    unfinished = typed.preparation(colleague.pk, **{WITH: SECRET, "drawn_mg": ""})
    for _ in range(9):
        page = as_nurse.post(address, unfinished)
        assert "password" not in page.context["form"].errors, "a form with a gap tells nothing"
    for guess in range(5):
        guessed = typed.preparation(colleague.pk, **{WITH: f"guess {guess}"})
        assert as_nurse.post(address, guessed).status_code == 422
    right = typed.preparation(colleague.pk, **{WITH: SECRET})
    assert "Vent" in as_nurse.post(address, right).content.decode()
    assert not PreparationCheck.objects.exists()
    assert Event.objects.filter(operation="sign-in.refused").count() >= 5
    cache.clear()
    send(as_nurse, "order.check", ordered.pk, right)


def test_a_dose_in_a_minute_is_refused_whatever_reason_is_given(
    session: Session, as_doctor: Client
) -> None:
    why = {"override_minutes": "Done so before"}
    fast = typed.order(step="other", mg_per_kg="0,5", minutes="1", **why)
    page = as_doctor.post(reverse("order.write", args=[session.pk]), fast)
    assert page.status_code == 422
    assert "20" in str(page.context["form"].errors["minutes"])
    assert not SessionOrder.objects.exists()


def test_another_amount_than_the_recipe_takes_a_reason(
    ordered: SessionOrder, as_nurse: Client, colleague: Professional
) -> None:
    address = reverse("order.check", args=[ordered.pk])
    page = as_nurse.post(address, typed.preparation(colleague.pk, drawn_mg="45"))
    assert page.status_code == 422
    assert "Oppskriften gir 50 mg" in words(page)  # type: ignore[arg-type]  # Django's test client
    why = {"drawn_mg": "45", "drawn_reason": "Some was spilt"}
    send(as_nurse, "order.check", ordered.pk, typed.preparation(colleague.pk, **why))
    assert PreparationCheck.objects.get().drawn_reason == "Some was spilt"
    again = shown(as_nurse, ordered.session)
    assert "Some was spilt" in again
    assert "Gjør dobbeltkontrollen på nytt" in again


@pytest.mark.parametrize("amount", ["500", "51", "39"])
def test_an_amount_that_no_recipe_makes_is_refused_whatever_the_reason(
    ordered: SessionOrder, as_nurse: Client, colleague: Professional, amount: str
) -> None:
    address = reverse("order.check", args=[ordered.pk])
    sent = typed.preparation(colleague.pk, drawn_mg=amount, drawn_reason="A whole ampoule")
    page = as_nurse.post(address, sent)
    assert page.status_code == 422
    assert f"{amount} mg kan ikke stemme" in words(page)  # type: ignore[arg-type]  # Django's test client
    assert not PreparationCheck.objects.exists()


def test_the_check_shows_no_zeros_of_a_column(ordered: SessionOrder, as_nurse: Client) -> None:
    page = words(as_nurse.get(reverse("order.check", args=[ordered.pk])))  # type: ignore[arg-type]  # Django's test client
    assert "Dose 40 mg" in page
    assert "Konsentrasjon 1 mg/ml" in page


def test_in_journal_mode_the_doctor_states_the_dose(
    session: Session, moss: Unit, psychiatrist: Professional, as_doctor: Client
) -> None:
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=timezone.now())
    address = reverse("order.write", args=[session.pk])
    assert as_doctor.post(address, typed.order()).status_code == 422
    bolus = typed.order(dose_mg="40", volume_ml="40", rate_ml_h="900")
    refused = as_doctor.post(address, bolus)
    assert refused.status_code == 422, "forty milligrams in three minutes"
    assert "En så kort infusjon er en bolus" in words(refused)  # type: ignore[arg-type]  # Django's test client
    stated = typed.order(dose_mg="40", volume_ml="40", rate_ml_h="60")
    send(as_doctor, "order.write", session.pk, stated)
    assert SessionOrder.objects.get().plan["reckoning"] == []


@pytest.mark.parametrize(
    ("days", "old", "asks"),
    [
        pytest.param(0, "samme dag", False, id="today"),
        pytest.param(1, "1 dag før økten", False, id="yesterday"),
        pytest.param(7, "7 dager før økten", False, id="as old as it may be"),
        pytest.param(12, "12 dager før økten", True, id="older"),
    ],
)
def test_how_old_the_weight_is_stands_on_the_order_and_on_the_start_check(
    session: Session, as_doctor: Client, as_nurse: Client, days: int, old: str, *, asks: bool
) -> None:
    """An old weight is a note on the dose card: the order is written and signed all the same."""
    day = timezone.localdate() - timedelta(days=days)
    send(as_doctor, "order.write", session.pk, typed.order(weighed_on=day.isoformat()))
    page = shown(as_doctor, session)
    assert f"({old})" in page
    assert ("Vekten er ikke målt de siste 7 dagene" in page) is asks
    gate = words(as_nurse.get(reverse("session.gate", args=[session.pk])))  # type: ignore[arg-type]  # Django's test client
    assert f"Vekten i ordinasjonen: 80 kg, veid {day:%d.%m.%Y} ({old})" in gate
    send(as_doctor, "order.sign", SessionOrder.objects.get().pk, {})
