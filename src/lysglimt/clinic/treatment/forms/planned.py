"""A session of maintenance outside its planned window: a doctor says why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext

from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.knowledge.protocols.facts import CourseFacts
from lysglimt.knowledge.protocols.planned_days import (
    first_weekday,
    maintenance_window,
    within,
)
from lysglimt.knowledge.protocols.protocol import Protocol
from lysglimt.knowledge.protocols.schedule import Span


@dataclass(frozen=True, slots=True)
class Planned:
    """What the plan of maintenance says of a day, and who asks. ``taken`` are booked or given."""

    protocol: Protocol
    facts: CourseFacts
    taken: Sequence[date]
    today: date
    by: Professional

    def window(self, before: date, *, chosen: Sequence[date] = ()) -> Span | None:
        """Of the session that follows those expected before a day."""
        given = {one.on for one in self.facts.sessions}
        expected = {*self.taken, *chosen} - given
        booked = sorted(day for day in expected if day < before)
        return maintenance_window(self.protocol, self.facts, booked=booked, on=self.today)

    def next_window(self) -> Span | None:
        return self.window(date.max)

    def proposed(self) -> tuple[date, ...]:
        span = self.next_window()
        return () if span is None else (first_weekday(span, today=self.today),)

    def outside(self, days: Sequence[date]) -> dict[date, Span]:
        """Each day that is not in its window, with the window."""
        found = {}
        for day in days:
            span = self.window(day, chosen=days)
            if span is not None and not within(span, day):
                found[day] = span
        return found


def written_window(span: Span) -> str:
    if span.latest is None or span.latest == span.earliest:
        return day_written(span.earliest)
    return f"{day_written(span.earliest)}–{day_written(span.latest)}"


class PlannedDaysForm(forms.Form):
    """A form of days in the chair that asks why one is outside the planned window."""

    planned: Planned | None = None
    all_optional = False

    def ask_off_plan(self) -> None:
        # Needed for the day that is outside: the field does not say "(optional)".
        self.all_optional = True
        self.fields["off_plan"] = ReasonField(
            label=gettext("Why is it outside the planned window?"),
            required=False,
            max_length=200,
        )

    def refuse_off_plan(self, chosen: Mapping[str, date]) -> None:
        """A doctor says why; anybody else is told whose word it takes."""
        if self.planned is None:
            return
        found = self.planned.outside(sorted(chosen.values()))
        for name, day in chosen.items():
            if day in found and name not in self.errors:
                self._refuse(name, written_window(found[day]))

    def _refuse(self, name: str, window: str) -> None:
        planned: Any = self.planned
        if planned.by.role not in DOCTORS:
            words = gettext(
                "Outside the planned window of maintenance, %(window)s. Only a doctor books it, "
                "with a reason."
            )
            self.add_error(name, words % {"window": window})
            return
        if "off_plan" not in self.fields:
            self.ask_off_plan()
        if not self.cleaned_data.get("off_plan") and "off_plan" not in self.errors:
            words = gettext(
                "Outside the planned window of maintenance, %(window)s. Say why, or choose another "
                "day."
            )
            self.add_error("off_plan", words % {"window": window})

    def why_off_plan(self, days: Sequence[date]) -> dict[date, str]:
        """Of a form that is valid: the reason with the doctor's name, by the day it is for."""
        said = self.cleaned_data.get("off_plan", "")
        if self.planned is None or not said or self.planned.by.role not in DOCTORS:
            return {}
        words = f"{said} ({self.planned.by})"
        return dict.fromkeys(self.planned.outside(days), words)
