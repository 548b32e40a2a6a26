"""The one who chains the trail each second, and seals and anchors its head each day."""

from threading import Event, Thread

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit.anchoring import NotAnchored
from lysglimt.clinic.audit.chain import Head
from lysglimt.clinic.audit.circumstances import Actor, under
from lysglimt.clinic.audit.trail import last_anchored
from lysglimt.clinic.people.reach import reach_everything

EVERY_SECONDS = 1.0
AGAIN_AFTER = 600
"""Passes: so long a place that did not take the head is left in peace, ten minutes."""
SEALER = Actor(username="sealer")
LOG = structlog.get_logger("lysglimt.sealer")


class Sealer(Thread):
    """Runs in every process that serves. Several take turns at the chain: the database sees to it."""

    def __init__(self) -> None:
        super().__init__(name="sealer", daemon=True)
        self.over = Event()

    def run(self) -> None:
        reach_everything()  # of this thread: the chain is one for all houses
        everything, passes = True, 0  # all at the start, and with the seal of each day
        while not self.over.wait(EVERY_SECONDS):
            try:
                work(everything=everything, outside=passes % AGAIN_AFTER == 0)
                everything = False
            except DatabaseError as fault:
                LOG.warning("not sealed", kind=type(fault).__name__)
            finally:
                passes += 1
                close_old_connections()

    def stop(self) -> None:
        """Answers when the last pass is over."""
        self.over.set()
        self.join()


def work(*, everything: bool, outside: bool = False) -> None:
    """One pass. ``outside``: look too whether the places outside still lack the head."""
    now = timezone.now()
    over = audit.day_is_over(at=now)
    audit.seal_rows(at=now, everything=everything or over)
    if over:
        audit.seal_day(at=now)
    if (over or outside) and (head := untold()):
        try:
            with under(origin="sealer"):
                audit.tell_head(head, settings.AUDIT_ANCHOR, by=SEALER, at=now)
        except NotAnchored as refusal:
            LOG.warning("not anchored", why=str(refusal))


def untold() -> Head | None:
    """The newest seal, as long as no place outside, or not every one, has taken it."""
    head, told = audit.newest_seal(), last_anchored()
    return None if head is None or (told and told >= head.made_at) else head
