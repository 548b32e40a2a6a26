"""The whole policy as one table: every app has its rows here, an operation named like its URL."""

from collections.abc import Mapping

from .chapters import Chapter
from .policy import (
    CLINICIANS,
    DOCTORS,
    STAFF,
    TREATING,
    Relation,
    Role,
    Row,
    any_patient,
    any_unit,
    each,
    in_need,
    known,
    never,
    of_the_house,
    once,
    ours,
    own_unit,
)

PEOPLE: Mapping[str, Row] = {
    "home": each(*STAFF, may=own_unit),
    "patients": each(*TREATING, may=own_unit),
    "patient.register": each(*TREATING, may=own_unit),
    "patient.particulars": each(*TREATING, may=known),
    "patient.amend": each(*TREATING, may=own_unit),
    "relative.add": each(*CLINICIANS, Role.COORDINATOR, may=own_unit),
    "relative.withdraw": each(*CLINICIANS, Role.COORDINATOR, may=own_unit),
    "unit.statement": each(Role.UNIT_LEAD, Role.PSYCHIATRIST, may=own_unit),
    "policy": each(*STAFF, may=own_unit),
}

ACCESS: Mapping[str, Row] = {
    "emergency": each(*CLINICIANS, Role.UNIT_LEAD, may=any_patient),
    "emergency.end": each(*CLINICIANS, Role.UNIT_LEAD, may=any_unit),
    "emergencies": each(Role.UNIT_LEAD, may=own_unit),
    "emergency.acknowledge": each(Role.UNIT_LEAD, may=any_unit),
    "blocks": each(*CLINICIANS, Role.UNIT_LEAD, may=ours),
    "block.set": each(*CLINICIANS, Role.UNIT_LEAD, may=ours),
    "block.lift": each(*CLINICIANS, Role.UNIT_LEAD, may=ours),
}

SIGN_IN: Mapping[str, Row] = {
    "kept": each(*STAFF, may=own_unit),
    "sign-ins": each(*STAFF, may=own_unit),
    "sign-ins.end-own": each(*STAFF, may=own_unit),
    "sign-ins.end": each(Role.UNIT_LEAD, Role.ADMINISTRATOR, may=own_unit),
    "staff": each(Role.UNIT_LEAD, Role.ADMINISTRATOR, may=own_unit),
    "device.share": each(*STAFF, may=own_unit),
    "device.unshare": each(Role.UNIT_LEAD, Role.ADMINISTRATOR, may=own_unit),
}

TRAIL: Mapping[str, Row] = {
    "readers": each(Role.PSYCHIATRIST, Role.UNIT_LEAD, may=ours),
    "corrections": each(*CLINICIANS, Role.UNIT_LEAD, may=in_need),
    "entry": each(*TREATING, may=in_need),
    "odd-accesses": each(Role.UNIT_LEAD, may=own_unit),
}

COURSE: Mapping[str, Row] = {
    "course": each(*TREATING, may=in_need),
    "course.plan": each(*DOCTORS, may=own_unit),
    "course.weight-basis": each(*DOCTORS, may=own_unit),
    "course.record": each(*DOCTORS, Role.NURSE, may=own_unit),
    "course.book": each(*TREATING, may=own_unit),
    "appointment.move": each(*TREATING, may=own_unit),
    "appointment.cancel": each(*TREATING, may=own_unit),
}

AT_THE_CHAIR = (*DOCTORS, Role.NURSE)
CHAIRSIDE: Mapping[str, Row] = {
    "session": each(*CLINICIANS, Role.PHARMACIST, Role.UNIT_LEAD, may=in_need),
    "session.open": each(*AT_THE_CHAIR, may=own_unit),
    "order.write": each(*DOCTORS, may=own_unit),
    "order.sign": each(*DOCTORS, may=own_unit),
    "order.check": each(*AT_THE_CHAIR, Role.PHARMACIST, may=in_need),
    "session.gate": each(*AT_THE_CHAIR, may=own_unit),
    "session.override": each(*DOCTORS, may=own_unit),
    "vitals.record": each(*AT_THE_CHAIR, may=in_need),
    "vitals.take-over": each(*AT_THE_CHAIR, may=in_need),
    "vitals.correct": each(*AT_THE_CHAIR, may=in_need),
    "session.off-line": each(*AT_THE_CHAIR, may=own_unit),
    "check.sign": each(*AT_THE_CHAIR, may=in_need),
    "outbox.send": each(*AT_THE_CHAIR, may=own_unit),
    "pump.record": each(*AT_THE_CHAIR, may=in_need),
    "pump.reason": each(*AT_THE_CHAIR, may=in_need),
    "pump.strike": each(*AT_THE_CHAIR, may=in_need),
    "event.record": each(*AT_THE_CHAIR, may=in_need),
    "event.strike": each(*AT_THE_CHAIR, may=in_need),
    "session.finish": each(*AT_THE_CHAIR, may=in_need),
    "discharge.record": each(*AT_THE_CHAIR, may=in_need),
    "discharge.sign": each(*AT_THE_CHAIR, may=in_need),
    "session.leave": each(*AT_THE_CHAIR, may=in_need),
    "session.hand-over": each(*AT_THE_CHAIR, may=in_need),
    "session.from-paper": each(*AT_THE_CHAIR, may=in_need),
    "devices.order": each(*DOCTORS, may=own_unit),
    "devices.sign": each(*DOCTORS, may=own_unit),
    "devices.check": each(*AT_THE_CHAIR, Role.PHARMACIST, may=in_need),
    "devices.record": each(*AT_THE_CHAIR, may=in_need),
    "devices.strike": each(*AT_THE_CHAIR, may=in_need),
    "monitoring.form": each(*AT_THE_CHAIR, may=in_need),
    "board": each(*CLINICIANS, Role.PHARMACIST, Role.UNIT_LEAD, may=own_unit),
    "board.seen": each(*AT_THE_CHAIR, Role.UNIT_LEAD, may=own_unit),
    "walls": each(Role.NURSE, Role.UNIT_LEAD, Role.ADMINISTRATOR, may=own_unit),
    "wall.hang": each(Role.NURSE, Role.UNIT_LEAD, Role.ADMINISTRATOR, may=own_unit),
    "wall.end": each(Role.NURSE, Role.UNIT_LEAD, Role.ADMINISTRATOR, may=own_unit),
    "monitors": each(Role.NURSE, Role.UNIT_LEAD, Role.ADMINISTRATOR, may=own_unit),
    "monitor.bind": each(Role.NURSE, Role.ADMINISTRATOR, may=own_unit),
    "monitor.release": each(Role.NURSE, Role.ADMINISTRATOR, may=own_unit),
}

PRINT: Mapping[str, Row] = {
    "print.session": each(*CLINICIANS, Role.PHARMACIST, Role.UNIT_LEAD, may=in_need),
    "print.chart": each(*AT_THE_CHAIR, may=in_need),
    "print.charts": each(*AT_THE_CHAIR, Role.UNIT_LEAD, Role.COORDINATOR, may=own_unit),
    "print.blank": each(*AT_THE_CHAIR, Role.UNIT_LEAD, Role.COORDINATOR, may=own_unit),
}

KEEPING = (*AT_THE_CHAIR, Role.PHARMACIST)
"""Who may sign in the ledger of controlled drugs."""
CUPBOARD: Mapping[str, Row] = {
    "cupboard": each(*KEEPING, Role.UNIT_LEAD, may=own_unit),
    "ledger": each(*KEEPING, Role.UNIT_LEAD, may=own_unit),
    "ledger.report": each(*KEEPING, Role.UNIT_LEAD, may=own_unit),
    "print.ledger": each(*KEEPING, Role.UNIT_LEAD, may=own_unit),
    "cabinet.open": each(Role.PHARMACIST, Role.UNIT_LEAD, may=own_unit),
    "holding.open": each(*KEEPING, may=own_unit),
    "ledger.book": each(*KEEPING, may=own_unit),
    "ledger.count": each(*KEEPING, may=own_unit),
    "ledger.correct": each(*KEEPING, may=own_unit),
    "discrepancy.override": each(*DOCTORS, Role.UNIT_LEAD, may=own_unit),
    "discrepancy.settle": each(Role.UNIT_LEAD, may=own_unit),
    "session.drugs": each(*KEEPING, Role.UNIT_LEAD, may=in_need),
    "ledger.withdraw": each(*KEEPING, may=in_need),
    "ledger.settle": each(*KEEPING, may=in_need),
    "ledger.not-given": each(*KEEPING, may=in_need),
    "ledger.anew": each(*KEEPING, may=in_need),
}

TREATMENT: Mapping[str, Row] = {
    "course.decide": each(*DOCTORS, may=own_unit),
    "course.event": each(*CLINICIANS, may=own_unit),
    "course.pause": each(*CLINICIANS, Role.COORDINATOR, may=own_unit),
    "task.acknowledge": each(*CLINICIANS, may=in_need),
    "task.report": each(Role.NURSE, Role.PSYCHOLOGIST, may=in_need),
    "task.confirm": each(*DOCTORS, may=in_need),
}

QUESTIONNAIRES: Mapping[str, Row] = {
    "ratings": each(*CLINICIANS, may=in_need),
    "rating.record": each(*CLINICIANS, may=own_unit),
    "rating.draft": each(*CLINICIANS, may=own_unit),
    "rating.discard": each(*CLINICIANS, may=own_unit),
    "rating": each(*CLINICIANS, Role.UNIT_LEAD, may=in_need),
    "rating.correct": each(*CLINICIANS, may=own_unit),
    "rating.strike": each(*CLINICIANS, may=own_unit),
    "wording": each(Role.UNIT_LEAD, Role.ADMINISTRATOR, may=own_unit),
}

INSIGHT: Mapping[str, Row] = {
    "today": each(*TREATING, may=own_unit),
    "patient": each(*TREATING, may=in_need),
    "evaluation": each(*CLINICIANS, Role.UNIT_LEAD, may=in_need),
    "unit": each(*TREATING, Role.STATISTICIAN, may=own_unit),
    "curves": each(*CLINICIANS, Role.PHARMACIST, Role.UNIT_LEAD, may=own_unit),
    "evidence": each(*TREATING, Role.STATISTICIAN, may=own_unit),
    "evidence.picture": each(*TREATING, Role.STATISTICIAN, may=own_unit),
    "curves.picture": each(*CLINICIANS, Role.PHARMACIST, Role.UNIT_LEAD, may=own_unit),
    "patient.picture": each(*TREATING, may=in_need),
    "evidence.judge": each(*DOCTORS, may=own_unit),
}

REFERRAL: Mapping[str, Row] = {
    "referrals": each(*CLINICIANS, Role.COORDINATOR, Role.UNIT_LEAD, may=once),
    "referral.receive": each(*CLINICIANS, Role.COORDINATOR, may=known),
    "referral.correct": each(*CLINICIANS, Role.COORDINATOR, may=own_unit),
    "referral.second": each(*DOCTORS, may=own_unit),
    "waiting.name": each(*CLINICIANS, Role.COORDINATOR, may=own_unit),
    "waiting.contacted": each(*CLINICIANS, Role.COORDINATOR, may=own_unit),
    "waiting.end": each(*CLINICIANS, Role.COORDINATOR, may=own_unit),
    "history": each(*CLINICIANS, Role.PHARMACIST, may=in_need),
    "history.add": each(*CLINICIANS, Role.PHARMACIST, may=own_unit),
    "history.correct": each(*CLINICIANS, Role.PHARMACIST, may=own_unit),
    "history.strike": each(*CLINICIANS, Role.PHARMACIST, may=own_unit),
}

MEDICINES: Mapping[str, Row] = {
    "medicines": each(*CLINICIANS, Role.PHARMACIST, may=in_need),
    "medicines.ask": each(*CLINICIANS, Role.PHARMACIST, may=own_unit),
    "medicines.timing": each(*DOCTORS, may=own_unit),
    "medicines.strike": each(*CLINICIANS, Role.PHARMACIST, may=own_unit),
    "taper.plan": each(*DOCTORS, may=own_unit),
    "taper.correct": each(*DOCTORS, may=own_unit),
    "taper.look": each(*CLINICIANS, Role.PHARMACIST, may=own_unit),
    "tapers": each(*CLINICIANS, Role.PHARMACIST, may=own_unit),
}

REPORTING = (*CLINICIANS, Role.PHARMACIST)
"""Who enters that something went wrong."""
ANSWERING = (*DOCTORS, Role.PHARMACIST, Role.UNIT_LEAD)
"""Who answers for what is told to others."""
INCIDENTS: Mapping[str, Row] = {
    "incidents": each(*REPORTING, Role.UNIT_LEAD, may=own_unit),
    "patient.incidents": each(*REPORTING, Role.UNIT_LEAD, may=in_need),
    "incident": each(*REPORTING, Role.UNIT_LEAD, may=in_need),
    "incident.report": each(*REPORTING, may=own_unit),
    "incident.unit": each(*REPORTING, Role.UNIT_LEAD, may=own_unit),
    "incident.complete": each(*CLINICIANS, may=own_unit),
    "incident.telephoned": each(*CLINICIANS, may=own_unit),
    "incident.correct": each(*REPORTING, Role.UNIT_LEAD, may=own_unit),
    "incident.strike": each(*REPORTING, Role.UNIT_LEAD, may=own_unit),
    "incident.close": each(*DOCTORS, Role.UNIT_LEAD, may=own_unit),
    "duty.answer": each(*ANSWERING, may=own_unit),
    "duties": each(*REPORTING, Role.UNIT_LEAD, may=own_unit),
    "duty.deadline": each(Role.PSYCHIATRIST, Role.UNIT_LEAD, may=own_unit),
    "print.duty": each(*ANSWERING, may=in_need),
    "after.check": each(*CLINICIANS, may=own_unit),
    "after.strike": each(*CLINICIANS, may=own_unit),
    "safety": each(*REPORTING, Role.UNIT_LEAD, Role.STATISTICIAN, may=own_unit),
}

SUICIDALITY: Mapping[str, Row] = {
    "asking": each(*CLINICIANS, may=own_unit),
    "asking.patient": each(*CLINICIANS, may=in_need),
    "asking.note": each(*CLINICIANS, may=own_unit),
    "asking.strike": each(*CLINICIANS, may=own_unit),
    "safety-plan.write": each(*CLINICIANS, may=own_unit),
    "safety-plan.strike": each(*CLINICIANS, may=own_unit),
    "print.safety-plan": each(*CLINICIANS, may=in_need),
    "rota": each(*CLINICIANS, Role.COORDINATOR, Role.UNIT_LEAD, may=own_unit),
    "rota.plan": each(Role.UNIT_LEAD, may=own_unit),
    "rota.strike": each(Role.UNIT_LEAD, may=own_unit),
    "crisis-text.state": each(Role.PSYCHIATRIST, Role.UNIT_LEAD, may=own_unit),
    "deadlines.state": each(Role.UNIT_LEAD, may=own_unit),
}

OVER_MONTHS: Mapping[str, Row] = {
    "over-months": each(*CLINICIANS, may=own_unit),
    "patient.over-months": each(*CLINICIANS, may=in_need),
    "lab.enter": each(*CLINICIANS, may=own_unit),
    "lab.correct": each(*CLINICIANS, may=own_unit),
    "lab.strike": each(*CLINICIANS, may=own_unit),
    "check.record": each(*CLINICIANS, may=own_unit),
    "check.strike": each(*CLINICIANS, may=own_unit),
    "elsewhere.record": each(*CLINICIANS, may=own_unit),
    "elsewhere.strike": each(*CLINICIANS, may=own_unit),
    "hold.set": each(*DOCTORS, may=own_unit),
    "hold.lift": each(*DOCTORS, may=own_unit),
    "safety-stop": each(*CLINICIANS, may=in_need),
    "safety-stop.decide": each(*DOCTORS, may=own_unit),
    "print.safety-stop": each(*CLINICIANS, may=in_need),
}

DELIVERY: Mapping[str, Row] = {
    "register": each(Role.PSYCHIATRIST, Role.UNIT_LEAD, Role.STATISTICIAN, may=own_unit),
    "register.state": each(Role.UNIT_LEAD, may=own_unit),
    "register.prepare": each(Role.UNIT_LEAD, Role.STATISTICIAN, may=own_unit),
    "register.sign": each(Role.UNIT_LEAD, may=own_unit),
}

BEFORE_TREATMENT: Mapping[str, Row] = {
    "waiting": each(*CLINICIANS, Role.COORDINATOR, Role.UNIT_LEAD, may=own_unit),
    "eligibility": each(*CLINICIANS, may=in_need),
    "referral.decide": each(Role.PSYCHIATRIST, may=own_unit),
    "referral.refuse": each(Role.PSYCHIATRIST, may=own_unit),
    "consent": each(*CLINICIANS, may=ours),
    "consent.record": each(*DOCTORS, may=own_unit),
    "consent.withdraw": each(*CLINICIANS, may=ours),
    "registration.choose": each(*CLINICIANS, may=ours),
    "registration.decide": each(Role.PSYCHIATRIST, Role.UNIT_LEAD, may=own_unit),
    "work_up": each(*CLINICIANS, may=in_need),
    "work_up.record": each(*CLINICIANS, may=own_unit),
    "work_up.strike": each(*CLINICIANS, may=own_unit),
    "administration": each(Role.PSYCHIATRIST, Role.UNIT_LEAD, may=own_unit),
    "protocol.approve": each(Role.PSYCHIATRIST, may=own_unit),
    "protocol.withdraw": each(Role.PSYCHIATRIST, Role.UNIT_LEAD, may=own_unit),
    "unit.concentration": each(*DOCTORS, may=own_unit),
    "complaint-route.state": each(Role.PSYCHIATRIST, Role.UNIT_LEAD, may=own_unit),
    "conditions.state": each(Role.PSYCHIATRIST, Role.UNIT_LEAD, may=own_unit),
    "conditions.correct": each(Role.PSYCHIATRIST, Role.UNIT_LEAD, may=of_the_house),
}

SECTIONS: Mapping[str, Mapping[str, Row]] = {
    "people": PEOPLE,
    "access": ACCESS,
    "sign-in": SIGN_IN,
    "trail": TRAIL,
    "referral": REFERRAL,
    "before": BEFORE_TREATMENT,
    "medicines": MEDICINES,
    "incidents": INCIDENTS,
    "suicidality": SUICIDALITY,
    "over-months": OVER_MONTHS,
    "course": {**COURSE, **TREATMENT},
    "chairside": {**CHAIRSIDE, **PRINT},
    "cupboard": CUPBOARD,
    "questionnaires": QUESTIONNAIRES,
    "insight": INSIGHT,
    "register": DELIVERY,
}
POLICY: Mapping[str, Row] = {
    operation: row for section in SECTIONS.values() for operation, row in section.items()
}
"""A role that a row leaves out may not. A page about nobody in particular is of one's own unit."""

PUBLIC = frozenset(
    {
        *("sign-in", "account_login", "sign-out", "lock", "choose-role", "language"),
        *("mfa_login_webauthn", "mfa_authenticate", "openid_connect_login"),
        *("openid_connect_callback", "helseid", "helseid.callback"),
        *("livez", "readyz", "metrics", "security.txt", "design.guide"),
        *("service-worker", "off-line", "wall"),
    }
)
"""The short list of pages that open without signing in, by the name of the URL."""

OWN_SIGN_IN = frozenset(
    {
        *("present", "confirm", "account_change_password", "mfa_index", "mfa_add_webauthn"),
        *(
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_list_webauthn",
            "mfa_remove_webauthn",
        ),
        *("mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
    }
)
"""Pages about one's own way in: whoever is signed in has them, with a password alone too."""


def permits(operation: str, role: Role, relation: Relation) -> bool:
    return POLICY[operation].get(role, never)(relation)


RATINGS, HISTORY, SESSIONS = Chapter.RATINGS, Chapter.HISTORY, Chapter.SESSIONS
SHOWN: Mapping[str, frozenset[Chapter]] = {
    **dict.fromkeys(
        (
            *("patient", "patient.picture", "course", "evaluation"),
            *("course.decide", "referral.second"),
        ),
        frozenset(Chapter),
    ),
    **dict.fromkeys(
        ("eligibility", "referral.decide", "referral.refuse"), frozenset({RATINGS, HISTORY})
    ),
    **dict.fromkeys(
        ("task.acknowledge", "task.report", "task.confirm", "work_up"), frozenset({RATINGS})
    ),
    "course.record": frozenset({SESSIONS}),
    **dict.fromkeys(
        (operation for operation in QUESTIONNAIRES if operation != "wording"),
        frozenset({RATINGS}),
    ),
    **dict.fromkeys(
        (operation for operation in REFERRAL if operation.startswith("history")),
        frozenset({HISTORY}),
    ),
    **dict.fromkeys(MEDICINES, frozenset({HISTORY})),
    **dict.fromkeys(
        (
            *("asking.patient", "asking.note", "asking.strike", "safety-plan.write"),
            *("safety-plan.strike", "print.safety-plan"),
        ),
        frozenset({RATINGS}),
    ),
    **dict.fromkeys(("medicines", "taper.plan"), frozenset({HISTORY, RATINGS})),
    **dict.fromkeys(INCIDENTS, frozenset({SESSIONS})),
    **dict.fromkeys(OVER_MONTHS, frozenset(Chapter)),
    "print.duty": frozenset({SESSIONS, HISTORY}),
    **dict.fromkeys((*CHAIRSIDE, "print.session", "print.chart"), frozenset({SESSIONS})),
    **dict.fromkeys(
        (
            *("session.drugs", "ledger.withdraw", "ledger.settle", "ledger.not-given"),
            "ledger.anew",
        ),
        frozenset({SESSIONS}),
    ),
}
"""Which parts of the record a page shows: it is closed while one of them is."""


def chapters_of(operation: str) -> frozenset[Chapter]:
    return SHOWN.get(operation, frozenset())
