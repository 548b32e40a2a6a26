"""Which rules an act of the pump set aside, which doctor decided it, and on whose word that is."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext

from lysglimt.clinic.design.templatetags.design import moment
from lysglimt.clinic.treatment.models import ReportedAssessment
from lysglimt.clinic.treatment.models.task import named

from .models import PumpEvent
from .wordings import rules_said

CONFIRMED, ANSWERED = "confirmation__at", "task__acknowledgement__at"
Words = Mapping[UUID, Mapping[str, Any]]


def told_of_act(row: PumpEvent) -> UUID:
    """The entry of what is told of the doctor who decided the act."""
    return uuid5(row.entry, "told")


def on_the_word_of_another(row: PumpEvent) -> bool:
    """``row`` is the first revision: who charted the act, not who corrected it since."""
    return row.doctor_id is not None and row.doctor_id != row.by_id


def words_of_doctors(acts: Iterable[PumpEvent]) -> Words:
    """What became of what was told of a doctor, by `told_of_act`. Asks only where it was told."""
    keys = [told_of_act(row) for row in acts if on_the_word_of_another(row)]
    if not keys:
        return {}
    told: QuerySet[ReportedAssessment, Any] = ReportedAssessment.objects.in_force()
    rows = told.filter(entry__in=keys).annotate(answerer=named("task__acknowledgement__by"))
    return {one["entry"]: one for one in rows.values("entry", "answerer", CONFIRMED, ANSWERED)}


def against_said(first: PumpEvent, words: Words) -> Iterator[str]:
    """Of a rate or a resumption outside the rules; of a start its own words are told elsewhere."""
    if first.against:
        yield gettext("– in spite of the rules: %s") % rules_said(first.against)
    if first.doctor:
        yield doctor_said(first, words.get(told_of_act(first)))
    elif first.against:
        yield gettext("– no doctor decided it")


def doctor_said(first: PumpEvent, told: Mapping[str, Any] | None) -> str:
    """By their own hands, as they have confirmed, or as another tells it."""
    facts: dict[str, object] = {"doctor": first.doctor, "by": first.by}
    if not on_the_word_of_another(first):
        return gettext("– decided by %s") % first.doctor
    if told is None:
        return gettext("– decided by %(doctor)s, told by %(by)s") % facts
    if told[CONFIRMED]:
        facts["at"] = clock(told[CONFIRMED])
        return gettext("– decided by %(doctor)s, who confirmed it %(at)s") % facts
    if told[ANSWERED]:
        facts |= {"at": clock(told[ANSWERED]), "answerer": told["answerer"]}
        return (
            gettext(
                "– decided by %(doctor)s, told by %(by)s; %(answerer)s has answered it otherwise %(at)s"
            )
            % facts
        )
    return gettext("– decided by %(doctor)s, told by %(by)s, not confirmed") % facts


def clock(at: datetime) -> str:
    return moment(localtime(at))
