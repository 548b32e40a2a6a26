"""Who is to be telephoned after a session of the induction: derived from what was given and asked."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, JSONField, OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject

from lysglimt.clinic.people.written import Condition
from lysglimt.clinic.referral.listed import Listed
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.clinic.scheduling.rota import on_the_wall
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.clinic.treatment.models import Course, SessionGiven
from lysglimt.knowledge.safety.after_session import (
    AfterCheckRule,
    AfterCheckState,
    after_session_rules,
    state_of,
)

from .models import AfterCheck, Answer, Reach

CANNOT_WAIT = ("palpitations", "suicide")
"""What a doctor is asked for: as long as nobody knows the answer, the call is not done."""
SHOWN = frozenset({AfterCheckState.DUE, AfterCheckState.LATE})


@dataclass(frozen=True, slots=True)
class Call:
    """One that is not done. ``by`` is when its hours end, ``tried`` how often it was tried.

    ``unknown``: somebody was reached, and what cannot wait is not known.
    """

    given: SessionGiven
    rule: AfterCheckRule
    state: AfterCheckState
    begins: datetime
    by: datetime
    tried: int
    unknown: bool = False

    @property
    def late(self) -> bool:
        return self.state is AfterCheckState.LATE


def listed_calls(entry: Any) -> Subquery:
    """How each call after a session went."""
    made = AfterCheck.objects.in_force().filter(given__entry=entry).order_by()
    listed: Any = Listed(
        JSONObject(**{name: name for name in ("which", "reach", *CANNOT_WAIT)})
    )
    return Subquery(made.values("given__entry").annotate(all=listed).values("all"))


MADE = Condition(listed_calls, JSONField())


def with_calls(rows: Any) -> Any:
    """Of rows of `SessionGiven`: ``made`` holds the calls, in the same question."""
    return rows.annotate(made=MADE.about("entry"))


def with_number(rows: Any) -> Any:
    """Sessions in force, each with its ``number`` in the course."""
    before = SessionGiven.objects.in_force().filter(
        course=OuterRef("course"), started_at__lte=OuterRef("started_at")
    )
    counted = before.order_by().values("course").annotate(n=Count("pk")).values("n")
    return rows.in_force().annotate(number=Coalesce(Subquery(counted), 0))


def of_induction(course: Course, number: int) -> bool:
    """Where the protocol counts no sessions each may be of it."""
    sessions = protocol_of(course).induction.sessions
    return sessions is None or number <= sessions.value


def sessions_asked_about(rows: Any, *, now: datetime) -> list[SessionGiven]:
    """Of rows of `SessionGiven`: those of an induction that are still asked about. One question."""
    since = now - after_session_rules().keep_asking.value - timedelta(days=2)
    found = with_calls(with_number(rows)).filter(stopped_at__gte=since, stopped_at__lte=now)
    told = found.select_related("course__patient", "course__unit").order_by("stopped_at", "pk")
    return [row for row in told if of_induction(row.course, row.number)]


def calls_in(
    course: Course, given: Iterable[SessionGiven], *, now: datetime
) -> tuple[Call, ...]:
    """Of all sessions of one course in their order, fetched `with_calls`. Asks nothing."""
    rows = [row for n, row in enumerate(given, start=1) if of_induction(course, n)]
    return calls((row for row in rows if row.stopped_at <= now), now=now)


def calls(given: Iterable[SessionGiven], *, now: datetime) -> tuple[Call, ...]:
    """Due and late, the longest late first; of sessions `with_calls`."""
    found = (call for row in given for call in waiting(row, now=now))
    return tuple(sorted(found, key=lambda one: (not one.late, one.by, one.given.pk)))


@dataclass(frozen=True, slots=True)
class CallsMade:
    """Of one call: after how many sessions its hours are over, and what became of it.

    Somebody was ``reached``, it was ``given_up`` with a reason, or ``never``: nobody was reached.
    """

    rule: AfterCheckRule
    due: int
    reached: int
    given_up: int

    @property
    def never(self) -> int:
        return self.due - self.reached - self.given_up


def calls_made_of(rows: Any, *, now: datetime) -> tuple[CallsMade, ...]:
    """Of rows of `SessionGiven`, of those of an induction. Asks one question of the database."""
    found = with_calls(with_number(rows)).select_related("course")
    given = [row for row in found if of_induction(row.course, row.number)]
    return tuple(_made_of(rule, given, now=now) for rule in after_session_rules().check)


def _made_of(
    rule: AfterCheckRule, given: Iterable[SessionGiven], *, now: datetime
) -> CallsMade:
    wall = on_the_wall(now)
    over = [row for row in given if rule.window(on_the_wall(row.stopped_at))[1] <= wall]
    found = [{one["reach"] for one in made_in(row) if one["which"] == rule.id} for row in over]
    reached = sum(Reach.REACHED in one for one in found)
    given_up = sum(Reach.GIVEN_UP in one and Reach.REACHED not in one for one in found)
    return CallsMade(rule, len(over), reached, given_up)


def made_in(row: SessionGiven) -> list[dict[str, str]]:
    """SQLite lists a list as text."""
    said: Any = vars(row)["made"] or []
    found: list[dict[str, str]] = json.loads(said) if isinstance(said, str) else said
    return found


def waiting(row: SessionGiven, *, now: datetime) -> Iterator[Call]:
    made, stopped, wall = made_in(row), on_the_wall(row.stopped_at), on_the_wall(now)
    for rule in after_session_rules().check:
        tries = [one for one in made if one["which"] == rule.id]
        state = state_of(rule, stopped, now=wall)
        if state in SHOWN and not done(tries):
            begins, by = (one.replace(tzinfo=OSLO) for one in rule.window(stopped))
            unknown = any(one["reach"] == Reach.REACHED for one in tries)
            yield Call(row, rule, state, begins, by, len(tries), unknown)


def done(tries: Iterable[Mapping[str, str]]) -> bool:
    """Given up with a reason; or all that cannot wait was answered, in one call or in several."""
    told = [*tries]
    if any(one["reach"] == Reach.GIVEN_UP for one in told):
        return True
    known = {Answer.YES.value, Answer.NO.value}
    return all(any(one[asked] in known for one in told) for asked in CANNOT_WAIT)
