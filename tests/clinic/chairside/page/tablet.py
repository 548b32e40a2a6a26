"""What a tablet sends that was typed without the network, and what it takes along."""

from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.models import Session
from tests.clinic.chairside import typed

HOUR = 3_600_000


def sent(session: Session, client: Client, row: typed.Typed, **beside: object) -> Any:
    """As the tablet sends it, typed ten minutes ago by who sends it, by a clock that is right."""
    now = int(timezone.now().timestamp() * 1000)
    typed_at = now - 600_000
    times = {"typed_at": typed_at, "sent_at": now, "reckoned_at": typed_at}
    who = {"typist": client.session["_auth_user_id"]}
    said = {"what": "vitals", **times, **who, "fetched_at": now - HOUR, **row, **beside}
    return client.post(reverse("outbox.send", args=[session.pk]), said)


def plan(session: Session, client: Client) -> Any:
    return client.get(reverse("session.off-line", args=[session.pk]))
