"""The unit: quality of the data first, then how many came how far, and with what effect."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from lysglimt.clinic.insight.cohort import Cohort, Period
from lysglimt.clinic.insight.departures import departed
from lysglimt.clinic.insight.flow import flow
from lysglimt.clinic.people.access import PatientPage, SignedInRequest, allowed
from lysglimt.clinic.people.models import Patient
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
    referrals = Referral.objects.in_unit(own.pk).with_state()
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
        "may_ask": request.may("odd-accesses"),
    }
    shown: list[Patient] = []
    if request.may("patient"):
        context |= {"tasks": tasks, "departed": departures[:MOST]}
        whom = {task.patient_id for task in tasks} | {one.patient for one in departures[:MOST]}
        shown = list(Patient.objects.filter(pk__in=whom))
        context["cards"] = {patient.pk: patient.card() for patient in shown}
    seen = [patient.pk for patient in shown]
    return PatientPage(request, "insight/unit.html", context, patients=seen)


def asked(request: SignedInRequest) -> Period:
    said = request.GET.get("period", "")
    return Period(said) if said in set(Period) else Period.YEAR
