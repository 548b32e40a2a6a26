"""What waits for somebody: what only a doctor does, and what a referral asks for."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext

from lysglimt.clinic.people.models import PatientCard
from lysglimt.clinic.referral.models import ReferralState
from lysglimt.clinic.treatment.waiting_list import Waiting, WaitingList

from .awaited import Awaited
from .day import Lacking, Visit, no_that_stands
from .pages import May, address_of

Wait = tuple[str, date | None, date | None]
"""What waits; since when it is late; or by when it is to be done."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What waits about one patient. ``address`` is the page that does it, ``person`` the patient's.

    Each is empty where the reader may not open it.
    """

    card: PatientCard
    waits: tuple[Wait, ...]
    address: str = ""
    label: str = ""
    person: str = ""

    @property
    def late_since(self) -> date | None:
        return min((since for _, since, _ in self.waits if since), default=None)

    @property
    def pressing(self) -> tuple[date, date]:
        """Late longest first, then what must be done soonest."""
        soon = min((by for _, _, by in self.waits if by), default=date.max)
        return self.late_since or date.max, soon


def for_a_doctor(
    visits: Iterable[Visit],
    courses: Iterable[Awaited],
    listed: WaitingList | None,
    *,
    may: May,
    doctor: int,
    but: Collection[UUID] = (),
) -> Iterator[Owed]:
    """Who has opened a start after their no; what is red at a chair, then what waits there.

    Nobody is a second doctor to themselves.
    """
    told = [one for one in visits if one.card.id not in but]
    for one in told:
        yield from opened_after_no(one, doctor, may=may)
    for asks in (red_at_the_chair, at_the_chair):
        for one in told:
            yield from asks(one, may=may)
    for second in listed.unsigned if listed else ():
        if second.row.pending_by == doctor:
            continue
        what = gettext("Second doctor's signature on a decision")
        page = address_of("referral.second", second.row.pending, may=may)
        yield owed(second.card, what, page, may=may)
    for course in courses:
        if course.evaluation:
            page = address_of("evaluation", course.standing.course_id, may=may)
            waits = (evaluation_waits(course),)
            yield Owed(course.card, waits, page, gettext("Evaluate"), person(course.card, may))


def evaluation_waits(course: Awaited) -> Wait:
    late = course.next_late_since
    return gettext("The evaluation waits"), late, None if late else course.standing.next_due


def red_at_the_chair(visit: Visit, *, may: May) -> Iterator[Owed]:
    if visit.session is None or visit.session.left_at:
        return
    page = address_of("session", visit.session.pk, may=may)
    for trouble in visit.troubles:
        if trouble.red:
            yield owed(visit.card, trouble.words, page, may=may)


def opened_after_no(visit: Visit, doctor: int, *, may: May) -> Iterator[Owed]:
    """Told to the doctor who said no."""
    no, answered = no_that_stands(visit.appointment, visit.session)
    if no and answered and no.doctor == doctor and visit.session.gate_override != doctor:
        words = gettext("%(who)s has opened the start check after your no of today")
        page = address_of("session", visit.session.pk, may=may)
        yield owed(visit.card, words % {"who": visit.session.gate_opener}, page, may=may)


def at_the_chair(visit: Visit, *, may: May) -> Iterator[Owed]:
    if visit.session is None or not visit.to_be_given:
        return
    key = visit.session.pk
    page = address_of("session", key, may=may)
    if Lacking.ORDER in visit.lacking:
        writing = address_of("order.write", key, may=may)
        yield owed(visit.card, gettext("Order to write"), writing, may=may)
    if Lacking.SIGNATURE in visit.lacking:
        yield owed(visit.card, gettext("Order to sign"), page, may=may)
    if Lacking.GATE_OPEN in visit.lacking:
        what = gettext("An answer to what the start check found")
        yield owed(visit.card, what, page, may=may)
    if visit.session.going_home:
        what = gettext("Checklist for going home, to sign")
        yield owed(visit.card, what, page, may=may)


def owed(card: PatientCard, what: str, address: str, *, may: May) -> Owed:
    return Owed(card, ((what, None, None),), address, gettext("Open"), person(card, may))


def person(card: PatientCard, may: May) -> str:
    return address_of("patient", card.id, may=may)


def of_referrals(listed: WaitingList, day: date, *, may: May) -> list[Owed]:
    """Assessments, contacts that are due and starts that are late, the longest late first."""
    found = (
        Owed(
            one.card,
            waits,
            *done_at(one, day, may=may),
            address_of("referrals", one.card.id, may=may),
        )
        for one in listed.everyone
        if (waits := tuple(referral_waits(one, day)))
    )
    return sorted(found, key=lambda one: (*one.pressing, one.card.name))


def done_at(one: Waiting, day: date, *, may: May) -> tuple[str, str]:
    """The page that is next for the one who keeps in touch, and what it is called."""
    if calls(one, day):
        return address_of("waiting.contacted", one.row.pk, may=may), gettext("Contact made")
    if one.row.contact is None and not one.no_recontact:
        return address_of("waiting.name", one.row.pk, may=may), gettext("Name a contact")
    return "", ""


def calls(one: Waiting, day: date) -> bool:
    """Somebody is to be in touch today, or should have been."""
    return one.row.recontact_on is not None and one.row.recontact_on <= day


def referral_waits(one: Waiting, day: date) -> Iterator[Wait]:
    if one.row.state == ReferralState.RECEIVED:
        yield timed(gettext("Assessment of the referral"), one.row.assessment_due, day)
    if calls(one, day):
        yield timed(gettext("Contact with the patient"), one.row.recontact_on, day)
    if one.start_overdue and not one.started and one.row.state != ReferralState.REFUSED:
        yield timed(gettext("Deadline for the start"), one.row.start_due, day)
    if one.row.contact is None and not one.no_recontact:
        yield gettext("Nobody is named to keep in touch"), None, None


def timed(what: str, by: date, day: date) -> Wait:
    return (what, by, None) if by < day else (what, None, by)
