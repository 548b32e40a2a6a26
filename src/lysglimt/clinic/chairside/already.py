"""What another has recorded of the pump meanwhile: who acts on an older page is told who and when."""

from datetime import datetime

from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.design.numerals import numeral
from lysglimt.knowledge.dosing.delivery import PumpAct

from .models import PumpEvent, Session
from .showing import at_clock

STANDS_STILL = {PumpAct.PAUSE, PumpAct.STOP}
AFTER = {
    PumpAct.PAUSE: STANDS_STILL,
    PumpAct.RATE: STANDS_STILL,
    PumpAct.RESUME: {PumpAct.RESUME, PumpAct.STOP},
    PumpAct.STOP: {PumpAct.STOP},
}
"""The acts after which there is nothing left to do of this one; a start is done once."""


TOLD = {
    PumpAct.START: gettext_lazy("Already started at %(at)s by %(by)s."),
    PumpAct.PAUSE: gettext_lazy("Already paused at %(at)s by %(by)s."),
    PumpAct.RESUME: gettext_lazy("Already resumed at %(at)s by %(by)s."),
    PumpAct.STOP: gettext_lazy("Already stopped at %(at)s by %(by)s."),
}


def done(session: Session, act: str, *, at: datetime) -> PumpEvent | None:
    """Of an act that was refused: the one in force, not after it, that has made it needless."""
    known = PumpEvent.objects.in_force().filter(session=session, happened_at__lte=at)
    acts = known.order_by("-happened_at", "-pk")
    if act == PumpAct.START:
        return acts.filter(act=PumpAct.START).first()
    last = acts.exclude(act=PumpAct.RATE).first()
    return last if last and last.act in AFTER.get(PumpAct(act), ()) else None


def told(row: PumpEvent) -> str:
    """By whom it was recorded first: who corrects it later did not do it."""
    first = PumpEvent.objects.select_related("by").get(entry=row.entry, revision=1)
    facts = {"at": at_clock(row.happened_at), "by": first.by}
    words = str(TOLD[PumpAct(row.act)] % facts)
    if row.rate_ml_h is None or row.act == PumpAct.START:
        return words
    rate = gettext("The rate: %(rate)s ml/h.") % {"rate": numeral(row.rate_ml_h.normalize())}
    return f"{words} {rate}"
