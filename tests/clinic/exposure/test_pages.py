"""The pages over months: what is asked, refused, shown and signed, by whom."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.exposure.beside import over_months_of
from lysglimt.clinic.exposure.models import (
    CheckMade,
    DoseElsewhere,
    HoldLifted,
    LabResult,
    SafetyStop,
)
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course, Mode, Timing
from tests.clinic.treatment.conftest import Give

from .conftest import Check, Enter, ago, now

ASKED = {"laboratory": "Fürst", "alt-upper": "50", "circumstance": "no"}
WHY = "Ultralyd er normal, paracetamol er seponert."


def said(reply: Any) -> str:
    return " ".join(reply.content.decode().split())


def page(client: Client, patient: Patient) -> str:
    reply = client.get(reverse("patient.over-months", args=[patient.pk]))
    assert reply.status_code == 200
    return said(reply)


def sent(client: Client, name: str, *keys: object, **typed: str) -> Any:
    body = {"entry": str(uuid4()), "taken_on": f"{ago(0):%d.%m.%Y}", **typed}
    return client.post(reverse(name, args=keys), body)


def test_a_panel_is_entered_with_the_laboratorys_own_limits(
    as_nurse: Client, kari: Patient
) -> None:
    assert "ingenting antas" in said(
        as_nurse.get(reverse("lab.enter", args=[kari.pk, "liver"]))
    )
    reply = sent(as_nurse, "lab.enter", kari.pk, "liver", alt="28,5", ggt="31", **ASKED)
    assert reply.status_code == 302
    alt, ggt = LabResult.objects.order_by("analyte")
    assert (str(alt.value), str(alt.upper_limit), alt.unit_of_value) == (
        "28.50",
        "50.00",
        "U/l",
    )
    assert ggt.upper_limit is None
    shown = page(as_nurse, kari)
    assert "ALAT: 28,5 U/l" in shown
    assert "til 50" in shown
    assert "ikke skrevet" in shown


@pytest.mark.parametrize(
    ("filled", "words"),
    [
        pytest.param({}, "Skriv et svar, eller hvorfor prøven ikke er tatt", id="nothing"),
        pytest.param({"alt": "25000"}, "er utenfor 1–20000 U/l", id="no such value"),
        pytest.param({"alt": "800"}, "er uvanlig", id="asked about"),
        pytest.param(
            {"alt": "40", "alt-upper": "5000"}, "er utenfor 20–120", id="no such limit"
        ),
        pytest.param({"alt": "40", "alt-lower": "60"}, "ikke over den nedre", id="limits"),
        pytest.param({"alt": "40", "not_taken": "Nektet"}, "la dette stå tomt", id="both"),
        pytest.param({"alt": "40", "taken_on": "1.1.2030"}, "for sen", id="not yet"),
    ],
)
def test_what_cannot_be_true_is_refused_and_what_is_unusual_is_asked_about(
    as_nurse: Client, kari: Patient, filled: dict[str, str], words: str
) -> None:
    reply = sent(as_nurse, "lab.enter", kari.pk, "liver", **{**ASKED, **filled})
    assert reply.status_code == 422
    assert words in said(reply)
    assert not LabResult.objects.exists()


def test_what_was_read_once_more_is_kept(as_nurse: Client, kari: Patient) -> None:
    sent(as_nurse, "lab.enter", kari.pk, "liver", alt="800", unusual="on", **ASKED)
    assert LabResult.objects.get().value == 800


def test_a_positive_answer_asks_what_decides_it(as_nurse: Client, kari: Patient) -> None:
    positive = {"urine-dip": "positive"}
    reply = sent(as_nurse, "lab.enter", kari.pk, "urine", **positive)
    assert reply.status_code == 422
    assert "Svar på dette" in said(reply)
    sent(as_nurse, "lab.enter", kari.pk, "urine", circumstance="unknown", **positive)
    assert LabResult.objects.get().circumstance == "unknown"
    assert "Urinstiks: Positiv" in page(as_nurse, kari)


def test_a_test_that_was_not_taken_says_why(as_nurse: Client, kari: Patient) -> None:
    sent(as_nurse, "lab.enter", kari.pk, "pregnancy", not_taken="Livmor er fjernet.")
    assert "Ikke tatt: Livmor er fjernet." in page(as_nurse, kari)


def test_no_panel_of_another_name(as_nurse: Client, kari: Patient) -> None:
    assert as_nurse.get(reverse("lab.enter", args=[kari.pk, "x"])).status_code == 404
    assert as_nurse.get(reverse("check.record", args=[kari.pk, "x"])).status_code == 404


def test_a_correction_stands_beside_what_it_replaced(
    as_nurse: Client, kari: Patient, enter: Enter
) -> None:
    row = enter("alt", 82, 50)
    assert "82" in said(as_nurse.get(reverse("lab.correct", args=[row.pk])))
    refused = sent(as_nurse, "lab.correct", row.pk, alt="28", **ASKED)
    assert refused.status_code == 422
    reply = sent(as_nurse, "lab.correct", row.pk, alt="28", reason="Tastefeil", **ASKED)
    assert reply.status_code == 302
    shown = page(as_nurse, kari)
    assert "ALAT: 28 U/l" in shown
    assert "82 U/l" in shown
    assert "Rettet: Tastefeil" in shown


@pytest.mark.usefixtures("supported", "give")
def test_a_raised_value_stands_on_the_pages_and_a_doctor_lifts_it(
    as_nurse: Client, as_doctor: Client, kari: Patient, give: Give, enter: Enter
) -> None:
    give(0)
    row = enter("alt", 180, 50, days=10)
    shown = page(as_nurse, kari)
    assert "ALAT 3,6 ganger øvre grense" in shown
    assert "Ny prøve skulle vært tatt innen" in shown
    assert "over øvre grense" in shown
    assert "Opphev ventingen" not in shown
    where = reverse("hold.lift", args=[kari.pk])
    assert as_nurse.get(where).status_code == 403
    refused = sent(as_nurse, "lab.strike", row.pk, reason="Feil")
    assert refused.status_code == 422
    assert "En lege retter eller stryker det" in said(refused)
    wrong = sent(as_nurse, "lab.correct", row.pk, alt="18", reason="Feil", **ASKED)
    assert "En lege retter eller stryker det" in said(wrong)
    assert "Venter på lege" in said(as_nurse.get(reverse("patient", args=[kari.pk])))
    assert "Venter på lege" in said(as_nurse.get(reverse("over-months")))
    assert "Behandlingen av 1 pasient venter" in said(as_nurse.get(reverse("today")))
    shown = said(as_doctor.get(where))
    keys = shown.partition('name="keys" value="')[2].partition('"')[0]
    assert keys == f"LT-liver:{row.entry.hex}/1"
    late = sent(as_doctor, "hold.lift", kari.pk, rule="LT-liver", keys="LT-liver:x/1", told=WHY)
    assert late.status_code == 422
    assert "er endret siden du åpnet siden" in said(late)
    assert (
        sent(as_doctor, "hold.lift", kari.pk, rule="LT-liver", keys=keys, told=WHY).status_code
        == 302
    )
    assert HoldLifted.objects.get().told == WHY
    assert WHY in page(as_nurse, kari)
    assert "Venter på lege" not in page(as_nurse, kari)
    assert "Ingenting gjør at behandlingen venter" in said(as_doctor.get(where))


@pytest.mark.usefixtures("supported")
def test_of_several_holds_one_is_chosen(
    as_doctor: Client, kari: Patient, enter: Enter, check: Check
) -> None:
    enter("alt", 180, 50)
    check("dependence-session", craving="2", outside="yes")
    shown = said(as_doctor.get(reverse("hold.lift", args=[kari.pk])))
    assert "Hva svarer du for?" in shown
    keys = shown.partition('name="keys" value="')[2].partition('"')[0]
    sent(as_doctor, "hold.lift", kari.pk, rule="LT-misuse", keys=keys, told=WHY)
    assert [one.rule for one in over_months_of(kari).holds] == ["LT-liver"]


@pytest.mark.usefixtures("give")
def test_in_journal_mode_all_is_recorded_and_nothing_is_suggested(
    as_nurse: Client, as_doctor: Client, kari: Patient, give: Give, enter: Enter
) -> None:
    give(0)
    enter("alt", 180, 50)
    shown = page(as_nurse, kari)
    assert "ALAT: 180 U/l" in shown
    for suggested in ("Venter på lege", "LT-liver", "Det som skal gjøres"):
        assert suggested not in shown
    assert "Journalmodus" in said(as_nurse.get(reverse("over-months")))
    assert "Oppfølging over tid" not in said(as_nurse.get(reverse("today")))
    lift = reverse("hold.lift", args=[kari.pk])
    assert "Ingenting gjør at behandlingen venter" in said(as_doctor.get(lift))


@pytest.mark.usefixtures("supported")
def test_the_page_of_a_patient_asks_seventeen_questions_at_most(
    as_nurse: Client,
    kari: Patient,
    give: Give,
    enter: Enter,
    check: Check,
    django_assert_max_num_queries: Any,
) -> None:
    give(0)
    for days in (5, 10, 20):
        enter("alt", 60, 50, days=days)
        check("mania-session", days=days, elated="no")
    with django_assert_max_num_queries(17):
        shown = page(as_nurse, kari)
    assert "Uvanlig oppstemt, lite søvn eller mye energi siden sist: Nei" in shown
    assert shown.count("<svg") == 1


@pytest.mark.usefixtures("supported")
def test_the_page_of_the_unit_asks_as_often_for_many_as_for_one(
    as_nurse: Client, give: Give, enter: Enter, django_assert_max_num_queries: Any
) -> None:
    give(0)
    enter("alt", 180)
    with django_assert_max_num_queries(6):
        shown = said(as_nurse.get(reverse("over-months")))
    assert "Hva er laboratoriets øvre grense for ALAT?" in shown
    assert "kontroller over fristen" in shown


def test_what_goes_with_a_session_is_asked_in_one_form(
    as_nurse: Client, kari: Patient, give: Give
) -> None:
    give(0)
    where = reverse("check.record", args=[kari.pk, "session"])
    assert "Brukt ketamin utenfor klinikken" in said(as_nurse.get(where))
    day = {"made_on": f"{ago(0):%d.%m.%Y}"}
    empty = sent(as_nurse, "check.record", kari.pk, "session", **day)
    assert "Si om minst én kontroll er gjort" in said(empty)
    half = {**day, "mania-session.made": "yes", "bladder-session.made": "no"}
    refused = said(sent(as_nurse, "check.record", kari.pk, "session", **half))
    assert "Spør om dette, eller si at det ikke er kjent" in refused
    assert "Si hvorfor den ikke er gjort" in refused
    unsaid = {**day, "dependence-session.outside": "yes", "mania-session.made": "no"}
    unsaid |= {"mania-session.elated": "no", "mania-session.told": "Ikke tid."}
    refused = said(sent(as_nurse, "check.record", kari.pk, "session", **unsaid))
    assert "Si om den er gjort" in refused
    assert "Det er svart: er den ikke gjort?" in refused
    whole = {
        **half,
        "mania-session.elated": "unknown",
        "bladder-session.told": "Pasienten ble hentet.",
    }
    assert sent(as_nurse, "check.record", kari.pk, "session", **whole).status_code == 302
    bladder, mania = CheckMade.objects.order_by("item")
    assert (bladder.made, bladder.answers) == (False, {})
    assert (mania.made, mania.answers) == (True, {"elated": "unknown"})
    shown = page(as_nurse, kari)
    assert "Pasienten ble hentet." in shown
    reply = sent(as_nurse, "check.strike", mania.pk, reason="Feil pasient")
    assert reply.status_code == 302
    assert CheckMade.objects.in_force().count() == 1


@pytest.mark.usefixtures("supported")
def test_a_check_that_holds_is_not_struck_by_a_nurse(as_nurse: Client, check: Check) -> None:
    row = check("dependence-session", craving="2", outside="yes")
    refused = sent(as_nurse, "check.strike", row.pk, reason="Feil")
    assert "En lege retter eller stryker det" in said(refused)
    assert "Ført feil" in said(as_nurse.get(reverse("check.strike", args=[row.pk])))


def test_what_was_given_elsewhere_is_counted_as_told(
    as_nurse: Client, kari: Patient, give: Give
) -> None:
    give(0)
    told = {"substance": "ketamine", "told_by": "patient", "place": "Utlandet"}
    days = {"first_on": f"{ago(30):%d.%m.%Y}", "last_on": f"{ago(40):%d.%m.%Y}"}
    refused = sent(as_nurse, "elsewhere.record", kari.pk, **told, **days)
    assert "Siste gang er før den første" in said(refused)
    assert sent(as_nurse, "elsewhere.record", kari.pk, **told).status_code == 302
    shown = page(as_nurse, kari)
    assert "1 økt, 40 mg; 1 uten antall økter; 1 uten mengde" in shown
    assert "mengde ikke kjent" in shown
    assert "de er det minste som er gitt" in shown
    row = DoseElsewhere.objects.get()
    assert as_nurse.get(reverse("elsewhere.strike", args=[row.pk])).status_code == 200
    sent(as_nurse, "elsewhere.strike", row.pk, reason="Feil pasient")
    assert "uten mengde" not in page(as_nurse, kari)


@pytest.mark.usefixtures("supported")
def test_stopping_for_safety_has_a_page_and_a_letter(
    as_nurse: Client,
    as_doctor: Client,
    course: Course,
    give: Give,
    enter: Enter,
    nurse: Professional,
) -> None:
    give(0)
    enter("alt", 300, 50)
    where = reverse("safety-stop.decide", args=[course.pk])
    assert as_nurse.get(where).status_code == 403
    assert "ALAT 6 ganger øvre grense" in said(as_doctor.get(where))
    filled = {
        "told": "ALAT over fem ganger grensen.",
        "plan": "Henvist til gastroenterolog.",
        "responsible": str(nurse.pk),
        "next_contact_on": f"{timezone.localdate() - timedelta(days=1):%d.%m.%Y}",
    }
    refused = sent(as_doctor, "safety-stop.decide", course.pk, **filled)
    assert "En dag fra og med i dag" in said(refused)
    filled["next_contact_on"] = f"{timezone.localdate() + timedelta(days=7):%d.%m.%Y}"
    reply = sent(as_doctor, "safety-stop.decide", course.pk, **filled)
    row = SafetyStop.objects.get()
    assert reply.headers["Location"] == reverse("safety-stop", args=[row.pk])
    shown = said(as_nurse.get(reverse("safety-stop", args=[row.pk])))
    assert "ALAT 6 ganger øvre grense" in shown
    assert "Henvist til gastroenterolog." in shown
    for language in ("nb", "en"):
        letter = as_nurse.get(reverse("print.safety-stop", args=[row.pk, language]))
        assert letter.headers["Content-Type"] == "application/pdf"
        assert letter.content.startswith(b"%PDF")
    other = reverse("print.safety-stop", args=[row.pk, "fr"])
    assert as_nurse.get(other).status_code == 404
    again = sent(as_doctor, "safety-stop.decide", course.pk, **filled)
    assert "Dette forløpet er alt stanset" in said(again)
    assert "Stanset" in page(as_nurse, course.patient)


def test_a_stop_rests_on_words_where_nothing_is_found(
    as_doctor: Client, course: Course
) -> None:
    where = reverse("safety-stop.decide", args=[course.pk])
    assert "på dine ord alene" in said(as_doctor.get(where))


MOCA = {"i1": 4, "i2": 3, "i3": 5, "i4": 2, "i5": 2, "i6": 3, "i7": 6}


@pytest.mark.usefixtures("supported")
def test_a_moca_rated_here_is_compared_with_one_that_was_typed(
    as_nurse: Client, kari: Patient, enter: Enter, give: Give, psychiatrist: Professional
) -> None:
    give(0)
    enter("moca", 30, days=400)
    rated = treatment.Rated(
        instrument="moca",
        answers={**MOCA, "i7": 4},
        timing=Timing.BEFORE_DOSE,
        mode=Mode.INTERVIEW,
        rater="certified",
    )
    for years, words in (
        (None, "har ingen sum"),
        (15, "MoCA er 7 poeng lavere enn det beste før"),
    ):
        at = timezone.now()
        treatment.record_rating(
            patient=kari,
            rated=replace(rated, education_years=years),
            entered=now(),
            by=psychiatrist,
            at=at,
        )
        assert words in page(as_nurse, kari)


def test_limits_are_written_as_far_as_they_are_known(
    as_nurse: Client, kari: Patient, enter: Enter
) -> None:
    enter("alt", 30, 50, lower_limit=Decimal(10), days=3)
    enter("ast", 30, None, lower_limit=Decimal(10))
    enter("alt", 31)
    shown = page(as_nurse, kari)
    assert "10–50" in shown
    assert "fra 10" in shown
    assert "grense 50" not in shown


def test_what_is_no_laboratorys_answer_is_struck(
    as_nurse: Client, kari: Patient, enter: Enter
) -> None:
    row = enter("alt", 30, 50)
    assert sent(as_nurse, "lab.strike", row.pk, reason="Feil pasient").status_code == 302
    assert "Strøket av" in page(as_nurse, kari)


def test_one_check_by_hand_has_its_own_page(as_nurse: Client, kari: Patient) -> None:
    day = {"made_on": f"{ago(0):%d.%m.%Y}", "heart-baseline.made": "yes"}
    assert sent(as_nurse, "check.record", kari.pk, "heart-baseline", **day).status_code == 302
    assert CheckMade.objects.get().made


def test_sessions_are_not_needed_to_look(as_nurse: Client, kari: Patient) -> None:
    assert Session.objects.count() == 0
    assert "Hvor mye som er gitt" in page(as_nurse, kari)
