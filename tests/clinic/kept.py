"""What many tests begin with is entered once; later tests have the same rows written again.

A session that is prepared takes seven pages and a hundred questions of the database. Its rows do
not depend on the test: they are kept with what they answered, and written as they were, as long as
the test has come to that point by the same statements from the same rows.
"""

import copyreg
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from http.cookies import SimpleCookie
from time import monotonic
from typing import Any, Protocol, TypeVar

from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from tests.watch import WATCH

Fixture = TypeVar("Fixture", bound=Callable[..., Any])
Statement = tuple[str, Any, bool]
NOW = timezone.now
WRITING = ("INSERT", "UPDATE", "DELETE")
SECONDS_KEPT = 120
"""So long what was written by the real clock is told again: a sign-in runs out after minutes."""


class Clock(Protocol):
    at: datetime


FIRST_EMPTIED = "DELETE FROM sqlite_sequence"
THEN_SET = """INSERT INTO sqlite_sequence (name, seq) SELECT name, 1000 FROM sqlite_master
    WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"""
NUMBERS = {
    "postgresql": ("SELECT setval(oid, 1000) FROM pg_class WHERE relkind = 'S'",),
    "sqlite": (FIRST_EMPTIED, THEN_SET),
}
"""Each test numbers its rows from there, above whatever stood in the database before it."""


@dataclass(slots=True)
class Story:
    """What the running test has written so far."""

    statements: list[Statement] = field(default_factory=list)
    marks: dict[str, int] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    begun: bool = False
    clock: Clock | None = None

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - as Django calls it
        answer = execute(sql, params, many, context)
        self.sent.add(sql)
        if sql.startswith(WRITING):
            self.statements.append((sql, params, many))
        elif sql.startswith("SAVEPOINT"):
            self.marks[sql.removeprefix("SAVEPOINT ")] = len(self.statements)
        elif sql.startswith("ROLLBACK TO SAVEPOINT"):
            del self.statements[self.marks[sql.removeprefix("ROLLBACK TO SAVEPOINT ")] :]
        return answer

    def so_far(self) -> object:
        """What stands now: a row with another content is another beginning."""
        return repr(self.statements), self.time or int(monotonic() / SECONDS_KEPT)

    def of_another_time(self) -> bool:
        """A test has set a clock of its own: its sign-ins hold at that time alone."""
        return self.clock is None and timezone.now is not NOW

    @property
    def time(self) -> datetime | None:
        return self.clock.at if self.clock else None


@dataclass(frozen=True, slots=True)
class Chapter:
    """What a fixture wrote and answered, and how it left the clock and the browsers."""

    statements: list[Statement]
    answer: bytes
    time: datetime | None
    cookies: list[Any]
    watched: tuple[Any, ...]

    def told_again(self, given: dict[str, Any]) -> Any:
        with connection.cursor() as cursor:
            for sql, params, many in self.statements:
                (cursor.executemany if many else cursor.execute)(sql, params)
        for one, cookies in zip(given.values(), self.cookies, strict=True):
            if cookies is not None:
                one.cookies = deepcopy(cookies)
        if STORY.clock and self.time:
            STORY.clock.at = self.time
        WATCH.names, WATCH.numbers, WATCH.known = deepcopy(self.watched)
        answer = pickle.loads(self.answer)  # noqa: S301 - made in this process
        return given[answer.name] if isinstance(answer, Given) else answer


@dataclass(frozen=True, slots=True)
class Given:
    """The fixture answers with what it was given under this name."""

    name: str


STORY = Story()
CHAPTERS: dict[Any, Chapter] = {}


@contextmanager
def story() -> Iterator[Story]:
    """Inside, one test writes in an empty clinic whose numbers begin anew, and is rolled back."""
    with connection.cursor() as cursor:
        for statement in NUMBERS[connection.vendor]:
            cursor.execute(statement)
    STORY.statements.clear()
    STORY.marks.clear()
    STORY.sent.clear()
    STORY.begun = True
    with connection.execute_wrapper(STORY):
        yield STORY
    STORY.begun, STORY.clock = False, None


def kept(make: Fixture) -> Fixture:
    """A fixture whose rows are written again, not entered again."""

    @wraps(make)
    def told(**given: Any) -> Any:
        if not STORY.begun or STORY.of_another_time():
            return make(**given)
        key = (make.__module__, make.__name__, STORY.so_far(), *map(sign, given.values()))
        if key in CHAPTERS:
            return CHAPTERS[key].told_again(given)
        begun = len(STORY.statements)
        answer = make(**given)
        same = [Given(name) for name, one in given.items() if one is answer]
        CHAPTERS[key] = Chapter(
            statements=STORY.statements[begun:],
            answer=pickle.dumps(same[0] if same else answer),
            time=STORY.time,
            cookies=[deepcopy(getattr(one, "cookies", None)) for one in given.values()],
            watched=deepcopy((WATCH.names, WATCH.numbers, WATCH.known)),
        )
        return answer

    return told  # type: ignore[return-value]  # called as the fixture is


def sign(given: Any) -> object:
    """By what is given a fixture is known again: a row by its key, a browser by its cookies."""
    if isinstance(given, Model):
        return given.pk
    if isinstance(given, Client):
        return given.cookies.output()
    return type(given)


def browser_with(cookies: SimpleCookie) -> Client:
    client = Client()
    client.cookies = cookies
    return client


copyreg.pickle(Client, lambda client: (browser_with, (client.cookies,)))
