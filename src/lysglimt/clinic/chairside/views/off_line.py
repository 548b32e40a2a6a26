"""What a tablet keeps for when the network is gone: the shell, without a name, and one session's plan."""

import json
from pathlib import Path
from zlib import crc32

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_GET, require_safe

from lysglimt.clinic.chairside.forms.timing import AGO
from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.chairside.off_line import taken_along
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.chairside.wordings import off_line_words
from lysglimt.clinic.design.surroundings import LANGUAGES
from lysglimt.clinic.people.access import PatientFile, SignedInRequest, allowed

from .outbox import refuse_other_units

SCRIPTS = (
    *("off-line-page.js", "off-line-store.js", "off-line-seal.js", "off-line-clock.js"),
    *("off-line-row.js", "off-line-list.js", "off-line-outbox.js"),
)
DRAWN = (
    "design/designsystemet/designsystemet.css",
    "design/lysglimt.css",
    "design/lysglimt.svg",
    "design/inter/inter-latin-wght-normal.woff2",
    "design/inter/inter-latin-ext-wght-normal.woff2",
    "chairside/chairside.css",
)
WORKER = Path(__file__).parents[1] / "static" / "chairside" / "service-worker.js"


def shell() -> list[str]:
    """Everything that the page without the network is made of."""
    pages = [reverse("off-line", args=[code]) for code, _ in LANGUAGES]
    return [*pages, *(static(name) for name in (*DRAWN, *(f"chairside/{s}" for s in SCRIPTS)))]


@require_safe
def service_worker(_: HttpRequest) -> HttpResponse:
    """At the root, so that it sees every page; named by what it keeps, so that a new one is new."""
    body, kept = WORKER.read_text(encoding="utf-8"), json.dumps(shell())
    named = crc32(f"{kept}{body}".encode())
    said = f'const SHELL = {kept};\nconst NAME = "lysglimt-{named:08x}";\n{body}'
    return HttpResponse(said, content_type="text/javascript; charset=utf-8")


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
