"""The unit: quality of the data first, then how many came how far, and with what effect."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q, Value
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from lysglimt.clinic.insight.cohort import Cohort, Period
from lysglimt.clinic.insight.departures import Closed, departed
from lysglimt.clinic.insight.flow import flow
from lysglimt.clinic.insight.observed import observed, observed_beside
from lysglimt.clinic.insight.suicide_items import answer_to, still_open
from lysglimt.clinic.people.access import PatientPage, SignedInRequest, allowed
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.models import Patient, PatientCard, Professional
from lysglimt.clinic.people.permissions import chapters_of
from lysglimt.clinic.people.standing import blocked, shut_out
from lysglimt.clinic.referral.models import Referral
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.clinic.suicidality.deadlines import answering_beside, answering_in
from lysglimt.clinic.treatment.models import Course, SafetyTask
from lysglimt.clinic.treatment.record import records_of
from lysglimt.knowledge.safety.answering import AnswerTimes, TaskTimes, answer_times

MOST = 50
"""Departures named on the page; how many there are in all is said."""
MAY = {
    "may_load": "wording",
    "may_register": "register",
    "may_ask": "odd-accesses",
    "may_compare": "curves",
    "may_rota": "rota",
}
"""The pages that are offered beside it, to those who may open them."""


@require_GET
@allowed("unit")
def unit(request: SignedInRequest) -> HttpResponse:
    today, now, own = timezone.localdate(), timezone.now(), request.user.unit
    period = asked(request)
    since = period.begins(today)
    courses = list(
        Course.objects.in_unit(own.pk)
        .with_standpoint()
        .annotate(**observed_beside(own.pk, since=since))
    )
    cohort = Cohort.of(records_of(courses), since=since, on=today)
    referrals = list(Referral.objects.in_unit(own.pk).with_state().select_related("patient"))
    closed_here = closed_to(request, at=now)
    departures = departed(own, cohort.treated, since=since, closed=closed_here)
    of_period = tasks_of(own.pk, since=since)
    tasks = [task for task in still_open(of_period) if task.due_at < now]
    context: dict[str, object] = {
        "unit": own,
        "period": period,
        "periods": list(Period),
        "cohort": cohort,
        "observed": observed(courses),
        "flow": flow(referrals, cohort, since=since),
        "overdue": len(tasks),
        "departures": len(departures),
        "answers": answers_in(of_period, now=now),
        **{name: request.may(operation) for name, operation in MAY.items()},
    }
    cards: dict[UUID, PatientCard] = {}
    if request.may("patient"):
        closed = shut_out(request.user, at=now)
        tasks = [task for task in tasks if task.patient_id not in closed]
        departures = [one for one in departures if one.patient not in closed]
        whom = {one.patient for one in departures[:MOST]} | {one.patient_id for one in tasks}
        cards = named(whom, known=[*tasks, *referrals], by=request.user)
        context |= {"tasks": tasks, "departed": departures[:MOST], "cards": cards}
    return PatientPage(request, "insight/unit.html", context, patients=cards)


def tasks_of(unit: UUID, *, since: date) -> list[SafetyTask]:
    """Opened since then, or open; each with what the unit has chosen beside it. One question."""
    rows = SafetyTask.objects.in_unit(unit).annotate(**answering_beside(unit))
    if since > date.min:
        begins = datetime.combine(since, time(), tzinfo=OSLO)
        rows = rows.filter(Q(opened_at__gte=begins) | Q(acknowledgement__isnull=True))
    return list(rows.by_urgency().select_related("patient", "receiver", "acknowledgement"))


def answers_in(tasks: Iterable[SafetyTask], *, now: datetime) -> AnswerTimes:
    """How soon they were answered."""
    return answer_times(
        (
            TaskTimes(
                one.opened_at,
                answering_in(vars(one)).answer_by(one),
                said.at if said else None,
            )
            for one in tasks
            for said in [answer_to(one)]
        ),
        now=now,
    )


TOLD_HERE = frozenset({"eligibility"})
"""Which criterion was answered for, and why, is this page's to tell, whoever may open the rest."""


def closed_to(request: SignedInRequest, *, at: datetime) -> Closed:
    """By the patient, or because the reader's profession does not open it."""

    def closed(patient: str, *operations: str) -> Any:
        if not all(map(request.may, {*operations} - TOLD_HERE)):
            return Value(value=True)
        chapters = frozenset[Chapter]().union(*map(chapters_of, operations))
        return blocked(patient, request.user, chapters=chapters, at=at)

    return closed


def named(
    whom: set[UUID], *, known: Iterable[SafetyTask | Referral], by: Professional
) -> dict[UUID, PatientCard]:
    """By what is at hand; only who came without a referral is asked for."""
    patients = {row.patient_id: row.patient for row in known}
    unknown = whom - patients.keys()
    if unknown:
        patients |= Patient.objects.for_professional(by).in_bulk(unknown)
    return {pk: patients[pk].card() for pk in whom}


def asked(request: SignedInRequest) -> Period:
    said = request.GET.get("period", "")
    return Period(said) if said in set(Period) else Period.YEAR
