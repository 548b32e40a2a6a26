"""From referral to evaluation: how many of those referred came how far."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lysglimt.clinic.referral.models import Referral, ReferralState

from .cohort import Cohort


@dataclass(frozen=True, slots=True)
class Flow:
    """Patients, each counted once. ``waiting`` are neither accepted nor refused."""

    referred: int
    eligible: int
    refused: int
    waiting: int
    started: int
    completed: int
    evaluated: int


def flow(referrals: Iterable[Referral], cohort: Cohort, *, since: date) -> Flow:
    """Of those referred in the period; a course counts when its patient is among them."""
    states: dict[Any, set[str]] = {}
    for referral in referrals:
        said = vars(referral)
        if said["received_on"] and said["received_on"] >= since:
            states.setdefault(referral.patient_id, set()).add(said["state"])
    began = [one for one in cohort.treated if one.record.course.patient_id in states]
    accepted = with_state(states.values(), ReferralState.ACCEPTED)
    undecided = {ReferralState.RECEIVED.value, ReferralState.WAITING.value}
    return Flow(
        referred=len(states),
        eligible=accepted,
        refused=sum(found == {ReferralState.REFUSED.value} for found in states.values()),
        waiting=sum(
            bool(found & undecided) and ReferralState.ACCEPTED.value not in found
            for found in states.values()
        ),
        started=patients(one.record.course.patient_id for one in began),
        completed=patients(o.record.course.patient_id for o in began if o.effect.completed),
        evaluated=patients(o.record.course.patient_id for o in began if o.effect.outcome),
    )


def with_state(states: Iterable[Sequence[str] | set[str]], state: ReferralState) -> int:
    return sum(state.value in found for found in states)


def patients(ids: Iterable[Any]) -> int:
    return len(set(ids))
