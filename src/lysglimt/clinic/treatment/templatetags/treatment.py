"""How the figures that a doctor signs for, and the tasks of safety, are worded on a page."""

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.design.numerals import numeral
from lysglimt.clinic.design.scales import scale_name
from lysglimt.clinic.design.templatetags.design import deadline, moment
from lysglimt.clinic.scheduling.models import off_plan_words
from lysglimt.clinic.scheduling.rota import Routed
from lysglimt.clinic.treatment.models import (
    ANSWERED_ANEW,
    DANGER_SIGN,
    FOUND_AT_GATE,
    PUMP_AGAINST,
    STARTED_AGAINST,
    ReportedAssessment,
    SafetyTask,
)
from lysglimt.clinic.treatment.terms import MATTERS
from lysglimt.clinic.treatment.told import ToldLast, told_last
from lysglimt.knowledge.figures import Mark
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.instruments.item import Item
from lysglimt.knowledge.protocols.state import Due, Matter
from lysglimt.knowledge.safety.suicidality import (
    Promptness,
    SafetyAnswer,
    answered_by_a_doctor,
)

register = template.Library()

MARKS: dict[Mark, Promise] = {
    Mark.SEEN: gettext_lazy("read in its source"),
    Mark.MEMORY: gettext_lazy("remembered, not verified"),
    Mark.OWN: gettext_lazy("own proposal"),
}


RULES: dict[str, Promise] = {
    "DC-7": gettext_lazy(
        "DC-7: new suicidal intent or plan was said in the session, no doctor yet"
    ),
    DANGER_SIGN: gettext_lazy("Danger sign at the chair: a doctor sees the patient"),
    STARTED_AGAINST: gettext_lazy(
        "The infusion was started though the start check did not let it through"
    ),
    FOUND_AT_GATE: gettext_lazy(
        "Start check: something new about suicide was found, no doctor yet"
    ),
    ANSWERED_ANEW: gettext_lazy(
        "The doctor answers anew whether the patient may be treated today"
    ),
    PUMP_AGAINST: gettext_lazy(
        "The pump was set against the rules: the doctor named confirms it"
    ),
}
"""What opened a task that no answer of a rating did, by its rule."""


@register.filter
def mark_word(mark: Mark) -> Promise:
    return MARKS[mark]


@register.filter
def stated_number(number: int | Decimal | None) -> str:
    """As the file states it, in the reader's numerals."""
    return "" if number is None else numeral(Decimal(number))


@register.filter
def doctor_now(task: SafetyTask) -> bool:
    """It asks for a doctor at once: it has no deadline to be late for."""
    return task.promptness == Promptness.DOCTOR_NOW


@register.filter
def for_a_doctor(task: SafetyTask) -> bool:
    """No one but a doctor answers it, now or the same day."""
    return answered_by_a_doctor(Promptness(task.promptness))


@register.filter
def task_kind(task: SafetyTask) -> str:
    """How its card is marked."""
    return "late" if doctor_now(task) else "due"


@register.filter
def task_when(task: SafetyTask) -> str:
    """``Doctor now, since 14.11.2026 01:24``; else by when a clinician is to look."""
    if doctor_now(task):
        since = moment(localtime(task.opened_at))
        return gettext("Doctor now, since %(moment)s") % {"moment": since}
    return deadline(localtime(task.due_at))


@register.filter
def receiver_told(task: SafetyTask) -> str:
    """The name; that it is the leader where the rota had a hole; who has left is said to have."""
    if not task.receiver.is_active:
        return gettext("%(who)s, who no longer works here") % {"who": task.receiver}
    if task.routed == Routed.GAP:
        words = gettext("%(who)s, as unit lead: nobody was on the rota")
        return words % {"who": task.receiver}
    return str(task.receiver)


register.filter(told_last)


@register.filter
def told_of(told: ReportedAssessment | ToldLast) -> str:
    """``Assessed by NN 14.11.2026 13:05 according to MM, not confirmed``."""
    facts = {
        "doctor": told.doctor,
        "at": moment(localtime(told.happened_at)),
        "by": told.by,
    }
    return gettext("Assessed by %(doctor)s %(at)s according to %(by)s, not confirmed") % facts


@register.filter
def task_signs(task: SafetyTask) -> str:
    """Instrument, item and answer of all that opened it or was added, or the rule that did."""
    rule = [str(RULES[task.rule])] if task.rule in RULES else []
    signs = [*task.signs, *chain.from_iterable(signs_added(task))]
    answers = dict.fromkeys(SafetyAnswer(**sign) for sign in signs)
    return "; ".join([*rule, *map(sign_written, answers)])


def signs_added(task: SafetyTask) -> Iterator[list[Any]]:
    """As the page has read them; a task that was read alone asks for them."""
    read = vars(task).get("added", MISSING)
    if read is MISSING:
        yield from task.additions.order_by("at", "pk").values_list("signs", flat=True)
        return
    for signs in read or ():
        # SQLite lists a list as text.
        yield json.loads(signs) if isinstance(signs, str) else signs


MISSING = object()


def sign_written(answer: SafetyAnswer) -> str:
    scale = instrument(answer.instrument)
    item = scale.item(answer.item)
    label = item.label.in_language(get_language() or "nb")
    return f"{scale_name(scale)} {item.number}, {label}: {answer_written(item, answer.value)}"


def answer_written(item: Item, value: int) -> str:
    """Yes and no in words; points as they are."""
    if item.allowed == (0, 1):
        return gettext("yes") if value else gettext("no")
    return numeral(Decimal(value))


register.filter(off_plan_words)


@register.filter
def due_named(due: Due) -> str:
    """What is due, with its instrument or the number of its session."""
    words = str(MATTERS[due.matter])
    if due.instrument:
        words = f"{words}: {scale_name(instrument(due.instrument))}"
    return f"{words} {due.session}" if due.matter is Matter.SESSION and due.session else words
