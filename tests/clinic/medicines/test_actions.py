"""What is asked, agreed and tapered is stored once, by whom it may be, and struck with a reason."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.medicines import actions
from lysglimt.clinic.medicines.actions import Looked, Planned, TaperOver
from lysglimt.clinic.medicines.beside import agreed_of, taken, tapers
from lysglimt.clinic.medicines.models import (
    DoseTiming,
    MedicinesAsked,
    TaperLook,
    TaperPlan,
    TaperState,
)
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.signing import NotADoctor
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.models import Medicine
from lysglimt.clinic.treatment.models import Course
from tests.clinic.conftest import Staff

from .conftest import entered

WEEK = timedelta(days=7)


def planned(**more: Any) -> Planned:
    today = timezone.localdate()
    said: dict[str, Any] = {"plan": "15 mg hver kveld i to uker, så 7,5 mg."}
    return Planned(**(said | {"starts_on": today, "look_on": today + WEEK} | more))


def told(patient: Patient) -> dict[int, str]:
    """By medicine, what is agreed of it."""
    rows = taken(patient, on=timezone.localdate())
    return {row.pk: said.agreed if (said := agreed_of(row)) else "" for row in rows}


@pytest.fixture
def taper(sobril: Medicine, psychiatrist: Professional) -> TaperPlan:
    return actions.plan_taper(
        medicine=sobril,
        planned=planned(),
        entered=entered(),
        by=psychiatrist,
        at=timezone.now(),
    )


def look(taper: TaperPlan, by: Professional, state: TaperState, **more: Any) -> TaperLook:
    goes_on = state in {TaperState.GOES_ON, TaperState.PAUSED}
    next_on = timezone.localdate() + WEEK if goes_on else None
    said = Looked(state=state, told="Sover greit på 15 mg.", look_on=next_on)
    stamp = more.pop("entered", entered())
    return actions.look_at_taper(
        taper=taper, looked=said, entered=stamp, by=by, at=timezone.now()
    )


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        pytest.param("agree_timing", {"agreed": "Etter økten."}, id="when a dose is taken"),
        pytest.param("plan_taper", {"planned": planned()}, id="a taper"),
    ],
)
def test_a_doctor_alone_agrees_and_plans(
    sobril: Medicine, nurse: Professional, deed: str, said: dict[str, Any]
) -> None:
    do, now = getattr(actions, deed), timezone.now()
    with pytest.raises(NotADoctor):
        do(medicine=sobril, entered=entered(), by=nurse, at=now, **said)
    assert not TaperPlan.objects.exists()
    assert not DoseTiming.objects.exists()


def test_a_doctor_alone_corrects_a_plan(taper: TaperPlan, nurse: Professional) -> None:
    now = timezone.now()
    with pytest.raises(NotADoctor):
        actions.correct_taper(
            taper=taper, planned=planned(), by=nurse, at=now, reason="Langsommere"
        )
    assert TaperPlan.objects.count() == 1


def test_what_is_agreed_holds_for_the_dose_it_was_agreed_of(
    sobril: Medicine, psychiatrist: Professional, kari: Patient
) -> None:
    agreed = actions.agree_timing(
        medicine=sobril,
        agreed="Tas etter økten den kvelden.",
        entered=entered(),
        by=psychiatrist,
        at=timezone.now(),
    )
    assert told(kari) == {sobril.pk: agreed.agreed}
    changed = referral.correct(
        fact=sobril, by=psychiatrist, at=timezone.now(), reason="Økt", night=30
    )
    assert told(kari) == {changed.pk: ""}


def test_of_two_agreements_the_newest_holds_and_a_struck_one_does_not(
    sobril: Medicine, psychiatrist: Professional, kari: Patient
) -> None:
    said = [
        actions.agree_timing(
            medicine=sobril,
            agreed=words,
            entered=entered(),
            by=psychiatrist,
            at=timezone.now(),
        )
        for words in ("Kvelden før som vanlig.", "Først etter økten.")
    ]
    assert told(kari) == {sobril.pk: said[1].agreed}
    actions.strike(note=said[1], by=psychiatrist, at=timezone.now(), reason="Feil pasient")
    assert told(kari) == {sobril.pk: said[0].agreed}


def test_a_plan_is_corrected_by_a_revision_and_keeps_its_looks(
    taper: TaperPlan, psychiatrist: Professional, nurse: Professional
) -> None:
    seen = look(taper, nurse, TaperState.GOES_ON)
    later = planned(plan="Langsommere: 15 mg i fire uker.")
    actions.correct_taper(
        taper=taper, planned=later, by=psychiatrist, at=timezone.now(), reason="Urolig"
    )
    [now] = tapers(TaperPlan.objects.in_force())
    assert now.plan.revision == 2
    assert now.plan.plan == "Langsommere: 15 mg i fire uker."
    assert now.looks == (seen,)
    assert TaperPlan.objects.count() == 2


def test_of_plan_and_look_the_newest_says_when_it_is_looked_at(
    taper: TaperPlan, psychiatrist: Professional, nurse: Professional
) -> None:
    look(taper, nurse, TaperState.GOES_ON)
    soon = timezone.localdate() + timedelta(days=3)
    sooner = actions.correct_taper(
        taper=taper,
        planned=planned(look_on=soon),
        by=psychiatrist,
        at=timezone.now(),
        reason="Kramper, ses tidligere",
    )
    [now] = tapers(TaperPlan.objects.in_force())
    assert (now.plan, now.look_on) == (sooner, soon)
    look(sooner, nurse, TaperState.REACHED)
    [now] = tapers(TaperPlan.objects.in_force())
    assert now.look_on is None


def test_the_question_for_the_late_ones_says_what_each_of_them_says(
    taper: TaperPlan, psychiatrist: Professional, nurse: Professional
) -> None:
    days = [timezone.localdate() + timedelta(days=number) for number in (0, 1, 4, 7, 8, 15)]

    def agree() -> None:
        [now] = tapers(TaperPlan.objects.in_force())
        for day in days:
            asked = TaperPlan.objects.late(day).exists()
            assert asked is (now.under_way and now.late(day)), day

    agree()
    look(taper, nurse, TaperState.GOES_ON)
    agree()
    sooner = planned(look_on=timezone.localdate() + timedelta(days=3))
    at = timezone.now()
    plan = actions.correct_taper(
        taper=taper, planned=sooner, by=psychiatrist, at=at, reason="Ses tidligere"
    )
    agree()
    look(plan, nurse, TaperState.REACHED)
    agree()


def test_a_taper_goes_with_the_patient_to_the_unit_that_treats(
    sobril: Medicine, course: Course, halden: Unit, staff: Staff
) -> None:
    here, elsewhere = course.unit, staff(halden, Role.PSYCHIATRIST)
    taper = plan_by(elsewhere, sobril)
    assert taper.unit == here
    client = Client()
    client.force_login(staff(here, Role.NURSE, "here"))
    assert "Sobril" in client.get(reverse("tapers")).content.decode()


def test_of_who_has_no_course_the_planners_unit_follows_a_taper(
    sobril: Medicine, halden: Unit, staff: Staff
) -> None:
    assert plan_by(staff(halden, Role.PSYCHIATRIST), sobril).unit == halden


def plan_by(doctor: Professional, medicine: Medicine, **more: Any) -> TaperPlan:
    return actions.plan_taper(
        medicine=medicine,
        planned=planned(**more),
        entered=entered(),
        by=doctor,
        at=timezone.now(),
    )


def test_late_tapers_have_a_line_on_the_page_of_the_day(
    sobril: Medicine,
    psychiatrist: Professional,
    as_nurse: Client,
    django_assert_max_num_queries: Any,
) -> None:
    plan_by(psychiatrist, sobril)
    assert as_nurse.get(reverse("today")).context["tapers_late"] == 0
    late = timezone.localdate() - timedelta(days=2)
    plan_by(psychiatrist, sobril, starts_on=late, look_on=late)
    with django_assert_max_num_queries(10):
        shown = as_nurse.get(reverse("today"))
    assert shown.context["tapers_late"] == 1
    assert "1 nedtrapping er ikke sett på i tide" in " ".join(shown.content.decode().split())


@pytest.mark.parametrize(
    ("states", "under_way", "late"),
    [
        pytest.param([], True, True, id="never looked at"),
        pytest.param([TaperState.GOES_ON], True, False, id="goes on, looked at today"),
        pytest.param([TaperState.PAUSED], True, False, id="paused is not over"),
        pytest.param([TaperState.GOES_ON, TaperState.REACHED], False, False, id="reached"),
        pytest.param([TaperState.GIVEN_UP], False, False, id="given up"),
    ],
)
def test_a_taper_is_followed_until_somebody_says_that_it_is_over(
    taper: TaperPlan, nurse: Professional, states: Any, *, under_way: bool, late: bool
) -> None:
    for state in states:
        look(taper, nurse, state)
    [now] = tapers(TaperPlan.objects.in_force())
    assert now.under_way is under_way
    the_day_after = taper.look_on + timedelta(days=1)
    seen_next_week = now.looks and now.looks[0].look_on == taper.look_on
    assert now.late(the_day_after) is (late or bool(seen_next_week))
    assert not now.late(timezone.localdate())


@pytest.mark.parametrize("state", [TaperState.REACHED, TaperState.GIVEN_UP])
def test_what_is_over_is_not_looked_at_again(
    taper: TaperPlan, nurse: Professional, state: TaperState
) -> None:
    stamp = entered()
    first = look(taper, nurse, state, entered=stamp)
    assert look(taper, nurse, state, entered=stamp) == first
    with pytest.raises(TaperOver):
        look(taper, nurse, TaperState.GOES_ON)
    assert TaperLook.objects.count() == 1


def test_a_struck_plan_is_not_looked_at(
    taper: TaperPlan, psychiatrist: Professional, nurse: Professional
) -> None:
    actions.strike(note=taper, by=psychiatrist, at=timezone.now(), reason="Feil pasient")
    with pytest.raises(TaperOver):
        look(taper, nurse, TaperState.GOES_ON)
    assert tapers(TaperPlan.objects.in_force()) == ()


def test_what_a_doctor_entered_a_doctor_strikes(
    taper: TaperPlan, nurse: Professional, psychiatrist: Professional
) -> None:
    with pytest.raises(referral.EnteredByDoctor):
        actions.strike(note=taper, by=nurse, at=timezone.now(), reason="Ikke enig i den")
    own = look(taper, nurse, TaperState.GOES_ON)
    struck = actions.strike(note=own, by=nurse, at=timezone.now(), reason="Feil pasient")
    assert (struck.withdrawn, struck.revision) == (True, 2)


def test_what_was_asked_is_stored_once(kari: Patient, nurse: Professional) -> None:
    stamp = entered()
    said: dict[str, Any] = {"patient": kari, "changed": False, "by": nurse}
    for _ in range(2):
        actions.record_asked(**said, entered=stamp, at=timezone.now())
    [row] = MedicinesAsked.objects.all()
    assert row.changed is False


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"state": "better", "look_on": None}, id="a state nobody knows"),
        pytest.param({"state": "goes_on", "look_on": None}, id="goes on, never looked at"),
        pytest.param({"state": "reached", "look_on": "2027-01-01"}, id="over, and looked at"),
        pytest.param({"state": "reached", "look_on": None, "told": ""}, id="no words"),
    ],
)
def test_the_table_holds_no_look_that_contradicts_itself(
    taper: TaperPlan, nurse: Professional, said: dict[str, Any]
) -> None:
    now = timezone.now()
    row = TaperLook(
        taper=taper,
        by=nurse,
        happened_at=now,
        entered_at=now,
        received_at=now,
        **({"told": "Går greit"} | said),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_an_agreement_says_something(sobril: Medicine, nurse: Professional) -> None:
    now = timezone.now()
    row = DoseTiming(
        medicine=sobril, agreed="", by=nurse, happened_at=now, entered_at=now, received_at=now
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
