"""What every request goes through: an id, no copies on the way, refusals as pages."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from lysglimt.clinic.audit.circumstances import under
from lysglimt.knowledge.errors import ClinicalError

Answer = Callable[[HttpRequest], HttpResponse]
WATCHED = frozenset({"/livez", "/readyz", "/metrics"})
"""Asked by whoever watches the server, by its number."""
SOUND_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

CONFLICTS = frozenset(
    {
        *("fact.contradicted", "patient.registered", "appointment.chair-taken", "course.open"),
        *("course.basis-chosen", "order.changed", "order.written", "discharge.changed"),
        *("discharge.written", "task.acknowledged", "eligibility.already-signed"),
        *(
            "eligibility.decision-gone",
            "eligibility.not-newest",
            *("eligibility.decision-pending", "eligibility.found-since"),
        ),
    }
)
"""Refused since something else is there by now: 409. Everything else is 422."""


@dataclass(frozen=True, slots=True)
class RequestId:
    """One id through log, trail and answer; a proxy may bring its own."""

    answer: Answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        brought = request.headers.get("X-Request-Id", "")
        request_id = brought if SOUND_ID.fullmatch(brought) else str(uuid.uuid4())
        request.request_id = request_id  # type: ignore[attr-defined]  # for the log, which writes after this is left
        with under(request_id=request_id, origin="page"):
            response = self.answer(request)
        response.headers["X-Request-Id"] = request_id
        return response


@dataclass(frozen=True, slots=True)
class NoStore:
    """No browser, no proxy keeps a page: the next one at this tablet is someone else."""

    answer: Answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


@dataclass(frozen=True, slots=True)
class OwnName:
    """Asked for by a name that is not the clinic's: 400, and a line in the log."""

    answer: Answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path not in WATCHED:
            request.get_host()
        return self.answer(request)


@dataclass(frozen=True, slots=True)
class ChosenLanguage:
    """Bokmål, until this browser's reader chooses English; what a browser asks for is no choice."""

    answer: Answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        chosen = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen
        response = self.answer(request)
        # Whoever is signed in may read another one.
        response.headers.setdefault("Content-Language", translation.get_language() or chosen)
        return response


class Refusals:
    """A clinical refusal is a page that says why, by its code: 409 on a conflict, else 422."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if not isinstance(exception, ClinicalError):
            return None
        status = 409 if exception.code in CONFLICTS else 422
        return render(request, "refused.html", {"refusal": exception}, status=status)
