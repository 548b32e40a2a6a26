"""The one derived row of a session: written by the action that writes the fact it follows from."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from lysglimt.clinic.chairside.models import (
    DischargeRecord,
    ObservationShare,
    OverdueSeen,
    Session,
)
from lysglimt.clinic.chairside.overdue import Gap, gaps, is_seen, taken_in
from lysglimt.clinic.chairside.sheet import Sheet, sheet_of
from lysglimt.clinic.people.models import DecisionSupportStatement
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.monitoring.on_time import RULE_VERSION

from .turns import leavings, locked

UNKNOWN: dict[str, Any] = dict.fromkeys(("planned", "on_time", "late", "missing"))


def follow_the_share(session: Session, *, at: datetime) -> None:
    """Of a session that is ``locked``: what is charted after the patient left is counted anew.

    Asked after the lock, in a question of its own: what was charted while it waited is there to see.
    """
    if has_left(session):
        refresh_share(session=session, at=at)


def has_left(session: Session) -> bool:
    return leavings(session).exists()


def refresh_share(*, session: Session, at: datetime) -> ObservationShare | None:
    """Derive the row anew from the facts in force; none of a patient who is here."""
    if not has_left(session):
        ObservationShare.objects.filter(session=session).delete()
        return None
    stored, _ = ObservationShare.objects.update_or_create(
        session=session, defaults=derived(sheet_of(session, now=at))
    )
    return stored


def rebuild_shares(*, at: datetime) -> int:
    """All of them; how many there are."""
    return counted(Session.objects.all(), at=at)


def catch_up_shares(*, at: datetime) -> int:
    """Of patients who left before there was a share, or who were counted by other rules than now's."""
    left = DischargeRecord.objects.in_force().filter(
        session=OuterRef("pk"), left_at__isnull=False
    )
    now = ObservationShare.objects.filter(session=OuterRef("pk"), rule_version=RULE_VERSION)
    return counted(Session.objects.filter(Exists(left), ~Exists(now)), at=at)


def counted(sessions: QuerySet[Session], *, at: datetime) -> int:
    count = 0
    for key in sessions.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            count += refresh_share(session=locked(key), at=at) is not None
    return count


def derived(sheet: Sheet) -> dict[str, Any]:
    """What the row says, by column. Depends on nothing but the facts."""
    said = {"rule_version": RULE_VERSION, "unseen": 0}
    if sheet.started is None or not was_judged(sheet.session, sheet.started):
        return UNKNOWN | said
    try:
        found, unseen = taken_in(sheet), len(unseen_gaps(sheet))
    except ClinicalError:
        # Of a chart that contradicts itself unknown stays unknown.
        return UNKNOWN | said
    counts = UNKNOWN if found is None else {name: getattr(found, name) for name in UNKNOWN}
    return said | counts | {"unseen": unseen}


def unseen_gaps(sheet: Sheet) -> list[Gap]:
    seen = OverdueSeen.objects.in_force().filter(session=sheet.session)
    known = list(seen.values_list("after", "taken"))
    return [gap for gap in gaps(sheet) if not is_seen(gap, known)]


def was_judged(session: Session, at: datetime) -> bool:
    """Did the unit have decision support then? Else the page told of no observation."""
    said = DecisionSupportStatement.objects.in_force().filter(
        unit=session.unit_id, happened_at__lte=at
    )
    return bool(said.order_by("-happened_at", "-pk").values_list("on", flat=True).first())
