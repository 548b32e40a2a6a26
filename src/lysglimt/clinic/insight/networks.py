"""The network that a question is part of: which treatments the trials link, and what follows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import exp

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from lysglimt.clinic.design.numerals import numeral
from lysglimt.science.evidence.distributions import half_width
from lysglimt.science.evidence.islands import Archipelago, Island, archipelago, of_everything
from lysglimt.science.evidence.network import Comparisons, Consistency, consistency, p_scores
from lysglimt.science.evidence.questions import Outcome, Query
from lysglimt.science.evidence.splitting import Split, split
from lysglimt.science.evidence.trial_rows import shipped

DAYS = ("24h", "2d", "3d")
WEEKS = ("end_of_course", "4wk", "6wk", "8wk")
FEWEST_TO_RANK = 3
"""Of two treatments a score says nothing that the comparison does not."""

TREATMENTS: Mapping[str, Promise] = {
    "iv_racemic_ketamine": gettext_lazy("ketamine infusion"),
    "in_ketamine": gettext_lazy("ketamine spray"),
    "oral_ketamine": gettext_lazy("ketamine by mouth"),
    "sc_ketamine": gettext_lazy("ketamine under the skin"),
    "im_ketamine": gettext_lazy("ketamine in a muscle"),
    "iv_esketamine": gettext_lazy("esketamine infusion"),
    "in_esketamine": gettext_lazy("esketamine spray"),
    "sc_esketamine": gettext_lazy("esketamine under the skin"),
    "oral_esketamine": gettext_lazy("esketamine by mouth"),
    "saline": gettext_lazy("saline"),
    "midazolam": gettext_lazy("midazolam"),
    "placebo_spray": gettext_lazy("placebo spray"),
    "oral_antidepressant": gettext_lazy("placebo spray + tablet"),
    "quetiapine": gettext_lazy("quetiapine"),
    "lanicemine": gettext_lazy("lanicemine"),
    "ect": gettext_lazy("ECT"),
    "tms": gettext_lazy("TMS"),
    "psilocybin": gettext_lazy("psilocybin"),
}
"""As a node is named; a control keeps its own name, since it changes the effect most of all."""


@dataclass(frozen=True, slots=True)
class Drawn:
    words: Promise
    outcome: Outcome
    timepoint: tuple[str, ...]

    @property
    def query(self) -> Query:
        """Also trials that do not say how they defined the outcome: else little is linked."""
        return of_everything(outcome=self.outcome, timepoint=self.timepoint, definition="any")


NETWORKS: Mapping[str, Drawn] = {
    "days-response": Drawn(
        gettext_lazy("Response within three days"), Outcome.RESPONSE, DAYS
    ),
    "days-remission": Drawn(
        gettext_lazy("Remission within three days"), Outcome.REMISSION, DAYS
    ),
    "weeks-response": Drawn(
        gettext_lazy("Response after a course, or after four to eight weeks"),
        Outcome.RESPONSE, WEEKS,
    ),
    "weeks-remission": Drawn(
        gettext_lazy("Remission after a course, or after four to eight weeks"),
        Outcome.REMISSION, WEEKS,
    ),
}  # fmt: skip
PART_OF: Mapping[str, str] = {
    "drip-response": "days-response",
    "drip-remission": "days-remission",
    "drip-course": "weeks-remission",
    "drip-ect": "weeks-response",
    "nasal-response": "weeks-response",
    "nasal-remission": "weeks-remission",
    "nasal-quetiapine": "weeks-remission",
}
"""Of a question; what is left out (points, suicidal thoughts) has one comparison and no network."""


@cache
def network_of(name: str) -> Archipelago:
    """The table is shipped: the network is the same until the next version."""
    return archipelago(shipped(), NETWORKS[name].query)


def named(treatment: str) -> str:
    return str(TREATMENTS[treatment])


def pair_named(pair: tuple[str, str]) -> str:
    return gettext("%(one)s or %(other)s") % {"one": named(pair[0]), "other": named(pair[1])}


def ratio(log_odds: float) -> str:
    return numeral(Decimal(str(exp(log_odds))).quantize(Decimal("0.01")))


def with_reach(te: float, se: float) -> str:
    reach = half_width(None) * se
    return gettext("%(middle)s (%(low)s to %(high)s)") % {
        "middle": ratio(te),
        "low": ratio(te - reach),
        "high": ratio(te + reach),
    }


def probability(p: float) -> str:
    """Two figures; below one in a thousand that is said."""
    if p < 0.001:
        return f"p < {numeral(Decimal('0.001'))}"
    return f"p = {numeral(Decimal(f'{p:.2g}') + 0)}"


Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    columns: tuple[str, ...]
    rows: Rows


@dataclass(frozen=True, slots=True)
class Shown:
    """One island as the page shows it: tables, and sentences on what they do not say."""

    heading: str
    order: Table
    cautions: tuple[str, ...]
    league: Table
    local: Table
    whole: tuple[str, ...]


def shown(found: Archipelago) -> list[Shown]:
    return [show(found, one) for one in found.islands]


def show(found: Archipelago, island: Island) -> Shown:
    network = island.network
    effects = network.compared(network.tau2)
    scores = p_scores(network, effects, small_is_good=False)
    order = sorted(island.treatments, key=lambda name: -scores[name])
    ranked = len(island.nodes) >= FEWEST_TO_RANK and not island.quarrels
    heading = ", ".join(map(named, order))
    return Shown(
        heading=heading,
        order=Table(
            gettext("Treatments and P-scores: %(names)s") % {"names": heading},
            (gettext("Treatment"), gettext("Trials"), gettext("Reached it"), gettext("P-score")),
            tuple(nodes(island, order, scores if ranked else None)),
        ),
        cautions=tuple(cautions(found, island, ranked=ranked)),
        league=Table(
            gettext("Odds ratios, row against column: %(names)s") % {"names": heading},
            (gettext("Treatment"), *map(named, order)),
            tuple(league(island, order, effects)),
        ),
        local=Table(
            gettext("Direct and indirect comparisons: %(names)s") % {"names": heading},
            (
                gettext("Compared"), gettext("Direct"), gettext("Indirect"),
                gettext("Do they differ?"),
            ),
            tuple(local(one) for one in split(network, network.tau2)),
        ),
        whole=tuple(whole(island, consistency(network))),
    )  # fmt: skip


def nodes(
    island: Island, order: list[str], scores: Mapping[str, float] | None
) -> Iterator[tuple[str, ...]]:
    of = {node.treatment: node for node in island.nodes}
    for name in order:
        node = of[name]
        reached = gettext("%(events)s of %(people)s") % {
            "events": f"{node.events:g}",
            "people": f"{node.people:g}",
        }
        score = numeral(Decimal(f"{scores[name]:.2f}")) if scores else gettext("not ranked")
        yield (named(name), str(node.trials), reached, score)


def league(island: Island, order: list[str], effects: Comparisons) -> Iterator[tuple[str, ...]]:
    """Odds ratios, row against column: above one, more reach it in the row."""
    at = {name: number for number, name in enumerate(island.treatments)}
    for row in order:
        cells = (
            "–"
            if row == column
            else with_reach(
                float(effects.te[at[row], at[column]]), float(effects.se[at[row], at[column]])
            )
            for column in order
        )
        yield (named(row), *cells)


def whole(island: Island, found: Consistency) -> Iterator[str]:
    """Do the trials of one comparison agree, and the comparisons with one another?"""
    trials = len(island.network.trials)
    yield ngettext("%(n)s trial.", "%(n)s trials.", trials) % {"n": trials}
    if found.df_heterogeneity:
        yield gettext(
            "Among trials of the same comparison: Q = %(q)s at %(df)s degrees of freedom, %(p)s; "
            "variance between trials %(tau2)s."
        ) % {
            "q": numeral(Decimal(f"{found.Q_heterogeneity:.1f}")),
            "df": found.df_heterogeneity,
            "p": probability(found.pval_heterogeneity),
            "tau2": numeral(Decimal(f"{island.network.tau2:.2f}")),
        }
    else:
        yield gettext("No comparison has two trials: how far trials differ is unknown.")
    if found.df_inconsistency:
        yield gettext("Between comparisons: Q = %(q)s at %(df)s degrees of freedom, %(p)s.") % {
            "q": numeral(Decimal(f"{found.Q_inconsistency:.1f}")),
            "df": found.df_inconsistency,
            "p": probability(found.pval_inconsistency),
        }
    else:
        yield gettext(
            "No treatments are compared in two ways: whether direct and indirect comparisons "
            "agree cannot be looked at here."
        )


def local(one: Split) -> tuple[str, ...]:
    """Of one comparison: by trials that made it, by a detour, and whether the two differ."""
    first, _, second = one.comparison.partition(":")
    direct = indirect = gettext("none")
    if one.direct is not None and one.se_direct is not None:
        direct = with_reach(one.direct, one.se_direct)
    if one.indirect is not None and one.se_indirect is not None:
        indirect = with_reach(one.indirect, one.se_indirect)
    differ = gettext("cannot be looked at") if one.p is None else probability(one.p)
    return (pair_named((first, second)), direct, indirect, differ)


def cautions(found: Archipelago, island: Island, *, ranked: bool) -> Iterator[str]:
    if island.quarrels:
        yield gettext(
            "The trials of one comparison contradict each other: nothing is ranked through it."
        )
    if ranked:
        yield gettext(
            "The P-score is how sure it is, on average over the others here, that a treatment is "
            "better than another: from 0 to 1. It does not say how much better, nor whether the "
            "difference matters to a patient, nor how good the trials are. Where the intervals of "
            "the table include 1, the order may be chance."
        )
    single = [link for link in island.links if len(link.studies) == 1]
    if single:
        said = ", ".join(found.names[link.studies[0]] for link in single)
        yield gettext("These comparisons rest on one trial each: %(trials)s.") % {
            "trials": said
        }
