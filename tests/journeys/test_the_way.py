"""A new patient's way from the referral to the decision after session six, by keyboard alone.

Time passes by the server's own clock, which the journey moves on; nothing else is arranged
beforehand but that the unit has staff and a chair.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.scheduling.models import Appointment
from lysglimt.clinic.treatment.actions import Given, record_session
from lysglimt.clinic.treatment.models import Course, CourseDecision, SessionGiven
from tests.clinic.treatment.conftest import entered
from tests.conftest import LONG

from .clinic import FAMILY, IN_TURN, NUMBER, SENT_BACK, STAFF, Ward, clock, unit, ward
from .desk import Desk
from .wall_clock import WallClock

__all__ = ["clock", "unit", "ward"]


AT_THE_CHAIR = range(1, 7) if LONG else (1, 6)
"""The sessions that are charted key by key; the second ring does so with all six."""
RATED_BEFORE = 3


@SENT_BACK
@IN_TURN
def test_a_patient_goes_from_the_referral_to_the_decision_after_session_six(
    ward: Ward, clock: WallClock
) -> None:
    for desk in ward.desks:
        desk.sign_in()
    open_the_unit(ward.psychiatrist)
    refer(ward.coordinator)
    assess(ward.psychiatrist)
    rate(ward.psychiatrist, "MADRS", total=34, timing="baseline")
    days = plan(ward.psychiatrist)
    assert len(days) == 6
    for number, day in enumerate(days, start=1):
        clock.until(day, time(8, 30))
        if number == RATED_BEFORE:
            ward.psychiatrist.come_again()
            rate(ward.psychiatrist, "MADRS", total=24, timing="before_dose")
        if number in AT_THE_CHAIR:
            for desk in (ward.psychiatrist, ward.nurse):
                desk.come_again()
            Chair(ward, clock, number).give()
        else:
            given_beside_the_screen(clock())
    clock.until(days[-1] + timedelta(days=2), time(10))
    ward.psychiatrist.sign_in()
    rate(ward.psychiatrist, "MADRS", total=14, timing="evaluation")
    decide(ward.psychiatrist)
    assert SessionGiven.objects.count() == 6
    assert CourseDecision.objects.get().kind == "maintenance"
    assert not ward.nurse.inspection.faults, "\n".join(sorted(ward.nurse.inspection.faults))


def given_beside_the_screen(at: datetime) -> None:
    """A session like those before and after it, without a page of its own."""
    given = Given(
        started_at=at,
        stopped_at=at + timedelta(minutes=40),
        prescribed_mg=Decimal(40),
        delivered_mg=Decimal(40),
    )
    nurse = Professional.objects.get(username=Role.NURSE)
    record_session(
        course=Course.objects.get(), given=given, entered=entered(at), by=nurse, at=at
    )


def open_the_unit(doctor: Desk) -> None:
    """The responsible psychiatrist turns decision support on and approves a protocol.

    And has the chairs show a predicted concentration, so that the session page is read with it.
    """
    doctor.follow("Administration")
    doctor.follow("Read and sign the statement")
    doctor.do("Sign", refused=422)
    doctor.fill({"on": "yes"})
    doctor.do("Sign")
    doctor.follow("Administration")
    doctor.follow("Predicted concentration at the chair: show or hide")
    doctor.do("Store", refused=422)
    doctor.fill({"on": "on"})
    doctor.do("Store")
    doctor.follow("Administration")
    [link] = doctor.page.locator('a[href*="/iv-ketamine-no/"]').all()
    doctor.use(link)
    doctor.do("Sign the approval", refused=422)
    doctor.fill({"read": "all"})
    doctor.do("Sign the approval")


def refer(coordinator: Desk) -> None:
    """Sought, not found, registered; then the letter, and somebody who keeps in touch."""
    coordinator.follow("Patients")
    coordinator.fill({"q": FAMILY})
    coordinator.do("Search")
    coordinator.follow("Register a new patient")
    who = {"given_name": "Solveig", "family_name": FAMILY, "telephone": "99 99 99 99"}
    coordinator.fill({"identity_number": NUMBER[:-1] + "x", **who})
    coordinator.do("Register", refused=422)
    typed = coordinator.page.locator('[name="family_name"]').input_value()
    assert typed == FAMILY, "nothing typed is lost"
    coordinator.fill({"identity_number": NUMBER})
    coordinator.do("Register")
    coordinator.follow("Referral")
    coordinator.follow("Receive a referral")
    coordinator.fill({"sender_kind": "gp", "sender_name": "Fastlege Eksempel"})
    coordinator.fill({"received_on": "20.02.2026", "question": "Ketamin?"})
    coordinator.do("Save the referral")
    coordinator.follow("Name a contact")
    coordinator.fill({"every_days": "14"})
    coordinator.fill({"contact": STAFF[Role.COORDINATOR]})
    coordinator.do("Save")
    coordinator.follow("Waiting list")
    assert FAMILY in coordinator.text()


def find(desk: Desk) -> None:
    desk.follow("Patients")
    desk.fill({"q": FAMILY})
    desk.do("Search")
    desk.follow_text(FAMILY)


def take_the_history(doctor: Desk) -> None:
    """Two adequate trials that failed, the diagnosis, a medicine."""
    find(doctor)
    doctor.follow("Treatment history")
    trial = {"weeks": "8", "adherence": "90", "improvement": "0-25", "current_episode": "yes"}
    for drug, mg in (("sertralin", "200"), ("venlafa", "225")):
        doctor.follow("Add a trial of a medicine")
        doctor.fill({"drug": drug, "mg_per_day": mg, **trial, "intolerant": "no"})
        doctor.do("Save")
    doctor.follow("Add a diagnosis")
    doctor.fill({"code": "F33-2"})
    doctor.do("Save", refused=422)
    doctor.fill({"code": "F33.2", "status": "current"})
    doctor.do("Save")
    doctor.follow("Add a medicine")
    doctor.fill({"atc": "N06AX16", "name": "Venlafaksin", "mg_per_day": "225"})
    doctor.do("Save")


def consent(doctor: Desk) -> None:
    doctor.follow("Consent")
    doctor.follow("Go through the checklist and sign")
    doctor.fill({"language": "nb", "signed_by_patient_on": "23.02.2026"})
    doctor.do("Sign as doctor", refused=422)
    doctor.fill({"items": "all"})
    doctor.do("Sign as doctor")
    doctor.follow("Enter what the patient chooses")
    doctor.fill({"choice": "register"})
    doctor.do("Save")


def assess(doctor: Desk) -> None:
    """History, consent, work-up, the answers to the criteria; accepted and signed."""
    take_the_history(doctor)
    consent(doctor)
    examine(doctor)
    doctor.follow("Eligibility")
    doctor.fill({"ratings.madrs": "70"})
    doctor.do("Save the answers", refused=422)
    doctor.fill(ANSWERS)
    doctor.do("Save the answers")
    assert not doctor.page.locator("main .finding--missing").count(), doctor.text()[:2000]
    doctor.follow("Accept or put on the waiting list")
    doctor.fill({"kind": "accept"})
    doctor.do("Sign the decision")


YES = (
    *("agreement.specialist_decision", "agreement.alternatives_discussed"),
    "agreement.capacity",
    "agreement.follow_up_plan",
    *("agreement.escort_accepted", "agreement.no_driving_accepted"),
)
NO = (
    "episode.mood_stabiliser",
    *("episode.psychotic_symptoms", "episode.needs_admission", "episode.catatonia"),
    *("episode.refuses_food_or_drink", "episode.immediate_danger_to_life"),
    *("bodily.pregnancy_possible", "bodily.ketamine_allergy", "bodily.alcohol_same_day"),
    *("bodily.grapefruit", "bodily.nonprescribed_drugs_4_weeks"),
)
MEASURED = {
    "ratings.madrs": "34",
    "ratings.ymrs": "2",
    "ratings.moca": "28",
    "ratings.audit": "3",
    "ratings.dudit": "0",
    "measurements.peth_umol_l": "0",
    "measurements.bmi": "27,7",
    "measurements.alt_x_uln": "0,8",
    "measurements.ast_x_uln": "0,8",
}
ANSWERS = {
    "episode.started": "01.05.2025",
    "episode.severity": "severe",
    "history.psychotherapy_sessions": "20",
    "pressure_on": "20.02.2026",
    "systolic": "128",
    "diastolic": "78",
    **MEASURED,
    **dict.fromkeys(YES, "yes"),
    **dict.fromkeys(NO, "no"),
}


def examine(doctor: Desk) -> None:
    """An ECG and a bladder questionnaire stand for the whole list here."""
    doctor.follow("Work-up")
    doctor.follow("Enter a result", exact=True)
    doctor.fill({"done_on": "20.02.2026", "value": "412", "unit_of_value": "ms"})
    doctor.do("Save", refused=422)
    doctor.fill({"item": "12-"})
    doctor.do("Save")


def rate(doctor: Desk, scale: str, *, total: int, timing: str) -> None:
    """An interview, item by item."""
    find(doctor)
    doctor.follow("Rate the patient")
    doctor.follow_text(scale)
    doctor.fill({"timing": timing, "mode": "interview", "recall": "3d"})
    doctor.do("Save", refused=422)
    items = {f"i{number}": "0" for number in range(1, 11)}
    left = total
    for number in range(1, 10):
        items[f"i{number}"] = str(min(6, left))
        left -= min(6, left)
    doctor.fill({**items, "receiver": STAFF[Role.PSYCHIATRIST]})
    doctor.do("Save")
    assert str(total) in doctor.text()


def plan(doctor: Desk) -> list[date]:
    """An approved protocol, the weight basis signed once, six days in the chair."""
    find(doctor)
    doctor.follow("Plan a course")
    doctor.do("Save", refused=422)
    doctor.fill({"protocol": "iv-ketamine-no/2026.1", "planned_start": "02.03.2026"})
    doctor.do("Save")
    doctor.follow("Choose and sign")
    doctor.fill({"weight_kg": "700", "height_cm": "170", "sex": "f"})
    doctor.do("Show the three weights and doses", refused=422)
    doctor.fill({"weight_kg": "80"})
    doctor.do("Show the three weights and doses")
    doctor.fill({"basis": "actual"})
    doctor.do("Sign for the whole course")
    doctor.follow("Book the sessions")
    doctor.fill({"starts": "0900", "chair": "Stol 1"})
    doctor.do("Save")
    return sorted(on_day(one.starts_at) for one in Appointment.objects.in_force())


@dataclass(frozen=True, slots=True)
class Chair:
    """One session: nurse and doctor at the chair, an hour and three quarters on the wall."""

    ward: Ward
    clock: WallClock
    number: int

    def give(self) -> None:
        nurse, doctor = self.ward.nurse, self.ward.psychiatrist
        nurse.do("The patient is here", exact=False)
        self.come(doctor)
        self.order(doctor)
        self.prepare(nurse)
        self.start(nurse)
        if self.number == 1:
            self.answer_for_the_start(doctor)
            self.come(nurse)
        nurse.do("Start the infusion")
        self.infuse(nurse)
        self.finish(nurse)
        self.go_home(nurse, doctor)

    def come(self, somebody: Desk) -> None:
        """From Today to the session; once the way is known, by its address."""
        if self.number == 1:
            somebody.follow("Today")
            somebody.follow("To the session", exact=False)
        else:
            somebody.open(f"/sessions/{Session.objects.latest('planned_on').pk}/")

    def order(self, doctor: Desk) -> None:
        doctor.follow("Write the order")
        if self.number == 1:
            doctor.fill({"weight_kg": "8O"})
            doctor.do("Save", refused=422)
        today = self.clock().astimezone(OSLO)
        if self.number == 1:
            doctor.fill({"weight_kg": "97", "weighed_on": f"{today:%d.%m.%Y}"})
            doctor.fill({"step": "0.5|40", "concentration": "1"})
            doctor.do("Save", refused=422)
        doctor.fill({"weight_kg": "80", "weighed_on": f"{today:%d.%m.%Y}"})
        doctor.fill({"step": "0.5|40", "concentration": "1"})
        doctor.do("Save")
        assert "40" in doctor.text()
        doctor.do("Sign the order")

    def prepare(self, nurse: Desk) -> None:
        self.come(nurse)
        nurse.follow("Check the preparation")
        nurse.fill({"product": "Ketalar 10 mg/ml", "drawn_mg": "50", "lines": "all"})
        nurse.fill({"checked_by": STAFF[Role.ANAESTHETIST]})
        nurse.do("Save")

    def start(self, nurse: Desk) -> None:
        self.screen(nurse)
        for _ in range(2):
            self.observe(nurse, "128/78")
            self.clock.move(6)
        nurse.follow("Do the start check")
        there = nurse.page.locator("main form [type=radio][value=yes]").all()
        nurse.fill({str(radio.get_attribute("name")): "yes" for radio in there})
        fasting = {"last_solids": "0000", "last_fluids": "0000"}
        nurse.fill({**fasting, "pregnancy": "impossible", "others": "none"})
        nurse.fill({"doctor": STAFF[Role.PSYCHIATRIST]})
        nurse.do("Save")

    def screen(self, nurse: Desk) -> None:
        """C-SSRS since last contact, no to every item that is reached."""
        if self.number == 1:
            find(nurse)
            nurse.follow("Rate the patient")
            nurse.follow_text("C-SSRS")
        else:
            nurse.open(f"/patients/{Patient.objects.get().pk}/ratings/cssrs_screener/")
        asked = {"timing": "before_dose", "mode": "interview", "recall": "since_last_contact"}
        nurse.fill({**asked, "i1": "0", "i2": "0", "i6": "0"})
        nurse.do("Save")
        self.come(nurse)

    def answer_for_the_start(self, doctor: Desk) -> None:
        """The work-up before the first session is not complete: a doctor answers by name."""
        self.come(doctor)
        doctor.follow("A doctor answers for starting in spite of this")
        doctor.fill({"reason": "Blodprøvene er tatt hos fastlegen"})
        doctor.do("Save")

    def infuse(self, nurse: Desk) -> None:
        self.clock.move(20)
        self.observe(nurse, "142/86")
        self.clock.move(10)
        if self.number == 1:
            self.observe(nurse, "1200/80", refused=422)
            nurse.fill({"systolic": "134", "diastolic": "82"})
            nurse.do("Save the observation")
        nurse.do("Dissociation", of="What happens", exact=False)
        self.clock.move(11)
        nurse.do("Stop the infusion now")

    def observe(self, nurse: Desk, pressure: str, *, refused: int | None = None) -> None:
        """The whole row, as it is typed."""
        signs = {"systolic": pressure, "pulse": "72", "spo2": "98", "respiration": "14"}
        points = {"sedation": "5", "dissociation": "0", "distress": "1", "nausea": "0"}
        nurse.fill({**signs, **points})
        nurse.do("Save the observation", refused=refused)

    def finish(self, nurse: Desk) -> None:
        self.clock.move(61)
        self.observe(nurse, "130/80")
        nurse.follow("Record the dose given")
        nurse.fill({"checked_by": STAFF[Role.ANAESTHETIST]})
        nurse.do("Save")

    def go_home(self, nurse: Desk, doctor: Desk) -> None:
        nurse.follow("Checklist for going home")
        yes = ("oriented", "dissociation_mild", "walks", "eaten", "advice")
        points = ("aldrete.activity", "aldrete.breathing", "padss.walking", "padss.pain")
        nurse.fill(dict.fromkeys((*yes, "cannula_out"), "yes") | dict.fromkeys(points, "2"))
        nurse.fill(
            {
                "danger_no_new_intent": "no",
                "rass": "0",
                "escort_name": "Per Prøvesen",
                "escort_telephone": "98 76 54 32",
            }
        )
        nurse.do("Save")
        nurse.do("Sign the checklist")
        self.come(doctor)
        doctor.do("Sign the checklist")
        nurse.follow("The patient has left")
        nurse.do("Save")


def decide(doctor: Desk) -> None:
    """Sees the evaluation, tries another step without saying why, then signs what is advised."""
    find(doctor)
    doctor.follow("Evaluate and decide")
    doctor.fill({"kind": "stop"})
    doctor.do("Sign the decision", refused=422)
    doctor.fill({"kind": "maintenance", "goals": "Å gå tur hver dag"})
    doctor.do("Sign the decision")
