"""What holds the treatment is taken away by a doctor alone, whichever way somebody tries."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.exposure import actions
from lysglimt.clinic.exposure.actions import ByResult, HeldByThis, Lifted
from lysglimt.clinic.exposure.beside import over_months_of
from lysglimt.clinic.exposure.models import CheckMade, LabResult
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.signing import NotADoctor
from lysglimt.clinic.referral.actions import SpeaksAgainst
from lysglimt.clinic.referral.models import Medicine
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Mode, Timing
from tests.clinic.treatment.conftest import Give

from .conftest import Check, Enter, ago, now
from .test_pages import WHY, page, said, sent

pytestmark = pytest.mark.usefixtures("supported")


def rules(patient: Patient) -> list[str]:
    return [one.rule for one in over_months_of(patient).holds]


def test_each_result_that_a_hold_is_counted_or_compared_with_is_a_doctors_to_strike(
    kari: Patient, enter: Enter, nurse: Professional, psychiatrist: Professional
) -> None:
    first = enter("urine-dip", sign="positive", days=20)
    enter("urine-dip", sign="positive", days=2)
    best = enter("moca", 29, days=400)
    enter("moca", 24)
    assert rules(kari) == ["LT-cognition", "LT-dip"]
    struck: dict[str, Any] = {"at": timezone.now(), "reason": "Feil pasient"}
    for row in (first, best):
        with pytest.raises(HeldByThis):
            actions.strike_result(result=row, by=nurse, **struck)
        actions.strike_result(result=row, by=psychiatrist, **struck)
    assert rules(kari) == []


def test_an_older_result_that_is_entered_late_lifts_nothing(
    kari: Patient, enter: Enter
) -> None:
    enter("urine-dip", sign="positive", days=20)
    enter("urine-dip", sign="positive", days=2)
    enter("moca", 29, days=400)
    enter("moca", 24)
    held = rules(kari)
    enter("urine-dip", sign="negative", days=10)
    enter("moca", 25, days=30)
    assert rules(kari) == held == ["LT-cognition", "LT-dip"]


MOCA = {"i1": 4, "i2": 3, "i3": 5, "i4": 2, "i5": 2, "i6": 3, "i7": 4}


def test_a_rating_that_holds_is_struck_by_a_doctor(
    kari: Patient, enter: Enter, nurse: Professional, psychiatrist: Professional
) -> None:
    enter("moca", 30, days=400)
    rating = treatment.record_rating(
        patient=kari,
        rated=treatment.Rated(
            instrument="moca",
            answers=MOCA,
            timing=Timing.BEFORE_DOSE,
            mode=Mode.INTERVIEW,
            rater="certified",
            education_years=15,
        ),
        entered=now(),
        by=nurse,
        at=timezone.now(),
    )
    assert rules(kari) == ["LT-cognition"]
    struck: dict[str, Any] = {"fact": rating, "at": timezone.now(), "reason": "Feil pasient"}
    with pytest.raises(SpeaksAgainst):
        treatment.strike(**struck, by=nurse)
    assert rules(kari) == ["LT-cognition"]
    treatment.strike(**struck, by=psychiatrist)
    assert rules(kari) == []


def test_another_courses_first_session_takes_no_hold_away(
    kari: Patient, enter: Enter, give: Give
) -> None:
    enter("moca", 29, days=400)
    enter("moca", 24, days=0)
    give(0)
    assert rules(kari) == ["LT-cognition"]


def test_a_doctor_puts_the_treatment_on_hold_by_no_result_and_lifts_it(
    as_nurse: Client, as_doctor: Client, kari: Patient, nurse: Professional
) -> None:
    assert as_nurse.get(reverse("hold.set", args=[kari.pk])).status_code == 403
    with pytest.raises(NotADoctor):
        actions.set_hold(patient=kari, told="Uro", entered=now(), by=nurse, at=timezone.now())
    assert "Sett behandlingen på vent" in page(as_doctor, kari)
    assert sent(as_doctor, "hold.set", kari.pk, told="").status_code == 422
    told = "Gulfarge i øynene. Ultralyd først."
    assert sent(as_doctor, "hold.set", kari.pk, told=told).status_code == 302
    shown = page(as_nurse, kari)
    assert "En lege har satt behandlingen på vent" in shown
    assert told in shown
    row = CheckMade.objects.get()
    refused = sent(as_nurse, "check.strike", row.pk, reason="Feil")
    assert "En lege retter eller stryker det" in said(refused)
    [hold] = over_months_of(kari).holds
    keys = f"{hold.name}:{hold.keys[0]}"
    sent(as_doctor, "hold.lift", kari.pk, rule=hold.name, keys=keys, told=WHY)
    assert rules(kari) == []


def test_what_nobody_will_know_a_doctor_answers_for(
    as_nurse: Client, as_doctor: Client, kari: Patient, enter: Enter
) -> None:
    enter("alt", 900, days=30)
    enter("alt", 20, 50)
    assert "Hva er laboratoriets øvre grense for ALAT?" in page(as_nurse, kari)
    [asked] = over_months_of(kari).questions
    shown = said(as_doctor.get(reverse("hold.lift", args=[kari.pk])))
    assert "Ikke kjent" in shown
    keys = f"{asked.name}:{asked.keys[0]}"
    assert keys in shown
    sent(as_doctor, "hold.lift", kari.pk, rule=asked.name, keys=keys, told=WHY)
    assert over_months_of(kari).waits == ()


def test_of_the_same_rule_one_question_is_answered_and_the_hold_stays(
    kari: Patient, enter: Enter, psychiatrist: Professional
) -> None:
    enter("alt", 180, 50, days=9, circumstance="unknown")
    found = over_months_of(kari)
    [hold], [asked] = found.holds, found.questions
    assert (hold.rule, asked.rule) == ("LT-liver", "LT-liver")
    assert "symptomer fra leveren" in asked.finding.reason.nb
    actions.lift_hold(
        patient=kari,
        lifted=Lifted(name=hold.name, keys=hold.keys, told=WHY),
        entered=now(),
        by=psychiatrist,
        at=timezone.now(),
    )
    assert over_months_of(kari).waits == ()


def test_symptoms_of_the_bladder_wait_for_a_grade_and_elation_for_a_rating(
    kari: Patient, check: Check
) -> None:
    check("bladder-session", frequency="yes", pain="no")
    check("mania-session", elated="yes")
    asked = {one.rule for one in over_months_of(kari).questions}
    assert asked == {"LT-cystitis", "LT-mania"}
    check("bladder-session", frequency="yes", pain="no", cystitis_grade="1")
    assert [one.rule for one in over_months_of(kari).questions] == ["LT-mania"]


def test_what_a_rule_reads_is_not_filed_as_done_by_hand(
    as_nurse: Client, kari: Patient, give: Give, check: Check
) -> None:
    give(0)
    with pytest.raises(ByResult):
        check("liver-evaluation")
    shown = said(as_nurse.get(reverse("check.record", args=[kari.pk, "liver-evaluation"])))
    assert 'value="yes"' not in shown
    for panel in ("liver", "urine", "drugs"):
        assert reverse("lab.enter", args=[kari.pk, panel]) in page(as_nurse, kari)


def test_a_limit_without_its_value_is_no_answer(as_nurse: Client, kari: Patient) -> None:
    typed = {"alt": "30", "alt-upper": "50", "ast-upper": "45"}
    refused = sent(as_nurse, "lab.enter", kari.pk, "liver", **typed)
    assert "En grense er skrevet, men ingen verdi" in said(refused)
    assert not LabResult.objects.exists()


def test_an_unknown_amount_is_never_written_as_nothing(as_nurse: Client, kari: Patient) -> None:
    sent(as_nurse, "elsewhere.record", kari.pk, substance="esketamine", told_by="patient")
    shown = page(as_nurse, kari)
    assert ">1 uten antall økter; 1 uten mengde<" in shown.replace("> ", ">").replace(" <", "<")
    assert "0 mg; 1 uten" not in shown


def test_ketamine_used_outside_stands_among_the_doses_until_somebody_says_how_much(
    as_nurse: Client, kari: Patient, check: Check
) -> None:
    check("dependence-session", craving="2", outside="yes")
    shown = page(as_nurse, kari)
    assert "Ketamin brukt utenfor klinikken" in shown
    assert "1 uten mengde" in shown
    told = {"substance": "ketamine", "told_by": "patient", "mg": "200", "sessions": "2"}
    sent(as_nurse, "elsewhere.record", kari.pk, **told)
    shown = page(as_nurse, kari)
    assert "Ketamin brukt utenfor klinikken" not in shown
    assert "2 økter, 200 mg" in shown
    assert rules(kari) == ["LT-misuse"]


def test_a_medicine_begun_since_the_last_ecg_asks_for_one(
    kari: Patient, give: Give, nurse: Professional
) -> None:
    give(10)
    at = timezone.now()
    for atc, days in (("N06AB04", 3), ("N02BE01", 1)):
        Medicine.objects.create(
            patient=kari,
            atc=atc,
            started_on=ago(days),
            by=nurse,
            happened_at=at,
            entered_at=at,
            received_at=at,
        )
    found = over_months_of(kari).course
    assert found is not None
    assert found.new_medicine == ago(3)
    due = {one.check.id: one for one in over_months_of(kari).due(timezone.localdate())}
    assert due["heart-maintenance"].by == ago(3) + timedelta(days=14)
