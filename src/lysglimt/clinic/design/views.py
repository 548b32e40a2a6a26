"""The style guide: every component in every state, for those who build and judge pages."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .examples import everything


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Shown in a demo and while developing; a clinic at work has no such page."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "design/guide.html", everything())
