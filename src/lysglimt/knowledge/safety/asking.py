"""When is a patient next asked about suicide? Nobody is without a day, or an end that was said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lysglimt.knowledge.text import Text

from .suicidality import Anchor, Occasion, suicidality_table

WEEK = timedelta(weeks=1)


class Care(StrEnum):
    """Where a patient is, of those whom the schedule is for."""

    TREATED = "treated"
    """A course is open, and sessions may follow."""
    OVER = "over"
    """The course is ended, by plan or not."""
    WAITING = "waiting"
    REFUSED = "refused"


class AskingEnd(StrEnum):
    """Why nobody is to ask any more."""

    FOLLOWED = "followed"
    """Asked for as long as the schedule goes on after the last dose."""
    SAID = "said"
    """A clinician wrote why."""
    NO_CONTACT = "no-contact"
    """The refusal says why nobody is in touch."""
    PASSED = "passed"
    """So much time has passed that nobody is reminded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingHistory:
    """What is known of one patient. ``begun`` is the day of the referral or of the planned course.

    ``asked`` are the days on which somebody asked; ``next_session`` is booked, or the last day
    that the protocol allows; ``left`` is the day on which the patient dropped out, was cancelled,
    or treatment was stopped. ``contact_on`` is when the named contact is next in touch,
    ``agreed_on`` what was agreed with the patient after an answer, ``agreed_open`` that nobody
    has asked since, though it was that same day; ``ended_on`` when it was written that nobody
    asks any more. ``referred_on`` is the day of a referral that came after
    the course.
    """

    care: Care
    begun: date
    asked: tuple[date, ...] = ()
    first_session: date | None = None
    sixth_session: date | None = None
    last_dose: date | None = None
    next_session: date | None = None
    left: date | None = None
    contact_on: date | None = None
    no_contact: bool = False
    agreed_on: date | None = None
    agreed_open: bool = False
    ended_on: date | None = None
    referred_on: date | None = None

    def asked_since(self, day: date) -> bool:
        return any(one >= day for one in self.asked)

    @property
    def newest(self) -> date:
        """The last thing that happened to the patient; what was ended before it goes on."""
        happened = (self.last_dose, self.left, self.agreed_on, self.referred_on)
        return max((one for one in happened if one), default=self.begun)


@dataclass(frozen=True, slots=True)
class AskingDue:
    """One occasion that nobody has met yet, and the last day for it.

    ``week`` is which of the weeks after the last dose it is.
    """

    occasion: Occasion
    by: date
    week: int | None = None

    @property
    def name(self) -> Text:
        """Of an occasion with several days, which one."""
        if self.week is None:
            return self.occasion.name
        return Text(
            nb=f"Uke {self.week} etter siste dose", en=f"Week {self.week} after the last dose"
        )

    def late(self, on: date) -> bool:
        return self.by < on


@dataclass(frozen=True, slots=True)
class AskingPlan:
    """The occasions to come, the first first; without any, why it is over."""

    dues: tuple[AskingDue, ...]
    end: AskingEnd | None = None

    @property
    def next(self) -> AskingDue | None:
        return self.dues[0] if self.dues else None


def asking_plan(history: AskingHistory, on: date) -> AskingPlan:
    """Of one patient on a day. Either something is due, or there is an end. [own-proposal]"""
    if history.ended_on is not None and history.ended_on >= history.newest:
        return AskingPlan((), AskingEnd.SAID)
    agreed, passed = tuple(_agreed(history)), _passed(history, on)
    found = agreed if passed else (*_in_course(history), *_after_course(history), *agreed)
    if found:
        return AskingPlan(tuple(sorted(found, key=lambda one: (one.by, one.occasion.id))))
    end = AskingEnd.PASSED if passed else _end(history)
    if end is not None:
        return AskingPlan((), end)
    return AskingPlan((AskingDue(occasion("nobody-named"), history.newest),))


def _end(history: AskingHistory) -> AskingEnd | None:
    if history.no_contact:
        return AskingEnd.NO_CONTACT
    treated = history.last_dose is not None
    return AskingEnd.FOLLOWED if treated and history.care is Care.OVER else None


def occasion(name: str) -> Occasion:
    return next(one for one in suicidality_table().occasion if one.id == name)


def _in_course(history: AskingHistory) -> Iterator[AskingDue]:
    """Before the first session, before each, and after those that are asked about afterwards."""
    if history.care is not Care.TREATED:
        return
    coming = history.next_session
    if history.first_session is None:
        by = coming or history.begun
        earliest = min(by, history.begun) - suicidality_table().baseline_within.value
        if not history.asked_since(earliest):
            yield AskingDue(occasion("baseline"), by)
    if coming is not None and not history.asked_since(coming):
        yield AskingDue(occasion("before-session"), coming)
    for anchor, day in (
        (Anchor.FIRST_SESSION, history.first_session),
        (Anchor.SIXTH_SESSION, history.sixth_session),
    ):
        yield from _since(history, anchor, day)


def _after_course(history: AskingHistory) -> Iterator[AskingDue]:
    """Whoever left, and by the weeks since the last dose wherever no session is to come."""
    if history.left is not None and not history.asked_since(history.left):
        yield from _since(history, Anchor.DROP_OUT_OR_NO_RESPONSE, history.left)
    if history.next_session is None:
        yield from _since(history, Anchor.LAST_DOSE, history.last_dose)


def _since(history: AskingHistory, anchor: Anchor, day: date | None) -> Iterator[AskingDue]:
    """What has not been asked since its day. A late answer covers what was missed before it."""
    if day is None:
        return
    for one in suicidality_table().occasion:
        for step in one.after if one.since is anchor else ():
            if not history.asked_since(day + step.value):
                week = step.value // WEEK if anchor is Anchor.LAST_DOSE else None
                yield AskingDue(one, day + step.value, week)


def _agreed(history: AskingHistory) -> Iterator[AskingDue]:
    """What does not follow from a course; of who is referred anew, that nobody is named."""
    if history.contact_on is not None:
        yield AskingDue(occasion("contact"), history.contact_on)
    elif history.referred_on is not None and not history.no_contact:
        yield AskingDue(occasion("nobody-named"), history.referred_on)
    day = history.agreed_on
    if day is not None and (history.agreed_open or not history.asked_since(day)):
        yield AskingDue(occasion("agreed"), day)


def _passed(history: AskingHistory, on: date) -> bool:
    """Of a course that is over alone: who waits is never too long ago."""
    newest = max((one for one in (history.last_dose, history.left) if one), default=None)
    if history.care is not Care.OVER or newest is None:
        return False
    return on > newest + suicidality_table().reminded_for.value
