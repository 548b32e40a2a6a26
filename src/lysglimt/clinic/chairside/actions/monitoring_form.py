"""The answers of the form for monitoring after nasal esketamine, kept with the session."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from lysglimt.clinic.chairside.models import MonitoringForm, Session
from lysglimt.clinic.chairside.ready_early import FIELD, ready_as_told
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment.actions import stamped
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.protocols.state import RULE_VERSION

from .finishing import DevicesNotOver
from .turns import locked


class FormWritten(ClinicalError):
    """Another has begun the form of this session; it is changed, not written twice."""

    code = "monitoring-form.written"


class FormChanged(ClinicalError):
    """Another changed the form after it was read: what is saved replaces what was read, and no more."""

    code = "monitoring-form.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAnswered:
    """By field what was said; a field that is not there is not answered.

    ``seen`` is the revision that was read before it was changed.
    """

    answers: Mapping[str, Mapping[str, Any]]
    seen: int = 0


@transaction.atomic
def record_monitoring_form(
    *,
    session: Session,
    said: FormAnswered,
    entered: Entered,
    by: Professional,
    at: datetime,
) -> MonitoringForm:
    """Raises DevicesNotOver before the first device, and FormWritten."""
    here = locked(session.pk)
    others = MonitoringForm.objects.filter(session=here).exclude(entry=entered.entry)
    if others.exists():
        raise FormWritten("The form of this session is begun.", field="form")
    row = MonitoringForm(
        session=here, **columns(here, said, at=at), **stamped(entered, by=by, at=at)
    )
    patients = [here.course.patient_id]
    return people.enter(row, operation="monitoring.form", patients=patients)


@transaction.atomic
def change_monitoring_form(
    *, form: MonitoringForm, said: FormAnswered, by: Professional, at: datetime, reason: str
) -> MonitoringForm:
    """The next revision of it. Raises FormChanged, unless what stands says the same."""
    here = locked(form.session_id)
    newest = MonitoringForm.objects.in_force().filter(entry=form.entry).first()
    if newest is None or newest.revision != said.seen:
        if newest and newest.answers == {**said.answers}:
            return newest
        raise FormChanged("The form was changed after it was read.", field="form")
    return people.correct(
        form,
        by=by,
        at=at,
        operation="monitoring.form.change",
        patients=[here.course.patient_id],
        reason=reason,
        **columns(here, said, at=at),
    )


def columns(session: Session, said: FormAnswered, *, at: datetime) -> dict[str, Any]:
    sheet = sheet_of(session, now=at)
    if sheet.started is None:
        raise DevicesNotOver("No device has been given.", field="devices")
    told = said.answers.get(FIELD, {}).get("said", "")
    clock = told if told[:1].isdecimal() else ""
    return {
        "answers": {name: dict(answer) for name, answer in said.answers.items()},
        "answered": sorted(said.answers),
        "ready_at": ready_as_told(sheet, clock),
        "rule_version": RULE_VERSION,
    }
