"""Handing a session over, and saying that it was charted on paper."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.chairside.actions import GivenOver, Papered
from lysglimt.clinic.design.clock import ClockField
from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.scheduling.calendar import OSLO

from .colleague import SecondPerson
from .timing import EntryForm

DAY = timedelta(days=1)


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
    """From when until when on the day of the session; past midnight it ends the day after."""

    began = ClockField(label=gettext_lazy("On paper from (hh:mm)"))
    ended = ClockField(label=gettext_lazy("On paper until (hh:mm)"))
    why = ReasonField(
        label=gettext_lazy("Why it was charted on paper, and where the paper is kept"),
        max_length=300,
    )

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        words = gettext("On %(day)s, the day of the session.")
        self.fields["began"].help_text = words % {"day": day_written(day)}

    def papered(self) -> Papered:
        """Of a form that is valid."""
        said = self.cleaned_data
        began, ended = (self.on_the_day(said[name]) for name in ("began", "ended"))
        return Papered(
            began=began, ended=ended if ended > began else ended + DAY, why=said["why"]
        )

    def on_the_day(self, clock: time) -> datetime:
        return datetime.combine(self.day, clock, tzinfo=OSLO)
