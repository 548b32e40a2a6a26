"""Who sits at the screen: locked when nobody has touched it, in the language of the reader."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from lysglimt.clinic.design.surroundings import Opening, SignedIn

from . import actions, sign_ins
from .confirming import by_password
from .models import EmergencyAccess, Professional
from .permissions import OWN_SIGN_IN, POLICY, PUBLIC, permits
from .policy import Relation, Role
from .reach import NOBODY, Reach, reaching
from .signed_out import BACKGROUND, settle
from .wordings import ROLES

REMEMBERED_SECONDS = 12 * 60 * 60
"""So long a form that was sent too late still finds the one who typed it."""

SIGNER = TimestampSigner(salt="people.presence")


class Presence:
    """Middleware. Sets ``signed_in``, ``may``, ``last_present`` and ``lock_after`` (seconds).

    Whether somebody was there is kept with the sign-in on the server. The cookie only tells
    whose form it is that comes too late.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        vars(request)["last_present"] = last_present(request)
        with reaching(as_signed_in(request)):
            response = self.answered(request)
        if isinstance(request.user, Professional):
            settle(request, response)
            if BACKGROUND not in request.headers:
                sign_ins.keep_steady(request)
                remember(response, request.user)
        return response

    def answered(self, request: HttpRequest) -> HttpResponse:
        there = request.user
        if isinstance(there, Professional) and sign_ins.has_run_out(request):
            actions.note(by=there, at=timezone.now(), what="sign-in.ran-out")
            logout(request)
        if not isinstance(request.user, Professional):
            with reaching(NOBODY):
                return self.answer(request)
        welcome(request, request.user)
        return self.answer(request)

    @staticmethod
    def process_view(
        request: HttpRequest, view: Callable[..., HttpResponse], *_: object
    ) -> HttpResponse | None:
        """Closed unless said otherwise: a view without a right is for nobody, whoever brought it.

        With a password alone nobody reads: first a second factor is set up. With somebody
        else's password not even that: first its owner makes one.
        """
        found = request.resolver_match
        name = found.view_name if found else ""
        if getattr(view, "operation", None) is None and name not in PUBLIC | OWN_SIGN_IN:
            raise PermissionDenied
        if name not in PUBLIC | {"present", "account_change_password"} and owes_password(
            request
        ):
            return redirect("account_change_password")
        weak = isinstance(request.user, Professional) and not is_strong(request)
        if weak and name not in PUBLIC | OWN_SIGN_IN:
            return redirect("mfa_index")
        return None


def as_signed_in(request: HttpRequest) -> Reach:
    """Before it is looked up who that is: even their emergencies are rows of a house."""
    key = request.session.get(SESSION_KEY, "")
    return Reach(professional=int(key)) if key.isdecimal() else NOBODY


def is_strong(request: HttpRequest) -> bool:
    """In a demonstration there is nothing to protect, and everyone chooses a role."""
    return settings.DEMO or bool(request.session.get(sign_ins.SECOND_FACTOR))


def owes_password(request: HttpRequest) -> bool:
    """They came in by a password that somebody else has typed."""
    who = request.user
    return (
        isinstance(who, Professional)
        and who.given_until is not None
        and by_password(request, who)
    )


def last_present(request: HttpRequest) -> str | None:
    """The key of the one who last used this browser, if that is not longer ago than a shift."""
    cookie = request.COOKIES.get(settings.PRESENCE_COOKIE_NAME, "")
    try:
        return SIGNER.unsign(cookie, max_age=REMEMBERED_SECONDS)
    except BadSignature:
        return None


def welcome(request: HttpRequest, professional: Professional) -> None:
    translation.activate(professional.language)
    request.LANGUAGE_CODE = professional.language
    role = Role(professional.role)
    strong = is_strong(request)
    given = vars(request)
    given["signed_in"] = SignedIn(
        person=str(professional),
        role=str(ROLES[role]),
        unit=professional.unit.name,
        unit_key=str(professional.unit_id),
    )
    given["lock_after"] = int(sign_ins.idle_limit(request).total_seconds())
    given["may"] = partial(may, role) if strong else lambda _: False
    given["openings"] = openings(professional)


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
