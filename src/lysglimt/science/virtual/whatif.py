"""What one run of a plan comes to: waiting, use, effect that is held, cost."""

from collections.abc import Mapping
from dataclasses import replace
from statistics import median

from lysglimt.knowledge.protocols.induction_effect import induction_effect
from lysglimt.science.course.symptoms import Preset

from .planning import ClinicPlan, Population, Prices, need
from .queueing import FIRST_DAY, WARM_UP, run
from .story import Story

HALF = 0.5
MINUTES, DAYS, DAYS_A_WEEK = 60, 365.25, 7
Outcome = Mapping[str, float | None]


def outcome(seed: int, *, plan: ClinicPlan, preset: Preset, years: int) -> Outcome:
    """One run. People are counted whose first session came after the warm-up."""
    house = run(plan, preset, years=years, seed=seed)
    since = FIRST_DAY + WARM_UP
    begun = [one for one in house.stories if one.sessions and one.sessions[0].on >= since]
    judged = [one for one in begun if answered(one) is not None]
    responded = [one for one in judged if answered(one)]
    held = [one for one in responded if holds(one)]
    counts = house.counts
    nurse = counts.sessions * plan.nurse_minutes + counts.visits * plan.visit_minutes
    return {
        "referred": counts.referred,
        "accepted": counts.accepted,
        "started": len(begun),
        "waiting_for_start": sum(not one.sessions for one in house.stories),
        "sessions": counts.sessions,
        "wait_days_median": median(counts.waits) if counts.waits else None,
        "chair_use": share(counts.sessions * plan.session_minutes, chair_minutes(plan, years)),
        "nurse_hours": nurse / MINUTES,
        "assessment_hours": counts.referred * plan.assessment_minutes / MINUTES,
        "responders": len(responded),
        "response": share(len(responded), len(judged)),
        "held_at_end": len(held),
        "held_share": share(len(held), len(responded)),
        "visits": counts.visits,
    }


def answered(story: Story) -> bool | None:
    """Did the induction help? By the rule of the clinic; None where it was not evaluated."""
    unasked = replace(story.protocol, ratings=())
    found = induction_effect(unasked, story.facts, story.asked.until).outcome
    return None if found is None else found.response or bool(found.remission)


def holds(story: Story) -> bool:
    """Half or less of the illness is left on the last day, rated or not."""
    left = story.illness.level(story.asked.until.toordinal())
    return left <= HALF * story.illness.before


def chair_minutes(plan: ClinicPlan, years: int) -> float:
    return plan.chairs * plan.open_minutes * plan.days_a_week * years * DAYS / DAYS_A_WEEK


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def costs(
    plan: ClinicPlan, prices: Prices, found: Outcome, *, years: int
) -> Mapping[str, float | None]:
    """By the prices of the one who asks, over all the years."""
    total = (
        float(prices.session) * (found["sessions"] or 0)
        + float(prices.nurse_hour) * (found["nurse_hours"] or 0)
        + float(prices.assessment) * (found["referred"] or 0)
        + float(prices.visit) * (found["visits"] or 0)
        + (float(prices.chair_year) * plan.chairs + float(prices.fixed)) * years
    )
    return {
        "cost": total,
        "cost_per_responder": share(total, found["responders"] or 0),
        "cost_per_held_responder": share(total, found["held_at_end"] or 0),
    }


def coverage(
    population: Population, found: Outcome, *, years: int
) -> Mapping[str, float | None]:
    """Of those in need in a year, how many begin: by the most and by the fewest in need."""
    needed, started = need(population), (found["started"] or 0) / years
    return {
        "coverage_lowest": share(started, needed.highest),
        "coverage_highest": share(started, needed.lowest),
    }
