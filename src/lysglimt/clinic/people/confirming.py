"""Whoever signs has lately said who they are: asked on the way, and nothing typed is lost."""

from datetime import UTC, datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from . import actions
from .models import Professional
from .sign_in_forms import ConfirmByPasskeyForm
from .signed_out import NEVER_KEPT, page_of
from .signing import SIGNED
from .wordings import REFUSED_AT_THE_DOOR

ARRIVED = "socialaccount"
"""What django-allauth notes when one comes back from a provider; we note when one proved it."""

PASSWORD, CREDENTIAL = "confirm-password", "confirm-credential"


def signed_in(request: HttpRequest) -> Professional:
    """Asked of those who are signed in alone."""
    if not isinstance(request.user, Professional):
        raise PermissionDenied
    return request.user


def is_fresh(request: HttpRequest) -> bool:
    """Did they say who they are within the minutes that the clinic has set?

    In a demonstration nobody has a password: there everyone counts as fresh.
    """
    if settings.DEMO:
        return True
    records = get_authentication_records(request, signed_in(request))
    newest = max((one["at"] for one in records if one["method"] != ARRIVED), default=0.0)
    limit = timedelta(minutes=settings.CONFIRM_MINUTES)
    return timezone.now() - datetime.fromtimestamp(newest, UTC) < limit


def by_password(request: HttpRequest, who: Professional) -> bool:
    """Of the sign-in that runs, or of the one that is under way."""
    records = get_authentication_records(request, who)
    return any(one["method"] == "password" for one in records)


def unconfirmed(request: HttpRequest, operation: str) -> HttpResponse | None:
    """The page that asks first, when a signature is posted that is not fresh; else nothing.

    The page carries what was typed and posts it to the same address, beside the password: the
    server keeps nothing, and the view never knows. A colleague's password is not carried: the
    page would show it. They type it once more.
    """
    if request.method != "POST" or operation not in SIGNED or is_fresh(request):
        return None
    asked = {PASSWORD, CREDENTIAL} & request.POST.keys()
    said = request.POST.copy()
    fault = confirm(request) if asked else ""
    if asked and not fault:
        for name in (PASSWORD, CREDENTIAL):
            said.pop(name, None)
        request.POST = QueryDict(said.urlencode(), encoding=said.encoding)
        return None
    carried = [
        (name, value)
        for name, values in said.lists()
        if name not in NEVER_KEPT
        for value in values
    ]
    return ask(request, fault=fault, carried=carried)


def ask(
    request: HttpRequest, *, fault: str = "", carried: list[tuple[str, str]] | None = None
) -> HttpResponse:
    """By password, or by passkey for those who have one."""
    user = signed_in(request)
    passkey = is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN])
    context = {
        "carried": carried or [],
        "fault": fault,
        "password": user.has_usable_password(),
        "js_data": {"request_options": begin_authentication(user)} if passkey else None,
        "minutes": settings.CONFIRM_MINUTES,
        "back": page_of(request),
    }
    return render(request, "people/confirm.html", context)


def confirm(request: HttpRequest) -> str:
    """Nothing when it is they, else what is wrong, in words."""
    user = signed_in(request)
    if credential := request.POST.get(CREDENTIAL):
        form = ConfirmByPasskeyForm(user=user, data={"credential": credential})
        if form.is_valid():
            passkey = form.cleaned_data["credential"]
            post_authentication(request, passkey, reauthenticated=True)
            return ""
        fault = " ".join(map(str, form.errors.get("credential", [])))
    else:
        fault = wrong_password(request, user, request.POST.get(PASSWORD, ""))
        if not fault:
            record_authentication(request, user, method="password", reauthenticated=True)
    if fault:
        actions.note(by=user, at=timezone.now(), what="confirm.refused")
    return fault


def wrong_password(request: HttpRequest, who: Professional, password: str) -> str:
    """Nothing when it is theirs, else what is wrong. Counted as at the door, and on the trail."""
    accounts = get_adapter(request)
    try:
        right = accounts.reauthenticate(who, password)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    if right and who.given_until is not None:
        return str(REFUSED_AT_THE_DOOR["not_their_own"])
    return "" if right else " ".join(accounts.validation_error("incorrect_password").messages)
