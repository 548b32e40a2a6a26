"""When it was measured or done: now, a few minutes ago, or at a time on the clock."""

import re
import uuid
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.people.facts import Entered, Fact
from lysglimt.clinic.scheduling.calendar import OSLO

CLOCK = re.compile(r"(\d{1,2})[:.]?(\d{2})")
AGO = (("0", gettext_lazy("now")), ("1", "−1 min"), ("2", "−2 min"), ("5", "−5 min"))


class ClockField(forms.CharField):
    """A time of day as typed: 9:05, 09.05 or 0905."""

    def __init__(self, **kwargs: Any) -> None:
        keys = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "5"}
        super().__init__(widget=forms.TextInput(attrs=keys), **kwargs)

    def clean(self, value: Any) -> time | None:
        typed = super().clean(value)
        if not typed:
            return None
        found = CLOCK.fullmatch(typed.strip())
        hour, minute = (int(found[1]), int(found[2])) if found else (24, 0)
        if hour > 23 or minute > 59:
            raise forms.ValidationError(
                gettext("“%(typed)s” is not a time. Write it as 09:05.") % {"typed": typed},
                code="not-a-time",
            )
        return time(hour, minute)


def last_at(clock: time, *, before: datetime) -> datetime:
    """The last time the clock showed this, in Norway, not after ``before``."""
    local = before.astimezone(OSLO)
    today = datetime.combine(local.date(), clock, tzinfo=OSLO)
    if today <= local:
        return today
    return datetime.combine(local.date() - timedelta(days=1), clock, tzinfo=OSLO)


class EntryForm(forms.Form):
    """A fact with an id made where it is typed: sent twice, it is stored once."""

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def entered(self, model: type[Fact], *, at: datetime) -> Entered:
        """Of a form that is valid. ``at`` is the time of this request."""
        entry = self.cleaned_data["entry"]
        known = model._default_manager.filter(entry=entry, revision=1).first()
        # Sent again, "two minutes ago" means two minutes before it came the first time.
        came = known.received_at if known else at
        return Entered(entry=entry, happened_at=self.happened_at(came), entered_at=came)

    def happened_at(self, at: datetime) -> datetime:
        return at


class TimedForm(EntryForm):
    """What happened at the chair, and when."""

    ago = forms.ChoiceField(
        label=gettext_lazy("When"), choices=AGO, initial="0", widget=forms.RadioSelect
    )
    clock = ClockField(label=gettext_lazy("or at (hh:mm)"), required=False)

    def happened_at(self, at: datetime) -> datetime:
        clock: time | None = self.cleaned_data["clock"]
        if clock is not None:
            return last_at(clock, before=at)
        return at - timedelta(minutes=int(self.cleaned_data["ago"]))
