"""Two have opened the form for monitoring: what the one saved is not lost when the other saves."""

from collections.abc import Mapping
from typing import Any, cast

from django.http import QueryDict
from django.utils.translation import gettext

from lysglimt.clinic.chairside.models import MonitoringForm
from lysglimt.clinic.chairside.monitoring_answers import said_of
from lysglimt.clinic.chairside.showing import at_clock
from lysglimt.knowledge.monitoring.monitoring_form import FormField, monitoring_form

from .monitoring import MonitoringAnswers


def take_in(
    form: MonitoringAnswers, stands: MonitoringForm, *, opened_with: Mapping[str, Any]
) -> None:
    """What only the other changed is taken in; what both changed stays as typed, and is told."""
    mine, theirs = form.answers(), stands.answers
    data = cast("QueryDict", form.data).copy()
    data["seen"] = str(stands.revision)
    for one in monitoring_form().asked:
        before, typed, stood = (said.get(one.id) for said in (opened_with, mine, theirs))
        if stood in (before, typed):
            continue
        if typed == before and one.id not in form.errors:
            fill(form, one, stood or {}, data=data)
        else:
            told = said_of(one, stood) if stood else gettext("not answered")
            form.add_error(one.id, gettext("Stands by now: %s") % told)
    form.data = data
    words = gettext(
        "%(by)s changed the form at %(at)s, after you had opened it. What only they changed is taken in below. Read it, and save again."
    )
    form.add_error(None, words % {"by": stands.by, "at": at_clock(stands.received_at)})


def fill(
    form: MonitoringAnswers, one: FormField, answer: Mapping[str, Any], *, data: QueryDict
) -> None:
    stood = dict(form.stood({one.id: answer}))
    for name in form.fields:
        if name == one.id or name.startswith(f"{one.id}."):
            value = stood.get(name)
            values = value if isinstance(value, list) else [value]
            data.setlist(name, [str(each) for each in values if each not in (None, False)])
