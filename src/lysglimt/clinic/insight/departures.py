"""What was done otherwise than rules and protocol say, with who and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import get_language, gettext

from lysglimt.clinic.chairside.after import in_the_way
from lysglimt.clinic.chairside.findings import finding_as_read
from lysglimt.clinic.chairside.models import DischargeRecord, PumpEvent, StartGateRecord
from lysglimt.clinic.people.models import Unit
from lysglimt.clinic.referral.models import Override
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.knowledge.verdict import Verdict

from .cohort import Treated
from .taken_back import charts_changed, taken_back
from .wordings import AGAINST_THE_PUMP

CHART, NOTHING = "chart", Value("", output_field=TextField())
"""A row of a chart says what it says beside the rest."""


@dataclass(frozen=True, slots=True)
class Departed:
    """``rule`` is the criterion or rule; ``by`` is empty where the rules noted it themselves."""

    on: date
    patient: Any
    rule: str
    why: str
    by: str = ""


def departed(unit: Unit, treated: Iterable[Treated], *, since: date) -> list[Departed]:
    """The newest first. Asks three questions of the database."""
    found = [
        *noted(treated),
        *set_aside(unit, since=since),
        *left_against(unit),
        *pumped_against(unit),
    ]
    recent = [one for one in found if one.on >= since]
    return sorted(recent, key=lambda one: one.on, reverse=True)


def noted(treated: Iterable[Treated]) -> Iterator[Departed]:
    """By the rules of the course."""
    language = get_language() or "nb"
    for one in treated:
        for departure in one.state.recorded.deviations:
            yield Departed(
                departure.on,
                one.record.course.patient_id,
                departure.ground.rule,
                departure.ground.reason.in_language(language),
            )


def set_aside(unit: Unit, *, since: date) -> Iterator[Departed]:
    """By a named person: a criterion of eligibility, a point of the check before start, a chart."""
    criteria = Override.objects.filter(
        decision__referral__unit=unit, decision__withdrawn=False
    ).values_list(
        *("decision__happened_at", "decision__referral__patient_id", "criterion", "reason"),
        *("decision__by__display_name", Cast("decision_id", TextField()), Value(0)),
        NOTHING,
    )
    gates = (
        StartGateRecord.objects.in_force()
        .filter(session__unit=unit, override_by__isnull=False)
        .order_by()
        .values_list(
            *("happened_at", "session__course__patient_id", Value(""), "override_reason"),
            *(F("override_by__display_name"), Cast("entry", TextField()), "revision"),
            NOTHING,
        )
    )
    charts = charts_changed(unit, since=since).values_list(
        *(Value(timezone.now()), "course__patient_id", Value(CHART), Value("")),
        *(Value(""), Value(""), Value(0), Cast("beside", TextField())),
    )
    for at, patient, rule, sealed, by, key, revision, beside in criteria.union(
        gates, charts, all=True
    ):
        if beside:
            for one in taken_back(beside):
                yield Departed(one.on, patient, one.where, one.why, one.by)
            continue
        why = (
            REASON.read_in(sealed, [key, rule])
            if rule
            else OVERRIDE_REASON.read_in(sealed, [UUID(key), revision])
        )
        yield Departed(on_day(at), patient, rule or gettext("start check"), why, by)


REASON: SealedText = Override._meta.get_field("reason")
OVERRIDE_REASON: SealedText = StartGateRecord._meta.get_field("override_reason")


def left_against(unit: Unit) -> Iterator[Departed]:
    """Who left before the criteria were met: which, what was decided, and by whom."""
    language = get_language() or "nb"
    left = DischargeRecord.objects.in_force().filter(session__unit=unit, left_at__isnull=False)
    early = left.filter(Q(decided_by__isnull=False) | Q(no_doctor_reached=True))
    for row in early.select_related("decided_by", "session__course"):
        unmet = in_the_way(Verdict.of(map(finding_as_read, row.findings)))
        reasons = [one.reason.in_language(language) for one in unmet]
        decided = row.decided_by
        yield Departed(
            on_day(row.left_at or row.happened_at),
            row.session.course.patient_id,
            ", ".join(dict.fromkeys(one.criterion for one in unmet)) or gettext("going home"),
            ". ".join((*reasons, row.deviation)),
            str(decided) if decided else gettext("no doctor was reached"),
        )


def pumped_against(unit: Unit) -> Iterator[Departed]:
    """The pump set against the rules: which rules, and which doctor decided it, if one did."""
    rows = PumpEvent.objects.in_force().filter(session__unit=unit).exclude(comment="")
    for row in rows.select_related("doctor", "session__course"):
        rules = row.comment.split()
        yield Departed(
            on_day(row.happened_at),
            row.session.course.patient_id,
            ", ".join(rules),
            ". ".join(str(AGAINST_THE_PUMP.get(rule, rule)) for rule in rules),
            str(row.doctor) if row.doctor else gettext("no doctor decided it"),
        )
