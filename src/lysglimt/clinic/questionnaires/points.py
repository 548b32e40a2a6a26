"""How one item of an instrument is asked on a form, and how its answer is read back."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext

from lysglimt.clinic.design.amounts import CountField
from lysglimt.knowledge.instruments.answers import NOT_APPLICABLE, Answer
from lysglimt.knowledge.instruments.instrument import Instrument
from lysglimt.knowledge.instruments.item import Item
from lysglimt.knowledge.instruments.wording import FormItem
from lysglimt.knowledge.text import Text

UNANSWERED = "-"
"""Said of an item that was not answered: something else than zero, and than a blank."""

MOST_CHOICES = 11
"""With more answers than these a number is typed instead."""


YES_NO = (0, 1)


def said(text: Text) -> str:
    return text.in_language(get_language() or "nb")


class PointsSelect(forms.RadioSelect):
    """The answers side by side; the number keys choose among those in focus."""

    template_name = "questionnaires/widgets/points.html"


class PointsField(forms.ChoiceField):
    """One of the answers the item has, or expressly none."""

    widget = PointsSelect


def item_field(of: FormItem, *, scale: Instrument, scored: bool) -> forms.Field:
    """``scored`` items must be answered or said not to be; the others may be left."""
    item = of.item
    label = f"{item.number}. {of.text}"
    if len(item.allowed) > MOST_CHOICES:
        return CountField(
            lowest=item.lowest,
            highest=item.highest,
            label=label,
            help_text=notes(item, scale),
            required=False,
        )
    choices = list(answers(of))
    if scored:
        choices.append((UNANSWERED, gettext("Not answered")))
    return PointsField(
        choices=choices, label=label, help_text=notes(item, scale), required=False
    )


def answers(of: FormItem) -> Iterator[tuple[str, str]]:
    """Each answer with its words. Two that score the same bear their printed codes (1a, 1b)."""
    item = of.item
    codes = {
        value: [code for code, at in item.codes.items() if at == value]
        for value, _ in of.options
    }
    options = of.options or tuple((value, str(value)) for value in item.allowed)
    for value, words in options:
        printed = codes.get(value) or [str(value)]
        key = printed.pop(0)
        shown_as = yes_or_no(value) if item.allowed == YES_NO and words == key else words
        yield key, key if shown_as == key else f"{key} – {shown_as}"
    shown = {value for value, _ in options}
    if item.not_assessed and item.not_assessed.code not in shown:
        yield str(item.not_assessed.code), gettext("Not assessed")
    if item.not_applicable:
        yield NOT_APPLICABLE, said(item.not_applicable)


def yes_or_no(value: int) -> str:
    return gettext("Yes") if value else gettext("No")


def notes(item: Item, scale: Instrument) -> str:
    """What one must know to answer: a guide, and when the item is asked at all."""
    parts = [said(item.guide)] if item.guide else []
    if item.observed:
        parts.append(gettext("Observed, not asked."))
    if item.ask_if:
        gate = scale.item(item.ask_if)
        when = (
            gettext("Only when %(number)s was answered yes; else leave it empty.")
            if gate.allowed == YES_NO
            else gettext("Only when %(number)s is above 0; else leave it empty.")
        )
        parts.append(when % {"number": gate.number})
    if item.excludes:
        parts.append(
            gettext("Answer this or %(number)s, not both.")
            % {"number": scale.item(item.excludes).number}
        )
    if item.unsuited_24h:
        parts.append(gettext("Does not suit a window of 24 hours."))
    return " ".join(parts)


def read(typed: Any) -> Answer:
    """A number, a printed code, "na", or None where it was not answered."""
    if typed in {None, "", UNANSWERED}:
        return None
    if isinstance(typed, int):
        return typed
    said_so = str(typed)
    return int(said_so) if said_so.lstrip("-").isdecimal() else said_so


def written(answer: Answer) -> str:
    """The opposite of ``read``, as the form has it."""
    return UNANSWERED if answer is None else str(answer)


def closed(item: Item, given: Mapping[str, Answer]) -> bool:
    """Rightly left empty: what opens it was not above zero, or its alternative is answered."""
    if item.ask_if and given.get(item.ask_if) in {0, None}:
        return True
    return bool(item.excludes) and given.get(item.excludes) is not None
