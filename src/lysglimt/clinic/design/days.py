"""Fields for a day and for a moment, typed as they are written here."""

from collections.abc import Callable
from datetime import date, datetime
from time import strptime
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from .numerals import day_written

WRITTEN = ("%d.%m.%Y", "%Y-%m-%d")
MOMENT = "%d.%m.%Y %H:%M"


def day_typed(typed: str) -> date | None:
    """``14.03.2026`` or ``2026-03-14``; nothing when it is neither."""
    for form in WRITTEN:
        try:
            return date(*strptime(typed.strip(), form)[:3])
        except ValueError:
            continue
    return None


EARLIEST = date(1900, 1, 1)
"""Nobody who is treated was there before: a year that is typed wrong."""


def refuse_too_early(day: date | None) -> None:
    if day is not None and day < EARLIEST:
        raise forms.ValidationError(
            gettext("%(typed)s is too early; no earlier than %(earliest)s is accepted.")
            % {"typed": day_written(day), "earliest": day_written(EARLIEST)},
            code="too-early",
        )


class DayField(forms.Field):
    """A day since `EARLIEST`, no later than ``latest()`` says; what was typed stays when it is refused."""

    def __init__(self, *, latest: Callable[[], date] | None = None, **kwargs: Any) -> None:
        self.latest = latest
        kwargs.setdefault("help_text", gettext_lazy("As 14.03.2026."))
        attributes = {"autocomplete": "off", "class": "day"}
        super().__init__(widget=forms.TextInput(attrs=attributes), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d.%m.%Y}" if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        day = value if isinstance(value, date) else day_typed(str(value))
        if day is None:
            raise forms.ValidationError(
                gettext("“%(typed)s” is not a date. Write it as 14.03.2026.")
                % {"typed": value},
                code="not-a-date",
            )
        return day

    def validate(self, value: Any) -> None:
        super().validate(value)
        refuse_too_early(value)
        latest = self.latest() if self.latest else None
        if value is not None and latest is not None and value > latest:
            raise forms.ValidationError(
                gettext("%(typed)s is too late; no later than %(latest)s is accepted.")
                % {"typed": day_written(value), "latest": day_written(latest)},
                code="too-late",
            )


class MomentField(forms.DateTimeField):
    """A day with its time on our clock. A browser's own picker writes the month first for some."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "off", "class": "moment"}
        widget = forms.DateTimeInput(attrs=attributes, format=MOMENT)
        kwargs.setdefault("help_text", gettext_lazy("As 14.03.2026 09:30."))
        super().__init__(input_formats=(MOMENT, "%d.%m.%Y %H.%M"), widget=widget, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except forms.ValidationError as refusal:
            raise forms.ValidationError(
                gettext("“%(typed)s” is not a day and a time. Write it as 14.03.2026 09:30.")
                % {"typed": value},
                code="not-a-moment",
            ) from refusal

    def validate(self, value: Any) -> None:
        super().validate(value)
        refuse_too_early(value.date() if isinstance(value, datetime) else None)
