"""What is recorded of the day of the session that an answer at the chair contradicts."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from django.utils.translation import gettext

from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.referral.models import Diagnosis, Medicine
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.actions import safety_answers
from lysglimt.clinic.treatment.models import Rating, SessionGiven
from lysglimt.clinic.treatment.templatetags.treatment import sign_written
from lysglimt.clinic.treatment.windows import asked_about
from lysglimt.knowledge.monitoring.discharge import discharge_rules
from lysglimt.knowledge.monitoring.vital_signs import VitalSign
from lysglimt.knowledge.safety.suicidality import Promptness, SafetyAnswer, news, task

from .infusing import watched_elsewhere
from .models import DischargeRecord, Session
from .showing import at_clock
from .untold import UNTOLD, open_to
from .watched import Watched, unjudged

ALONE = frozenset({"none", "recovering"})
"""What the start check is answered of the nurse's other patients, where none of them is infused."""


def contradicted(
    session: Session, answers: Mapping[str, bool | None], *, by: Professional, at: datetime
) -> dict[str, str]:
    """By the field of the gate, in words; empty when nothing recorded is against an answer.

    Only a "true" is held against the record: who says that something is new may know more.
    What stands in a chapter that is closed to ``by`` is not told, only that it is there.
    """
    against: dict[str, str] = {}
    if answers.get("suicidality_asked"):
        said = "; ".join(new_today(session, at=at))
        if said:
            words = gettext(
                "Recorded on the day of the session: %(said)s. This is new: answer “Not true”, or "
                "correct the rating."
            )
            told = said if open_to(by, session.course.patient, "ratings") else UNTOLD
            against["suicidality_asked"] = words % {"said": told}
    if answers.get("nothing_new"):
        said = ", ".join(begun(session, at=at))
        if said:
            words = gettext(
                "Recorded since last time: %(said)s. Answer “Not true”, or correct the record."
            )
            told = said if open_to(by, session.course.patient, "history") else UNTOLD
            against["nothing_new"] = words % {"said": told}
    return against


def new_today(
    session: Session, *, at: datetime, asks: Promptness | None = None
) -> Iterator[str]:
    """Each rating since the day of the session began that has a new positive answer about suicide.

    With ``asks`` those alone whose new answers ask for a clinician so soon.
    """
    patient, day = session.course.patient, day_of(session, at=at)
    found = Rating.objects.until(until(session, at=at)).filter(patient=patient)
    ratings = list(found.order_by("happened_at", "pk"))
    before = [one for row in ratings if on_day(row.happened_at) < day for one in said_in(row)]
    for row in ratings:
        if on_day(row.happened_at) >= day:
            new = news(said_in(row), before=before)
            step = task(new)
            if new and (asks is None or (step and step.task.act is asks)):
                told = "; ".join(sign_written(one) for one in new)
                yield f"{told} ({when(row.happened_at, day=day)})"


def day_of(session: Session, *, at: datetime) -> date:
    """The day it is planned on, whichever day the answers are written; or today, when that is earlier."""
    return min(session.planned_on, on_day(at))


def until(session: Session, *, at: datetime) -> datetime:
    """Past midnight the session goes on; what was recorded after the patient left is of another day."""
    left = DischargeRecord.objects.in_force().filter(session=session, left_at__isnull=False)
    times = left.order_by("-pk").values_list("left_at", flat=True)
    return next((one for one in times[:1] if one and one < at), at)


def when(at: datetime, *, day: date) -> str:
    """The clock; with its day where that is not the day of the session."""
    clock = at_clock(at)
    return clock if on_day(at) == day else f"{day_written(on_day(at))} {clock}"


def against_going_home(
    sheet: Watched, answers: Mapping[str, object], *, by: Professional, at: datetime
) -> dict[str, str]:
    """The same of the checklist for going home: what was rated that day, and what was charted."""
    against: dict[str, str] = {}
    if answers.get("no_new_intent") is True:
        said = "; ".join(new_today(sheet.session, at=at, asks=Promptness.DOCTOR_NOW))
        if said and not open_to(by, sheet.session.course.patient, "ratings"):
            said = str(UNTOLD)
        words = gettext(
            "Recorded on the day of the session: %(said)s. Answer “Yes”, or correct the rating."
        )
        against |= {"no_new_intent": words % {"said": said}} if said else {}
    if answers.get("dissociation_mild") is True:
        said = strong_dissociation(sheet)
        against |= {"dissociation_mild": said} if said else {}
    return against


def strong_dissociation(sheet: Watched) -> str:
    """The newest figure since the start, in words, when it is more than mild; unjudged, nothing."""
    charted = [one for one in sheet.since_start if VitalSign.DISSOCIATED in one.values]
    most = discharge_rules().scores.dissociation.value
    if unjudged(sheet.session) or not charted:
        return ""
    newest = charted[-1]
    points = newest.values[VitalSign.DISSOCIATED]
    if points <= most:
        return ""
    words = gettext(
        "Charted at %(at)s: dissociation %(points)s of 10, mild is at most %(most)s. Answer “Not "
        "true”, or chart a new figure when it has faded."
    )
    return words % {"at": at_clock(newest.at), "points": points, "most": most}


def said_in(row: Rating) -> tuple[SafetyAnswer, ...]:
    return safety_answers(row.instrument, row.answers, asked_about(row).id)


def begun(session: Session, *, at: datetime) -> Iterator[str]:
    """Medicines started or stopped, and diagnoses made, since the last session."""
    patient, day = session.course.patient, day_of(session, at=at)
    today = on_day(until(session, at=at))
    since = last_given(session, before=day) or day - timedelta(days=1)
    for turned, words in (
        ("started_on", gettext("%(name)s from %(day)s")),
        ("stopped_on", gettext("%(name)s until %(day)s")),
    ):
        changed = {f"{turned}__gt": since, f"{turned}__lte": today}
        for medicine in Medicine.objects.in_force().filter(patient=patient, **changed):
            turn = day_written(getattr(medicine, turned))
            yield words % {"name": medicine.name or medicine.atc, "day": turn}
    made = Diagnosis.objects.in_force().filter(patient=patient, on__gt=since, on__lte=today)
    for diagnosis in made:
        if diagnosis.on is not None:
            yield f"{diagnosis.code} {day_written(diagnosis.on)}"


def last_given(session: Session, *, before: date) -> date | None:
    given = SessionGiven.objects.in_force().filter(course=session.course)
    starts = given.exclude(entry=session.pk).order_by("-started_at")
    days = (on_day(at) for at in starts.values_list("started_at", flat=True))
    return next((day for day in days if day < before), None)


def against_presence(
    session: Session, others: str, *, by: Professional, at: datetime
) -> dict[str, str]:
    """By the field of the gate, in words: the answer says that the nurse infuses nobody else.

    Unjudged, nobody is told how many to watch.
    """
    if others not in ALONE or unjudged(session):
        return {}
    running = watched_elsewhere(by, unit=session.unit_id, but=session, at=at)
    row = running.select_related("session__chair").order_by("happened_at").first()
    if row is None:
        return {}
    words = gettext(
        "By the record an infusion that you charted last is running since %(at)s (%(chair)s). "
        "Answer “More …”, or chart its stop, or let another nurse chart there."
    )
    chair = row.session.chair or gettext("no chair named")
    return {"others": words % {"at": at_clock(row.happened_at), "chair": chair}}
