"""The whole policy as one table: every app has its rows here, an operation named like its URL."""

from collections.abc import Mapping

from .policy import (
    CLINICIANS,
    DOCTORS,
    STAFF,
    TREATING,
    Relation,
    Role,
    Row,
    each,
    never,
    own_patient,
    own_unit,
)

PEOPLE: Mapping[str, Row] = {
    "home": each(*STAFF, may=own_unit),
    "patients": each(*TREATING, may=own_unit),
    "patient.register": each(*TREATING, may=own_unit),
    "patient.particulars": each(*TREATING, may=own_patient),
    "patient.amend": each(*TREATING, may=own_patient),
    "relative.add": each(*CLINICIANS, Role.COORDINATOR, may=own_patient),
    "relative.withdraw": each(*CLINICIANS, Role.COORDINATOR, may=own_patient),
    "unit.statement": each(Role.UNIT_LEAD, Role.PSYCHIATRIST, may=own_unit),
}

COURSE: Mapping[str, Row] = {
    "course": each(*TREATING, may=own_unit),
    "course.plan": each(*DOCTORS, may=own_patient),
    "course.weight-basis": each(*DOCTORS, may=own_unit),
    "course.record": each(*DOCTORS, Role.NURSE, may=own_unit),
    "course.book": each(*TREATING, may=own_unit),
    "appointment.move": each(*TREATING, may=own_unit),
    "appointment.cancel": each(*TREATING, may=own_unit),
}

AT_THE_CHAIR = (*DOCTORS, Role.NURSE)
CHAIRSIDE: Mapping[str, Row] = {
    "session": each(*CLINICIANS, Role.PHARMACIST, Role.UNIT_LEAD, may=own_unit),
    "session.open": each(*AT_THE_CHAIR, may=own_unit),
    "order.write": each(*DOCTORS, may=own_unit),
    "order.sign": each(*DOCTORS, may=own_unit),
    "order.check": each(*AT_THE_CHAIR, Role.PHARMACIST, may=own_unit),
    "session.gate": each(*AT_THE_CHAIR, may=own_unit),
    "session.override": each(*DOCTORS, may=own_unit),
    "vitals.record": each(*AT_THE_CHAIR, may=own_unit),
    "vitals.correct": each(*AT_THE_CHAIR, may=own_unit),
    "pump.record": each(*AT_THE_CHAIR, may=own_unit),
    "pump.reason": each(*AT_THE_CHAIR, may=own_unit),
    "pump.strike": each(*AT_THE_CHAIR, may=own_unit),
    "event.record": each(*AT_THE_CHAIR, may=own_unit),
    "event.strike": each(*AT_THE_CHAIR, may=own_unit),
    "session.finish": each(*AT_THE_CHAIR, may=own_unit),
    "discharge.record": each(*AT_THE_CHAIR, may=own_unit),
    "discharge.sign": each(*AT_THE_CHAIR, may=own_unit),
    "session.leave": each(*AT_THE_CHAIR, may=own_unit),
}

TREATMENT: Mapping[str, Row] = {
    "course.decide": each(*DOCTORS, may=own_unit),
    "course.event": each(*CLINICIANS, may=own_unit),
    "course.pause": each(*CLINICIANS, Role.COORDINATOR, may=own_unit),
    "task.acknowledge": each(*CLINICIANS, may=own_unit),
}

QUESTIONNAIRES: Mapping[str, Row] = {
    "ratings": each(*CLINICIANS, may=own_patient),
    "rating.record": each(*CLINICIANS, may=own_patient),
    "rating.draft": each(*CLINICIANS, may=own_patient),
    "rating.discard": each(*CLINICIANS, may=own_patient),
    "rating": each(*CLINICIANS, Role.UNIT_LEAD, may=own_patient),
    "rating.correct": each(*CLINICIANS, may=own_patient),
    "rating.strike": each(*CLINICIANS, may=own_patient),
    "wording": each(Role.UNIT_LEAD, Role.ADMINISTRATOR, may=own_unit),
}

INSIGHT: Mapping[str, Row] = {
    "today": each(*TREATING, may=own_unit),
    "patient": each(*TREATING, may=own_patient),
    "evaluation": each(*CLINICIANS, Role.UNIT_LEAD, may=own_unit),
    "unit": each(*TREATING, Role.STATISTICIAN, may=own_unit),
}

REFERRAL: Mapping[str, Row] = {
    "referrals": each(*CLINICIANS, Role.COORDINATOR, Role.UNIT_LEAD, may=own_patient),
    "referral.receive": each(*CLINICIANS, Role.COORDINATOR, may=own_patient),
    "referral.correct": each(*CLINICIANS, Role.COORDINATOR, may=own_unit),
    "referral.second": each(*DOCTORS, may=own_unit),
    "waiting.name": each(*CLINICIANS, Role.COORDINATOR, may=own_unit),
    "waiting.contacted": each(*CLINICIANS, Role.COORDINATOR, may=own_unit),
    "waiting.end": each(*CLINICIANS, Role.COORDINATOR, may=own_unit),
    "history": each(*CLINICIANS, Role.PHARMACIST, may=own_patient),
    "history.add": each(*CLINICIANS, Role.PHARMACIST, may=own_patient),
    "history.correct": each(*CLINICIANS, Role.PHARMACIST, may=own_patient),
    "history.strike": each(*CLINICIANS, Role.PHARMACIST, may=own_patient),
}

BEFORE_TREATMENT: Mapping[str, Row] = {
    "waiting": each(*CLINICIANS, Role.COORDINATOR, Role.UNIT_LEAD, may=own_unit),
    "eligibility": each(*CLINICIANS, may=own_patient),
    "referral.decide": each(Role.PSYCHIATRIST, may=own_unit),
    "referral.refuse": each(Role.PSYCHIATRIST, may=own_unit),
    "consent": each(*CLINICIANS, may=own_patient),
    "consent.record": each(*DOCTORS, may=own_patient),
    "consent.withdraw": each(*CLINICIANS, may=own_patient),
    "registration.choose": each(*CLINICIANS, may=own_patient),
    "registration.decide": each(Role.PSYCHIATRIST, Role.UNIT_LEAD, may=own_patient),
    "work_up": each(*CLINICIANS, may=own_patient),
    "work_up.record": each(*CLINICIANS, may=own_patient),
    "work_up.strike": each(*CLINICIANS, may=own_patient),
    "administration": each(Role.PSYCHIATRIST, Role.UNIT_LEAD, may=own_unit),
    "protocol.approve": each(Role.PSYCHIATRIST, may=own_unit),
    "protocol.withdraw": each(Role.PSYCHIATRIST, Role.UNIT_LEAD, may=own_unit),
    "conditions.state": each(Role.PSYCHIATRIST, Role.UNIT_LEAD, may=own_unit),
    "conditions.correct": each(Role.PSYCHIATRIST, Role.UNIT_LEAD, may=own_patient),
}

POLICY: Mapping[str, Row] = {
    **PEOPLE,
    **REFERRAL,
    **BEFORE_TREATMENT,
    **COURSE,
    **CHAIRSIDE,
    **TREATMENT,
    **QUESTIONNAIRES,
    **INSIGHT,
}
"""A role that a row leaves out may not. A page about nobody in particular is of one's own unit."""

PUBLIC = frozenset(
    {
        *("sign-in", "sign-out", "choose-role", "language"),
        *("livez", "readyz", "design.guide"),
    }
)
"""The short list of pages that open without signing in, by the name of the URL."""


def permits(operation: str, role: Role, relation: Relation) -> bool:
    return POLICY[operation].get(role, never)(relation)
