"""What the day owes after the sessions: who is to be telephoned."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import get_language, gettext

from lysglimt.clinic.incidents.calls import Call, calls, sessions_asked_about
from lysglimt.clinic.people.access import SignedInRequest, rows
from lysglimt.clinic.people.models import PatientCard
from lysglimt.clinic.people.policy import OPEN
from lysglimt.clinic.people.standing import relation
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.treatment.models import SessionGiven

from .owed import Owed, person
from .pages import address_of


def calls_due(request: SignedInRequest, *, at: datetime) -> tuple[Call, ...]:
    """Of the unit, none that is closed to the reader. Asks one question of the database."""
    mine = rows(SessionGiven, request.user, "after.check").in_unit(request.user.unit_id)
    asked = sessions_asked_about(mine, now=at)
    return calls([row for row in asked if relation(row, request.user) in OPEN], now=at)


def to_telephone(request: SignedInRequest, *, at: datetime) -> Iterator[Owed]:
    """A line for each call, what is late first."""
    for one in calls_due(request, at=at):
        card = one.given.course.patient.card()
        yield owed(one, card, request)


def owed(one: Call, card: PatientCard, request: SignedInRequest) -> Owed:
    day = on_day(one.by)
    tried = gettext(", tried %(n)s times") % {"n": one.tried} if one.tried else ""
    if one.unknown:
        tried += gettext(", reached without an answer to all that cannot wait")
    what = one.rule.name.in_language(get_language() or "nb")
    until = gettext("by %(clock)s") % {"clock": f"{one.by.astimezone(OSLO):%H:%M}"}
    waits = (f"{what} ({until}{tried})", day if one.late else None, None if one.late else day)
    return Owed(
        card,
        (waits,),
        address_of("after.check", one.given.pk, one.rule.id, may=request.may),
        gettext("Telephone"),
        person(card, request.may),
    )
