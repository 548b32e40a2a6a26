"""At a real screen: hands that are too quick, breaks that are too long, eyes that need it large."""

import re

import pytest
from django.contrib.sessions.models import Session as SignIn
from playwright.sync_api import expect

from lysglimt.clinic.insight.networks import PART_OF
from lysglimt.clinic.insight.trials import QUESTIONS
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Contact, Particulars, Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral.models import TreatmentTrial
from lysglimt.clinic.treatment.models import Rating
from lysglimt.science.evidence.domains import Domain

from .clinic import BORN, FAMILY, IN_TURN, NUMBER, Ward, clock, unit, ward
from .desk import Desk
from .keyboard import press
from .wall_clock import WallClock

__all__ = ["clock", "unit", "ward"]

TRIAL = {
    "drug": "sertralin",
    "mg_per_day": "200",
    "weeks": "8",
    "improvement": "0-25",
    "current_episode": "yes",
    "intolerant": "no",
}


@pytest.fixture
def solveig(unit: Unit, clock: WallClock) -> Patient:
    """Registered, and nothing else."""
    who = Particulars(
        given_name="Solveig",
        family_name=FAMILY,
        birth_date=BORN,
        identity_number=NUMBER,
        sex="f",
        contact=Contact(telephone="", email="", address=""),
    )
    nurse = Professional.objects.get(username=Role.NURSE)
    return people.register_patient(said=who, by=nurse, at=clock())


@pytest.fixture
def doctor(ward: Ward, solveig: Patient) -> Desk:
    ward.psychiatrist.sign_in()
    return ward.psychiatrist


def test_what_was_typed_is_there_after_the_sign_in_ran_out(
    doctor: Desk, solveig: Patient
) -> None:
    doctor.open(f"/patients/{solveig.pk}/history/trial/add/")
    doctor.fill(TRIAL)
    SignIn.objects.all().delete()
    doctor.do("Save")
    doctor.follow("Choose a role instead")
    doctor.use(doctor.page.get_by_role("button", name=doctor.person))
    assert doctor.page.locator('[name="mg_per_day"]').input_value() == TRIAL["mg_per_day"]
    assert doctor.page.locator('[name="improvement"][value="0-25"]').is_checked()
    doctor.do("Save")
    assert TreatmentTrial.objects.get().weeks == 8
    assert not doctor.inspection.faults


def test_a_double_click_stores_once(doctor: Desk, solveig: Patient) -> None:
    doctor.open(f"/patients/{solveig.pk}/history/trial/add/")
    doctor.fill(TRIAL)
    doctor.page.locator("main button[type=submit]").dblclick()
    expect(doctor.page).to_have_url(re.compile("/history/(#content)?$"))
    assert TreatmentTrial.objects.count() == 1


def test_a_rating_saved_the_moment_it_is_complete_leaves_no_draft(
    doctor: Desk, solveig: Patient
) -> None:
    """The page saves what is typed by itself, and may do so while the rating is handed in."""
    doctor.open(f"/patients/{solveig.pk}/ratings/madrs/")
    doctor.fill({"timing": "screening", "mode": "interview", "recall": "3d"})
    doctor.fill({f"i{number}": "3" for number in range(1, 11)} | {"receiver": doctor.person})
    doctor.page.locator("main form.card button[type=submit]").dblclick()
    expect(doctor.page).to_have_url(re.compile(r"/ratings/\d+/$"))
    doctor.open(f"/patients/{solveig.pk}/ratings/madrs/")
    assert Rating.objects.count() == 1
    assert not doctor.page.locator("main [type=radio][name^=i]:checked").count()


PAGES = (
    *("", "particulars/", "referrals/receive/", "history/", "history/trial/add/", "consent/"),
    *("consent/record/", "work-up/", "ratings/", "ratings/madrs/", "course/plan/"),
)


def test_at_twice_the_size_every_page_still_fits_and_is_accessible(
    doctor: Desk, solveig: Patient
) -> None:
    doctor.page.set_viewport_size({"width": 640, "height": 400})  # 1280x800 at 200 %
    wide = []
    for path in (
        "/today/",
        "/patients/",
        "/waiting/",
        "/unit/",
        "/unit/evidence/",
        "/unit/evidence/nasal-response/certainty/",
        "/unit/concentration/",
        "/administration/",
        "/curves/",
    ):
        doctor.open(path)
        wide += [path] * sideways(doctor)
    for path in PAGES:
        doctor.open(f"/patients/{solveig.pk}/{path}")
        wide += [path] * sideways(doctor)
    assert not wide
    assert not doctor.inspection.faults


PICTURES = 5
"""Concentration in the blood, and what a model teaches of four effects."""


@pytest.mark.second_ring
@IN_TURN
def test_two_doses_are_compared_with_the_keyboard_and_the_picture_has_its_table(
    doctor: Desk, unit: Unit, clock: WallClock, language: str
) -> None:
    psychiatrist = Professional.objects.get(username=Role.PSYCHIATRIST)
    people.state_purpose(unit=unit, on=True, by=psychiatrist, at=clock())
    doctor.open("/unit/")
    doctor.follow("Concentration curves")
    assert not doctor.page.locator("svg.chart").count()
    press(doctor.page, doctor.page.get_by_role("link", name="Bio-K"))
    doctor.fill({"first-milligrams": "70", "second-minutes": "90"})
    doctor.do("Compare")
    charts = doctor.page.locator("svg.chart")
    expect(charts.first).to_be_visible()
    assert charts.count() == PICTURES
    assert not sideways(doctor)
    press(doctor.page, doctor.page.locator(".chart-table summary").first)
    expect(doctor.page.get_by_role("cell").first).to_be_visible()
    assert doctor.page.locator('[name="first-milligrams"]').input_value() == "70"
    doctor.page.set_viewport_size({"width": 640, "height": 400})
    assert not sideways(doctor)
    doctor.fill({"first-milligrams": "700"})
    doctor.do("Compare")
    assert charts.count() == 0
    assert not doctor.inspection.faults


def sideways(desk: Desk) -> bool:
    return bool(desk.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.second_ring
@IN_TURN
def test_every_answer_of_the_trials_can_be_read_by_everyone(doctor: Desk) -> None:
    """Picture, words and reasons; each table behind a picture opens by the keyboard."""
    for name in QUESTIONS:
        doctor.open(f"/unit/evidence/?question={name}")
        for picture in doctor.page.locator(".chart-table summary").all():
            picture.press("Enter")
        tables = 4 if name in PART_OF else 2
        assert doctor.page.locator(".chart-table[open]").count() == tables
        assert not sideways(doctor)
    assert not doctor.inspection.faults


@pytest.mark.second_ring
@IN_TURN
def test_a_doctor_judges_how_certain_an_answer_is_with_the_keyboard_alone(
    doctor: Desk,
) -> None:
    doctor.open("/unit/evidence/?question=nasal-response")
    press(doctor.page, doctor.page.locator('a[href$="/certainty/"]'))
    said = dict.fromkeys((one.value for one in Domain), "none") | {"imprecision": "serious"}
    doctor.fill({f"{name}-concern": concern for name, concern in said.items()})
    doctor.fill({f"{name}-because": f"Lest: {name}" for name in said})
    press(doctor.page, doctor.page.locator("main form button[type=submit]"))
    expect(doctor.page.locator(".page__aside")).to_contain_text("Lest: imprecision")
    expect(doctor.page.locator(".page__aside")).to_contain_text(doctor.person)
    assert not doctor.inspection.faults


@pytest.mark.second_ring
def test_a_picture_is_taken_along_as_a_file(doctor: Desk) -> None:
    doctor.open("/unit/evidence/?question=nasal-response")
    files = []
    for link in doctor.page.locator(".downloads a").all():
        with doctor.page.expect_download() as taken:
            link.click()
        files.append(taken.value.suggested_filename)
    assert files == [
        f"lysglimt-{picture}-nasal-response.{ending}"
        for picture in ("forest", "funnel", "network")
        for ending in ("svg", "png", "pdf")
    ]
    assert not doctor.inspection.faults
