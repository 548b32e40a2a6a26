"""When it was measured or done: now, a few minutes ago, or at a time on the clock."""

import uuid
from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.chairside.hands import OnPaper
from lysglimt.clinic.design.clock import ClockField
from lysglimt.clinic.people.facts import Entered, Fact
from lysglimt.clinic.scheduling.calendar import OSLO

AHEAD = timedelta(minutes=15)
"""A clock this far ahead was misread or mistyped; further ahead it is of the day before."""
AGO = (("0", gettext_lazy("now")), ("1", "−1"), ("2", "−2"), ("5", "−5"))


def last_at(clock: time, *, before: datetime) -> datetime:
    """The last time the clock showed this, in Norway, not after ``before``."""
    local = before.astimezone(OSLO)
    today = datetime.combine(local.date(), clock, tzinfo=OSLO)
    if today <= local:
        return today
    return datetime.combine(local.date() - timedelta(days=1), clock, tzinfo=OSLO)


def read_on_paper(clock: time, paper: OnPaper | None) -> datetime | None:
    """The time on the paper of the session; None where it was not charted on paper then."""
    if paper is None:
        return None
    at = last_at(clock, before=paper.ended)
    return at if paper.holds(at) else None


def clock_at(clock: time, *, before: datetime, paper: OnPaper | None) -> datetime:
    return read_on_paper(clock, paper) or last_at(clock, before=before)


def refuse_ahead(
    clock: time | None, at: datetime | None = None, *, paper: OnPaper | None = None
) -> time | None:
    """The clock as typed, unless it shows what is still to come. Raises ValidationError.

    ``at`` is when it was typed, where that is not now; what stands on ``paper`` has been.
    """
    if clock is None or read_on_paper(clock, paper):
        return clock
    local = (at or timezone.now()).astimezone(OSLO)
    shown, now = (one.hour * 60 + one.minute for one in (clock, local))
    if 0 < (shown - now) % (24 * 60) <= AHEAD // timedelta(minutes=1):
        raise forms.ValidationError(
            gettext("%(typed)s is still to come: it is %(now)s now.")
            % {"typed": f"{clock:%H:%M}", "now": f"{local:%H:%M}"},
            code="ahead",
        )
    return clock


class EntryForm(forms.Form):
    """A fact with an id made where it is typed: sent twice, it is stored once."""

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def entered(self, model: type[Fact], *, at: datetime) -> Entered:
        """Of a form that is valid. ``at`` is the time of this request."""
        entry = self.cleaned_data["entry"]
        known = model._default_manager.filter(entry=entry, revision=1).first()
        # Sent again, "two minutes ago" means two minutes before it came the first time.
        came = known.entered_at if known else at
        return Entered(entry=entry, happened_at=self.happened_at(came), entered_at=came)

    def happened_at(self, at: datetime) -> datetime:
        return at


class TimedForm(EntryForm):
    """What happened at the chair, and when. ``came`` is when it was typed, if that is not now.

    ``paper`` is the time in which the session was charted on paper.
    """

    came: datetime | None = None
    paper: OnPaper | None = None

    ago = forms.ChoiceField(
        label=gettext_lazy("When, minutes ago"),
        choices=AGO,
        initial="0",
        widget=forms.RadioSelect,
    )
    clock = ClockField(label=gettext_lazy("or at (hh:mm)"), required=False)

    def ask_clock(self, left: datetime | None) -> None:
        """Of a patient who has left nothing is done now: the time on the clock is typed."""
        if left is None:
            return
        clock = self.fields["clock"]
        clock.required = True
        clock.label = gettext("At (hh:mm)")
        words = gettext("The patient left at %(at)s. Write the time at which this was.")
        clock.error_messages["required"] = words % {"at": f"{left.astimezone(OSLO):%H:%M}"}

    @property
    def timed(self) -> bool:
        """The time is read, also of a form that is refused for something else."""
        return {"ago", "clock"} <= self.cleaned_data.keys()

    def clean_clock(self) -> time | None:
        return refuse_ahead(self.cleaned_data["clock"], self.came, paper=self.paper)

    def happened_at(self, at: datetime) -> datetime:
        clock: time | None = self.cleaned_data["clock"]
        if clock is not None:
            return clock_at(clock, before=at, paper=self.paper)
        return at - timedelta(minutes=int(self.cleaned_data["ago"]))
