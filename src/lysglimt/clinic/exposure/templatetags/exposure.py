"""How results, checks, holds and sums are worded on a page."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext

from lysglimt.clinic.design.numerals import numeral, without_zeros
from lysglimt.clinic.exposure.actions import DOCTORS_HOLD
from lysglimt.clinic.exposure.forms.results import unit_said
from lysglimt.clinic.exposure.models import CheckMade, LabResult, Said, Sign, Substance, ToldBy
from lysglimt.clinic.exposure.trend import above, limits_of
from lysglimt.clinic.exposure.wordings import (
    ANSWERS,
    SIGNS,
    STANDINGS,
    SUBSTANCES,
    TOLD_BY,
    WITH_SESSION,
)
from lysglimt.clinic.referral.findings import finding_as_read
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.clinic.treatment.models import Course
from lysglimt.knowledge.instruments.instrument import instruments
from lysglimt.knowledge.safety.analytes import analytes, panel_of
from lysglimt.knowledge.safety.cumulative import ExposureSum
from lysglimt.knowledge.safety.exposure import RESULT, Moment, exposure_grid
from lysglimt.knowledge.safety.over_months import CheckDue, CheckStanding
from lysglimt.knowledge.text import Text

register = template.Library()


def said(words: Text) -> str:
    return words.in_language(get_language() or "nb")


@register.filter
def check_word(one: CheckDue) -> Promise:
    """What goes with a session has no day of its own: it is asked when the patient is here."""
    if one.standing is CheckStanding.DUE and one.check.moment is Moment.SESSION:
        return WITH_SESSION
    return STANDINGS[one.standing]


@register.filter
def check_ways(one: CheckDue) -> list[tuple[str, str, str]]:
    """Where it is done: the kind of the page, its name there, and what it is called.

    Of each need the first way, and that of the laboratory beside it. By hand is always one.
    """
    if one.standing is CheckStanding.AT_THE_CHAIR:
        return []
    ways = [
        way
        for ways in one.check.needs
        for way in ways
        if way == ways[0] or way.startswith(RESULT)
    ]
    return list(dict.fromkeys(map(way_to, ways)))


def way_to(way: str) -> tuple[str, str, str]:
    """A laboratory's value is entered with its panel."""
    kind, _, name = way.partition(":")
    if kind == "rating":
        return kind, name, instruments()[name].short
    if way.startswith(RESULT):
        panel = panel_of(name)
        return kind, panel.id, said(panel.name)
    return kind, "", ""


@register.filter
def analyte_named(row: LabResult) -> str:
    return said(analytes()[row.analyte].name)


@register.filter
def result_said(row: LabResult) -> str:
    if row.value is not None:
        return f"{numeral(without_zeros(row.value))} {unit_said(row.unit_of_value)}"
    if row.sign:
        return str(SIGNS[Sign(row.sign)])
    return gettext("Not taken: %(why)s") % {"why": row.not_taken}


@register.filter
def limits_said(row: LabResult) -> str:
    """Beside an amount alone: of a sign there are none."""
    known = row.value is not None and analytes()[row.analyte].limit is not None
    return limits_of(row) if known else ""


@register.filter
def above_its_limit(row: LabResult) -> bool:
    return above(row)


@register.filter
def circumstance_said(row: LabResult) -> str:
    """What was asked beside it, and the answer."""
    about = panel_of(row.analyte).about
    if about is None or not row.circumstance:
        return ""
    return f"{said(about)}: {ANSWERS[Said(row.circumstance)]}"


@register.filter
def check_named(row: CheckMade) -> str:
    """Of a check that the grid no longer has, its id."""
    if row.item == DOCTORS_HOLD:
        return gettext("A doctor's hold")
    names = {one.id: said(one.name) for one in exposure_grid().check}
    return names.get(row.item, row.item)


@register.filter
def answers_said(row: CheckMade) -> Iterator[tuple[str, Any]]:
    asked = {one.id: one for one in exposure_grid().check}.get(row.item)
    words: dict[str, Any] = {key.value: word for key, word in ANSWERS.items()}
    for question in asked.asks if asked else ():
        answer = row.answers.get(question.id)
        if answer:
            yield said(question.name), words.get(answer, answer)


@register.filter
def substance_word(name: str) -> Promise:
    return SUBSTANCES[Substance(name)]


@register.filter
def told_by_word(name: str) -> Promise:
    return TOLD_BY[ToldBy(name)]


@register.filter
def reasons_read(findings: list[Any]) -> list[Any]:
    return [finding_as_read(one) for one in findings]


@register.filter
def sum_said(found: ExposureSum) -> str:
    """What is known, and then how much is not: never as if it were nothing."""
    sessions = ngettext("%(n)s session", "%(n)s sessions", found.sessions) % {
        "n": found.sessions
    }
    known = [sessions] if found.sessions or not found.uncounted else []
    if found.mg or not found.unweighed:
        known.append(f"{milligrams(found.mg)} mg")
    words = [", ".join(known)] if known else []
    if found.uncounted:
        words.append(gettext("%(n)s without a number of sessions") % {"n": found.uncounted})
    if found.unweighed:
        words.append(gettext("%(n)s without an amount") % {"n": found.unweighed})
    if found.unsure:
        words.append(gettext("%(n)s that may fall in it") % {"n": found.unsure})
    return "; ".join(words)


def milligrams(amount: Decimal) -> str:
    return numeral(without_zeros(amount.quantize(Decimal("0.1"))))


@register.filter
def lines_said(lines: list[Any]) -> list[tuple[str, ...]]:
    """As rows of a table: the name, then each span."""
    return [(line.name, *map(sum_said, line.sums)) for line in lines]


@register.simple_tag
def span_heads(spans: list[int]) -> list[str]:
    whole = [gettext("What"), gettext("In all of life")]
    return whole + [gettext("Last %(n)s days") % {"n": days} for days in spans]


@register.filter
def course_named(course: Course) -> str:
    """What is given in it: beside the checks of ketamine another course may go on."""
    return said(protocol_of(course).name)
