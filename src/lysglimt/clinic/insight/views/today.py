"""Today in the unit: who sits where and when, and what is not in place."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from lysglimt.clinic.people.access import PatientPage, SignedInRequest, allowed


@require_GET
@allowed("today")
def today(request: SignedInRequest) -> HttpResponse:
    return PatientPage(request, "insight/today.html", {}, patients=())
