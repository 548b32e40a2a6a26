"""How certain an answer is held to be here: by whom, when, why; and what it means of 1,000 people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.design.numerals import numeral
from lysglimt.clinic.people.models import Unit
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.science.evidence.arms import Counted
from lysglimt.science.evidence.domains import Concern, Domain
from lysglimt.science.evidence.grade import Certainty, Judgement, Level, per_thousand
from lysglimt.science.evidence.pooling import Fit
from lysglimt.science.evidence.pools import Pool

from .models import CertaintyJudgement

DOMAINS: Mapping[Domain, Promise] = {
    Domain.RISK_OF_BIAS: gettext_lazy("Risk of bias"),
    Domain.INCONSISTENCY: gettext_lazy("Inconsistency"),
    Domain.INDIRECTNESS: gettext_lazy("Indirectness"),
    Domain.IMPRECISION: gettext_lazy("Imprecision"),
    Domain.PUBLICATION_BIAS: gettext_lazy("Publication bias"),
}
ASKS: Mapping[Domain, Promise] = {
    Domain.RISK_OF_BIAS: gettext_lazy(
        "Could people guess what they were given? Were some left out of the counting?"
    ),
    Domain.INCONSISTENCY: gettext_lazy("Do the trials say different things, unexplained?"),
    Domain.INDIRECTNESS: gettext_lazy(
        "Other people, doses, comparisons or outcomes than those you ask about?"
    ),
    Domain.IMPRECISION: gettext_lazy(
        "Would you decide otherwise at the other end of the interval?"
    ),
    Domain.PUBLICATION_BIAS: gettext_lazy("May trials without effect be missing?"),
}
CONCERNS: Mapping[Concern, Promise] = {
    Concern.NONE: gettext_lazy("no concern"),
    Concern.SERIOUS: gettext_lazy("serious (one step down)"),
    Concern.VERY_SERIOUS: gettext_lazy("very serious (two steps down)"),
}
LEVELS: Mapping[Level, Promise] = {
    Level.HIGH: gettext_lazy("high"),
    Level.MODERATE: gettext_lazy("moderate"),
    Level.LOW: gettext_lazy("low"),
    Level.VERY_LOW: gettext_lazy("very low"),
}


@dataclass(frozen=True, slots=True)
class Line:
    domain: str
    concern: str
    row: CertaintyJudgement
    stale: bool
    """Judged of other figures than are shown now."""


@dataclass(frozen=True, slots=True)
class Held:
    """``level`` is missing until every domain is judged."""

    rows: tuple[CertaintyJudgement, ...]
    figures: str

    @property
    def newest(self) -> Mapping[str, CertaintyJudgement]:
        return {row.domain: row for row in self.rows}

    @property
    def lines(self) -> list[Line]:
        """In the order of the domains."""
        return [self.line(self.newest[one]) for one in Domain if one in self.newest]

    @property
    def history(self) -> list[Line]:
        return [self.line(row) for row in reversed(self.rows)]

    def line(self, row: CertaintyJudgement) -> Line:
        domain, concern = DOMAINS[Domain(row.domain)], CONCERNS[Concern(row.concern)]
        return Line(str(domain), str(concern), row, stale=row.figures != self.figures)

    @property
    def stale(self) -> bool:
        return any(line.stale for line in self.lines)

    @property
    def wanting(self) -> int:
        return len(Domain) - len(self.newest)

    @property
    def level(self) -> str:
        found = certainty(list(self.newest.values()))
        return str(LEVELS[found.level]) if found else ""


def held(question: str, found: Pool, *, unit: Unit) -> Held:
    """One question of the database."""
    rows = CertaintyJudgement.objects.said_of(question, unit=unit).select_related("by")
    return Held(tuple(rows), found.figures)


def certainty(rows: Sequence[CertaintyJudgement]) -> Certainty | None:
    if {row.domain for row in rows} != set(Domain):
        return None
    by = ", ".join(dict.fromkeys(str(row.by) for row in rows))
    last = max(row.happened_at for row in rows)
    said = (Judgement(Domain(row.domain), Concern(row.concern), row.because) for row in rows)
    return Certainty(by, on_day(last), tuple(said))


@dataclass(frozen=True, slots=True)
class Choice:
    """A baseline risk that a source states: that of a control arm of the trials shown."""

    words: str
    share: str


def choices(found: Pool) -> Iterator[Choice]:
    """Of each trial, lowest first: the reader picks whose people are most like theirs."""
    controls = [(one.name, one.arms[-1]) for one in found.studies]
    counted = [(name, arm) for name, arm in controls if isinstance(arm, Counted)]
    for name, arm in sorted(counted, key=lambda one: one[1].events / one[1].n):
        if 0 < arm.events < arm.n:
            words = gettext("%(trial)s: %(events)s of %(people)s") % {
                "trial": name,
                "events": f"{arm.events:g}",
                "people": f"{arm.n:g}",
            }
            yield Choice(words, f"{100 * arm.events / arm.n:.1f}")


def absolute(found: Pool, fit: Fit, baseline: Decimal) -> list[tuple[str, str]]:
    """Of 1,000 people, from the share that the reader chose, in per cent."""
    told = per_thousand(fit, found.query.measure, baseline=float(baseline) / 100)
    control = (
        gettext("With the control"),
        gettext("%(n)s of 1,000 reach it: your %(share)s %%")
        % {"n": f"{told.baseline:.0f}", "share": numeral(baseline)},
    )
    if told.beyond:
        words = gettext(
            "cannot be reckoned: from that share the interval of the effect would pass all of them. The trials say nothing of so high a share."
        )
        return [control, (gettext("With the treatment"), words)]
    low, high = sorted((told.low, told.high))
    shares = {
        "middle": f"{told.baseline + told.difference:.0f}",
        "low": f"{told.baseline + low:.0f}",
        "high": f"{told.baseline + high:.0f}",
    }
    return [
        control,
        (
            gettext("With the treatment"),
            gettext("%(middle)s of 1,000 (%(low)s to %(high)s)") % shares,
        ),
        (
            gettext("Difference"),
            gettext("%(middle)s (from %(low)s to %(high)s)")
            % {
                "middle": more_or_fewer(told.difference),
                "low": more_or_fewer(low),
                "high": more_or_fewer(high),
            },
        ),
    ]


def more_or_fewer(people: float) -> str:
    rounded = round(people)
    if rounded < 0:
        return gettext("%(n)s fewer") % {"n": -rounded}
    return gettext("%(n)s more") % {"n": rounded} if rounded else gettext("none more")
