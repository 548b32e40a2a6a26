"""What django-allauth asks of the clinic: who may come in, what is told, what leaves a trail."""

import math
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.internal.flows import trust
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from . import actions, confirming, second_factors, sign_ins
from .knocking import note_lockout, note_refusal, place, wait
from .models import Professional
from .signed_out import welcomed
from .vouching import proved_at
from .wordings import REFUSED_AT_THE_DOOR, TOLD

MAIN = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor; recovery codes only stand in for it."""

ASKED_AT = "provider-asked-at"
"""In a sign-in that is under way: when the hospital's provider was asked who is there."""

SHOWN = frozenset({"own", "provider"})
"""Second factors that were shown in this very sign-in, not in one before it."""

CHANGES = {
    "mfa/email/totp_activated": "second-factor.app-added",
    "mfa/email/totp_deactivated": "second-factor.app-removed",
    "mfa/email/webauthn_added": "second-factor.passkey-added",
    "mfa/email/webauthn_removed": "second-factor.passkey-removed",
    "mfa/email/recovery_codes_generated": "second-factor.codes-made",
    "account/email/password_changed": "password.changed",
}
"""The letters that django-allauth would write, and what the trail calls what they tell of."""


class Accounts(DefaultAccountAdapter):
    """Signing in, by whatever means."""

    def is_open_for_signup(self, *_: Any, **__: Any) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note_lockout(request, credentials.get("username", ""))
            raise

    def authentication_failed(self, *_: Any, **credentials: Any) -> None:
        name = credentials.get("username", "")
        note_refusal(Professional.objects.filter(username__iexact=name).first(), "password")

    def get_login_stages(self) -> list[str]:
        return [f"{__name__}.{SecondFactorStage.__name__}"]

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        note_refusal(user, "deactivated")
        messages.error(request, str(REFUSED_AT_THE_DOOR["account_inactive"]))
        return redirect("sign-in")

    def pre_login(self, request: HttpRequest, user: Any, **said: Any) -> HttpResponse | None:
        """The password is right; one that somebody else typed lasts a few days."""
        until = user.given_until
        if until and until <= timezone.now() and confirming.by_password(request, user):
            note_refusal(user, "password-ran-out")
            messages.error(request, str(REFUSED_AT_THE_DOOR["password_ran_out"]))
            return redirect("sign-in")
        answer: HttpResponse | None = super().pre_login(request, user, **said)
        return answer

    def post_login(self, request: HttpRequest, user: Any, **said: Any) -> HttpResponse:
        shown = second_factor(request, user)
        sign_ins.begin(request, second_factor=shown)
        answer: HttpResponse = super().post_login(request, user, **said)
        actions.note_sign_in(
            by=user, at=timezone.now(), how=f"{way(request, user)} {place(request)}"
        )
        remember_second_factor(request, user, answer)
        answer["Location"] = welcomed(request, user, answer["Location"])
        return answer

    def add_message(self, request: HttpRequest, level: int, *args: Any, **said: Any) -> None:
        """What is worth saying, in our words; django-allauth names it by a file of its own."""
        named = said.get("message_template") or (args[0] if args else "")
        if text := said.get("message") or TOLD.get(named):
            messages.add_message(request, level, str(text))

    def send_notification_mail(
        self, template_prefix: str, user: Any, *_: Any, **__: Any
    ) -> None:
        """No letter goes out; the trail keeps that it was done."""
        if what := CHANGES.get(template_prefix):
            actions.note(by=user, at=timezone.now(), what=what, reason=place(self.request))

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code in {"too_many_login_attempts", "rate_limited"}:
            return ValidationError(wait(), code=code)
        said = REFUSED_AT_THE_DOOR.get(code)
        return (
            ValidationError(str(said), code=code)
            if said
            else super().validation_error(code, *args)
        )

    def is_reauthentication_required(self, *_: Any, **__: Any) -> bool:
        return not confirming.is_fresh(context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        if not user.is_authenticated:
            return []
        return [{"id": "confirm", "url": reverse("confirm"), "description": ""}]


class SecondFactorStage(AuthenticateStage):
    """Asked for after the password, unless whoever let one in has asked already."""

    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        if provider_asked(request, user):
            return False
        if not is_vouched_for(request, user):
            request.COOKIES.pop(settings.MFA_TRUST_COOKIE_NAME, None)
        return bool(super()._should_handle(request))


class SecondFactors(DefaultMFAAdapter):
    """The app's secret is sealed like a name; whoever must have a second factor keeps one."""

    def encrypt(self, text: str) -> str:
        return second_factors.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_factors.revealed(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user, type__in=MAIN)
        return others.exclude(pk=authenticator.pk).exists()

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        said = REFUSED_AT_THE_DOOR.get(code)
        return (
            ValidationError(str(said), code=code)
            if said
            else super().validation_error(code, *args)
        )

    def generate_authenticator_name(self, *_: Any, **__: Any) -> str:
        return gettext("Passkey")


class Providers(DefaultSocialAccountAdapter):
    """Someone else says who is there: one who works here already, or nobody."""

    def is_open_for_signup(self, *_: Any, **__: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        claims = sociallogin.account.extra_data["id_token"]
        if not (known := settings.OPENID_CONNECT):
            raise Http404
        who = employed({known.matches: str(claims.get(known.claim, ""))})
        asked_at = request.session.get(ASKED_AT, math.inf)
        at = proved_at(claims.get("auth_time"), asked=asked_at)
        if who is None or at is None or not sociallogin.account.uid:
            note_refusal(None, "provider")
            raise ImmediateHttpResponse(render(request, "people/not_known.html", status=403))
        if request.user.is_authenticated:
            logout(request)
        sociallogin.user = who
        asked = any(
            set(listed(claims.get(claim))) & set(values)
            for claim, values in known.second_factor.items()
        )
        record_authentication(request, who, method="provider", second_factor=asked, at=at)

    def get_requests_session(self) -> Any:
        """A provider answers itself: nobody is asked whom the configuration does not name."""
        without_types: Any = super()
        session = without_types.get_requests_session()
        session.max_redirects = 0
        return session

    def on_authentication_error(self, request: HttpRequest, *_: Any, **__: Any) -> None:
        note_refusal(None, "provider")
        raise ImmediateHttpResponse(render(request, "people/not_known.html", status=403))


def employed(known_as: dict[str, str]) -> Professional | None:
    """The one who works here under that name or number, if there is exactly one."""
    if not all(known_as.values()):
        return None
    found = list(Professional.objects.filter(is_active=True, **known_as)[:2])
    return found[0] if len(found) == 1 else None


def listed(said: object) -> list[object]:
    return said if isinstance(said, list) else [said]


def provider_asked(request: HttpRequest, user: AbstractBaseUser | None) -> bool:
    """Whoever vouches for the one who comes has seen a second factor."""
    return any(one.get("second_factor") for one in get_authentication_records(request, user))


def second_factor(request: HttpRequest, user: Professional) -> str:
    """What was shown beside the password; nothing when nothing was."""
    if any(one["method"] == "mfa" for one in get_authentication_records(request, user)):
        return "own"
    if provider_asked(request, user):
        return "provider"
    vouched = is_vouched_for(request, user) and is_mfa_enabled(user, MAIN)
    return "device" if vouched else ""


def is_vouched_for(request: HttpRequest, user: Any) -> bool:
    """A shared device saw the second factor this shift, and no sign-in was ended since."""
    since = user.trusted_from.timestamp() if user.trusted_from else 0
    mine = trust.create_config_fingerprint(user)
    return sign_ins.is_shared(request) and any(
        one.fingerprint == mine and one.at >= since
        for one in trust.decode_trust_cookie(request)
    )


def remember_second_factor(
    request: HttpRequest, user: Professional, answer: HttpResponse
) -> None:
    """On a device that several use one shows it once a shift: it locks every other minute.

    The shift is counted from the sign-in in which it was shown; a sign-in that rests on the
    device's word makes it last no longer.
    """
    said = request.session
    if not said.get(sign_ins.SHARED) or said.get(sign_ins.SECOND_FACTOR) not in SHOWN:
        return
    mine = trust.create_config_fingerprint(user)
    others = [one for one in trust.decode_trust_cookie(request) if one.fingerprint != mine]
    since = int(sign_ins.when(request, sign_ins.SINCE).timestamp())
    answer.set_cookie(
        settings.MFA_TRUST_COOKIE_NAME,
        trust.encode_trust_cookie([*others, trust.IssuedTrust(mine, since)]),
        max_age=settings.MFA_TRUST_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def way(request: HttpRequest, user: Professional) -> str:
    """How one came in, for the trail: ``password, totp``."""
    records = get_authentication_records(request, user)
    return ", ".join(str(one.get("type") or one["method"]) for one in records)
