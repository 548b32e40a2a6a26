"""Who is to be telephoned after a session of the induction: derived from what was given and asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.safety.after_session import (
    AfterCheckRule,
    AfterCheckState,
    after_session_rules,
    state_of,
)

from .models import AfterCheck, Reach

DONE = frozenset({Reach.REACHED.value, Reach.GIVEN_UP.value})
SHOWN = frozenset({AfterCheckState.DUE, AfterCheckState.LATE})


@dataclass(frozen=True, slots=True)
class Call:
    """One that nobody has reached yet. ``by`` is when its hours end, ``tried`` how often it was tried."""

    given: SessionGiven
    rule: AfterCheckRule
    state: AfterCheckState
    begins: datetime
    by: datetime
    tried: int

    @property
    def late(self) -> bool:
        return self.state is AfterCheckState.LATE


def with_number(rows: Any) -> Any:
    """Sessions in force, each with its ``number`` in the course."""
    before = SessionGiven.objects.in_force().filter(
        course=OuterRef("course"), started_at__lte=OuterRef("started_at")
    )
    counted = before.order_by().values("course").annotate(n=Count("pk")).values("n")
    return rows.in_force().annotate(number=Coalesce(Subquery(counted), 0))


def of_induction(row: Any) -> bool:
    """Of a row `with_number`; where the protocol counts no sessions each may be of it."""
    sessions = protocol_of(row.course).induction.sessions
    return sessions is None or row.number <= sessions.value


def sessions_asked_about(rows: Any, *, now: datetime) -> list[SessionGiven]:
    """Of rows of `SessionGiven`: those of an induction that are still asked about. One question."""
    rules = after_session_rules()
    since = now - rules.keep_asking.value - timedelta(days=2)
    found = with_number(rows).filter(stopped_at__gte=since, stopped_at__lte=now)
    told = found.select_related("course__patient", "course__unit").order_by("stopped_at", "pk")
    return [row for row in told if of_induction(row)]


def calls(given: Iterable[SessionGiven], *, now: datetime) -> tuple[Call, ...]:
    """Due and late, the longest late first. Asks one question, and none where nothing was given."""
    rows = list(given)
    if not rows:
        return ()
    made: dict[tuple[object, str], list[str]] = {}
    told = AfterCheck.objects.in_force().filter(given__entry__in=[row.entry for row in rows])
    for entry, which, reach in told.values_list("given__entry", "which", "reach"):
        made.setdefault((entry, which), []).append(reach)
    found = (call for row in rows for call in waiting(row, made, now=now))
    return tuple(sorted(found, key=lambda one: (not one.late, one.by, one.given.pk)))


def waiting(row: SessionGiven, made: Any, *, now: datetime) -> Iterator[Call]:
    stopped, wall = (at.astimezone(OSLO).replace(tzinfo=None) for at in (row.stopped_at, now))
    for rule in after_session_rules().check:
        reached = made.get((row.entry, rule.id), [])
        state = state_of(rule, stopped, now=wall)
        if state in SHOWN and not DONE & {*reached}:
            begins, by = (one.replace(tzinfo=OSLO) for one in rule.window(stopped))
            yield Call(row, rule, state, begins, by, len(reached))
