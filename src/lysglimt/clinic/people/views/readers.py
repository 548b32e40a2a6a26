"""Who has seen this record: for the patient, and for those who answer for the unit."""

from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from lysglimt.clinic.audit.accesses import accesses, visits
from lysglimt.clinic.people.access import SignedInRequest, allowed, patient_page
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.readers import lines

SHOWN = timedelta(days=365)
"""What is older is shown on asking."""


@require_GET
@allowed("readers", of=Patient)
def readers(request: SignedInRequest, patient: Patient) -> HttpResponse:
    now = timezone.now()
    since = None if "all" in request.GET else now - SHOWN
    seen = tuple(lines(visits(accesses(patient.pk, since=since))))
    return patient_page(
        request, patient.card(), "people/readers.html", lines=seen, since=since, now=now
    )
