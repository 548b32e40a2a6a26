"""Where a monitor stands, and the tick for what it measured that is unusual."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from lysglimt.clinic.chairside.actions import Bound
from lysglimt.clinic.chairside.models.monitor import NAMES
from lysglimt.clinic.people.models import Unit
from lysglimt.clinic.scheduling.models import Chair

from .vitals import Readings


class TakeOverForm(Readings):
    """The values are those of the monitor; nobody types here."""

    def __init__(self, values: Mapping[str, Any], sent: QueryDict) -> None:
        data = QueryDict(mutable=True)
        data.update({column: str(value) for column, value in values.items()})
        data.setlist("confirmed", sent.getlist("confirmed"))
        super().__init__(data, auto_id="monitor_%s")


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
