"""Where a monitor stands, and the tick for what it measured that is unusual."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.chairside.actions import Bound
from lysglimt.clinic.chairside.fresh import fresh
from lysglimt.clinic.chairside.from_monitor import SHOWN
from lysglimt.clinic.chairside.models import MonitorReading
from lysglimt.clinic.chairside.models.monitor import NAMES
from lysglimt.clinic.people.models import Unit
from lysglimt.clinic.scheduling.models import Chair

from .vitals import COLUMNS, Readings


class TakeOverForm(Readings):
    """The values are those of the monitor; nobody types here.

    What was shown and has become too old since is told, never left out unseen.
    """

    def __init__(self, reading: MonitorReading, sent: QueryDict, *, now: datetime) -> None:
        values = fresh(reading, at=now).values
        shown = sent.getlist("shown") or [name for name, _, _ in SHOWN]
        self.aged = [
            str(called)
            for column, called, _ in SHOWN
            if column in shown and column not in values and getattr(reading, column) is not None
        ]
        data = QueryDict(mutable=True)
        data.update({column: str(value) for column, value in values.items()})
        data.setlist("confirmed", sent.getlist("confirmed"))
        super().__init__(data, auto_id="monitor_%s")

    def clean(self) -> dict[str, Any]:
        if self.aged and any(self.data.get(column) for column in COLUMNS):
            words = gettext(
                "Older than two minutes by now: %(names)s. Nothing was charted. Measure anew, or take over the rest without it."
            )
            raise forms.ValidationError(words % {"names": ", ".join(self.aged)}, code="aged")
        return super().clean()


class MonitorForm(forms.Form):
    sender = forms.CharField(
        label=gettext_lazy("Sending system, as it names itself"),
        max_length=NAMES,
        required=False,
    )
    device = forms.CharField(label=gettext_lazy("Device, as it names itself"), max_length=NAMES)
    name = forms.CharField(label=gettext_lazy("What we call it"), max_length=60)
    chair = forms.ModelChoiceField(Chair.objects.none(), label=gettext_lazy("Chair"))

    def __init__(self, unit: Unit, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        chairs: Any = self.fields["chair"]
        chairs.queryset = Chair.objects.in_unit(unit.pk).order_by("name")

    def bound(self) -> Bound:
        """Of a form that is valid."""
        return Bound(**self.cleaned_data)
