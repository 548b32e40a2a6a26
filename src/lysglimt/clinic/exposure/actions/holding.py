"""What holds the treatment: set by a doctor, and lifted by one, or by two where it is to be stopped."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from lysglimt.clinic.exposure.beside import DOCTOR, over_months_of
from lysglimt.clinic.exposure.models import CheckMade, HoldLifted, Said
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.people.signing import refuse_all_but_doctors
from lysglimt.clinic.referral.actions import finding_as_written
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.ledger.persons import Signer
from lysglimt.knowledge.safety.holding import Hold

DOCTORS_HOLD = "doctors-hold"
"""The check by which a doctor's own hold is kept."""


class HoldChanged(ClinicalError):
    """Something else holds the treatment than what the doctor has read."""

    code = "hold.changed"


class TakesTwoDoctors(ClinicalError):
    """What is to be stopped goes on by two doctors, as at the start check: two persons, not two accounts of one."""

    code = "hold.takes-two"


def set_hold(
    *, patient: Patient, told: str, entered: Entered, by: Professional, at: datetime
) -> CheckMade:
    """A doctor puts the treatment on hold, by no result. Raises NotADoctor."""
    refuse_all_but_doctors(by, field="by")
    row = CheckMade(
        patient=patient,
        unit=by.unit,
        item=DOCTORS_HOLD,
        made=True,
        made_on=on_day(entered.happened_at),
        answers={DOCTOR: Said.YES.value},
        told=told,
        by=by,
        received_at=at,
        **asdict(entered),
    )
    return people.enter(row, operation="hold.set", patients=[patient.pk])


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """``keys`` are the results that the doctor has read, ``told`` why the treatment goes on.

    ``name`` is that of the hold, or of the question that is answered for. ``second`` is the other
    doctor, of what is to be stopped.
    """

    name: str
    keys: Sequence[str]
    told: str
    second: Professional | None = None


@transaction.atomic
def lift_hold(
    *, patient: Patient, lifted: Lifted, entered: Entered, by: Professional, at: datetime
) -> HoldLifted:
    """A doctor signs. What comes later holds anew. Raises NotADoctor, HoldChanged, TakesTwoDoctors."""
    refuse_all_but_doctors(by, field="by")
    locked = Patient.objects.select_for_update().get(pk=patient.pk)
    known: HoldLifted | None = HoldLifted.objects.filter(entry=entered.entry).first()
    if known is not None:
        return known
    hold = the_hold(locked, lifted.name)
    if hold is None or sorted(hold.keys) != sorted(lifted.keys):
        raise HoldChanged("Something else holds the treatment now.", field="")
    if hold.stops:
        refuse_one_doctor(lifted.second, by=by)
    row = HoldLifted(
        patient=locked,
        unit=by.unit,
        rule=hold.rule,
        keys=list(hold.keys),
        findings=[finding_as_written(hold.told)],
        told=lifted.told,
        second=lifted.second if hold.stops else None,
        by=by,
        received_at=at,
        **asdict(entered),
    )
    return people.enter(row, operation="hold.lift", patients=[patient.pk])


def the_hold(patient: Patient, name: str) -> Hold | None:
    """None where nothing of this name holds, or is asked, any more."""
    return next((one for one in over_months_of(patient).waits if one.name == name), None)


def refuse_one_doctor(second: Professional | None, *, by: Professional) -> None:
    """Raises TakesTwoDoctors."""
    doctor = second is not None and second.role in DOCTORS
    if second is None or not doctor or signer(by).same_person(signer(second)):
        raise TakesTwoDoctors("Another doctor signs, too.", field="checked_by")


def signer(who: Professional) -> Signer:
    return Signer(account=who.pk, number=who.hpr_number, name=who.display_name)
