"""The sign-in ran out while someone typed: bring them back to what they had typed."""

import json
from datetime import timedelta
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from . import actions
from .models import KeptForm, Professional

KEPT_FOR = timedelta(hours=12)
NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "password", "old_password", "new_password"})
TYPED = "typed"


def turned_away(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and afterwards back to where one was, with what one had typed.

    What was posted is sealed in a row that opens for the same person alone; the address holds
    the row's id and nothing else.
    """
    back = page_of(request)
    kept = keep(request) if request.method == "POST" else None
    if kept is not None:
        back = f"{back}{'&' if '?' in back else '?'}{urlencode({TYPED: kept})}"
    to = f"{resolve_url('sign-in')}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        # A redirect would be followed unseen, and the sign-in page put into the fragment.
        return HttpResponse(status=401, headers={"HX-Redirect": to})
    return redirect(to)


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


def keep(request: HttpRequest) -> UUID | None:
    """Of a stranger's form nothing is kept."""
    who: str | None = getattr(request, "last_present", None)
    if who is None or not (known := Professional.objects.filter(pk=who).first()):
        return None
    typed = [(name, values) for name, values in request.POST.lists() if name not in NEVER_KEPT]
    text = json.dumps({"action": request.path, "typed": typed})
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
    try:
        key = UUID(request.GET.get(TYPED, ""))
    except ValueError:
        return None
    mine = KeptForm.objects.filter(professional=request.user.pk, pk=key)
    return mine.filter(kept_at__gt=timezone.now() - KEPT_FOR).first()
