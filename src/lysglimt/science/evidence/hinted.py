"""What the figures of a whole pool hint to those who judge it: also whether people enough were asked."""

from dataclasses import replace

from .arms import Counted
from .grade import Hint, hints, information_size, share_with
from .pools import Pool


def hinted(found: Pool) -> tuple[Hint, ...]:
    """By the floored interval where there is one: a hint may not hang on trials that happen to agree."""
    fit = found.floored or found.fit
    if fit is None:
        return ()
    if found.query.measure.is_single:
        # Of one arm there is no effect that an interval could include or miss.
        fit = replace(fit, ci_lb=1.0, ci_ub=1.0, pi_lb=None, pi_ub=None)
    people = sum(one.people for one in found.studies)
    return hints(fit, people=people, needed=needed(found))


def needed(found: Pool) -> float | None:
    """People for one trial that could show the pooled effect, from the share of all controls.

    None where means were pooled, one arm alone, or there is no difference to show.
    """
    if found.fit is None or found.query.measure.is_single or not found.query.outcome.is_counted:
        return None
    controls = [one.arms[1] for one in found.studies]
    counted = [arm for arm in controls if isinstance(arm, Counted)]
    baseline = sum(arm.events for arm in counted) / sum(arm.n for arm in counted)
    if not 0 < baseline < 1:
        return None
    other = share_with(found.fit.estimate, found.query.measure, baseline)
    if other == baseline or not 0 < other < 1:
        return None
    return information_size(baseline=baseline, other=other)
