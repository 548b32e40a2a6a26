"""When it was measured or done: now, a few minutes ago, or at a time on the clock of a day."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.chairside.hands import OnPaper, on_paper
from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.design.clock import ClockField
from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.people.facts import Entered, Fact
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.dosing.devices import DeviceAct

AHEAD = timedelta(minutes=15)
"""A clock this far ahead was misread or mistyped; further ahead it is of the day before."""
DAY = timedelta(days=1)
NIGHT_UNTIL = time(4)
"""A session that goes on past midnight is charted as it goes."""
AGO = (("0", gettext_lazy("now")), ("1", "−1"), ("2", "−2"), ("5", "−5"))


def last_at(clock: time, *, before: datetime) -> datetime:
    """The last time the clock showed this, in Norway, not after ``before``."""
    local = before.astimezone(OSLO)
    today = datetime.combine(local.date(), clock, tzinfo=OSLO)
    if today <= local:
        return today
    return datetime.combine(local.date() - timedelta(days=1), clock, tzinfo=OSLO)


@dataclass(frozen=True, slots=True)
class Days:
    """Of which day a clock is that is typed in a session of ``day``, and what of it was on paper."""

    day: date
    papers: Sequence[OnPaper] = ()

    def over(self, at: datetime) -> bool:
        """Of a session of another day nothing is done now; the night after it still belongs to it."""
        ends = datetime.combine(self.day + DAY, NIGHT_UNTIL, tzinfo=OSLO)
        return at >= ends

    def choices(self, at: datetime) -> list[tuple[str, str]]:
        """The day of the session, the night after it, and today; none is taken for granted off paper."""
        days = sorted({self.day, self.day + DAY, on_day(at)})
        found = [(one.isoformat(), day_written(one)) for one in days]
        if not self.papers:
            return found
        on = {paper.began.astimezone(OSLO).date() for paper in self.papers}
        words = gettext("as on the paper: %s") % ", ".join(map(day_written, sorted(on)))
        return [("", words), *found]

    def also(self, day: date, *, at: datetime) -> list[tuple[str, str]]:
        """Those of it that have come, and ``day``: one alone is not asked about."""
        days = {self.day, self.day + DAY, on_day(at)} if self.over(at) else {self.day}
        found = sorted({day, *(one for one in days if one <= on_day(at))})
        return [(one.isoformat(), day_written(one)) for one in found]

    def read(self, clock: time, *, before: datetime, on: str = "") -> datetime | None:
        """None where nobody knows of which day it is."""
        if on:
            return datetime.combine(date.fromisoformat(on), clock, tzinfo=OSLO)
        paper = self.on_paper(clock)
        return paper or (None if self.over(before) else last_at(clock, before=before))

    def on_paper(self, clock: time) -> datetime | None:
        """None where it was not charted on paper then."""
        for paper in self.papers:
            at = last_at(clock, before=paper.ended)
            if paper.holds(at):
                return at
        return None

    def refuse(self, clock: time, *, at: datetime, on: str = "") -> None:
        """Raises ValidationError of what is still to come, and of a clock without its day.

        What stands on paper has been. ``at`` is when it was typed.
        """
        if not on and self.on_paper(clock):
            return
        found = self.read(clock, before=at, on=on)
        if found is None:
            words = gettext("%(typed)s is not within what was on paper. Choose the day it was.")
            raise forms.ValidationError(words % {"typed": f"{clock:%H:%M}"}, code="which-day")
        local = at.astimezone(OSLO)
        shown, now = (one.hour * 60 + one.minute for one in (clock, local))
        misread = not on and 0 < (shown - now) % (24 * 60) <= AHEAD // timedelta(minutes=1)
        if found > at or misread:
            raise ahead(clock, now=local)


def ahead(clock: time, *, now: datetime) -> forms.ValidationError:
    words = gettext("%(typed)s is still to come: it is %(now)s now.")
    said = {"typed": f"{clock:%H:%M}", "now": f"{now.astimezone(OSLO):%H:%M}"}
    return forms.ValidationError(words % said, code="ahead")


NO_DAY = Days(date.max - DAY)
"""Of a form that belongs to no session: a clock is of today, or of yesterday."""


def refuse_ahead(clock: time | None) -> time | None:
    """Of a form that belongs to no session. Raises ValidationError."""
    if clock is not None:
        NO_DAY.refuse(clock, at=timezone.now())
    return clock


def days_of(session: Session, *, at: datetime) -> Days:
    """What was begun on a later day than planned is of the day on which it was begun."""
    day = session.planned_on
    if day < on_day(at):
        acts = session.pump_events.in_force().filter(act=PumpAct.START.value)
        given = session.device_uses.in_force().filter(act=DeviceAct.GIVEN.value)
        times = [rows.order_by("happened_at").first() for rows in (acts, given)]
        day = max((day, *(on_day(row.happened_at) for row in times if row)))
    return Days(day, tuple(on_paper(session)))


class OfTheDay(forms.Form):
    """A clock, ``clock``, and the day that it is of, where that is not today.

    ``came`` is when it was typed, if that is not now.
    """

    came: datetime | None = None
    days: Days | None = None

    def of_session(self, days: Days, *, at: datetime) -> None:
        """``at`` is when it is typed. Of another day the clock is typed, and its day stands beside it."""
        self.days = days
        if "clock" not in self.fields or not days.over(at):
            return
        clock, choices = self.fields["clock"], days.choices(at)
        clock.required = True
        words = gettext("This session is of %(day)s. Write the time at which this was.")
        clock.error_messages["required"] = words % {"day": day_written(days.day)}
        asked = forms.ChoiceField(
            label=gettext("Day"), choices=choices, required=False, initial=choices[0][0]
        )
        # Before the clock, which is read with it.
        self.fields = {"day": asked, **self.fields}

    @property
    def of_another_day(self) -> bool:
        return "day" in self.fields

    def clean_clock(self) -> time | None:
        return self.sound(self.cleaned_data["clock"])

    def sound(self, clock: time | None) -> time | None:
        """Raises ValidationError."""
        if clock is not None:
            days, at = self.days or NO_DAY, self.came or timezone.now()
            days.refuse(clock, at=at, on=self.cleaned_data.get("day") or "")
        return clock

    def read(self, clock: time, *, at: datetime) -> datetime:
        """Of a form that is valid."""
        on = self.cleaned_data.get("day") or ""
        return (self.days or NO_DAY).read(clock, before=at, on=on) or last_at(clock, before=at)


class DoneThen(OfTheDay):
    """Done as it is typed, unless it was on paper or on another day: then it is asked when."""

    def of_session(self, days: Days, *, at: datetime) -> None:
        if "clock" not in self.fields and (days.papers or days.over(at)):
            label = (
                gettext("When it was done (hh:mm)")
                if days.over(at)
                else gettext("If it was done on paper: when (hh:mm)")
            )
            self.fields = {"clock": ClockField(label=label, required=False), **self.fields}
        super().of_session(days, at=at)

    def happened_at(self, at: datetime) -> datetime:
        """Of a form that is valid: now, unless it was said when."""
        clock = self.cleaned_data.get("clock")
        return self.read(clock, at=at) if clock else at


def ask_when(
    asked: Iterable[forms.Form], *, days: Days, at: datetime, left: datetime | None
) -> None:
    """Of those forms that ask when."""
    for form in asked:
        if isinstance(form, TimedForm):
            form.ask_clock(left)
            form.of_session(days, at=at)


class EntryForm(forms.Form):
    """A fact with an id made where it is typed: sent twice, it is stored once."""

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def entered(self, model: type[Fact], *, at: datetime) -> Entered:
        """Of a form that is valid. ``at`` is the time of this request."""
        entry = self.cleaned_data["entry"]
        known = model._default_manager.filter(entry=entry, revision=1).first()
        return self.sent_with(known, at=at)

    def sent_with(self, known: Fact | None, *, at: datetime) -> Entered:
        """``known`` is what was stored under its id when it was first sent."""
        # Sent again, "two minutes ago" means two minutes before it came the first time.
        came = known.entered_at if known else at
        entry = self.cleaned_data["entry"]
        return Entered(entry=entry, happened_at=self.happened_at(came), entered_at=came)

    def happened_at(self, at: datetime) -> datetime:
        return at


class TimedForm(OfTheDay, EntryForm):
    """What happened at the chair, and when."""

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

    def of_session(self, days: Days, *, at: datetime) -> None:
        super().of_session(days, at=at)
        if self.of_another_day:
            self.fields["clock"].label = gettext("At (hh:mm)")

    @property
    def timed(self) -> bool:
        """The time is read, also of a form that is refused for something else."""
        return {"ago", "clock"} <= self.cleaned_data.keys()

    def happened_at(self, at: datetime) -> datetime:
        clock: time | None = self.cleaned_data["clock"]
        if clock is not None:
            return self.read(clock, at=at)
        return at - timedelta(minutes=int(self.cleaned_data["ago"]))
