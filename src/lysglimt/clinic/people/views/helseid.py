"""To HelseID and back."""

import json
from dataclasses import asdict

import requests
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from lysglimt.clinic.people.adapters import employed
from lysglimt.clinic.people.helseid import Asked, Client, NotVouchedFor
from lysglimt.clinic.people.knocking import MALFORMED, note_refusal
from lysglimt.clinic.sealing.values import Place, opened, seal

from .signing_in import after

ASKED = "helseid"
"""Where the sign-in remembers what was asked."""


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    asked = Asked.anew()
    try:
        to = client().ask(asked, back=back(request))
    except (NotVouchedFor, requests.RequestException, *MALFORMED):
        return refused(request)
    text = json.dumps(asdict(asked))
    request.session[ASKED] = [seal(text, PLACE).hex(), after(request)]
    return redirect(to)


@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    ours = client()
    kept, to = request.session.pop(ASKED, ("", ""))
    try:
        asked = Asked(**json.loads(opened(bytes.fromhex(kept), PLACE))) if kept else None
        who = ours.answered(asked, request.GET.dict(), back=back(request)) if asked else None
    except (NotVouchedFor, requests.RequestException, *MALFORMED):
        who = None
    person = employed({"hpr_number": who.hpr_number}) if who else None
    if who is None or person is None:
        return refused(request)
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, person, method="helseid", second_factor=True, at=who.at)
    return perform_login(request, Login(user=person, redirect_url=to))


PLACE = Place("session", "", ASKED)


def client() -> Client:
    known, key = settings.HELSEID, settings.HELSEID_KEY
    if not known or not key:
        raise Http404
    return Client(
        issuer=str(known.issuer).rstrip("/"),
        client_id=known.client_id,
        key=key.get_secret_value(),
        security_level=int(known.security_level),
    )


def back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("helseid.callback"))


def refused(request: HttpRequest) -> HttpResponse:
    note_refusal(None, "helseid")
    return render(request, "people/not_known.html", status=403)
