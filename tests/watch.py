"""Whoever is shown on a page stands in the log of reads: looked at in every answer of every test.

A patient is told by what a reader would see: the name as a page writes it, the identity number,
the id in an address. Nothing that the view says of itself counts. What was logged is taken from the
statement that the database was sent.
"""

import html
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lysglimt.clinic.people.models import Particulars, Patient

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NUMBER = re.compile(r"(?<!\d)\d{11}(?!\d)")
POINTERS = re.compile(
    rf'/patients/{UUID.pattern}/emergency/|<section class="opening".*?</section>', re.DOTALL
)
"""The way to a record that is closed, and back to one that was opened in an emergency: they name
nobody."""
WORD = re.compile(r"[^\W\d_]+")
FEW = 300
"""So many patients; who looks for more reads the text once and looks each of its words up."""
INSERT = re.compile(r'^INSERT INTO "audit_read" \(([^)]*)\)')


def forms() -> dict[str, set[str]]:
    return defaultdict(set)


@dataclass(slots=True)
class Watch:
    """What the run has seen. Patients are known from the moment their particulars are sealed."""

    names: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(forms))
    numbers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    known: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    @contextmanager
    def forgetting(self) -> Iterator[None]:
        """Whoever becomes known inside is gone afterwards, as the rows of a test are."""
        before = deepcopy((self.names, self.numbers, self.known))
        yield
        self.names, self.numbers, self.known = before

    def learn(self, patient: Patient, said: Particulars) -> None:
        pk = str(patient.pk)
        self.known.add(pk)
        if said.identity_number:
            self.numbers[said.identity_number].add(pk)
        last = WORD.findall(said.family_name.lower())
        for form in (
            f"{said.family_name}, {said.given_name}",
            f"{said.given_name} {said.family_name}",
        ):
            self.names[last[0] if last else ""][html.escape(form)].add(pk)

    def shown(self, text: str) -> Iterator[tuple[str, set[str]]]:
        """Each sign of a patient, and whose it may be: of one name there may be several."""
        for found in among(self.known, text, UUID):
            yield found, {found}
        for number in among(self.numbers.keys(), text, NUMBER):
            yield number, self.numbers[number]
        for word in among(self.names.keys(), text.lower(), WORD):
            for form, whom in self.names[word].items():
                # Kari is not Kari Anne.
                if re.search(rf"(?<!\w){re.escape(form)}(?![\w-]| [A-ZÆØÅ])", text):
                    yield form, whom

    def judge(self, request: HttpRequest, text: str, logged: list[set[str]]) -> None:
        # What the reader has just said, in the address or a form, is no news to them.
        told = said_by(request)
        shown = [(sign, whom) for sign, whom in self.shown(text) if sign not in told]
        with self.lock:
            self.counts["answers looked at"] += 1
            if not shown:
                return
            self.counts["showed patients"] += 1
            seen = set().union(*logged)
            missing = [sign for sign, whom in shown if not whom & seen]
            if missing or len(logged) != 1:
                route = request.resolver_match.route if request.resolver_match else "?"
                self.faults.append(
                    f"{request.method} {route}: {len(logged)} rows in the log of reads, "
                    f"not in them: {missing}"
                )


def among(signs: Set[str], text: str, each: re.Pattern[str]) -> Set[str]:
    """Those of them that ``each`` finds in the text. A few are sooner looked for one by one."""
    if len(signs) > FEW:
        return signs & set(each.findall(text))
    return {sign for sign in signs if sign in text and whole(sign, text)}


def whole(sign: str, text: str) -> bool:
    """Not a part of a longer number."""
    return bool(re.search(rf"(?<!\d){re.escape(sign)}(?!\d)", text))


WATCH = Watch()
Answer = Callable[[HttpRequest], HttpResponseBase]


def follow() -> None:
    """From here on each patient whose particulars are sealed is known."""
    take = Patient.take

    def taking(self: Patient, said: Particulars) -> None:
        WATCH.learn(self, said)
        take(self, said)

    Patient.take = taking  # type: ignore[method-assign]  # the one place where names become unreadable


class Watching:
    """Middleware, round all others."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        logged: list[set[str]] = []

        def heard(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - as Django calls it
            if insert := INSERT.match(sql):
                columns = [name.strip(' "') for name in insert[1].split(",")]
                patients = params[columns.index("patients")]
                said = getattr(patients, "obj", patients)
                logged.append(set(json.loads(said) if isinstance(said, str) else said))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(heard):
            response = self.answer(request)
        text = readable(response)
        if text:
            WATCH.judge(request, text, logged)
        return response


def said_by(request: HttpRequest) -> str:
    """The address, and what was typed, with given and family name in either order."""
    typed = [value for _, values in request.POST.lists() for value in values]
    names = [request.POST.get("given_name", ""), request.POST.get("family_name", "")]
    orders = [f"{names[1]}, {names[0]}", f"{names[0]} {names[1]}"] if all(names) else []
    return html.escape("\n".join([request.get_full_path(), *typed, *orders]))


def readable(response: HttpResponseBase) -> str:
    kind = response.headers.get("Content-Type", "")
    if response.streaming or not kind.startswith(("text/html", "application/json")):
        return ""
    text = bytes(getattr(response, "content", b"")).decode(response.charset or "utf-8")
    return POINTERS.sub("", text)
