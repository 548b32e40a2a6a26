"""A page that asks anew by itself: no body where it says the same, and no read that was logged already."""

import re
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.timezone import localtime

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.people.access import PatientFile, PatientPage, SignedInRequest
from lysglimt.clinic.people.signed_out import BACKGROUND
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.sealing.values import derived

SEEN, CLOCK = "X-Seen", "X-Clock"
MADE_ANEW = re.compile(r"<input[^>]*type=.hidden.[^>]*>|value=.\w* ?[0-9a-f]{8}-[0-9a-f-]{27}.")
"""Of forms and buttons: others at every answer, and nothing that is shown."""


def by_itself(request: HttpRequest) -> bool:
    return BACKGROUND in request.headers


def shown_to(request: SignedInRequest, *whom: object, at: datetime) -> str:
    """Follows from who reads, the day and whom: who has it was shown them, and that is logged."""
    return derived("shown", str(request.user.pk), str(on_day(at)), *map(str, whom)).hex()[:32]


def clock(at: datetime) -> str:
    return f"{localtime(at, OSLO):%H:%M:%S}"


def asked_anew(request: HttpRequest, body: str, *, at: datetime) -> HttpResponse:
    """No body where it says what it said before: the time of the answer alone."""
    tag = f'"{derived("answer", MADE_ANEW.sub("", body)).hex()[:24]}"'
    same = request.headers.get("If-None-Match") == tag
    answer = HttpResponseNotModified() if same else HttpResponse(body)
    answer.headers["ETag"] = tag
    answer.headers[CLOCK] = clock(at)
    return answer


def followed(request: SignedInRequest, page: PatientPage, session: Session) -> HttpResponse:
    """What of a session's page changes when others chart; the name is on the page already."""
    now = timezone.now()
    page.template_name = "chairside/live.html"
    answer = asked_anew(request, str(page.rendered_content), at=now)
    known = request.headers.get(SEEN) == shown_to(request, session.pk, at=now)
    return answer if known else PatientFile(answer, patients=page.patients)
