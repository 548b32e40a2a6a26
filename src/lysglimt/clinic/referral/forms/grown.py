"""Fields grown from the facts of the clinical core: a limit is typed nowhere twice."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language

from lysglimt.clinic.design.amounts import AmountField, CountField
from lysglimt.clinic.design.answers import AnswerField
from lysglimt.clinic.design.days import DayField
from lysglimt.knowledge.medicine import Between
from lysglimt.knowledge.text import Text

Words = str | Promise


def grown(
    kind: type,
    name: str,
    *,
    words: Mapping[str, Words] | None = None,
    unit: str = "",
    **kwargs: Any,
) -> forms.Field:
    """The field for one fact of a frozen value, with the limits that its type states.

    ``words`` says what the choices of an enum are called. Days are not in the future.
    """
    hint, limits = plain(get_type_hints(kind, include_extras=True)[name])
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        chosen = [(one.value, (words or {}).get(one.value, one.value)) for one in hint]
        return forms.ChoiceField(choices=chosen, widget=forms.RadioSelect, **kwargs)
    if hint is bool:
        return AnswerField(**kwargs)
    if hint is date:
        return DayField(latest=timezone.localdate, **kwargs)
    if hint is int:
        return CountField(lowest=limits.least, highest=limits.most, unit=unit, **kwargs)
    if hint is Decimal:
        lowest, highest = Decimal(limits.least), Decimal(limits.most)
        return AmountField(lowest=lowest, highest=highest, unit=unit, **kwargs)
    raise LookupError(f"{kind.__name__}.{name} is no single fact")


def plain(hint: Any) -> tuple[Any, Between]:
    """The type without its "or nothing", and its limits."""
    limits = Between(0, 0)
    if get_origin(hint) is Annotated:
        hint, limits = get_args(hint)
    if get_origin(hint) is UnionType:
        [hint] = [one for one in get_args(hint) if one is not NoneType]
    return hint, limits


def listed(
    rows: Iterable[tuple[str, Text]], *, empty: Words = "–"
) -> list[tuple[str, str | Words]]:
    """Choices of a list, named in the reader's language and in the order of those names."""
    language = get_language() or "nb"
    named = [(code, f"{name.in_language(language)} ({code})") for code, name in rows]
    return [("", empty), *sorted(named, key=lambda one: one[1].casefold())]
