"""Whom to tell of a weakness, where those who look for one expect it (RFC 9116)."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

HOLDS_FOR = timedelta(days=180)
"""Whoever reads it later asks again."""


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    if not settings.SECURITY_CONTACT:
        raise Http404
    lines = {
        "Contact": settings.SECURITY_CONTACT,
        "Expires": f"{timezone.now() + HOLDS_FOR:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages": "nb, en",
        "Canonical": request.build_absolute_uri(),
    }
    text = "".join(f"{name}: {said}\n" for name, said in lines.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
