"""What people ask of the trials, and the answer in plain words: for and against alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import exp

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.design.numerals import numeral
from lysglimt.knowledge.figures import Basis, Mark
from lysglimt.knowledge.protocols.protocol import Route
from lysglimt.knowledge.sources.library import library
from lysglimt.science.evidence.arms import Counted
from lysglimt.science.evidence.bias import FEWEST
from lysglimt.science.evidence.distributions import half_width
from lysglimt.science.evidence.grade import per_thousand
from lysglimt.science.evidence.pooling import Fit
from lysglimt.science.evidence.pools import Pool, StudyEffect, pooled
from lysglimt.science.evidence.questions import Outcome, query
from lysglimt.science.evidence.trial_rows import shipped

DRIP = (
    "intervention=iv_racemic_ketamine control=midazolam|saline timepoint=24h|2d|3d measure=RR"
)
NASAL = "intervention=in_esketamine control=oral_antidepressant timepoint=4wk"


@dataclass(frozen=True, slots=True)
class Known:
    """A trial of the same question that is not in the pool, what it found, and why it is not in it."""

    words: Promise
    basis: Basis


KETECT = Known(
    gettext_lazy(
        "KetECT (Ekstrand 2022), 186 people treated: remission in 46 % with ketamine and in 63 % with ECT, a difference of 2 to 30 percentage points in favour of ECT. Not in the figures above: it counts remission, not response, and the number of people in each arm is not verified here."
    ),
    Basis(Mark.SEEN, library()["ketect"]),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a person asks it, and as it is put to the table.

    ``own`` is the way of giving after whose induction the unit's own courses have the same outcome
    at about the same time; None where the time is another. ``known`` is what is known of it, and
    is in no pool.
    """

    words: Promise
    query: str
    own: Route | None = None
    known: Known | None = None


QUESTIONS: Mapping[str, Asked] = {
    "drip-response": Asked(
        gettext_lazy("One infusion of ketamine or of midazolam or saline: response within three days?"),
        f"{DRIP} outcome=response",
    ),
    "drip-remission": Asked(
        gettext_lazy("One infusion of ketamine or of midazolam or saline: remission within three days?"),
        f"{DRIP} outcome=remission",
    ),
    "drip-ideation": Asked(
        gettext_lazy("One infusion of ketamine or of midazolam or saline: suicidal thoughts halved within three days?"),
        f"{DRIP} outcome=ideation-response",
    ),
    "drip-course": Asked(
        gettext_lazy("A course of ketamine infusions or of midazolam or saline: remission at its end?"),
        "intervention=iv_racemic_ketamine control=midazolam|saline timepoint=end_of_course "
        "measure=RR outcome=remission definition=any",
        own=Route.INTRAVENOUS,
    ),
    "drip-ect": Asked(
        gettext_lazy("A course of ketamine infusions or of ECT: response at its end?"),
        "intervention=iv_racemic_ketamine control=ect timepoint=end_of_course measure=RR outcome=response",
        own=Route.INTRAVENOUS,
        known=KETECT,
    ),
    "nasal-response": Asked(
        gettext_lazy("Nasal esketamine or placebo spray, both with a new antidepressant: response at four weeks?"),
        f"{NASAL} measure=RR outcome=response",
        own=Route.INTRANASAL,
    ),
    "nasal-remission": Asked(
        gettext_lazy("Nasal esketamine or placebo spray, both with a new antidepressant: remission at four weeks?"),
        f"{NASAL} measure=RR outcome=remission",
        own=Route.INTRANASAL,
    ),
    "nasal-change": Asked(
        gettext_lazy("Nasal esketamine or placebo spray, both with a new antidepressant: how many points of MADRS at four weeks?"),
        f"{NASAL} measure=MD outcome=change",
    ),
    "nasal-quetiapine": Asked(
        gettext_lazy("Nasal esketamine or quetiapine, beside an antidepressant: remission at eight weeks?"),
        "intervention=in_esketamine control=quetiapine timepoint=8wk measure=RR outcome=remission",
    ),
}  # fmt: skip
FIRST = "drip-response"


@cache
def answer(name: str) -> Pool:
    """The table is shipped: the answer is the same until the next version."""
    return pooled(shipped(), query(QUESTIONS[name].query))


def interval(one: StudyEffect) -> tuple[float, float]:
    reach = half_width(None) * float(one.vi) ** 0.5
    return one.yi - reach, one.yi + reach


def written(value: float, found: Pool) -> str:
    """On the scale a reader knows: a ratio itself, points of a scale."""
    shown = exp(value) if found.query.measure.is_ratio else value
    digits = "0.01" if found.query.measure.is_ratio else "0.1"
    return numeral(Decimal(str(shown)).quantize(Decimal(digits)))


def with_interval(middle: float, low: float, high: float, *, found: Pool) -> str:
    said = {"middle": middle, "low": low, "high": high}
    return gettext("%(middle)s (%(low)s to %(high)s)") % {
        name: written(value, found) for name, value in said.items()
    }


def in_words(found: Pool) -> Iterator[str]:
    """The answer for someone who reads no statistics. What is not settled is said to be so."""
    fit = found.fit
    if fit is None:
        yield gettext("No verified trial in the table answers this.")
        return
    people = sum(one.people for one in found.studies)
    yield gettext("%(trials)s trials with %(people)s people answer this.") % {
        "trials": fit.k,
        "people": f"{people:.0f}",
    }
    yield size(found, fit)
    if fit.ci_lb <= 0 <= fit.ci_ub:
        yield gettext("The interval includes no difference: the trials do not settle it.")
    yield gettext(
        "Of these trials %(good)s favour the treatment, %(open)s show no sure difference, "
        "%(bad)s favour the control."
    ) % dict(zip(("good", "open", "bad"), tally(found), strict=True))
    if fit.pi_lb is not None and fit.pi_ub is not None and fit.pi_lb <= 0 <= fit.pi_ub:
        yield gettext("A next trial could well show no difference.")


def size(found: Pool, fit: Fit) -> str:
    """Of a hundred people, or in points."""
    if not found.query.outcome.is_counted:
        return gettext(
            "With the treatment the total changed %(points)s points against the control."
        ) % {"points": with_interval(fit.estimate, fit.ci_lb, fit.ci_ub, found=found)}
    controls = [one.arms[1] for one in found.studies]
    events = sum(arm.events for arm in controls if isinstance(arm, Counted))
    base = events / sum(arm.n for arm in controls)
    told = per_thousand(fit, found.query.measure, baseline=base)
    shares = (
        told.baseline,
        *(told.baseline + more for more in (told.difference, told.low, told.high)),
    )
    names = ("control", "treated", "low", "high")
    if told.beyond:
        words = gettext(
            "Of 100 people the outcome was reached by about %(control)s with the control and about "
            "%(treated)s with the treatment (from %(low)s up: the upper end cannot be carried to that share)."
        )
        return words % {
            name: f"{value / 10:.0f}" for name, value in zip(names, shares, strict=True)
        }
    return gettext(
        "Of 100 people the outcome was reached by about %(control)s with the control and about "
        "%(treated)s with the treatment (%(low)s to %(high)s)."
    ) % {name: f"{value / 10:.0f}" for name, value in zip(names, shares, strict=True)}


def tally(found: Pool) -> tuple[int, int, int]:
    """Trials whose own interval favours the treatment, leaves it open, favours the control."""
    good = -1 if found.query.outcome in {Outcome.CHANGE, Outcome.ENDPOINT} else 1
    sides = []
    for one in found.studies:
        low, high = interval(one)
        sides.append(0 if low <= 0 <= high else good if low > 0 else -good)
    return sides.count(1), sides.count(0), sides.count(-1)


def few(found: Pool) -> bool:
    """Too few trials for a funnel to say anything."""
    return found.fit is not None and found.fit.k < FEWEST
