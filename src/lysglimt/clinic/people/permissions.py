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

TREATMENT: Mapping[str, Row] = {
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

POLICY: Mapping[str, Row] = {**PEOPLE, **REFERRAL, **TREATMENT}
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
