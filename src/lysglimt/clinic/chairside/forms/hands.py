"""Handing a session over, and saying that it was charted on paper."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.chairside.actions import GivenOver, Papered
from lysglimt.clinic.chairside.hands import OnPaper
from lysglimt.clinic.chairside.showing import at_clock
from lysglimt.clinic.design.clock import ClockField
from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.second_person import SecondPerson
from lysglimt.clinic.scheduling.calendar import OSLO

from .timing import DAY, EntryForm


class HandoverForm(SecondPerson, EntryForm):
    """Words of one's own, and the one who takes over, who signs on the spot."""

    words = forms.CharField(
        label=gettext_lazy("What else the next one is to know"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    read = forms.CharField(widget=forms.HiddenInput, required=False)

    when_asked = frozenset({"password", "in_place"})
    field_order = ("entry", "read", "words", "checked_by", "password")

    def __init__(
        self,
        *args: Any,
        colleagues: Sequence[Professional],
        read: str,
        holder: Professional | None = None,
        **kwargs: Any,
    ) -> None:
        """``holder`` is who has the patient by the record, where that is not who hands over."""
        super().__init__(*args, colleagues=colleagues, initial={"read": read}, **kwargs)
        self.now_read = read
        self.fields["checked_by"].label = gettext("Takes over")
        self.fields["password"].label = gettext("Password of whoever takes over")
        if holder:
            words = gettext(
                "%(who)s has the patient by the record, and I hand over in their place"
            )
            self.fields["in_place"] = forms.BooleanField(
                label=words % {"who": holder}, required=False
            )
            self.order_fields(("entry", "read", "in_place", *self.field_order))

    def given(self) -> GivenOver:
        """Of a form that is valid."""
        said = self.cleaned_data
        return GivenOver(
            taken_by=self.other,
            read=said["read"],
            words=said["words"],
            in_place=said.get("in_place", False),
        )

    def read_again(self) -> None:
        """The page is shown again with what is open by now."""
        if isinstance(self.data, QueryDict):
            data = self.data.copy()
            data["read"] = self.now_read
            self.data = data


class PaperForm(EntryForm):
    """From when until when, on the day of the session or in the night after it.

    ``since`` is when the dose was begun: of a session begun before midnight, past midnight is the
    day after. ``changes`` is what is corrected by it.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    began = ClockField(label=gettext_lazy("On paper from (hh:mm)"))
    ended = ClockField(label=gettext_lazy("On paper until (hh:mm)"))
    why = ReasonField(
        label=gettext_lazy("Why it was charted on paper, and where the paper is kept"),
        max_length=300,
    )

    def __init__(
        self,
        *args: Any,
        day: date,
        since: datetime | None = None,
        changes: OnPaper | None = None,
        **kwargs: Any,
    ) -> None:
        if changes is not None:
            clocks = {"began": at_clock(changes.began), "ended": at_clock(changes.ended)}
            kwargs["initial"] = clocks | {"seen": changes.revision}
        super().__init__(*args, **kwargs)
        self.day, self.since, self.changes = day, since, changes
        words = gettext("On %(day)s, the day of the session.")
        self.fields["began"].help_text = words % {"day": day_written(day)}

    def papered(self) -> Papered:
        """Of a form that is valid."""
        said = self.cleaned_data
        began = self.nearest(said["began"])
        ended = datetime.combine(began.date(), said["ended"], tzinfo=OSLO)
        read = (self.changes.entry, said["seen"] or 0) if self.changes else None
        return Papered(
            began=began,
            ended=ended if ended > began else ended + DAY,
            why=said["why"],
            instead_of=read,
        )

    def nearest(self, clock: time) -> datetime:
        """To when the dose was begun, of the two days that a session may last into."""
        first = datetime.combine(self.day, clock, tzinfo=OSLO)
        since = self.since
        if since is None:
            return first
        return min((first, first + DAY), key=lambda one: abs(one - since))
