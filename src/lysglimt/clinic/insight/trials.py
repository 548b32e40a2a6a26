"""What people ask of the trials, and the answer in plain words: for and against alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import exp

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from lysglimt.clinic.design.numerals import numeral
from lysglimt.knowledge.figures import Basis, Mark
from lysglimt.knowledge.protocols.protocol import Route
from lysglimt.knowledge.sources.library import library
from lysglimt.science.evidence.arms import Counted
from lysglimt.science.evidence.bias import FEWEST
from lysglimt.science.evidence.distributions import half_width
from lysglimt.science.evidence.grade import includes_none, per_thousand
from lysglimt.science.evidence.pooling import FEWEST_FOR_KNAPP_HARTUNG, Fit
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


def reach(low: float, high: float, found: Pool) -> str:
    return gettext("%(low)s to %(high)s") % {
        "low": written(low, found),
        "high": written(high, found),
    }


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
        yield from unseen_in_words(found)
        return
    people = sum(one.people for one in found.studies)
    yield ngettext(
        "%(trials)s trial with %(people)s people answers this.",
        "%(trials)s trials with %(people)s people answer this.",
        fit.k,
    ) % {"trials": fit.k, "people": f"{people:.0f}"}
    yield size(found, fit)
    yield from settled(found, fit)
    yield favoured(found)
    if fit.k in TOO_FEW:
        yield str(TOO_FEW[fit.k])
    yield from unseen_in_words(found)
    ahead = next_trial(found)
    if ahead and includes_none(*ahead):
        yield gettext("A next trial could well show no difference.")


TOO_FEW: Mapping[int, Promise] = {
    1: gettext_lazy("One trial alone: whether another would find the same is not known."),
    2: gettext_lazy(
        "Two trials cannot show how far trials differ: the interval may well be too narrow."
    ),
}


def settled(found: Pool, fit: Fit) -> Iterator[str]:
    """Only where neither the interval nor its floored variant includes no difference is it silent."""
    if includes_none(fit.ci_lb, fit.ci_ub):
        yield gettext("The interval includes no difference: the trials do not settle it.")
    elif found.floored and includes_none(found.floored.ci_lb, found.floored.ci_ub):
        yield gettext(
            "The interval is narrow because so few trials happen to agree. With the floor that does "
            "not count on that it is %(interval)s, which includes no difference: the trials do not settle it."
        ) % {"interval": reach(found.floored.ci_lb, found.floored.ci_ub, found)}


def favoured(found: Pool) -> str:
    """For and against alike."""
    good, unsure, bad = tally(found)
    if len(found.studies) > 1:
        return gettext(
            "Of these trials %(good)s favour the treatment, %(open)s show no sure difference, "
            "%(bad)s favour the control."
        ) % {"good": good, "open": unsure, "bad": bad}
    if unsure:
        return gettext("This trial shows no sure difference.")
    return (
        gettext("This trial favours the treatment.")
        if good
        else gettext("This trial favours the control.")
    )


def next_trial(found: Pool) -> tuple[float, float] | None:
    """Where a next trial may lie, by the floored variant where there is one.

    Nothing below three trials: how far trials differ is then not seen.
    """
    fit = found.floored or found.fit
    if fit is None or fit.k < FEWEST_FOR_KNAPP_HARTUNG:
        return None
    return None if fit.pi_lb is None or fit.pi_ub is None else (fit.pi_lb, fit.pi_ub)


UNSEEN = frozenset({"no-figures", "no-denominator", "least-squares", "undefined"})
"""Reasons of a trial that asked the same, and of which no figure that fits was seen."""


def unseen(found: Pool) -> Mapping[str, str]:
    """Trials that compared this and are in no figure, by name: half of an answer is what is missing."""
    names = {row.id: (row.trial, called(row.name)) for row in shipped()}
    there = {one.study for one in found.studies}
    known = (names[one.row] for one in found.set_aside if one.reason in UNSEEN)
    return {trial: name for trial, name in known if trial not in there}


def called(name: str) -> str:
    """The table says in its own words that nobody has seen who wrote it."""
    return name.replace("(first author not seen)", gettext("(first author not seen)"))


def unseen_in_words(found: Pool) -> Iterator[str]:
    missing = unseen(found)
    if not missing:
        return
    yield ngettext(
        "%(n)s more trial compared this and is not in the figures, because no source shows this outcome of it: %(names)s.",
        "%(n)s more trials compared this and are not in the figures, because no source shows this outcome of them: %(names)s.",
        len(missing),
    ) % {"n": len(missing), "names": ", ".join(missing.values())}
    for slug, asked in QUESTIONS.items():
        other = answer(slug)
        here = (other.query.intervention, other.query.control)
        if here != (found.query.intervention, found.query.control):
            continue
        counted = {one.study for one in other.studies}
        if names := [name for trial, name in missing.items() if trial in counted]:
            yield gettext("What is known of %(names)s stands under: “%(question)s”") % {
                "names": ", ".join(names),
                "question": asked.words,
            }


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
