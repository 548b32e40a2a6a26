"""The sign-in ran out while someone typed: bring them back to what they had typed."""

import json
from datetime import timedelta
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from . import actions
from .models import KeptForm, Professional

KEPT_FOR = timedelta(hours=12)
NEVER_KEPT = frozenset(
    {
        *("csrfmiddlewaretoken", "password", "old_password", "new_password", "code"),
        *("oldpassword", "password1", "password2"),
        *("confirm-password", "confirm-credential", "lock-action", "lock-page"),
    }
)
TYPED = "typed"
BACKGROUND = "X-Background"
"""A page that asks by itself says so, and does not count as somebody being there."""


def turned_away(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and afterwards back to where one was, with what one had typed.

    What was posted is sealed in a row that opens for the same person alone; the address holds
    the row's id and nothing else.
    """
    to = way_back(request, keep=request.method == "POST" and BACKGROUND not in request.headers)
    if request.headers.get("HX-Request"):
        # A redirect would be followed unseen, and the sign-in page put into the fragment.
        return HttpResponse(status=401, headers={"HX-Redirect": to})
    return redirect(to)


def way_back(request: HttpRequest, *, keep: bool, action: str = "", page: str = "") -> str:
    """The sign-in page, which leads back here, or to ``page``; what ``action`` gets is kept."""
    ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    back = page if ours else page_of(request)
    kept = kept_for_later(request, back, action or request.path) if keep else None
    return (
        f"{resolve_url('sign-in')}?{urlencode({'next': again(back, kept) if kept else back})}"
    )


def again(page: str, kept: UUID) -> str:
    """The address that shows the page as it was filled in."""
    return f"{page}{'&' if '?' in page else '?'}{urlencode({TYPED: kept})}"


def welcomed(request: HttpRequest, who: Professional, to: str) -> str:
    """Where one who has just signed in goes: not on with the work of another.

    What they had typed themselves, here or elsewhere, comes before everything but the page
    that shows it already.
    """
    before: str | None = getattr(request, "last_present", None)
    if before and before != str(who.pk):
        to = resolve_url("home")
    return to if f"{TYPED}=" in to or not lately(who).exists() else resolve_url("kept")


def lately(who: Professional) -> QuerySet[KeptForm]:
    return who.kept_forms.filter(kept_at__gt=timezone.now() - KEPT_FOR)


def page_with(kept: KeptForm) -> str:
    return again(json.loads(kept.text())["page"], kept.pk)


def settle(request: HttpRequest, response: HttpResponse) -> None:
    """What was kept has been sent, and taken: it is kept no longer."""
    if request.method != "POST" or response.status_code not in {302, 303}:
        return
    page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    key = key_in(QueryDict(page.query))
    if key and isinstance(request.user, Professional):
        actions.drop_kept(key=key, of=request.user)


def page_of(request: HttpRequest) -> str:
    """The page that the request came from; of a GET, its own address."""
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    whole_page = request.method == "GET" and not request.headers.get("HX-Request")
    if whole_page or not ours:
        return request.get_full_path()
    parts = urlsplit(came_from)
    query = QueryDict(parts.query, mutable=True)
    query.pop(TYPED, None)
    return f"{parts.path}?{query.urlencode()}" if query else parts.path


def kept_for_later(request: HttpRequest, page: str, action: str) -> UUID | None:
    """Of a stranger's form nothing is kept, and nothing of an empty one."""
    who: str | None = getattr(request, "last_present", None)
    if who is None or not (known := Professional.objects.filter(pk=who).first()):
        return None
    typed = [(name, values) for name, values in request.POST.lists() if name not in NEVER_KEPT]
    if not typed:
        return None
    text = json.dumps({"action": action, "page": page, "typed": typed})
    now = timezone.now()
    return actions.keep_form(text=text, of=known, at=now, until=now - KEPT_FOR).pk


def typed(request: HttpRequest, *, action: str = "") -> QueryDict | None:
    """What a form is filled with: as posted now, or as kept when the sign-in ran out.

    ``action`` is the address the form is posted to, when that is not the page's own.
    """
    if request.method == "POST":
        return request.POST
    kept = kept_form(request)
    if kept is None:
        return None
    said = json.loads(kept.text())
    if said["action"] != (action or request.path):
        return None
    restored = QueryDict(mutable=True)
    for name, values in said["typed"]:
        restored.setlist(name, values)
    messages.warning(
        request,
        gettext(
            "You were signed out before this was saved. Here is what you typed: save it again."
        ),
    )
    return restored


def kept_form(request: HttpRequest) -> KeptForm | None:
    key = key_in(request.GET)
    mine = KeptForm.objects.filter(professional=request.user.pk, pk=key) if key else None
    return mine.filter(kept_at__gt=timezone.now() - KEPT_FOR).first() if mine else None


def key_in(query: QueryDict) -> UUID | None:
    try:
        return UUID(query.get(TYPED, ""))
    except ValueError:
        return None
