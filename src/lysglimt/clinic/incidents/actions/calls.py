"""A call after a session, and what it asks a doctor for."""

from dataclasses import dataclass, field, fields
from datetime import datetime

from django.db import transaction

from lysglimt.clinic.exposure.actions import refuse_what_holds
from lysglimt.clinic.exposure.beside import row_key
from lysglimt.clinic.incidents.models import AfterCheck, Answer, Reach
from lysglimt.clinic.incidents.rules import ECG, SUICIDE_TOLD
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.actions import stamped
from lysglimt.clinic.treatment.models import SessionGiven


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """How a call went and what was said; ``doctor`` is told where something asks for one."""

    which: str
    reach: Reach
    symptoms: list[str] = field(default_factory=list)
    palpitations: str = ""
    suicide: str = ""
    elsewhere: str = ""
    told: str = ""
    doctor: Professional | None = None

    @property
    def asks(self) -> tuple[str, ...]:
        """The rules by which a doctor is asked."""
        found = ((ECG, self.palpitations), (SUICIDE_TOLD, self.suicide))
        return tuple(rule for rule, said in found if said == Answer.YES)


@transaction.atomic
def strike_call(
    *, check: AfterCheck, by: Professional, at: datetime, reason: str
) -> AfterCheck:
    """Entered in error, or of another patient: it stays, struck through, and the call is due again.

    Raises HeldByThis.
    """
    refuse_what_holds(row_key(check), patient=check.given.course.patient_id, by=by)
    return people.withdraw(
        check,
        by=by,
        at=at,
        operation="after.strike",
        patients=[check.given.course.patient_id],
        reason=reason,
    )


@transaction.atomic
def record_call(
    *, given: SessionGiven, called: Called, entered: Entered, by: Professional, at: datetime
) -> AfterCheck:
    """Palpitations or fainting ask for an ECG, and what is said of suicide for a doctor now."""
    said = {one.name: getattr(called, one.name) for one in fields(called)}
    row = AfterCheck(
        given=given, **said | {"reach": called.reach.value}, **stamped(entered, by=by, at=at)
    )
    patient = given.course.patient
    # Sent twice it is asked once: what it asked for may be answered by now.
    before = AfterCheck.objects.filter(entry=entered.entry).exists()
    stored = people.enter(row, operation="after.check", patients=[patient.pk])
    for rule in () if before else called.asks:
        whom = treatment.Whom(person=called.doctor or by, by_name=True)
        treatment.ask_for_a_doctor(patient=patient, rule=rule, receiver=whom, by=by, at=at)
    return stored
