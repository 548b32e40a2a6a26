"""The sign-in ran out while someone typed: bring them back to what they had typed."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse


def turned_away(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and afterwards back to where one was."""
    return redirect_to_login(request.get_full_path())
