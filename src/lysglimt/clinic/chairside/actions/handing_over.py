"""The session is handed over, with what is open in it; and it is said that it was on paper."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lysglimt.clinic.chairside.in_care import in_care_of, too_many
from lysglimt.clinic.chairside.models import Handover, PaperChart, Session
from lysglimt.clinic.chairside.open_points import (
    in_both_languages,
    read_at,
    read_until,
    standing,
)
from lysglimt.clinic.chairside.sheet import Sheet, Stage, sheet_of
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.permissions import AT_THE_CHAIR
from lysglimt.clinic.treatment.actions import stamped
from lysglimt.knowledge.errors import ClinicalError

from .the_day import refuse_day_before
from .turns import locked


class NotToThem(ClinicalError):
    """To oneself nothing is handed over, nor to somebody who does not chart at this unit's chairs."""

    code = "handover.not-to-them"


class PointsChanged(ClinicalError):
    """Something was charted after the list was read: whoever takes over signs what they have read."""

    code = "handover.points-changed"


class NobodyHere(ClinicalError):
    """The patient has left: there is nobody to be with."""

    code = "handover.patient-left"


class OthersPatient(ClinicalError):
    """By the record somebody else has the patient: who hands over says that it is in their place."""

    code = "handover.others-patient"


class HandsFull(ClinicalError):
    """By the record whoever is to take over has others to watch, and is not free for this one."""

    code = "handover.hands-full"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenOver:
    """``read`` is the list as both have read it; ``in_place``: the giver knows whose patient it is."""

    taken_by: Professional
    read: str
    words: str = ""
    in_place: bool = False


@transaction.atomic
def hand_over(
    *, session: Session, given: GivenOver, entered: Entered, by: Professional, at: datetime
) -> Handover:
    """Raises NotToThem, NobodyHere, PointsChanged, OthersPatient, HandsFull, and Contradicted.

    The same id again is the same: what was open is kept as it was read the first time.
    """
    refuse_unfit(session, given.taken_by, by=by)
    here = locked(session.pk)
    known = Handover.objects.filter(entry=entered.entry, revision=1).first()
    row = Handover(
        session=here,
        taken_by=given.taken_by,
        open_points=known.open_points if known else what_is_open(here, given, by=by, at=at),
        words=given.words,
        **stamped(entered, by=by, at=at),
    )
    patients = [here.course.patient_id]
    return people.enter(row, operation="session.hand-over", patients=patients)


def refuse_unfit(session: Session, taker: Professional, *, by: Professional) -> None:
    here = taker.unit_id == session.unit_id and taker.is_active
    if taker.pk == by.pk or not here or taker.role not in AT_THE_CHAIR:
        raise NotToThem(
            "Another who charts at this unit's chairs.", field="taken_by", value=str(taker)
        )


def what_is_open(
    session: Session, given: GivenOver, *, by: Professional, at: datetime
) -> list[dict[str, str]]:
    """As both have read it. What was charted since, or has become due since, is read first."""
    sheet = sheet_of(session, now=at)
    if sheet.stage is Stage.LEFT:
        raise NobodyHere("The patient has left.", field="session")
    then = read_at(given.read, by=at)
    read = sheet_of(session, now=then) if then else None
    if not read or read_until(read) != given.read or standing(read) != standing(sheet):
        raise PointsChanged("Read the list again.", field="read")
    holder = holds_now(session)
    if holder and holder != by and not given.in_place:
        raise OthersPatient(
            "Somebody else has the patient.", field="in_place", value=str(holder)
        )
    refuse_full_hands(sheet, given)
    return in_both_languages(read)


def holds_now(session: Session) -> Professional | None:
    """Who took the session over last; None where nobody has."""
    rows = Handover.objects.filter(session=session).select_related("taken_by")
    newest = rows.order_by("-received_at", "-pk").first()
    return newest.taken_by if newest else None


def refuse_full_hands(sheet: Sheet, given: GivenOver) -> None:
    """Words are asked for: who watches which patient. Unjudged, nobody is told how many to watch."""
    if sheet.session.unit.journal_mode or given.words.strip():
        return
    others = in_care_of(given.taken_by, but=sheet.session, at=sheet.now)
    why = too_many(sheet, others) if sheet.started else ""
    if why:
        raise HandsFull("Others are in those hands.", field="words", value=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Papered:
    """From when until when the session was charted on paper, and why.

    ``instead_of`` is the row that it corrects, as it was read; None where the network was away anew.
    """

    began: datetime
    ended: datetime
    why: str
    instead_of: tuple[UUID, int] | None = None

    @property
    def columns(self) -> dict[str, object]:
        return {"happened_at": self.began, "until": self.ended, "why": self.why}

    def said_by(self, row: PaperChart) -> bool:
        return all(getattr(row, name) == value for name, value in self.columns.items())


class PaperAhead(ClinicalError):
    """Paper is typed in when it is finished: a time that is still to come is none of it."""

    code = "paper.ahead"


class PaperChanged(ClinicalError):
    """Another has said it otherwise since it was read."""

    code = "paper.changed"


@transaction.atomic
def say_paper(
    *, session: Session, papered: Papered, entered: Entered, by: Professional, at: datetime
) -> PaperChart:
    """A correction is the next revision of what was read; the same said twice is said once.

    Raises NotYet, PaperAhead, PaperChanged, Contradicted.
    """
    here = locked(session.pk)
    refuse_day_before(here, papered.began, at=at)
    if not papered.began < papered.ended <= at:
        raise PaperAhead("It ends after it began, and by now.", field="ended")
    patients = [here.course.patient_id]
    if papered.instead_of is None:
        in_force = PaperChart.objects.in_force().filter(session=here)
        same = [row for row in in_force if papered.said_by(row)]
        if same:
            return same[0]
        said = stamped(entered, by=by, at=at) | papered.columns
        row = PaperChart(session=here, **said)
        return people.enter(row, operation="session.from-paper", patients=patients)
    known = paper_read(here, papered, papered.instead_of)
    if papered.said_by(known):
        return known
    return people.correct(
        known,
        by=by,
        at=at,
        operation="session.from-paper",
        patients=patients,
        reason=papered.why,
        **papered.columns,
    )


def paper_read(session: Session, papered: Papered, read: tuple[UUID, int]) -> PaperChart:
    """The row that is corrected. Raises PaperChanged where that is not the one that was read."""
    entry, revision = read
    found = PaperChart.objects.in_force().filter(session=session, entry=entry).first()
    if found is None or (found.revision != revision and not papered.said_by(found)):
        raise PaperChanged("Another has said it otherwise.", field="began")
    return found
