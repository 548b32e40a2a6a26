"""Whom is to be asked about suicide, by when, and who is late: each patient once."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import (
    DateTimeField,
    Exists,
    JSONField,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
)
from django.db.models.functions import JSONObject

from lysglimt.clinic.people.models import PatientCard, Unit
from lysglimt.clinic.people.written import Beside, Place
from lysglimt.clinic.referral.listed import Listed
from lysglimt.clinic.referral.models import ReferralState
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.scheduling.models import Appointment, AppointmentKind, AppointmentState
from lysglimt.clinic.treatment.models import (
    Course,
    CourseDecision,
    CourseStanding,
    Rating,
    SessionGiven,
    TaskAcknowledgement,
)
from lysglimt.clinic.treatment.told import zoned
from lysglimt.clinic.treatment.waiting_list import Waiting, WaitingList, waiting_list
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.protocols.facts import DecisionKind
from lysglimt.knowledge.protocols.state import Matter, Phase
from lysglimt.knowledge.safety.asking import (
    AskingDue,
    AskingHistory,
    AskingPlan,
    Care,
    asking_plan,
)
from lysglimt.knowledge.safety.suicidality import suicidality_table

from .models import AskingNote, NoteKind, SafetyPlan

SCREENER = suicidality_table().past.instrument
ALWAYS = [item.id for item in instrument(SCREENER).items if not item.ask_if]
"""The items that are asked whatever the others say."""
UNANSWERED = reduce(
    or_,
    (Q(**{f"answers__{one}": None}) | Q(**{f"answers__{one}__isnull": True}) for one in ALWAYS),
)
"""Of a form on which one of them was not answered."""
SOON = timedelta(days=7)
"""So far ahead the list looks."""
OVER = frozenset({Phase.FOLLOW_UP, Phase.CLOSED})
AWAY = (AppointmentState.NO_SHOW.value, AppointmentState.CANCELLED.value)
SIXTH = 5
VISITS = frozenset({"baseline", "before-session"})
"""Occasions that go with a session: on its day the chairs tell of them."""
IN_TOUCH = frozenset({"contact", "nobody-named"})
"""Occasions that belong to a referral: whoever keeps in touch is named there."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One patient, and when somebody asks next. ``contact`` is who keeps in touch, by name.

    ``referral`` is where the contact is named; ``unreached`` when somebody last tried in vain.
    """

    card: PatientCard
    plan: AskingPlan
    on: date
    contact: str = ""
    referral: UUID | None = None
    safety_plan: bool = False
    unreached: datetime | None = None

    @property
    def next(self) -> AskingDue | None:
        return self.plan.next

    @property
    def late_since(self) -> date | None:
        due = self.plan.next
        return due.by if due and due.late(self.on) else None

    @property
    def soon(self) -> bool:
        return self.next is not None and self.next.by <= self.on + SOON

    @property
    def by_contact(self) -> bool:
        """What is next is done on the waiting list, by who keeps in touch."""
        return self.next is not None and self.next.occasion.id in IN_TOUCH

    @property
    def on_the_waiting_list(self) -> bool:
        """There its referral tells of it."""
        return self.by_contact and self.referral is not None

    def at_the_chair(self) -> bool:
        """It goes with a session of today, which its chair tells of."""
        due = self.next
        return due is not None and due.occasion.id in VISITS and due.by == self.on


def known_of(patient: Any) -> dict[str, Any]:
    """What is known of a patient wherever the patient is: asked, agreed, tried, ended.

    A form on which what is always asked was not answered is no asking.
    """
    ratings = Rating.objects.in_force().filter(
        ~UNANSWERED, instrument=SCREENER, patient=patient
    )
    asked: Any = Listed("happened_at")
    rows = TaskAcknowledgement.objects.filter(
        task__patient=patient, next_contact_on__isnull=False
    )
    agreed: Any = Listed(JSONObject(on="next_contact_on", at="at"))
    return {
        "asked": Subquery(
            ratings.order_by().values("patient").annotate(all=asked).values("all"),
            output_field=JSONField(),
        ),
        "agreed": Subquery(
            rows.order_by().values("task__patient").annotate(all=agreed).values("all"),
            output_field=JSONField(),
        ),
        "agreed_last": Subquery(
            rows.order_by("-next_contact_on").values("next_contact_on")[:1]
        ),
        "ended": noted(patient, NoteKind.ENDED),
        "unreached": noted(patient, NoteKind.NOT_REACHED),
        "safety_plan": Exists(SafetyPlan.objects.in_force().filter(patient=patient)),
    }


def listed_beside(course: Any, patient: Any, planned_at: Any) -> dict[str, Any]:
    """What is asked beside the standing of a course, in the same question."""
    given = SessionGiven.objects.in_force().filter(course=course).order_by("started_at")
    sessions = Appointment.objects.in_force().filter(
        course=course, kind=AppointmentKind.SESSION.value
    )
    booked = sessions.filter(state=AppointmentState.PLANNED.value, starts_at__gte=MIDNIGHT)
    away = sessions.filter(state__in=AWAY).order_by("-starts_at")
    stopped = CourseDecision.objects.in_force().filter(
        course=course, kind=DecisionKind.STOP.value
    )
    later = Course.objects.filter(patient=patient).filter(
        Q(planned_at__gt=planned_at) | Q(planned_at=planned_at, pk__gt=course)
    )
    return known_of(patient) | {
        "sixth": Subquery(given.values("started_at")[SIXTH : SIXTH + 1]),
        "booked": Subquery(booked.order_by("starts_at").values("starts_at")[:1]),
        "away": Subquery(away.values("received_at")[:1]),
        "away_from": Subquery(away.values("starts_at")[:1]),
        "stopped": Subquery(stopped.order_by("-happened_at").values("happened_at")[:1]),
        "newer": Exists(later),
    }


def noted(patient: Any, kind: NoteKind) -> Subquery:
    """When somebody last wrote so."""
    rows = AskingNote.objects.in_force().filter(patient=patient, kind=kind.value)
    return Subquery(rows.order_by("-happened_at", "-pk").values("happened_at")[:1])


MIDNIGHT: Any = Place("midnight", DateTimeField())
BESIDE = Beside(listed_beside, of=(UUIDField(), UUIDField(), DateTimeField()))
KNOWN = Beside(known_of)


def waiting_to_ask(unit: Unit, *, on: date, but: Collection[UUID] = ()) -> WaitingList:
    """The waiting list, each with what `known_of` reads. Asks one question of the database."""
    return waiting_list(unit, on=on, but=but, also=KNOWN.about("patient"))


def with_asking(rows: Any, on: date) -> Any:
    """Each with what `history_of` reads. ``newer``: the patient has another course since."""
    midnight = datetime.combine(on, time(), tzinfo=OSLO)
    beside = BESIDE.about(
        *("course_id", "patient_id", "course__planned_at"), values={"midnight": midnight}
    )
    return rows.annotate(**beside)


def recent(on: date) -> Q:
    """Not those of whom nobody is reminded any more: a unit has many of them."""
    since = on - suicidality_table().reminded_for.value
    return (
        Q(open=True)
        | Q(phase_since__gte=since)
        | Q(last_session__gte=since)
        | Q(agreed_last__gte=since)
    )


def standings_to_ask(on: date) -> QuerySet[CourseStanding]:
    rows = with_asking(CourseStanding.objects.all(), on)
    found: QuerySet[CourseStanding] = rows.filter(newer=False)
    return found.select_related("course", "patient")


def history_of(row: Any, *, on: date, judged: bool, waiting: Waiting | None) -> AskingHistory:
    """In journal mode nothing follows from the protocol: what is booked and given alone."""
    over = Phase(row.phase) in OVER
    coming, left = (None, ended_on(row)) if over else still_treated(row, on=on, judged=judged)
    begun = on_day(row.course.planned_at)
    anew = waiting is not None and waiting.row.received_on > begun
    return AskingHistory(
        care=Care.OVER if over else Care.TREATED,
        begun=begun,
        first_session=row.first_session,
        sixth_session=on_day(row.sixth) if row.sixth else None,
        last_dose=row.last_session,
        next_session=coming,
        left=left,
        contact_on=waiting.row.recontact_on if waiting else None,
        no_contact=waiting is not None and waiting.no_recontact,
        referred_on=waiting.row.received_on if waiting and anew else None,
        **said_of(row),
    )


def said_of(row: Any) -> dict[str, Any]:
    """When the patient was asked, what was agreed and what ended it, of a row with `known_of`.

    An end ends what was agreed before it; what is agreed afterwards goes on. Of several days
    the first counts that nobody has asked on, or after, since it was agreed.
    """
    times, ended = tuple(map(zoned, all_of(row.asked))), row.ended
    asked = tuple(map(on_day, times))
    pairs = [(date.fromisoformat(one["on"]), zoned(one["at"])) for one in all_of(row.agreed)]
    agreed = {day: at for day, at in sorted(pairs) if ended is None or at > ended}
    waits = [
        day
        for day, at in agreed.items()
        if not any(
            on >= day and asked_at > at for on, asked_at in zip(asked, times, strict=True)
        )
    ]
    return {
        "asked": asked,
        "agreed_on": min(waits, default=max(agreed, default=None)),
        "agreed_open": bool(waits),
        "ended_on": on_day(ended) if ended and not agreed else None,
    }


def ended_on(row: Any) -> date | None:
    """The stop; or the closing of a course before the schedule was through."""
    if row.stopped:
        return on_day(row.stopped)
    through = row.last_session and row.last_session + LAST
    closed: date | None = row.phase_since
    return None if through and closed and closed >= through else closed


def still_treated(row: Any, *, on: date, judged: bool) -> tuple[date | None, date | None]:
    """The next session, or the day on which the patient left.

    Who stayed away, or was called off, and is not booked anew has left, whatever the protocol
    still allows; so has who is booked for nothing when its last day is past.
    """
    if row.booked:
        return on_day(row.booked), None
    last = row.last_session
    if row.away and (last is None or on_day(row.away_from) > last):
        return None, on_day(row.away)
    allowed = row.next_due if judged and row.next_kind == Matter.SESSION else None
    return (allowed, None) if allowed is None or allowed >= on else (None, allowed)


def last_step() -> timedelta:
    """From the last dose to the last time that is planned."""
    steps = (one.after for one in suicidality_table().occasion if one.id == "after-last-dose")
    return max(step.value for after in steps for step in after)


LAST = last_step()


def all_of(said: Any) -> Iterable[Any]:
    """SQLite lists a list as text."""
    return (json.loads(said) if isinstance(said, str) else said) or ()


def asking_of(row: Any, *, on: date, judged: bool, waiting: Waiting | None = None) -> Asking:
    """Of a course, and of the referral that has a contact beside it."""
    history = history_of(row, on=on, judged=judged, waiting=waiting)
    return asked_of(row.patient.card(), history, row, on=on, waiting=waiting)


def asking_of_waiting(one: Waiting) -> Asking:
    """Who waits or was refused, and has no course: what is agreed with the patient, or nothing is."""
    row = one.row
    history = AskingHistory(
        care=Care.REFUSED if row.state == ReferralState.REFUSED else Care.WAITING,
        begun=row.received_on,
        contact_on=row.recontact_on,
        no_contact=one.no_recontact,
        **said_of(row),
    )
    return asked_of(one.card, history, row, on=one.on, waiting=one)


def asked_of(
    card: PatientCard, history: AskingHistory, row: Any, *, on: date, waiting: Waiting | None
) -> Asking:
    return Asking(
        card,
        asking_plan(history, on),
        on,
        contact=(waiting.row.contact or "") if waiting else "",
        referral=waiting.row.pk if waiting else None,
        safety_plan=row.safety_plan,
        unreached=row.unreached,
    )


def by_patient(listed: WaitingList | None) -> dict[UUID, Waiting]:
    """Of several referrals one: where somebody keeps in touch, else the newest."""
    every = listed.everyone if listed else ()
    ordered = sorted(
        every, key=lambda one: (one.row.recontact_on is not None, one.row.received_on)
    )
    return {one.row.patient_id: one for one in ordered}


def askings(
    rows: Iterable[CourseStanding],
    *,
    on: date,
    judged: bool,
    listed: WaitingList | None = None,
) -> list[Asking]:
    """Each patient once, late longest first. Of those without a course only ``listed`` knows."""
    waiting = by_patient(listed)
    found = [
        asking_of(row, on=on, judged=judged, waiting=waiting.pop(row.patient_id, None))
        for row in rows
    ]
    found.extend(asking_of_waiting(one) for one in waiting.values())
    return sorted(found, key=pressing)


def pressing(one: Asking) -> tuple[date, str]:
    return (one.next.by if one.next else date.max), one.card.name


def to_ask_today(found: Iterable[Asking]) -> Iterator[Asking]:
    """Late, or to be asked today; not what the chairs and the referrals of the day tell of."""
    for one in found:
        if one.next is None or one.on_the_waiting_list or one.at_the_chair():
            continue
        if one.next.by <= one.on:
            yield one
