"""Stories of those who have not been treated yet: referred, waiting, refused, in doubt."""

from datetime import timedelta

from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.actions import Recontact, Refused
from lysglimt.clinic.referral.models import DecisionKind
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Registration, ReservedDecision
from lysglimt.knowledge.eligibility.candidate import Registration as Choice

from .before import assessed, decided, referred, set_aside
from .case import Case, workday
from .courses import Plan, planned
from .story import Story
from .treated import RESPONDS, begun

PSYCHOSIS_BEFORE = {
    "diagnoses": [
        {"code": "F33.2", "status": "current"},
        {"code": "F33.3", "status": "history", "on": "2019-04-01"},
    ]
}


def new_referral(case: Case) -> None:
    referred(case, on=workday(case.ago(2)))


def assessment_overdue(case: Case) -> None:
    referred(case, on=workday(case.ago(26)))


def waiting(case: Case) -> None:
    """To be treated later; the named contact was to ring by now."""
    letter = referred(case, on=case.ago(60))
    assessment = assessed(case, letter, on=case.ago(52))
    decided(case, assessment, DecisionKind.WAIT, on=case.ago(52))
    referral.name_contact(
        referral=letter,
        contact=case.nurse,
        every_days=28,
        by=case.coordinator,
        at=case.at(case.ago(50), "10:00"),
    )


def refused(case: Case) -> None:
    letter = referred(case, on=case.ago(35))
    changes = {"ratings.madrs": 14, "ratings.hdrs17": 10}
    assessment = assessed(case, letter, on=case.ago(28), changes=changes)
    contact = case.clinic.staff[Role.PSYCHOLOGIST]
    told = Refused(
        grounds="Depresjonen er for tiden lett til moderat, og vilkårene er ikke oppfylt.",
        plan="Kognitiv terapi ved DPS; ny henvisning hvis tilstanden forverres.",
        complaint_route="Klagen sendes klinikken innen fire uker og avgjøres av Statsforvalteren.",
        recontact=Recontact(contact, case.ago(27) + timedelta(days=90)),
    )
    at = case.at(case.ago(27), "11:00")
    referral.refuse(assessment=assessment, refused=told, by=case.doctor, at=at)


def questions(case: Case) -> None:
    """Eligible as far as is known; the answers that are missing are asked for."""
    letter = referred(case, on=case.ago(12))
    changes = {"ratings.ymrs": None, "bodily.pregnant": None, "bodily.pregnancy_possible": True}
    assessed(case, letter, on=case.ago(5), changes=changes)


def excluded(case: Case) -> None:
    """A recent infarction and high blood pressure."""
    infarction = case.ago(30).isoformat()
    changes = {
        "diagnoses": [
            {"code": "F33.2", "status": "current"},
            {"code": "I21.4", "status": "history", "on": infarction},
        ]
    }
    letter = referred(case, on=case.ago(14))
    assessed(case, letter, on=case.ago(6), changes=changes)


def second_pending(case: Case) -> None:
    """One doctor has set a hard exclusion aside; the other has not signed."""
    letter = referred(case, on=case.ago(20))
    assessment = assessed(case, letter, on=case.ago(9), changes=PSYCHOSIS_BEFORE)
    overrides = set_aside(assessment)
    decided(case, assessment, DecisionKind.ACCEPT, on=case.ago(9), overrides=overrides)


def second_signed(case: Case) -> None:
    """Two doctors have signed, and treatment is under way."""
    begun(case, last=workday(case.ago(2)), given=2, plan=Plan(changes=PSYCHOSIS_BEFORE))


def consent_missing(case: Case) -> None:
    plan = Plan(consent=False)
    planned(case, start=case.today + timedelta(days=5), ill=RESPONDS, plan=plan)


def planned_course(case: Case) -> None:
    """Everything is in place; the first session is in three days."""
    planned(case, start=case.today + timedelta(days=3), ill=RESPONDS)


def reserved(case: Case) -> None:
    """Reserves against register and study, and nobody has decided yet."""
    plan = Plan(registration=Choice.RESERVED)
    planned(case, start=case.today + timedelta(days=6), ill=RESPONDS, plan=plan)


def reserved_and_treated(case: Case) -> None:
    """Reserves against both, and is treated by a named decision."""
    planned(
        case,
        start=case.today + timedelta(days=4),
        ill=RESPONDS,
        plan=Plan(registration=Choice.RESERVED),
    )
    said = Registration.objects.newest_first().get(patient=case.patient)
    treatment.decide_on_reserved(
        registration=said,
        decision=ReservedDecision.TREAT,
        grounds="Behandlingen er nødvendig; reservasjonen endrer ikke forsvarligheten.",
        by=case.doctor,
        at=case.at(case.ago(3), "15:00"),
    )


ARRIVING = (
    Story("new-referral", new_referral),
    Story("assessment-overdue", assessment_overdue),
    Story("waiting", waiting),
    Story("refused-with-plan", refused),
    Story("eligible-with-questions", questions),
    Story("excluded", excluded),
    Story("second-signature-pending", second_pending),
    Story("override-signed-by-two", second_signed),
    Story("consent-missing", consent_missing),
    Story("planned", planned_course),
    Story("reserved", reserved),
    Story("reserved-and-treated", reserved_and_treated),
)
