"""What is recorded of the day of the session that an answer at the chair contradicts."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from django.utils.translation import gettext

from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.people.access import open_to
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.referral.models import Diagnosis, Medicine
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.clinic.treatment.templatetags.treatment import sign_written
from lysglimt.knowledge.monitoring.discharge import INTENT, discharge_rules
from lysglimt.knowledge.monitoring.vital_signs import VitalSign
from lysglimt.knowledge.safety.suicidality import Promptness, task

from .in_care import in_care_of, not_green, under_way
from .models import ChairEvent, ChairEventKind, Session
from .rated_today import day_of, heard, rated_new, until
from .showing import at_clock
from .stands import as_told, intent_stands, times_in
from .untold import UNTOLD
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
        against |= (
            {"suicidality_asked": said} if (said := said_of_suicide(session, by, at)) else {}
        )
    if answers.get("nothing_new"):
        said = ", ".join(begun(session, at=at))
        if said:
            words = gettext(
                "Recorded since last time: %(said)s. Answer “Not true”, or correct the record."
            )
            told = said if open_to(by, session.course.patient, "history") else UNTOLD
            against["nothing_new"] = words % {"said": told}
    return against


def said_of_suicide(session: Session, by: Professional, at: datetime) -> str:
    """In words, what is new in the ratings, or was told at the chair, and who has answered it."""
    rated = "; ".join(new_today(session, at=at))
    if rated and not open_to(by, session.course.patient, "ratings"):
        rated = str(UNTOLD)
    said = "; ".join(filter(None, (rated, intent_at_the_chair(session))))
    if not said:
        return ""
    words = gettext(
        "Recorded on the day of the session: %(said)s. This is new: answer “Not true”, or correct "
        "what is recorded."
    )
    answered = heard(session, at=at).answered
    if answered is None:
        return words % {"said": said}
    by_whom = gettext("Answered by %(who)s at %(at)s.")
    told = {"who": answered.by, "at": at_clock(answered.at)}
    return f"{words % {'said': said}} {by_whom % told}"


def intent_at_the_chair(session: Session) -> str:
    """In words, when new intent was told last in this session; nothing where it was not."""
    told = ChairEvent.objects.in_force().filter(session=session, kind=ChairEventKind.NEW_INTENT)
    row = told.order_by("-happened_at").first()
    if row is None:
        return ""
    words = gettext("new suicidal intent or plan was said at the chair (%(at)s)")
    return words % {"at": when(row.happened_at, day=session.planned_on)}


def new_today(
    session: Session, *, at: datetime, asks: Promptness | None = None
) -> Iterator[str]:
    """Each rating since the day of the session began that has a new positive answer about suicide.

    With ``asks`` those alone whose new answers ask for a clinician so soon.
    """
    day = day_of(session, at=at)
    for row, new in rated_new(session, at=at):
        step = task(new)
        if asks is None or (step and step.task.act is asks):
            told = "; ".join(sign_written(one) for one in new)
            yield f"{told} ({when(row.happened_at, day=day)})"


def when(at: datetime, *, day: date) -> str:
    """The clock; with its day where that is not the day of the session."""
    clock = at_clock(at)
    return clock if on_day(at) == day else f"{day_written(on_day(at))} {clock}"


def against_going_home(
    sheet: Watched, answers: Mapping[str, object], *, by: Professional, at: datetime
) -> dict[str, str]:
    """The same of the checklist for going home: what was rated that day, and what was charted."""
    against: dict[str, str] = {}
    unanswered = intent_unanswered(sheet) if answers.get(INTENT) is True else ""
    if unanswered:
        against |= {INTENT: unanswered}
    elif answers.get(INTENT) is True:
        said = "; ".join(new_today(sheet.session, at=at, asks=Promptness.DOCTOR_NOW))
        if said and not open_to(by, sheet.session.course.patient, "ratings"):
            said = str(UNTOLD)
        words = gettext(
            "Recorded on the day of the session: %(said)s. Answer “Yes”, or correct the rating."
        )
        against |= {INTENT: words % {"said": said}} if said else {}
    if answers.get("dissociation_mild") is True:
        said = strong_dissociation(sheet)
        against |= {"dissociation_mild": said} if said else {}
    return against


def intent_unanswered(sheet: Watched) -> str:
    """In words, that new intent was said, and that no doctor has answered it yet."""
    record = sheet.discharge
    answers = as_told(record.answers if record else {}, sheet.intent_told)
    if not intent_stands(answers) or sheet.intent_assessed:
        return ""
    words = gettext(
        "“Yes” was said at %(at)s. It stands until a doctor has answered the task for a doctor now."
    )
    said = times_in(answers).get(INTENT)
    asked = record.received_at if record else sheet.now
    return words % {"at": at_clock(datetime.fromisoformat(said) if said else asked)}


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
    """By the field of the gate, in words: the answer says that nobody else takes the nurse.

    Who is given the drug does, and who recovers and is not green. Unjudged, nobody is told how many to watch.
    """
    if others not in ALONE or unjudged(session):
        return {}
    others_here = in_care_of(by, but=session, at=at)
    for other in filter(under_way, others_here):
        words = gettext(
            "By the record a patient whom you charted last or took over is being given the drug since %(at)s "
            "(%(chair)s). Answer “More …”, or chart its stop, or hand the patient over."
        )
        return {
            "others": words % {"at": at_clock(other.started), "chair": chair_of(other.session)}
        }
    for other in others_here:
        since = not_green(other)
        if since:
            words = gettext(
                "By the record the patient that you charted last or took over at %(chair)s is not "
                "green (%(at)s). Answer “More …”, or chart a green reading there, or hand the "
                "patient over."
            )
            return {"others": words % {"chair": chair_of(other.session), "at": at_clock(since)}}
    return {}


def chair_of(session: Session) -> str:
    return str(session.chair or gettext("no chair named"))
