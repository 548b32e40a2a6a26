"""Effects from what each trial reported: counts, means, a hazard ratio, the pairs of a crossover."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lysglimt.knowledge.errors import Implausible
from lysglimt.science.evidence.arms import Counted, Measured
from lysglimt.science.evidence.effect_sizes import (
    OF_COUNTS,
    OF_MEANS,
    OF_ONE,
    OF_PAIRS,
    Effect,
    Hazard,
    Measure,
    Uninformative,
    log_hazard_ratio,
    paired_odds_ratio,
)

from .effects import Cells, EffectsTable, Numbered

Numbers = Mapping[str, float]
CORRELATION = "correlation"
"""Of a crossover: whoever brings the means states it, row by row."""


def of_counts(row: Numbers, measure: Measure) -> Effect:
    return OF_COUNTS[measure](*both(row))


def both(row: Numbers) -> tuple[Counted, Counted]:
    return Counted(row["events1"], row["n1"]), Counted(row["events2"], row["n2"])


def of_means(row: Numbers, measure: Measure) -> Effect:
    one, other = (
        Measured(row[f"mean{arm}"], row[f"sd{arm}"], row[f"n{arm}"]) for arm in (1, 2)
    )
    if CORRELATION in row:
        return OF_PAIRS[measure](one, other, row[CORRELATION])
    return OF_MEANS[measure](one, other)


def of_hazard(row: Numbers, _: Measure) -> Effect:
    return log_hazard_ratio(Hazard(row["hr"], row["ci_lb"], row["ci_ub"]))


def of_pairs(row: Numbers, _: Measure) -> Effect:
    return paired_odds_ratio(row["only1"], row["only2"])


def of_one(row: Numbers, measure: Measure) -> Effect:
    return OF_ONE[measure](Counted(row["events"], row["n"]))


@dataclass(frozen=True, slots=True)
class Form:
    """What a file may hold, and what may be asked of it."""

    columns: tuple[str, ...]
    measures: tuple[Measure, ...]
    effect: Callable[[Numbers, Measure], Effect]


FORMS = (
    Form(("hr", "ci_lb", "ci_ub"), (Measure.HR,), of_hazard),
    Form(("events1", "n1", "events2", "n2"), tuple(OF_COUNTS), of_counts),
    Form(("mean1", "sd1", "n1", "mean2", "sd2", "n2"), tuple(OF_MEANS), of_means),
    Form(("only1", "only2"), (Measure.OR,), of_pairs),
    Form(("events", "n"), tuple(OF_ONE), of_one),
)


def form_of(numbered: Numbered) -> Form | None:
    """None where the columns are those of no form, as with ready effects."""
    names = numbered[0][1] if numbered else {}
    if "yi" in names:
        return None
    return next((form for form in FORMS if set(form.columns) <= set(names)), None)


def measure_of(form: Form, asked: Measure | None) -> Measure:
    """What is asked for; unasked where there is but one. Raises Implausible."""
    if asked is None and len(form.measures) == 1:
        return form.measures[0]
    if asked not in form.measures:
        allowed = ", ".join(one.value for one in form.measures)
        said = f"{allowed}, of {' '.join(form.columns)}"
        raise Implausible.of("--measure", asked.value if asked else "none", said)
    return asked


def reported_table(numbered: Numbered, form: Form, measure: Measure) -> EffectsTable:
    """Every row as its effect. A row of which no ratio tells is named and left out. Raises Refused."""
    cells = Cells(numbered, form.columns)
    told = [(number, row, figures(cells, form, (line, row))) for number, (line, row) in enumerate(numbered, 1)]  # fmt: skip
    cells.check()
    kept, silent = [], []
    for (number, row, values), (line, _) in zip(told, numbered, strict=True):
        study = row.get("study", "").strip() or str(number)
        try:
            kept.append((study, row, values, form.effect(values, measure)))
        except Uninformative:
            silent.append(study)
        except Implausible as refusal:
            field, value, allowed = (
                str(refusal.facts[key]) for key in ("field", "value", "allowed")
            )
            cells.amiss(line, field, value, allowed=allowed)
    if not kept and not cells.problems:
        cells.amiss(1, form.columns[0], "none or all", allowed="a row of which a ratio tells")
    cells.check()
    return EffectsTable(
        studies=tuple(study for study, *_ in kept),
        yi=tuple(effect.yi for *_, effect in kept),
        vi=tuple(effect.vi for *_, effect in kept),
        others=tuple(row for _, row, *_ in kept),
        pairs=tuple(both(values) for _, _, values, _ in kept if form.effect is of_counts),
        people=tuple(values["n"] for _, _, values, _ in kept if form.effect is of_one),
        uninformative=tuple(silent),
    )


def figures(cells: Cells, form: Form, numbered: tuple[int, Mapping[str, str]]) -> Numbers:
    line, row = numbered
    more = [CORRELATION] if row.get(CORRELATION, "").strip() else []
    return {name: cells.number(line, row, name) for name in (*form.columns, *more)}
