"""The trials as a forest and as a funnel, each with its table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log

from django.utils.translation import get_language, gettext

from lysglimt.clinic.design.charts.scene import Curve, Dot, Label, Line, Scene
from lysglimt.science.evidence.distributions import half_width
from lysglimt.science.evidence.pooling import Fit, q_profile
from lysglimt.science.evidence.pools import Pool

from .trials import interval, next_trial, reach, unseen, with_interval, written

WIDTH, LEFT, RIGHT = 760, 236, 566
TOP, ROW = 34, 30
RATIOS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 10, 20, 50)
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
FUNNEL_FLOOR = 214
Reach = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """Effects, left to right; wide enough for every interval, and for no difference."""

    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Axis":
        low, high = min(0.0, *values), max(0.0, *values)
        room = (high - low or 1.0) * 0.05
        return cls(low - room, high + room)

    def __call__(self, value: float) -> int:
        return round(LEFT + (value - self.low) / (self.high - self.low) * (RIGHT - LEFT))

    def ticks(self, *, is_ratio: bool) -> list[float]:
        if is_ratio:
            return [log(one) for one in RATIOS if self.low <= log(one) <= self.high]
        step = next((one for one in STEPS if (self.high - self.low) / one <= 8), STEPS[-1])
        first, last = ceil(self.low / step), floor(self.high / step)
        return [number * step for number in range(first, last + 1)]


def forest(found: Pool, fit: Fit) -> Scene:
    ends = [end for one in found.studies for end in interval(one)]
    axis = Axis.of([*ends, fit.ci_lb, fit.ci_ub, *floored(found), *(next_trial(found) or ())])
    missing = unseen(found)
    floor_at = TOP + ROW * (len(found.studies) + len(missing) + 2)
    at = {one.study: TOP + ROW * number for number, one in enumerate(found.studies, 1)}
    pooled_at = floor_at - ROW // 2
    said = with_interval(fit.estimate, fit.ci_lb, fit.ci_ub, found=found)
    return Scene(
        name="forest",
        width=WIDTH,
        height=floor_at + 56,
        title=gettext("Every trial, and all together"),
        description=gettext("All together %(said)s.") % {"said": said},
        columns=(
            gettext("Trial"), gettext("Treatment"), gettext("Control"),
            gettext("Effect, 95 % interval"), gettext("Remarks"),
        ),
        rows=rows(found, fit),
        lines=(
            *frame(axis, floor_at),
            *(Line(axis(low), at[one.study], axis(high), at[one.study], "today")
              for one in found.studies for low, high in [interval(one)]),
            *(Line(axis(one), pooled_at, axis(other), pooled_at, kind)
              for (one, other), kind in around(found)),
        ),
        curves=(diamond(axis, fit, pooled_at),),
        dots=tuple(Dot(axis(one.yi), at[one.study], "point") for one in found.studies),
        labels=(
            *(Label(4, at[one.study] + 5, one.name, "value") for one in found.studies),
            *(Label(RIGHT + 10, at[one.study] + 5, with_interval(one.yi, *interval(one), found=found))
              for one in found.studies),
            *absent(found, missing),
            Label(4, pooled_at + 5, gettext("All together"), "value"),
            Label(RIGHT + 10, pooled_at + 5, said, "value"),
            *sides(found),
            *foot(axis, found, floor_at),
        ),
    )  # fmt: skip


def absent(found: Pool, missing: Mapping[str, str]) -> Iterator[Label]:
    """Trials without figures have their line too: what is not known is seen where one looks."""
    for number, name in enumerate(missing.values(), len(found.studies) + 1):
        yield Label(4, TOP + ROW * number + 5, name, "value")
        yield Label(RIGHT + 10, TOP + ROW * number + 5, gettext("no figures seen"))


def legend(found: Pool, fit: Fit) -> Iterator[str]:
    """What the lines of the forest are, and how they were reckoned."""
    yield gettext("Line: the interval of a trial.")
    if fit.k == 1:
        yield gettext("Diamond: that trial again. There is nothing to pool.")
        return
    low, high = q_profile(found.effects).I2
    yield gettext(
        "Diamond: all together (%(method)s, %(test)s, k = %(k)s; I² %(i2)s %%, 95 %% interval %(low)s to %(high)s %%)."
    ) % {
        "method": fit.method.value, "test": fit.test.value, "k": fit.k,
        "i2": f"{fit.I2:.0f}", "low": f"{low:.0f}", "high": f"{high:.0f}",
    }  # fmt: skip
    if found.floored:
        yield gettext(
            "Line through the diamond: with the floor, never narrower than without Knapp-Hartung."
        )
    if next_trial(found):
        yield gettext("Dashed: where a next trial may lie (%(named)s).") % {
            "named": f"t({fit.pi_df})"
        }


def frame(axis: Axis, floor_at: int) -> tuple[Line, ...]:
    return (
        Line(LEFT, floor_at, RIGHT, floor_at, "axis"),
        Line(axis(0.0), TOP - 8, axis(0.0), floor_at, "baseline"),
    )


def floored(found: Pool) -> tuple[float, ...]:
    """Both ends of the interval that is never narrower than without Knapp-Hartung."""
    return (found.floored.ci_lb, found.floored.ci_ub) if found.floored else ()


def around(found: Pool) -> Iterator[tuple[Reach, str]]:
    """Beyond the diamond: where a next trial may lie, and on top the interval with the floor."""
    if ahead := next_trial(found):
        yield ahead, "limit"
    if found.floored:
        yield (found.floored.ci_lb, found.floored.ci_ub), "today"


def diamond(axis: Axis, fit: Fit, y: int) -> Curve:
    middle = axis(fit.estimate)
    corners = ((axis(fit.ci_lb), y), (middle, y - 8), (axis(fit.ci_ub), y), (middle, y + 8))
    return Curve(" ".join(f"{x},{at}" for x, at in (*corners, corners[0])), "curve")


def sides(found: Pool) -> tuple[Label, Label]:
    """Which way is better for the patient."""
    words = gettext("control better"), gettext("treatment better")
    left, right = words if found.query.outcome.is_counted else reversed(words)
    return Label(LEFT, 16, left), Label(RIGHT, 16, right, anchor="end")


def foot(axis: Axis, found: Pool, floor_at: int) -> tuple[Label, ...]:
    ticks = axis.ticks(is_ratio=found.query.measure.is_ratio)
    named = gettext("risk ratio") if found.query.measure.is_ratio else gettext("points")
    return (
        *(
            Label(axis(tick), floor_at + 18, written(tick, found), anchor="middle")
            for tick in ticks
        ),
        Label((LEFT + RIGHT) // 2, floor_at + 40, named, anchor="middle"),
    )


def rows(found: Pool, fit: Fit) -> tuple[tuple[str, ...], ...]:
    language = get_language() or "nb"
    said = [
        (
            one.name, one.treated, one.controls,
            with_interval(one.yi, *interval(one), found=found),
            " ".join(each.in_language(language) for each in one.cautions),
        )
        for one in found.studies
    ]  # fmt: skip
    said += [(name, "", "", gettext("no figures seen"), "") for name in unseen(found).values()]
    together = with_interval(fit.estimate, fit.ci_lb, fit.ci_ub, found=found)
    said.append((gettext("All together"), "", "", together, ""))
    if found.floored:
        words = reach(found.floored.ci_lb, found.floored.ci_ub, found)
        said.append((gettext("All together, with the floor"), "", "", words, ""))
    if ahead := next_trial(found):
        said.append((gettext("A next trial"), "", "", reach(*ahead, found), ""))
    return tuple(said)


def funnel(found: Pool, fit: Fit) -> Scene:
    """Small trials lie low; were some never published, one side would be empty."""
    widest: float = max(float(one.vi) ** 0.5 for one in found.studies) * 1.1
    reach = half_width(None) * widest
    axis = Axis.of(
        [fit.estimate - reach, fit.estimate + reach, *(one.yi for one in found.studies)]
    )

    def down(error: float) -> int:
        return round(TOP + error / widest * (FUNNEL_FLOOR - TOP))

    top = (axis(fit.estimate), TOP)
    return Scene(
        name="funnel",
        width=WIDTH,
        height=FUNNEL_FLOOR + 56,
        title=gettext("Effect against the error of each trial"),
        description=gettext("Small trials lie low, large ones at the top."),
        columns=(gettext("Trial"), gettext("Effect"), gettext("Standard error")),
        rows=tuple(
            (one.name, written(one.yi, found), f"{float(one.vi) ** 0.5:.2f}")
            for one in found.studies
        ),
        lines=(
            Line(LEFT, FUNNEL_FLOOR, RIGHT, FUNNEL_FLOOR, "axis"),
            Line(*top, axis(fit.estimate), FUNNEL_FLOOR, "baseline"),
            Line(*top, axis(fit.estimate - reach), FUNNEL_FLOOR, "event"),
            Line(*top, axis(fit.estimate + reach), FUNNEL_FLOOR, "event"),
        ),
        dots=tuple(
            Dot(axis(one.yi), down(float(one.vi) ** 0.5), "point") for one in found.studies
        ),
        labels=(
            Label(LEFT - 8, TOP + 5, gettext("no error"), anchor="end"),
            Label(LEFT - 8, FUNNEL_FLOOR, gettext("large error"), anchor="end"),
            *foot(axis, found, FUNNEL_FLOOR),
        ),
    )
