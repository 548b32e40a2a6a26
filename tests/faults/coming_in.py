"""Run by `lysglimt.server.started` on a clinic of its own: someone sets up an app, or comes in with what it shows."""

import base64
import json
import sys
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.test.utils import setup_test_environment

from tests.clinic.people.second_factors import digits

NAME = "kari"
OWN = "en helt egen lang setning"


def set_up(client: Any, given: str) -> dict[str, Any]:
    """A password of one's own, the secret of the app, and the codes for the day the phone is lost."""
    client.post("/password/", {"oldpassword": given, "password1": OWN, "password2": OWN})
    secret = str(client.get("/second-factor/app/").context["form"].secret)
    client.post("/second-factor/app/", {"code": digits(secret)})
    [codes] = Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES)
    seed = Authenticator.objects.values_list("data", flat=True)
    return {
        "secret": secret,
        "codes": codes.wrap().get_unused_codes(),
        "kept": [*seed],
    }


def come_in(client: Any, said: dict[str, Any]) -> dict[str, Any]:
    cache.clear()  # the app has moved on: its digits are taken once
    before = client.get("/patients/").status_code
    code = said["code"] or digits(said["secret"])
    client.post("/sign-in/second-factor/", {"code": code})
    return {"before": before, "after": client.get("/patients/").status_code}


def as_stored(secret: str) -> list[str]:
    """A secret as it may stand anywhere: as shown, as bytes in hex, in base64 at any offset."""
    raw = base64.b32decode(secret)
    forms = [secret, raw.hex()]
    for text in (secret.encode(), raw):
        for offset in range(3):
            begun = base64.urlsafe_b64encode(bytes(offset) + text).decode()
            forms.append(begun[4:-4])  # what stands beside it does not change these
    return forms


def main() -> None:
    setup_test_environment()  # answers keep the form that they were made from
    said = json.loads(sys.stdin.read())
    client = Client()
    known = "secret" in said
    password = OWN if known else said["password"]
    client.post("/sign-in/", {"login": NAME, "password": password})
    done = come_in(client, said) if known else set_up(client, password)
    sys.stdout.write(json.dumps(done))
