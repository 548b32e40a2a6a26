"""Certainty is a person's judgement; what it means for a thousand people is arithmetic."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from lysglimt.knowledge.errors import Implausible, Inconsistent
from lysglimt.science.evidence.bias import (
    begg,
    egger,
    kendall,
    peters,
    trim_and_fill,
)
from lysglimt.science.evidence.domains import Concern, Domain
from lysglimt.science.evidence.effect_sizes import Measure
from lysglimt.science.evidence.grade import (
    Certainty,
    Judgement,
    Level,
    hints,
    information_size,
    per_thousand,
)
from lysglimt.science.evidence.hinted import hinted, needed
from lysglimt.science.evidence.pooling import Test, checked, pool
from lysglimt.science.evidence.pools import pooled
from lysglimt.science.evidence.questions import query
from lysglimt.science.evidence.trial_rows import shipped

from .test_traps import CONTROL, GOOD, sheet

FIT = pool(checked([0.3, 0.4, 0.1], [0.01, 0.02, 0.02]), test=Test.Z)


def judged(*concerns: Concern, randomised: bool = True) -> Certainty:
    filled = [*concerns, *[Concern.NONE] * (len(Domain) - len(concerns))]
    judgements = tuple(Judgement(d, c, "as seen") for d, c in zip(Domain, filled, strict=True))
    return Certainty("Kari Berg", date(2030, 1, 2), judgements, randomised)


@pytest.mark.parametrize(
    ("certainty", "level"),
    [
        pytest.param(judged(), Level.HIGH, id="trials without a concern"),
        pytest.param(judged(Concern.SERIOUS), Level.MODERATE, id="one step down"),
        pytest.param(judged(Concern.VERY_SERIOUS), Level.LOW, id="two steps down"),
        pytest.param(
            judged(*[Concern.VERY_SERIOUS] * 5), Level.VERY_LOW, id="never below the lowest"
        ),
        pytest.param(
            judged(randomised=False), Level.LOW, id="what was not randomised begins low"
        ),
    ],
)
def test_each_concern_takes_a_step(certainty: Certainty, level: Level) -> None:
    assert certainty.level is level


def test_a_judgement_has_a_name_a_reason_and_every_domain() -> None:
    whole = judged()
    with pytest.raises(Inconsistent, match="named person"):
        replace(whole, by=" ")
    with pytest.raises(Inconsistent, match="each domain once"):
        replace(whole, judgements=whole.judgements[1:])
    with pytest.raises(Inconsistent, match="needs its reason"):
        Judgement(Domain.IMPRECISION, Concern.NONE, "")


def domains(**how: float) -> list[Domain]:
    return [one.domain for one in hints(FIT, **how)]


def test_the_figures_hint_and_do_not_judge() -> None:
    assert domains() == [Domain.PUBLICATION_BIAS]
    assert domains(people=100, needed=400) == [Domain.IMPRECISION, Domain.PUBLICATION_BIAS]
    wide = replace(FIT, ci_lb=-0.1)
    assert hints(wide)[0].domain is Domain.IMPRECISION
    apart = replace(FIT, I2=80.0, pi_lb=-1.0, pi_ub=1.0, k=12)
    assert [one.domain for one in hints(apart)] == [Domain.INCONSISTENCY, Domain.INCONSISTENCY]
    assert all(one.said.nb != one.said.en for one in (*hints(wide), *hints(apart)))


DRIP = "intervention=iv_racemic_ketamine control=midazolam|saline measure=RR"
NASAL = "intervention=in_esketamine control=oral_antidepressant timepoint=4wk"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            f"{NASAL} outcome=response measure=RR", {"The interval includes no effect."},
            id="it is the floored interval that hints",
        ),
        pytest.param(
            f"{DRIP} outcome=ideation-response timepoint=24h",
            {"80 people; one trial to show it would need 115."},
            id="a sure effect of too few people",
        ),
        pytest.param(
            "intervention=in_esketamine control=quetiapine timepoint=8wk measure=RR outcome=remission",
            set(), id="people enough",
        ),
        pytest.param(f"{NASAL} outcome=change measure=MD", set(), id="points need no share"),
        pytest.param("intervention=in_esketamine timepoint=4wk measure=PLO outcome=response", set(), id="one arm alone has no effect"),
    ],
)  # fmt: skip
def test_a_pool_hints_whether_people_enough_were_asked(text: str, said: set[str]) -> None:
    found = hinted(pooled(shipped(), query(text)))
    assert {one.said.en for one in found if one.domain is Domain.IMPRECISION} == said


@pytest.mark.parametrize(
    ("treated", "controls", "measure"),
    [
        pytest.param(10, 10, "RR", id="no difference to show"),
        pytest.param(5, 0, "RD", id="nobody in any control"),
        pytest.param(20, 18, "RD", id="all of the treated"),
    ],
)
def test_where_no_trial_could_show_it_no_number_of_people_is_named(
    treated: int, controls: int, measure: str
) -> None:
    counts = {"n_analysed": "20", "n_randomised": "20", "response_pct": "", "remitters": ""}
    rows = sheet(
        GOOD | counts | {"responders": str(treated)},
        CONTROL | counts | {"responders": str(controls)},
    ).rows
    text = f"intervention=iv_racemic_ketamine control=midazolam outcome=response timepoint=24h measure={measure}"
    found = pooled(rows, query(text))
    assert found.fit is not None
    assert needed(found) is None
    assert not [one for one in hinted(found) if "would need" in one.said.en]


def test_of_no_trial_nothing_is_hinted() -> None:
    assert hinted(pooled((), query(f"{NASAL} outcome=response measure=RR"))) == ()


def test_one_trial_is_spoken_of_as_one() -> None:
    [few] = [one for one in hints(replace(FIT, k=1)) if one.domain is Domain.PUBLICATION_BIAS]
    assert few.said.en == "1 trial is too few to look for publication bias."


def test_the_information_size_is_that_of_one_trial() -> None:
    # 20 % against 30 %, two-sided 5 %, power 80 %: 290.4 in each arm, unpooled variance.
    assert information_size(baseline=0.2, other=0.3) == pytest.approx(2 * 290.4, abs=0.2)
    with pytest.raises(Implausible):
        information_size(baseline=0.2, other=0.2)
    with pytest.raises(Implausible):
        information_size(baseline=0.0, other=0.2)


@pytest.mark.parametrize(
    ("measure", "estimate", "more"),
    [
        pytest.param(Measure.RR, np.log(1.5), 100, id="200 become 300"),
        pytest.param(Measure.RR, np.log(9), 800, id="never more than all"),
        pytest.param(Measure.OR, np.log(4), 300, id="odds 1/4 become 1"),
        pytest.param(Measure.PETO, np.log(4), 300, id="the same"),
        pytest.param(Measure.RD, 0.1, 100, id="ten in a hundred more"),
        pytest.param(Measure.RD, -0.5, -200, id="never fewer than none"),
        pytest.param(Measure.HR, np.log(2), 160, id="1 - 0.8 squared"),
    ],
)
def test_of_a_thousand_people(measure: Measure, estimate: float, more: float) -> None:
    fit = replace(
        FIT, estimate=float(estimate), ci_lb=float(estimate) - 0.1, ci_ub=float(estimate) + 0.1
    )
    found = per_thousand(fit, measure, baseline=0.2)
    assert found.baseline == 200
    assert found.difference == pytest.approx(more)
    assert found.low <= found.difference <= found.high


@pytest.mark.parametrize(
    ("measure", "estimate", "beyond"),
    [
        pytest.param(Measure.RR, np.log(4.4), False, id="nearly nine in ten"),
        pytest.param(Measure.RR, np.log(4.8), True, id="the upper end passes all"),
        pytest.param(Measure.OR, np.log(40), False, id="odds never do"),
        pytest.param(Measure.RD, 0.75, True, id="a difference past all"),
        pytest.param(Measure.RD, -0.15, True, id="and below none"),
        pytest.param(Measure.RD, 0.0, False, id="none at all"),
    ],
)
def test_an_effect_that_would_pass_all_people_says_so(
    measure: Measure, estimate: float, *, beyond: bool
) -> None:
    fit = replace(
        FIT, estimate=float(estimate), ci_lb=float(estimate) - 0.1, ci_ub=float(estimate) + 0.1
    )
    assert per_thousand(fit, measure, baseline=0.2).beyond is beyond


def test_a_mean_is_of_no_thousand_people() -> None:
    with pytest.raises(Implausible, match="OR, RR, RD"):
        per_thousand(FIT, Measure.MD, baseline=0.2)
    with pytest.raises(Implausible, match="baseline"):
        per_thousand(FIT, Measure.RR, baseline=20)


def test_small_trials_that_show_more_are_seen() -> None:
    se = np.linspace(0.05, 0.6, 15)
    lean = checked(0.2 + 1.5 * se + 0.01 * np.sin(np.arange(15)), se**2)
    assert egger(lean).pval < 0.001
    assert egger(lean).limit == pytest.approx(0.2, abs=0.02)
    assert begg(lean).pval < 0.05
    assert trim_and_fill(lean, side="left").k0 > 0


def test_effects_on_one_line_have_no_egger_test() -> None:
    se = np.asarray([1.0, 2, 4])
    with pytest.raises(Implausible, match="scatter"):
        egger(checked(se, se**2))


def test_peters_looks_at_the_size_of_a_trial() -> None:
    people = np.asarray([40.0, 60, 80, 120, 200, 300, 400, 500, 800, 1000])
    found = peters(0.1 + 30 / people + 1e-3 * np.cos(people), people / 4, people)
    assert found.pval < 0.001
    assert found.limit == pytest.approx(0.1, abs=0.01)
    with pytest.raises(Implausible, match="some, not all"):
        peters(people, people, people)


def test_ties_are_allowed_for() -> None:
    found = kendall(np.asarray([1.0, 1, 2, 3]), np.asarray([1.0, 2, 2, 3]))
    assert found.tau == pytest.approx(0.8)
    assert 0.05 < found.pval < 0.2


@pytest.mark.parametrize("ask", [egger, begg])
def test_two_trials_have_no_asymmetry(ask: object) -> None:
    with pytest.raises(Implausible, match="3 studies"):
        ask(checked([1, 2], [1, 1]))  # type: ignore[operator]  # each takes studies


@pytest.mark.parametrize(("side", "estimator"), [("up", "L0"), ("left", "Q0")])
def test_no_such_side_or_estimator(side: str, estimator: str) -> None:
    with pytest.raises(Implausible):
        trim_and_fill(checked([1, 2, 3], [1, 1, 1]), side=side, estimator=estimator)
