"""The unit: quality of the data first, then how many came how far, and with what effect."""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from lysglimt.clinic.insight.cohort import Cohort, Period
from lysglimt.clinic.insight.departures import departed
from lysglimt.clinic.insight.flow import flow
from lysglimt.clinic.people.access import PatientPage, SignedInRequest, allowed
from lysglimt.clinic.people.models import Patient, PatientCard
from lysglimt.clinic.referral.models import Referral
from lysglimt.clinic.treatment.models import Course, SafetyTask
from lysglimt.clinic.treatment.record import records_of

MOST = 50
"""Departures named on the page; how many there are in all is said."""


@require_GET
@allowed("unit")
def unit(request: SignedInRequest) -> HttpResponse:
    today, own = timezone.localdate(), request.user.unit
    period = asked(request)
    since = period.begins(today)
    courses = Course.objects.in_unit(own.pk).with_standpoint()
    cohort = Cohort.of(records_of(list(courses)), since=since, on=today)
    referrals = list(Referral.objects.in_unit(own.pk).with_state().select_related("patient"))
    departures = departed(own, cohort.treated, since=since)
    tasks = list(SafetyTask.objects.overdue(timezone.now()).in_unit(own.pk))
    context: dict[str, object] = {
        "unit": own,
        "period": period,
        "periods": list(Period),
        "cohort": cohort,
        "flow": flow(referrals, cohort, since=since),
        "overdue": len(tasks),
        "departures": len(departures),
        "may_load": request.may("wording"),
    }
    cards: dict[UUID, PatientCard] = {}
    if request.may("patient"):
        whom = {one.patient for one in departures[:MOST]} | {one.patient_id for one in tasks}
        cards = named(whom, known=[*tasks, *referrals])
        context |= {"tasks": tasks, "departed": departures[:MOST], "cards": cards}
    return PatientPage(request, "insight/unit.html", context, patients=cards)


def named(
    whom: set[UUID], *, known: Iterable[SafetyTask | Referral]
) -> dict[UUID, PatientCard]:
    """By what is at hand; only who came without a referral is asked for."""
    patients = {row.patient_id: row.patient for row in known}
    unknown = whom - patients.keys()
    if unknown:
        patients |= Patient.objects.in_bulk(unknown)
    return {pk: patients[pk].card() for pk in whom}


def asked(request: SignedInRequest) -> Period:
    said = request.GET.get("period", "")
    return Period(said) if said in set(Period) else Period.YEAR
