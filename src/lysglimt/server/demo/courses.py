"""Consent, work-up, registration, the course and its ratings, up to the evaluation."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.actions import Agreed, BasisGrounds, Decided, Found
from lysglimt.clinic.treatment.models import Consent, Course, CourseDecision, Timing
from lysglimt.knowledge.dosing.weights import WeightBasis
from lysglimt.knowledge.eligibility.candidate import Registration
from lysglimt.knowledge.eligibility.consent import consent_list
from lysglimt.knowledge.eligibility.workup import workup
from lysglimt.knowledge.protocols.facts import DecisionKind, StopGround
from lysglimt.knowledge.protocols.library import latest

from .before import Changes, accepted
from .case import Case, entered, workday
from .ratings import AT_START, Ill, madrs, others

DAY = timedelta(days=1)
REFERRED_BEFORE = timedelta(days=45)
CONSENT_BEFORE = timedelta(days=14)
MEASURED = {
    "blood-pressure": ("128", "mmHg"),
    "pulse": ("72", "/min"),
    "spo2": ("98", "%"),
    "peth": ("0.02", "µmol/l"),
}
GAPS = (4, 4, 5, 3, 3, 4, 5)
"""Days back from a Monday, a Tuesday, ... to the session before: two a week, on workdays."""


def session_days(last: date, count: int) -> list[date]:
    """The days of so many sessions, two a week, of which the last is given."""
    days = [last]
    while len(days) < count:
        days.append(days[-1] - timedelta(days=GAPS[days[-1].weekday()]))
    return days[::-1]


def consented(case: Case, *, on: date) -> Consent:
    known = consent_list()
    agreed = Agreed(
        version=str(known.version),
        language="nb",
        items=[item.id for item in known.item],
        signed_by_patient_on=on,
    )
    at = case.at(on, "12:30")
    return treatment.record_consent(
        patient=case.patient, agreed=agreed, entered=entered(at), by=case.doctor, at=at
    )


def worked_up(case: Case, *, on: date) -> None:
    weight, height = case.body
    measured = MEASURED | {"weight": (str(weight), "kg"), "height": (str(height), "cm")}
    at = case.at(on, "11:15")
    for part in workup().part:
        value, unit = measured.get(part.id, (None, ""))
        found = Found(
            item=part.id,
            done_on=on,
            value=Decimal(value) if value else None,
            unit_of_value=unit,
            text="" if value else "Uten anmerkning",
        )
        treatment.record_work_up(
            patient=case.patient, found=found, entered=entered(at), by=case.nurse, at=at
        )


def registered_in(case: Case, choice: Registration, *, on: date) -> None:
    at = case.at(on, "12:40")
    treatment.register_choice(
        patient=case.patient, choice=choice, entered=entered(at), by=case.nurse, at=at
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned for a patient, and what is left out of the usual way there."""

    protocol: str = "iv-ketamine-no"
    registration: Registration | None = Registration.REGISTER
    consent: bool = True
    ratings: bool = True
    battery: tuple[str, ...] = AT_START
    changes: Changes | None = None


USUAL = Plan()


def measured_body(case: Case) -> BasisGrounds:
    weight, height = case.body
    return BasisGrounds(weight_kg=Decimal(weight), height_cm=Decimal(height), sex=case.said.sex)


def planned(case: Case, *, start: date, ill: Ill, plan: Plan = USUAL) -> Course:
    """Accepted, informed, examined, registered, planned for a day, and rated before it."""
    agreed_on = min(start - CONSENT_BEFORE, case.today)
    accepted(case, received=agreed_on - REFERRED_BEFORE, changes=plan.changes)
    if plan.consent:
        consented(case, on=agreed_on)
    worked_up(case, on=agreed_on)
    if plan.registration:
        registered_in(case, plan.registration, on=agreed_on)
    at = case.at(agreed_on, "14:00")
    course = treatment.plan_course(
        patient=case.patient,
        protocol=latest(plan.protocol),
        by=case.doctor,
        at=at,
        planned_start=start,
    )
    if latest(plan.protocol).product.route == "iv":
        treatment.sign_weight_basis(
            course=course,
            basis=WeightBasis.ACTUAL,
            by=case.doctor,
            at=at,
            grounds=measured_body(case),
        )
    rated_on = workday(start - DAY)
    if rated_on <= case.today:
        madrs(case, ill.start, day=rated_on, timing=Timing.BASELINE)
        others(case, ill.start, day=rated_on, timing=Timing.BASELINE, which=plan.battery)
    return course


def decide(
    case: Case,
    course: Course,
    kind: DecisionKind,
    *,
    on: date,
    recommended: DecisionKind | None = None,
    ground: StopGround | None = None,
) -> CourseDecision:
    """Where it is another than the rule recommended, or it recommended none, the patient wished it."""
    always = kind in {DecisionKind.STOP, DecisionKind.CLOSE}
    otherwise = recommended is not kind and not (recommended is None and always)
    decision = Decided(
        kind=kind,
        rule="EV-1" if recommended else "",
        recommended=recommended.value if recommended else "",
        deviation="Pasienten ønsker det slik." if otherwise else "",
        ground=ground,
    )
    at = case.at(on, "14:15")
    return treatment.decide(
        course=course, decided=decision, by=case.doctor, at=at, entered=entered(at)
    )
