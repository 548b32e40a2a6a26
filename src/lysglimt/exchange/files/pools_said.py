"""Pools and networks as a command prints them: JSON with the names of the field, lines for people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from math import exp
from typing import Any

import numpy as np

from lysglimt.knowledge.errors import Implausible
from lysglimt.science.evidence.arms import Counted
from lysglimt.science.evidence.bias import (
    begg,
    egger,
    egger_mixed,
    peters,
    shown,
    trim_and_fill,
)
from lysglimt.science.evidence.distributions import Numbers
from lysglimt.science.evidence.effect_sizes import (
    Measure,
    share_of_double_arcsine,
    share_of_logit,
)
from lysglimt.science.evidence.grade import Certainty, per_thousand
from lysglimt.science.evidence.heterogeneity import Method, Studies
from lysglimt.science.evidence.hinted import hinted
from lysglimt.science.evidence.network import Network, consistency, p_scores
from lysglimt.science.evidence.pooling import Fit, Test, pool, q_profile
from lysglimt.science.evidence.pools import Pool, beside, snapshot
from lysglimt.science.evidence.regression import (
    Explained,
    Regression,
    regression,
    se_of_tau2,
    subgroups,
)
from lysglimt.science.evidence.sensitivity import (
    cumulative,
    fail_safe,
    influence,
    leave_one_out,
)
from lysglimt.science.evidence.splitting import split
from lysglimt.science.evidence.stratified import Pair, stratified

from .effects import EffectsTable

EXTRAS = (
    "leave-one-out", "cumulative", "influence", "tau2-interval", "small-studies", "mantel-haenszel",
)  # fmt: skip
Said = dict[str, Any]


def spoken(value: Any) -> Any:
    """Arrays as lists, records as tables."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: spoken(getattr(value, field.name)) for field in fields(value)}
    return value


def fit_said(studies: Studies, fit: Fit) -> Said:
    """``se_tau2`` and the floored variant beside what every pool has."""
    said: Said = spoken(fit)
    ones = np.ones((fit.k, 1))
    said["se_tau2"] = se_of_tau2(Regression(studies.y, studies.v, ones), fit.method, fit.tau2)
    floored = beside(studies, fit)
    said["floored"] = (
        {name: getattr(floored, name) for name in ("se", "ci_lb", "ci_ub", "pi_lb", "pi_ub")}
        if floored
        else None
    )
    return said


Counts = tuple[Numbers, Numbers] | None


def extras(
    studies: Studies, more: tuple[str, ...], *, method: Method, counted: Counts = None
) -> Said:
    """What was asked for beside the pool. ``counted``: events and people of each trial."""
    said: Said = {}
    if "leave-one-out" in more:
        said["leave_one_out"] = spoken(leave_one_out(studies, method))
    if "cumulative" in more:
        said["cumulative"] = spoken(cumulative(studies, method))
    if "influence" in more:
        said["influence"] = spoken(influence(studies, method))
    if "tau2-interval" in more:
        said["tau2_interval"] = spoken(q_profile(studies))
    if "small-studies" in more:
        said["small_studies"] = small_studies(studies, counted)
    return said


def without_weights(pairs: Sequence[Pair], measure: Measure | None) -> Said:
    """Mantel and Haenszel's, and Peto's: from the counts themselves, with one common effect."""
    if not pairs or measure is None:
        raise Implausible.of("--with", "mantel-haenszel", "with counts of two arms")
    return {"mantel_haenszel": spoken(stratified(pairs, measure))}


def pairs_of(found: Pool) -> list[Pair]:
    """Empty where means were pooled, or one arm alone."""
    counted = [[arm for arm in one.arms if isinstance(arm, Counted)] for one in found.studies]
    return [(arms[0], arms[1]) for arms in counted if len(arms) > 1]


def shares(fit: Fit, measure: Measure | None, people: Sequence[float]) -> Said:
    """The share in one arm as a share, however it was pooled; nothing for another measure."""
    if measure is None or not measure.is_single:
        return {}
    ends = (fit.estimate, fit.ci_lb, fit.ci_ub)
    names = ("estimate", "ci_lb", "ci_ub")
    found = [as_share(value, measure, people) for value in ends]
    return {"share": dict(zip(names, found, strict=True))}


def as_share(value: float, measure: Measure, people: Sequence[float]) -> float:
    match measure:
        case Measure.PLO:
            return share_of_logit(value)
        case Measure.PFT:
            return share_of_double_arcsine(value, len(people) / sum(1 / n for n in people))
        case _:
            return value


def small_studies(studies: Studies, counted: Counts = None) -> Said:
    if not shown(len(studies.y)):
        return {"shown": False, "reason": "fewer than 10 studies: such a test misleads"}
    return {
        "shown": True,
        "egger": spoken(egger(studies)),
        "egger_mixed": spoken(egger_mixed(studies)),
        "peters": spoken(peters(studies.y, *counted)) if counted else None,
        "begg": spoken(begg(studies)),
        "fail_safe_n": fail_safe(studies),
        "trim_and_fill": [
            spoken(trim_and_fill(studies, side=side)) for side in ("left", "right")
        ],
    }


def moderated(
    table: EffectsTable, given: Mapping[str, Any], *, method: Method, test: Test
) -> Said:
    """Meta-regression on a column of numbers; subgroups by a column of words."""
    said: Said = {}
    y, v = np.asarray(table.yi), np.asarray(table.vi)
    if name := given["moderator"]:
        x = np.column_stack([np.ones_like(y), moderator(table, name)])
        found = regression(Regression(y, v, x), ("intercept", name), method=method, test=test)
        said["regression"] = explained_said(found)
    if name := given["subgroup"]:
        groups = [cell(row, name, n) for n, row in enumerate(table.others, 2)]
        said["interaction"] = explained_said(subgroups(y, v, groups, method=method, test=test))
        said["subgroups"] = {
            group: spoken(
                alone(y, v, np.asarray([one == group for one in groups]), method=method)
            )
            for group in sorted(set(groups))
        }
    return said


def alone(y: Numbers, v: Numbers, where: Any, *, method: Method) -> Fit:
    return pool(Studies(y[where], v[where]), method=method)


def cell(row: Mapping[str, str], name: str, line: int) -> str:
    if name not in row:
        raise Implausible.of("column", name, ", ".join(row))
    if not row[name].strip():
        raise Implausible.of(f"row {line}: {name}", "nothing", "a value in every row")
    return row[name].strip()


def moderator(table: EffectsTable, name: str) -> Numbers:
    found = []
    for line, row in enumerate(table.others, start=2):
        text = cell(row, name, line)
        try:
            found.append(float(text.replace(",", ".")))
        except ValueError as refusal:
            raise Implausible.of(f"row {line}: {name}", text, "a number") from refusal
    return np.asarray(found)


def explained_said(found: Explained) -> Said:
    said: Said = spoken(found)
    said["coefficients"] = [spoken(one) for one in found.coefficients]
    return said


def pool_said(found: Pool, *, baseline: float | None) -> Said:
    said: Said = {"k": 0, "estimate": None}
    if found.fit:
        said = fit_said(found.effects, found.fit)
    said |= {
        "query": str(found.query),
        "measure": found.query.measure,
        "version": found.version,
        "hash": found.hash,
        "rows": found.row_ids,
        "studies": found.studies,
        "set_aside": found.set_aside,
        "snapshot": snapshot(found),
    }
    if found.fit:
        said["hints"] = hinted(found)
        said |= shares(found.fit, found.query.measure, [one.people for one in found.studies])
    if found.fit and baseline is not None:
        said["per_thousand"] = per_thousand(found.fit, found.query.measure, baseline=baseline)
    return said


def certainty_said(judged: Certainty) -> Said:
    said: Said = spoken(judged)
    said["level"] = judged.level
    return said


def fit_lines(fit: Fit, said: Said) -> list[str]:
    """For people, on the scale of the effects."""
    name = "z" if fit.df is None else f"t({fit.df})"
    lines = [
        (
            f"{fit.method} {fit.test}, k = {fit.k}: {fit.estimate:.4f} "
            f"({fit.ci_lb:.4f}, {fit.ci_ub:.4f}) by {name}, p = {fit.pval:.4g}"
        ),
        f"tau2 {fit.tau2:.4f}, I2 {fit.I2:.1f} %, Q {fit.QE:.2f} (p = {fit.QEp:.4g})",
    ]
    if floored := said["floored"]:
        lines.append(f"floored ({floored['ci_lb']:.4f}, {floored['ci_ub']:.4f})")
    if fit.pi_lb is not None:
        lines.append(f"a next trial ({fit.pi_lb:.4f}, {fit.pi_ub:.4f}) by {name}")
    return lines


def pool_lines(found: Pool, said: Said, lang: str) -> Iterator[str]:
    for one in found.studies:
        measure, reach = found.query.measure, 1.959963984540054 * one.vi**0.5
        middle, low, high = (
            natural(value, measure) for value in (one.yi, one.yi - reach, one.yi + reach)
        )
        yield (
            f"{one.name:18} {one.treated:>18} {one.controls:>18}  "
            f"{middle:6.2f} ({low:.2f}, {high:.2f})"
        )
        yield from (f"  {each.in_language(lang)}" for each in one.cautions)
    if found.fit:
        fit = found.fit
        shown_as = (
            natural(value, found.query.measure)
            for value in (fit.estimate, fit.ci_lb, fit.ci_ub)
        )
        yield "{} {:.2f} ({:.2f}, {:.2f})".format(found.query.measure, *shown_as)
        if floored := found.floored:
            ends = (natural(end, found.query.measure) for end in (floored.ci_lb, floored.ci_ub))
            yield "with the floor ({:.2f}, {:.2f})".format(*ends)
        yield from fit_lines(fit, said)
    else:
        yield "k = 0"
    for one_left in found.set_aside:
        yield f"- {one_left.row}: {one_left.because.in_language(lang)}"
    yield f"{found.version} {found.hash}"


def natural(value: float, measure: Measure) -> float:
    """A ratio, not its logarithm."""
    return exp(value) if measure.is_ratio else value


def natural_lines(fit: Fit, said: Said, measure: Measure | None) -> Iterator[str]:
    """What was pooled, on the scale a reader knows; and the trials that say nothing of it."""
    if measure is None:
        return
    ends = said.get("share", {}).values() or (
        natural(value, measure) for value in (fit.estimate, fit.ci_lb, fit.ci_ub)
    )
    yield "{} {:.3f} ({:.3f}, {:.3f})".format(measure, *ends)
    if silent := said["uninformative"]:
        yield f"nobody or everybody in both arms: {', '.join(silent)}"


def network_said(found: Network, *, small_is_good: bool) -> Said:
    """Matrices in the order of ``treatments``: row against column."""
    common, random = found.compared(0.0), found.compared(found.tau2)
    checked = consistency(found)
    return {
        "treatments": found.treatments,
        "k": len(found.trials),
        "m": found.pairs,
        "n": len(found.treatments),
        "d": found.designs,
        "tau2": found.tau2,
        "I2": max(0.0, (checked.Q - checked.df) / checked.Q) if checked.Q else 0.0,
        "Q": checked.Q,
        "df_Q": checked.df,
        "pval_Q": checked.pval,
        "Q_heterogeneity": checked.Q_heterogeneity,
        "df_Q_heterogeneity": checked.df_heterogeneity,
        "pval_Q_heterogeneity": checked.pval_heterogeneity,
        "Q_inconsistency": checked.Q_inconsistency,
        "df_Q_inconsistency": checked.df_inconsistency,
        "pval_Q_inconsistency": checked.pval_inconsistency,
        "inconsistency_random": {
            "Q": checked.Q_random,
            "df": checked.df_inconsistency,
            "pval": checked.p_random,
            "tau_within": checked.tau_within,
        },
        "TE_common": spoken(common.te),
        "seTE_common": spoken(common.se),
        "TE_random": spoken(random.te),
        "seTE_random": spoken(random.se),
        "P_common": p_scores(found, common, small_is_good=small_is_good),
        "P_random": p_scores(found, random, small_is_good=small_is_good),
        "small_values": "good" if small_is_good else "bad",
        "split": split(found, found.tau2),
    }


def network_lines(found: Network, said: Said) -> Iterator[str]:
    """The league table against the last treatment of the list, best first, and where it creaks."""
    yield (
        f"{said['k']} studies, {said['n']} treatments; tau2 {said['tau2']:.4f}, "
        f"Q {said['Q']:.2f} ({said['df_Q']} df), between designs {said['Q_inconsistency']:.2f} "
        f"({said['df_Q_inconsistency']} df, p = {said['pval_Q_inconsistency']:.3g})"
    )
    width = max(map(len, found.treatments))
    best = sorted(found.treatments, key=lambda name: -said["P_random"][name])
    for name in best:
        row = found.treatments.index(name)
        cells = " ".join(
            f"{said['TE_random'][row][found.treatments.index(other)]:8.3f}" for other in best
        )
        yield f"{name:{width}} {said['P_random'][name]:.3f} {cells}"
    for one in said["split"]:
        if one.p is not None:
            yield (
                f"{one.comparison}: direct {one.direct:.3f}, indirect {one.indirect:.3f}, "
                f"p = {one.p:.3f}"
            )
