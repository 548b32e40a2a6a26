"""The checklist for going home as it stands: a blank erases nothing, and each answer has its time."""

from collections.abc import Collection, Mapping
from datetime import datetime

from lysglimt.knowledge.monitoring.discharge import INTENT, discharge_rules

from .models import DischargeRecord

SAID_AT, TOLD_IN = "said_at", "told_in"
"""Beside the answers: when each was given, and in which form new intent was said."""
INTENT_SAID, REST_ANSWERED = "discharge.intent-said", "discharge.rest-answered"
"""Reasons that nobody types: new intent was stored first, and then what else was asked."""


def as_it_stands(
    before: Mapping[str, object],
    typed: Mapping[str, object],
    *,
    anew: Collection[str],
    at: datetime,
) -> dict[str, object]:
    """The answers with what was typed at ``at``; None is left open, and leaves what stood.

    What is ``anew`` is said now, also where it says the same.
    """
    answers, times = {**dict.fromkeys(typed), **before}, times_in(before)
    for name, answer in typed.items():
        if answer is None:
            continue
        if name in anew or answers[name] != answer:
            times[name] = at.isoformat()
        answers[name] = answer
    return answers | {SAID_AT: times}


def times_in(answers: Mapping[str, object]) -> dict[str, str]:
    """None of a checklist from before they were kept."""
    times = answers.get(SAID_AT)
    return dict(times) if isinstance(times, dict) else {}


def said_when(record: DischargeRecord, answers: Mapping[str, object], name: str) -> datetime:
    """When an answer was given; where it was not kept, when the checklist was first written."""
    said = times_in(answers).get(name)
    return datetime.fromisoformat(said) if said else record.happened_at


def is_old(record: DischargeRecord, name: str, *, now: datetime) -> bool:
    """An assessment in points is older than an observation may be."""
    return now - said_when(record, record.answers, name) > discharge_rules().fresh.value


def as_told(answers: Mapping[str, object], told: datetime | None) -> Mapping[str, object]:
    """With new intent that was told at the chair since it was asked about."""
    asked = times_in(answers).get(INTENT)
    if told is None or (asked and datetime.fromisoformat(asked) >= told):
        return answers
    times = times_in(answers) | {INTENT: told.isoformat()}
    return {**answers, INTENT: False, SAID_AT: times}


def typed_points(record: DischargeRecord) -> list[str]:
    """RASS and the items that somebody assessed; what a reading answers is as new as the reading."""
    return [
        name
        for name, answer in record.answers.items()
        if name in times_in(record.answers) and is_points(answer)
    ]


def is_points(answer: object) -> bool:
    return isinstance(answer, int) and not isinstance(answer, bool)


def intent_stands(answers: Mapping[str, object]) -> bool:
    return answers.get(INTENT) is False


def intent_anew(before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    """New intent or plan is said, and not carried on from the revision before."""
    said = times_in(after).get(INTENT)
    carried = said is not None and said == times_in(before).get(INTENT)
    return intent_stands(after) and not (intent_stands(before) and carried)
