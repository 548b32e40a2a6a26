"""The weight of an order is held against the last one, height and sex against the basis."""

import json
import re
from decimal import Decimal
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.audit.append_only import put_up, take_down
from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import Ordered, OtherBasis, WeightChanged
from lysglimt.clinic.chairside.models import Session, SessionOrder
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.actions import BasisGrounds
from lysglimt.clinic.treatment.models import WeightBasis
from lysglimt.knowledge.dosing.ceilings import Ceiling, CeilingOverride
from lysglimt.knowledge.dosing.weights import Sex
from lysglimt.knowledge.dosing.weights import WeightBasis as Basis
from lysglimt.knowledge.quantities import Centimetres
from tests.clinic.conftest import NOON

from . import typed
from .conftest import entered, ordered

BODY = BasisGrounds(weight_kg=Decimal("72.4"), height_cm=Decimal(170), sex="f")


def correct_basis(by: Professional, grounds: BasisGrounds) -> WeightBasis:
    return treatment.correct_weight_basis(
        signed=WeightBasis.objects.in_force().get(),
        basis=Basis.ACTUAL,
        grounds=grounds,
        by=by,
        at=NOON,
        reason="Measured anew",
    )


@pytest.fixture
def measured(session: Session, psychiatrist: Professional) -> Session:
    """The basis was signed on a body that was measured."""
    people.state_purpose(unit=session.unit, on=True, by=psychiatrist, at=NOON)
    correct_basis(psychiatrist, BODY)
    return Session.objects.get(pk=session.pk)


@pytest.fixture
def as_doctor(psychiatrist: Professional) -> Client:
    client = Client()
    client.force_login(psychiatrist)
    return client


@pytest.mark.parametrize(
    ("kg", "asks"),
    [
        pytest.param("76", False, id="4.97 % is the day and the clothes"),
        pytest.param("76.02", False, id="exactly 5 % stands"),
        pytest.param("76.03", True, id="more than 5 % up"),
        pytest.param("68.7", True, id="more than 5 % down"),
        pytest.param("97.4", True, id="a digit was mistyped"),
    ],
)
def test_a_weight_far_from_the_last_takes_a_reason(
    measured: Session, psychiatrist: Professional, *, kg: str, asks: bool
) -> None:
    def order(why: str) -> SessionOrder:
        said = ordered(kg, weight_change=why)
        return actions.order(
            session=measured, ordered=said, entered=entered(), by=psychiatrist, at=NOON
        )

    if asks:
        with pytest.raises(WeightChanged):
            order("  ")
    written = order("Oedema")
    assert written.plan["weighing"] == {"kg": "72.40", "on": NOON.date().isoformat()}
    assert written.weight_reason == ("Oedema" if asks else "")
    # What was typed stands in no column as it was typed.
    [stored] = SessionOrder.objects.values_list("plan", "weight_reason")
    assert "Oedema" not in str(stored)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(ordered("72.4", height=Centimetres(Decimal(155))), id="another height"),
        pytest.param(ordered("72.4", sex=Sex.MALE), id="another sex"),
    ],
)
def test_height_and_sex_are_those_signed_with_the_basis(
    measured: Session, psychiatrist: Professional, other: Ordered
) -> None:
    with pytest.raises(OtherBasis):
        actions.order(
            session=measured,
            ordered=other,
            entered=entered(),
            by=psychiatrist,
            at=NOON,
        )


def test_an_order_by_the_body_before_a_correction_is_not_signed(
    measured: Session, psychiatrist: Professional
) -> None:
    order = actions.order(
        session=measured, ordered=ordered("72.4"), entered=entered(), by=psychiatrist, at=NOON
    )
    correct_basis(
        psychiatrist, BasisGrounds(weight_kg=Decimal(72), height_cm=Decimal(171), sex="f")
    )
    with pytest.raises(OtherBasis):
        actions.sign_order(order=order, by=psychiatrist, at=NOON)


def test_the_last_signed_order_is_the_weight_to_compare_with(
    measured: Session, psychiatrist: Professional, nurse: Professional
) -> None:
    first = actions.order(
        session=measured,
        ordered=ordered("80", weight_change="Oedema"),
        entered=entered(),
        by=psychiatrist,
        at=NOON,
    )
    second = actions.open_session(
        course=measured.course, planned_on=NOON.date().replace(day=9), by=nurse, at=NOON
    )
    basis = actions.basis_in_force(measured.course)
    before = actions.last_weighing(second, basis)
    assert before is not None
    assert before.weight.value == Decimal("72.4"), "what is not signed does not count"
    actions.sign_order(order=first, by=psychiatrist, at=NOON)
    after = actions.last_weighing(second, basis)
    assert after is not None
    assert after.weight.value == 80


def test_the_form_asks_to_tick_and_say_why_and_the_check_shows_both_weights(
    measured: Session, as_doctor: Client
) -> None:
    address = reverse("order.write", args=[measured.pk])
    page = as_doctor.get(address).content.decode()
    assert 'name="height_cm"' not in page
    assert 'name="sex"' not in page
    assert re.search(r"170(,0)? cm", page)
    wrong = typed.order(weight_kg="97,4", weighed_on=f"{timezone.localdate():%d.%m.%Y}")
    asked = as_doctor.post(address, wrong)
    said = asked.content.decode()
    assert asked.status_code == 422
    assert "97,4 kg er mer enn 5 % fra siste vekt, 72,4 kg" in said
    assert re.search(
        r'value="97,4"[^>]*name="weight_kg"|name="weight_kg"[^>]*value="97,4"', said
    )
    untold = wrong | {"weight_change": "Veid i vektstol"}
    assert as_doctor.post(address, untold).status_code == 422, "a reason without the tick"
    told = untold | {"weight_again": "on"}
    assert as_doctor.post(address, told).status_code == 302
    check = reverse("order.check", args=[SessionOrder.objects.get().pk])
    for place in (reverse("session", args=[measured.pk]), check):
        shown = as_doctor.get(place).content.decode()
        for part in ("97,4 kg", "72,4 kg", "Veid i vektstol"):
            assert part in shown, part


WORDS = "Ødem etter reisen"


def test_no_word_of_the_doctor_stands_in_clear_beside_the_dose(
    measured: Session, psychiatrist: Professional
) -> None:
    lifted = CeilingOverride(Ceiling.DURATION, str(psychiatrist), "Uro sist")
    order = actions.order(
        session=measured,
        ordered=ordered("80", minutes=130, weight_change=WORDS, overrides=[lifted]),
        entered=entered(),
        by=psychiatrist,
        at=NOON,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT plan, weight_reason, overrides FROM chairside_sessionorder")
        [stored] = cursor.fetchall()
    whole = json.dumps(stored, ensure_ascii=False, default=str)
    assert "en navngitt lege har fraveket den" in unescaped(whole)
    assert WORDS not in unescaped(whole)
    assert "Uro sist" not in unescaped(whole)
    read = SessionOrder.objects.get(pk=order.pk)
    assert read.weight_reason == WORDS
    assert read.overrides[0]["reason"] == "Uro sist"


def test_what_was_written_before_leaves_the_plan_for_its_sealed_column(
    measured: Session, psychiatrist: Professional
) -> None:
    order = actions.order(
        session=measured,
        ordered=ordered("80", weight_change=WORDS),
        entered=entered(),
        by=psychiatrist,
        at=NOON,
    )
    before = {
        "nb": "130 min er over grensen; fraveket av Pia: Uro sist",
        "en": "130 min is beyond the limit; lifted by Pia: Uro sist",
    }
    old = order.plan | {
        "weighing": order.plan["weighing"] | {"why": "Veid i vektstol"},
        "findings": [{"criterion": "ceiling:minutes", "standing": 4, "reason": before}],
    }
    editor = connection.schema_editor()
    take_down(SessionOrder._meta.db_table, editor)
    SessionOrder.objects.filter(pk=order.pk).update(plan=old)
    migration = import_module("lysglimt.clinic.chairside.migrations.0005_no_words_in_the_plan")
    for _ in range(2):
        migration.SealWordsOfThePlan().rewrite(SessionOrder, SessionOrder, editor)
    put_up(SessionOrder._meta.db_table, editor)
    read = SessionOrder.objects.get(pk=order.pk)
    assert read.weight_reason == "Veid i vektstol"
    assert read.plan["weighing"] == order.plan["weighing"]
    assert read.plan["findings"][0]["reason"] == {
        "nb": "130 min er over grensen; en navngitt lege har fraveket den",
        "en": "130 min is beyond the limit; a named doctor has lifted it",
    }


def unescaped(stored: str) -> str:
    """JSON keeps letters beyond ASCII as their codes."""
    return re.sub(r"\\+u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), stored)
