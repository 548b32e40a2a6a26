"""What is done at the board: an overdue observation is seen, a screen is hung on a wall."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from lysglimt.clinic.chairside.models import OverdueSeen, Session, WallScreen
from lysglimt.clinic.chairside.overdue import gaps, is_seen
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional

from .share import follow_the_share
from .turns import locked

TAKEN_DOWN = "wall.taken-down"


@transaction.atomic
def see_overdue(
    *, session: Session, after: UUID | None, by: Professional, at: datetime
) -> OverdueSeen | None:
    """The line of the board goes, for everybody. Of two who press at once, the first has seen it.

    None where no observation is overdue after that set: one has come that was measured in between.
    """
    here = locked(session.pk)
    gap = next((one for one in gaps(sheet_of(here, now=at)) if one.after == after), None)
    if gap is None:
        return None
    rows = OverdueSeen.objects.in_force().filter(session=here, after=after)
    known = next((row for row in rows if is_seen(gap, [(row.after, row.taken)])), None)
    if known is not None:
        return known
    # Seen as shorter before: it is seen anew.
    entry = uuid5(here.pk, "/".join(("overdue", str(after or ""), *("anew" for _ in rows))))
    row = OverdueSeen(
        session=here,
        entry=entry,
        after=after,
        due_at=gap.due_at,
        overdue_at=gap.overdue_at,
        taken=gap.taken,
        happened_at=at,
        entered_at=at,
        received_at=at,
        by=by,
    )
    stored = people.enter(row, operation="overdue.see", patients=[here.course.patient_id])
    follow_the_share(here, at=at)
    return stored


@transaction.atomic
def see_line(
    *, session: Session, after: Iterable[UUID | None], by: Professional, at: datetime
) -> list[OverdueSeen]:
    """All that the line told; nothing of what has come since."""
    rows = [see_overdue(session=session, after=one, by=by, at=at) for one in after]
    return [row for row in rows if row is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hung:
    """What a screen is called, and whether it shows the last blood pressure, too."""

    name: str
    numbers: bool


def hang_screen(*, hung: Hung, by: Professional, at: datetime) -> WallScreen:
    row = WallScreen(
        unit=by.unit,
        name=hung.name,
        numbers=hung.numbers,
        happened_at=at,
        entered_at=at,
        received_at=at,
        by=by,
    )
    return people.enter(row, operation="wall.hang")


def take_down(*, screen: WallScreen, by: Professional, at: datetime) -> WallScreen:
    """From now on it shows nothing."""
    return people.withdraw(screen, by=by, at=at, operation="wall.end", reason=TAKEN_DOWN)
