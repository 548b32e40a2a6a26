"""The waiting list of a unit."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from lysglimt.clinic.people.access import PatientPage, SignedInRequest, allowed
from lysglimt.clinic.people.standing import shut_out
from lysglimt.clinic.treatment.waiting_list import waiting_list


@require_GET
@allowed("waiting")
def show(request: SignedInRequest) -> HttpResponse:
    closed = shut_out(request.user, at=timezone.now())
    listed = waiting_list(request.user.unit, on=timezone.localdate(), but=closed)
    seen = dict.fromkeys(one.card.id for one in listed.everyone)
    return PatientPage(request, "treatment/waiting.html", {"listed": listed}, patients=seen)
