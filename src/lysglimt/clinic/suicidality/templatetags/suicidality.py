"""How asking, the rota and the safety plan are worded on a page."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext

from lysglimt.clinic.design.numerals import day_written, span_of_minutes
from lysglimt.clinic.scheduling.models import RotaWatch
from lysglimt.clinic.suicidality.models import PARTS, NoteKind, SafetyPlan
from lysglimt.clinic.suicidality.wordings import (
    ACTS,
    ENDS,
    NOTES,
    PLAN_PARTS,
    WATCHES,
    WEEKDAYS,
)
from lysglimt.knowledge.safety.asking import AskingDue, AskingEnd
from lysglimt.knowledge.safety.rota import WatchKind
from lysglimt.knowledge.safety.suicidality import Promptness

register = template.Library()


@register.filter
def occasion_word(due: AskingDue) -> str:
    return due.name.in_language(get_language() or "nb")


@register.filter
def end_word(end: AskingEnd) -> Promise:
    return ENDS[end]


@register.filter
def note_word(kind: str) -> Promise:
    return NOTES[NoteKind(kind)]


@register.filter
def watch_word(kind: str) -> Promise:
    return WATCHES[WatchKind(kind)]


@register.filter
def weekdays_word(watch: RotaWatch) -> str:
    """In the order of the week; all seven are every day."""
    if len(watch.weekdays) == len(WEEKDAYS):
        return gettext("every day")
    return ", ".join(str(WEEKDAYS[number]) for number in watch.weekdays)


@register.filter
def act_word(act: Promptness) -> Promise:
    return ACTS[act]


@register.filter
def span_word(span: timedelta) -> str:
    """Whole days as days; else hours and minutes."""
    if span >= timedelta(days=1) and not span % timedelta(days=1):
        return gettext("%(n)s days") % {"n": span.days}
    return span_of_minutes(span // timedelta(minutes=1))


@register.filter
def on_the_clock(wall: datetime) -> str:
    """``Monday 02.03.2026 08:00``: the weekday is what a rota is read by."""
    return f"{WEEKDAYS[wall.weekday()]} {day_written(wall.date())} {wall:%H:%M}"


@register.filter
def plan_parts(plan: SafetyPlan) -> Iterable[tuple[Promise, str]]:
    """Each part by its label; one that was not filled in is empty."""
    return [(PLAN_PARTS[name][0], getattr(plan, name)) for name in PARTS]


@register.filter
def whole_percent(share: Fraction) -> int:
    return round(share * 100)
