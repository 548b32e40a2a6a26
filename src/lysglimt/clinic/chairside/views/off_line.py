"""What a tablet keeps for when the network is gone: the shell, without a name, and one session's plan."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_GET, require_safe

from lysglimt.clinic.chairside.forms.timing import AGO
from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.chairside.off_line import taken_along
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.chairside.shell import worker
from lysglimt.clinic.chairside.wordings import off_line_words
from lysglimt.clinic.design.surroundings import LANGUAGES
from lysglimt.clinic.people.access import PatientFile, SignedInRequest, allowed

from .outbox import refuse_other_units


@require_safe
def service_worker(_: HttpRequest) -> HttpResponse:
    """At the root, so that it sees every page; named by what it keeps, so that a new one is new."""
    return HttpResponse(worker(), content_type="text/javascript; charset=utf-8")


@require_safe
def off_line(request: HttpRequest, language: str) -> HttpResponse:
    """The chart page of the shell: the same for everybody, whoever asks for it."""
    if language not in dict(LANGUAGES):
        raise Http404
    with translation.override(language):
        told = {"language": language, "words": off_line_words(), "ago": AGO}
        return render(request, "chairside/off_line.html", told)


@require_GET
@allowed("session.off-line", of=Session)
def plan(request: SignedInRequest, session: Session) -> HttpResponse:
    """The plan, and the key that seals on the tablet what is typed by it: for the session's own unit."""
    refuse_other_units(request, session)
    sheet = sheet_of(session, now=timezone.now())
    return PatientFile(JsonResponse(taken_along(sheet)), patients=[session.course.patient_id])
