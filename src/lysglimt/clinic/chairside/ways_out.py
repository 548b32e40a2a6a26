"""Of what stands in the way of a start: the page on which it is put right."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.knowledge.monitoring.gate_conditions import GateCondition, gate_rules

from .infusing import infused_in
from .models import Session
from .screener import SCREENER, lacks_screener, screens_of
from .watched import unjudged

May = Callable[[str], bool]
UNSCREENED, DOCTOR_AWAITED = "gate:suicidality_rated", "gate:no_doctor_now"
INFUSED = "gate:one_infusion"
CHANGED, OF_MEDICINES = "gate:nothing_new", "RX"
OF_MONTHS = "LT-"


def ways_out(
    session: Session,
    criteria: Iterable[str],
    *,
    may: May,
    awaited: UUID | None,
    infused: UUID | None,
) -> dict[str, tuple[str, str]]:
    """By criterion: the address, and what it is called; none that is closed to the reader.

    ``awaited`` is the task for a doctor now, ``infused`` the other session in which the patient
    is infused; None where there is none.
    """
    found: dict[str, tuple[str, str]] = {}
    asked, patient = set(criteria), session.course.patient_id
    if UNSCREENED in asked and may("rating.record"):
        address = reverse("rating.record", args=[patient, SCREENER])
        found[UNSCREENED] = address, gettext("Score C-SSRS")
    if DOCTOR_AWAITED in asked and awaited and may("task.acknowledge"):
        address = reverse("task.acknowledge", args=[awaited])
        found[DOCTOR_AWAITED] = address, gettext("Take the task")
    if INFUSED in asked and infused and may("session"):
        address = reverse("session", args=[infused])
        found[INFUSED] = address, gettext("Open the session that nobody has ended")
    changed = {one for one in asked if one == CHANGED or one.startswith(OF_MEDICINES)}
    if changed and may("medicines"):
        address = reverse("medicines", args=[patient])
        found |= dict.fromkeys(changed, (address, gettext("Open the medicines")))
    held = {one for one in asked if one.startswith(OF_MONTHS)}
    if held and may("patient.over-months"):
        address = reverse("patient.over-months", args=[patient])
        found |= dict.fromkeys(held, (address, gettext("Open what is seen over months")))
    return found


def gate_condition(criterion: str) -> GateCondition:
    return next(one for one in gate_rules().conditions if f"gate:{one.id}" == criterion)


@dataclass(frozen=True, slots=True)
class Lacking:
    """What the start check will not find met, as the record has it."""

    unscreened: bool
    awaited: SafetyTask | None
    infused: UUID | None

    @property
    def criteria(self) -> list[str]:
        unmet = {
            UNSCREENED: self.unscreened,
            DOCTOR_AWAITED: self.awaited is not None,
            INFUSED: self.infused is not None,
        }
        return [criterion for criterion, stands in unmet.items() if stands]

    def ways(self, session: Session, *, may: May) -> dict[str, tuple[str, str]]:
        awaited = self.awaited.pk if self.awaited else None
        return ways_out(session, self.criteria, may=may, awaited=awaited, infused=self.infused)


def lacking_before(session: Session, *, awaited: SafetyTask | None) -> Lacking:
    """Asks two questions of the database. ``awaited`` is the task for a doctor now."""
    course = session.course
    unscreened = not unjudged(session) and lacks_screener(
        course.standing, screens_of(course.patient_id), on=session.planned_on
    )
    return Lacking(
        unscreened=unscreened,
        awaited=awaited,
        infused=infused_in(session, on=timezone.localdate()),
    )
