"""What a test sends to the session page, and what is read on it."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.chairside.models import DischargeRecord, Session, StartGateRecord
from tests.clinic.chairside import typed
from tests.clinic.conftest import NOON

WITH, SECRET = "password", "their own long secret"


class Clock:
    """A clock on the wall that the test moves."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def move(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)


RED = {"confirmed": "systolic=202"}


def words(page: HttpResponse) -> str:
    """What is read on a page, without its markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.content.decode())))


def send(client: Client, name: str, key: object, data: typed.Typed) -> HttpResponse:
    answer = client.post(reverse(name, args=[key]), data)
    assert answer.status_code == 302, words(answer)  # type: ignore[arg-type]  # Django's test client
    return answer  # type: ignore[return-value]  # likewise


def shown(client: Client, session: Session) -> str:
    return words(client.get(reverse("session", args=[session.pk])))  # type: ignore[arg-type]  # likewise


def leaving(**more: str) -> typed.Typed:
    return {"entry": typed.entry(), "ago": "0", **more}


def signed(*hands: Client) -> DischargeRecord:
    """The checklist for going home, with their signatures."""
    for client in hands:
        record = DischargeRecord.objects.in_force().get()
        send(client, "discharge.sign", record.pk, {})
    return DischargeRecord.objects.in_force().get()


def what_the_gate_found(client: Client, session: Session, **answers: str) -> dict[str, Any]:
    """By criterion, how it stood, of a gate gone through now."""
    send(client, "session.gate", session.pk, typed.gate(**answers))
    newest = StartGateRecord.objects.in_force().order_by("-pk")[0]
    return {one["criterion"]: one["standing"] for one in newest.findings}


def steps(client: Client, session: Session) -> list[str]:
    page = client.get(reverse("session", args=[session.pk])).content.decode()
    [ribbon] = re.findall(r'<ol class="ribbon".*?</ol>', page, re.DOTALL)
    found = re.findall(r"<li.*?</li>", ribbon, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]
