"""How many reports are late in a unit, beside a question that is asked anyway."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import JSONField, OuterRef, Subquery
from django.db.models.functions import JSONObject

from lysglimt.clinic.referral.listed import Listed
from lysglimt.clinic.treatment.told import listed, zoned

from .duties import OPEN, shown_of
from .models import DutyAnswer, DutyDeadline, Incident

OF_INCIDENT = (
    *("entry", "revision", "withdrawn", "patient_id", "kind", "term", "known_at"),
    *("received_at", "harmed", "serious", "criteria", "causality", "expected", "transient"),
    *("nasal", "unnatural", "in_study"),
)
"""What the duties are derived from; of no incident its words."""


def reports_beside(unit: Any) -> dict[str, Any]:
    """Of a row of the unit: its incidents that nobody has closed, every revision, and the answers."""
    waiting = Incident.objects.unclosed().in_unit(unit).values("entry")
    here = {"unit": OuterRef("pk")}
    revisions = Incident.objects.filter(**here, entry__in=waiting)
    answered = DutyAnswer.objects.in_force().filter(
        incident__unit=OuterRef("pk"), incident__entry__in=waiting
    )
    stated = DutyDeadline.objects.in_force().filter(**here)
    answer = {"entry": "incident__entry", "duty": "duty", "state": "state"}
    return {
        "reports_of": together(revisions, "unit", *OF_INCIDENT),
        "reports_answered": together(answered, "incident__unit", **answer),
        "reports_stated": together(
            stated, "unit", *("duty", "applies", "amount", "measure", "happened_at")
        ),
    }


def together(rows: Any, by: str, *names: str, **named: str) -> Subquery:
    told: Any = Listed(JSONObject(**{name: name for name in names}, **named))
    return Subquery(
        rows.order_by().values(by).annotate(all=told).values("all"), output_field=JSONField()
    )


def late_reports(said: Mapping[str, Any], *, now: datetime) -> int:
    """Of a row with `reports_beside`. Asks nothing of the database."""
    every: list[Any] = [*(listed(said["reports_of"]) or ())]
    answers: dict[str, dict[str, DutyAnswer]] = {}
    answered: list[Any] = [*(listed(said["reports_answered"]) or ())]
    for one in answered:
        answer = DutyAnswer(duty=one["duty"], state=one["state"])
        answers.setdefault(one["entry"], {})[answer.duty] = answer
    stated: list[Any] = [*(listed(said["reports_stated"]) or ())]
    deadlines = {
        one["duty"]: DutyDeadline(**one)
        for one in sorted(stated, key=lambda one: zoned(one["happened_at"]))
    }
    by_entry: dict[str, list[Incident]] = {}
    for one in sorted(every, key=lambda one: one["revision"]):
        by_entry.setdefault(one["entry"], []).append(revision_of(one))
    return sum(
        duty.late(now)
        for entry, rows in by_entry.items()
        for duty in shown_of(rows, answers.get(entry, {}), deadlines)
        if duty.state == OPEN
    )


def revision_of(one: Mapping[str, Any]) -> Incident:
    times = {name: zoned(one[name]) for name in ("known_at", "received_at")}
    return Incident(**{**one, **times, "criteria": in_list(one["criteria"])})


def in_list(said: Any) -> Any:
    """SQLite lists a list as text."""
    return listed(said) if isinstance(said, str) else said
