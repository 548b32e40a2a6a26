"""Those who come to the door: where from, how often, and what the trail keeps of a refusal."""

from math import ceil

from allauth.account import app_settings as limits
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.core.internal.httpkit import get_client_ip
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from . import actions
from .models import Professional

MALFORMED = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading an answer raises that no browser, or no provider, has written so."""


def place(request: HttpRequest) -> str:
    return f"from {get_client_ip(request)}"


def note_refusal(who: Professional | None, how: str) -> None:
    where = place(context.request)
    actions.note(by=who, at=timezone.now(), what="sign-in.refused", reason=f"{how} {where}")


def note_lockout(request: HttpRequest, name: str) -> None:
    """Once for each: whoever goes on knocking does not fill the trail."""
    who = Professional.objects.filter(username__iexact=name).first()
    where = place(request)
    if cache.add(f"locked-out:{who.pk if who else where}", value=True, timeout=longest()):
        actions.note(by=who, at=timezone.now(), what="sign-in.locked-out", reason=where)


def longest() -> float:
    """Seconds until every limit on failed attempts has surely passed."""
    rates = ratelimit.parse_rates(limits.RATE_LIMITS["login_failed"])
    return max(rate.duration for rate in rates)


def wait() -> str:
    minutes = ceil(longest() / 60)
    said = ngettext(
        "Too many attempts. Wait one minute, then try again.",
        "Too many attempts. Wait %(minutes)s minutes, then try again.",
        minutes,
    )
    return said % {"minutes": minutes}
