"""Nurses who chart, and who send a set again until it is acknowledged."""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from .scratch import NotTried
from .served import PATIENCE, Served

Form = Mapping[str, str]
TRY_AGAIN = 503
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    to: str
    body: bytes
    kind: str = ""

    def page(self) -> str:
        """The text of a page; nothing of a document, whose bytes may look like tags."""
        return self.body.decode(errors="replace") if self.kind.startswith("text/html") else ""


@dataclass(frozen=True, slots=True)
class Keyboard:
    """What a writer needs: the sign-in and the sessions of ``ground``."""

    served: Served
    ground: Mapping[str, Any]

    def headers(self) -> dict[str, str]:
        cookies = self.ground["cookies"]
        said = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return {
            "Cookie": said,
            "X-CSRFToken": cookies[self.ground["csrf"]],
            "Content-Type": FORM,
        }

    def chart(self, connection: HTTPConnection, session: str, form: Form) -> Answer:
        return self.send(connection, ("POST", f"/sessions/{session}/vitals/"), form)

    def send(
        self, connection: HTTPConnection, asked: tuple[str, str], form: Form | None = None
    ) -> Answer:
        connection.request(*asked, urlencode(form) if form else None, self.headers())
        answer = connection.getresponse()
        to, kind = (answer.headers.get(name, "") for name in ("Location", "Content-Type"))
        return Answer(answer.status, to, answer.read(), kind)

    def once(self, method: str, path: str, form: Form | None = None) -> Answer:
        """On a line of its own. Raises NotTried where no answer comes: the machine is too busy."""
        try:
            with closing(self.served.connection(PATIENCE)) as connection:
                return self.send(connection, (method, path), form)
        except (OSError, HTTPException) as fault:
            why = str(fault) or type(fault).__name__
            raise NotTried(f"no answer to {method} {path}: {why}") from fault


def reading(number: int, entry: str = "") -> dict[str, str]:
    """One set as typed: the numbers tell which it is."""
    return {
        "entry": entry or str(uuid4()),
        "ago": "0",
        "systolic": str(100 + number % 50),
        "diastolic": str(50 + number % 40),
        "pulse": str(55 + number % 60),
        "spo2": str(94 + number % 7),
        "respiration": str(12 + number % 8),
        "comment": f"nr. {number}",
    }


@dataclass
class Tally:
    """What was sent and what was acknowledged, by all writers together."""

    tried: int = 0
    resent: int = 0
    busy: int = 0
    """Told to try again: nothing was stored, and the page says so."""
    acknowledged: dict[str, int] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, answer: Answer, entry: str, number: int) -> None:
        with self.lock:
            if answer.status == 302 and answer.to.startswith("/sessions/"):
                self.acknowledged[entry] = number
            else:
                self.refused.append(answer.status)


def chart(
    keyboard: Keyboard, tally: Tally, numbers: range, *, go_on: Callable[[], bool]
) -> None:
    """One writer: every number once, in whatever way the server is treated meanwhile."""
    sessions = keyboard.ground["sessions"]
    connection = keyboard.served.connection()
    for number in numbers:
        form, sent = reading(number), 0
        while go_on():
            try:
                with tally.lock:
                    tally.tried += 1
                    tally.resent += bool(sent)
                sent += 1
                answer = keyboard.chart(connection, sessions[number % len(sessions)], form)
            except (OSError, HTTPException):
                connection.close()
                time.sleep(0.2)
                continue
            if answer.status == TRY_AGAIN:
                with tally.lock:
                    tally.busy += 1
                time.sleep(0.2)
                continue
            tally.note(answer, form["entry"], number)
            break
    connection.close()
