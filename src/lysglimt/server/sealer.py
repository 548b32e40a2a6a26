"""The one who chains the trail each second, and seals and anchors its head each day."""

from threading import Event, Thread

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit.anchoring import NotAnchored
from lysglimt.clinic.audit.circumstances import Actor, under
from lysglimt.clinic.people.reach import reach_everything

EVERY_SECONDS = 1.0
SEALER = Actor(username="sealer")
LOG = structlog.get_logger("lysglimt.sealer")


class Sealer(Thread):
    """Runs in every process that serves. Several take turns at the chain: the database sees to it."""

    def __init__(self) -> None:
        super().__init__(name="sealer", daemon=True)
        self.over = Event()

    def run(self) -> None:
        reach_everything()  # of this thread: the chain is one for all houses
        everything = True  # at the start, and with the seal of each day
        while not self.over.wait(EVERY_SECONDS):
            try:
                work(everything=everything)
                everything = False
            except DatabaseError as fault:
                LOG.warning("not sealed", kind=type(fault).__name__)
            finally:
                close_old_connections()

    def stop(self) -> None:
        """Answers when the last pass is over."""
        self.over.set()
        self.join()


def work(*, everything: bool) -> None:
    """One pass."""
    now = timezone.now()
    over = audit.day_is_over(at=now)
    audit.seal_rows(at=now, everything=everything or over)
    if over and (head := audit.seal_day(at=now)):
        try:
            with under(origin="sealer"):
                audit.tell_head(head, settings.AUDIT_ANCHOR, by=SEALER, at=now)
        except NotAnchored as refusal:
            LOG.warning("not anchored", why=str(refusal))
