"""How a course is put into words on a page."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from lysglimt.clinic.chairside.models import ChairEventKind
from lysglimt.clinic.chairside.wordings import EVENTS
from lysglimt.clinic.design.numerals import MINUS, day_written, numeral
from lysglimt.clinic.design.scales import scale_name
from lysglimt.clinic.insight.cohort import Period
from lysglimt.clinic.insight.overview import CourseOverview
from lysglimt.clinic.insight.story import trimmed as without_idle_zeros
from lysglimt.clinic.insight.suicide_items import SuicideItem, answer_to
from lysglimt.clinic.insight.wordings import reason_said
from lysglimt.clinic.people.models import PatientCard
from lysglimt.clinic.questionnaires.score_sheet import set_name
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.templatetags.treatment import answer_written
from lysglimt.clinic.treatment.terms import DECISIONS, PHASES
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.protocols.facts import DecisionKind
from lysglimt.knowledge.protocols.state import Phase, Recorded
from lysglimt.knowledge.quantities import half_up
from lysglimt.knowledge.verdict import Known
from lysglimt.register.proportions import Proportion

register = template.Library()

PERCENT = Decimal(100)
PERIODS: Mapping[Period, Promise] = {
    Period.YEAR: gettext_lazy("Last 12 months"),
    Period.THREE_YEARS: gettext_lazy("Last 3 years"),
    Period.FIVE_YEARS: gettext_lazy("Last 5 years"),
    Period.ALL: gettext_lazy("From the beginning"),
}


register.filter("reason_said", reason_said)


@register.filter
def phase(of: str) -> str:
    return str(PHASES[Phase(of)])


@register.filter
def progress(recorded: Recorded) -> str:
    """The phase; during induction also how many sessions count of how many."""
    words = str(PHASES[recorded.phase])
    if recorded.phase is not Phase.INDUCTION or recorded.target is None:
        return words
    counted = gettext("%(n)s of %(of)s sessions count") % {
        "n": recorded.counted,
        "of": recorded.target,
    }
    return f"{words} · {counted}"


@register.filter
def trimmed(number: Decimal) -> Decimal:
    return without_idle_zeros(number)


@register.filter
def yes_no(said: Known) -> str:
    if said is None:
        return gettext("Cannot be told")
    return gettext("Yes") if said else gettext("No")


@register.filter
def rated_on(overview: CourseOverview) -> str:
    """The day of the latest score."""
    return day_written(on_day(overview.latest.happened_at)) if overview.latest else ""


@register.filter
def change_note(overview: CourseOverview) -> str:
    """Its day, the baseline with its own, and the change from it in points."""
    baseline = overview.state.recorded.baseline
    if baseline is None:
        return " · ".join(filter(None, (rated_on(overview), gettext("no baseline"))))
    before = gettext("baseline %(score)s, %(day)s") % {
        "score": baseline.total,
        "day": day_written(baseline.on),
    }
    said = " · ".join(filter(None, (rated_on(overview), before)))
    if overview.effect is None:
        return said
    fall = Decimal(baseline.total) - Decimal(overview.effect.total)
    sign = MINUS if fall > 0 else "+" if fall < 0 else ""
    return f"{said} · {sign}{numeral(without_idle_zeros(abs(fall)))}"


@register.filter
def suicide_item_name(one: SuicideItem) -> str:
    label = one.item.label.in_language(get_language() or "nb")
    return f"{scale_name(instrument(one.instrument))} {one.item.number}, {label}"


@register.filter
def suicide_item_now(one: SuicideItem) -> str:
    if one.now is None:
        return gettext("Not answered")
    written = answer_written(one.item, one.now)
    return written[:1].upper() + written[1:]


@register.filter
def suicide_item_note(one: SuicideItem) -> str:
    """Its day, the baseline with its own, and the change from it in points."""
    parts = [day_written(one.on)]
    if one.before is None or one.before_on is None:
        return " · ".join((*parts, gettext("no baseline")))
    parts.append(
        gettext("baseline %(score)s, %(day)s")
        % {
            "score": answer_written(one.item, one.before),
            "day": day_written(one.before_on),
        }
    )
    if one.change is not None and one.item.allowed != (0, 1):
        sign = MINUS if one.change < 0 else "+" if one.change > 0 else ""
        parts.append(f"{sign}{abs(one.change)}")
    return " · ".join(parts)


register.filter(answer_to)


@register.filter
def response_note(overview: CourseOverview) -> str:
    """From the baseline to now, in per cent."""
    if overview.state.recorded.baseline is None or overview.effect is None:
        return ""
    before, now = (
        overview.state.recorded.baseline.total,
        without_idle_zeros(Decimal(overview.effect.total)),
    )
    reduction = overview.effect.reduction
    if reduction is None:
        return f"{before} → {numeral(now)}"
    exact = Decimal(reduction.numerator) * PERCENT / Decimal(reduction.denominator)
    percent = half_up(exact, Decimal(1))
    sign = MINUS if percent > 0 else "+" if percent < 0 else ""
    partial = gettext("partial response") if overview.effect.partial else ""
    return " · ".join(
        part
        for part in (
            f"{before} → {numeral(now)} ({sign}{abs(percent)} %)",
            partial,
            rated_on(overview),
        )
        if part
    )


@register.filter
def remission_note(overview: CourseOverview) -> str:
    """Under each definition, the protocol's first."""
    shown = dict.fromkeys(
        f"≤ {one.at_most} {gettext('yes') if one.reached else gettext('no')}"
        for one in overview.remissions
    )
    return " · ".join([*shown, rated_on(overview)])


@register.filter
def milligrams(overview: CourseOverview) -> str:
    # To the tenth: 1,486 mg is read as more than a thousand.
    tenths = overview.milligrams.quantize(Decimal("0.1"))
    return f"{numeral(without_idle_zeros(tenths))} mg"


@register.filter
def sessions_note(overview: CourseOverview) -> str:
    given = overview.record.sessions_in_force
    count, early = len(given), sum(bool(row.ended_early) for row in given)
    said = ngettext("%(n)s session", "%(n)s sessions", count) % {"n": count}
    return f"{said} · " + gettext("%(n)s ended early") % {"n": early}


@register.filter
def decision(kind: str) -> str:
    return str(DECISIONS[DecisionKind(kind)])


@register.filter
def chair_event(kind: str) -> str:
    return str(EVENTS[ChairEventKind(kind)])


@register.filter
def named_set(definition: str) -> str:
    return set_name(definition)


@register.filter
def period_word(period: Period) -> str:
    return str(PERIODS[period])


@register.filter
def share(proportion: Proportion) -> str:
    """Per cent, whole; nothing is said of nobody."""
    if proportion.share is None:
        return "–"
    exact = Decimal(proportion.share.numerator) / Decimal(proportion.share.denominator)
    # As good as all is not all.
    shown = percent(exact) if exact == 1 else min(percent(exact), PERCENT - 1)
    return f"{shown} %"


@register.filter
def interval(proportion: Proportion) -> str:
    found = proportion.interval
    return f"{percent(found.low)}–{percent(found.high)} %" if found else "–"


def percent(part: Decimal) -> Decimal:
    return half_up(part * PERCENT, Decimal(1))


@register.filter
def late_kind(count: int) -> str:
    """The look of a card that holds so many overdue matters."""
    return "due" if count else ""


@register.filter
def named(cards: Mapping[UUID, PatientCard], patient: UUID) -> str:
    return cards[patient].name
