"""Who sits at the screen: signed out when nobody has touched it, in the language of the reader."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation

from lysglimt.clinic.design.surroundings import Opening, SignedIn

from .models import EmergencyAccess, Professional
from .permissions import POLICY, PUBLIC, permits
from .policy import Relation, Role
from .wordings import ROLES

REMEMBERED_SECONDS = 12 * 60 * 60
"""So long a form that was sent too late still finds the one who typed it."""

BACKGROUND = "X-Background"
"""A page that asks by itself says so, and does not count as somebody being there."""

SIGNER = TimestampSigner(salt="people.presence")


class Presence:
    """Middleware. Sets ``request.signed_in``, ``request.may`` and ``request.last_present``."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = last_present(request, within=REMEMBERED_SECONDS)
        request.last_present = before  # type: ignore[attr-defined]  # a request has what middleware gives it
        theirs = request.user.is_authenticated and before == str(request.user.pk)
        if theirs and last_present(request, within=settings.IDLE_MINUTES * 60) is None:
            logout(request)
        there = isinstance(request.user, Professional)
        if isinstance(request.user, Professional):
            welcome(request, request.user)
        response = self.answer(request)
        if isinstance(request.user, Professional):
            if BACKGROUND not in request.headers:
                remember(response, request.user)
        elif there:
            response.delete_cookie(settings.PRESENCE_COOKIE_NAME)
        return response

    @staticmethod
    def process_view(
        request: HttpRequest, view: Callable[..., HttpResponse], *_: object
    ) -> None:
        """Closed unless said otherwise: a view without a right is for nobody, whoever brought it."""
        found = request.resolver_match
        if getattr(view, "operation", None) is None and (
            found is None or found.view_name not in PUBLIC
        ):
            raise PermissionDenied


def last_present(request: HttpRequest, *, within: int) -> str | None:
    """The key of the one who last used this browser, if that is not longer ago."""
    try:
        return SIGNER.unsign(
            request.COOKIES.get(settings.PRESENCE_COOKIE_NAME, ""), max_age=within
        )
    except BadSignature:
        return None


def welcome(request: HttpRequest, professional: Professional) -> None:
    translation.activate(professional.language)
    request.LANGUAGE_CODE = professional.language
    role = Role(professional.role)
    request.signed_in = SignedIn(  # type: ignore[attr-defined]  # as above
        person=str(professional), role=str(ROLES[role]), unit=professional.unit.name
    )
    request.may = partial(may, role)  # type: ignore[attr-defined]  # as above
    request.openings = openings(professional)  # type: ignore[attr-defined]  # as above


def openings(professional: Professional) -> tuple[Opening, ...]:
    """Emergency accesses that run. Asks only if there may be one."""
    now = timezone.now()
    until = getattr(professional, "emergency_until", None)
    if until is None or until <= now:
        return ()
    running = EmergencyAccess.objects.running(now).filter(by=professional).order_by("until")
    return tuple(
        Opening(
            until=one.until,
            address=reverse("patient", args=[one.patient_id]),
            end_address=reverse("emergency.end", args=[one.pk]),
        )
        for one in running
    )


def may(role: Role, operation: str) -> bool:
    """In one's own unit: what the navigation and the buttons ask."""
    return operation in POLICY and permits(operation, role, Relation.OWN_UNIT)


def remember(response: HttpResponse, professional: Professional) -> None:
    response.set_cookie(
        settings.PRESENCE_COOKIE_NAME,
        SIGNER.sign(str(professional.pk)),
        max_age=REMEMBERED_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
