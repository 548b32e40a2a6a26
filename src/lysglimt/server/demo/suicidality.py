"""Who receives at the made-up hospital, what its patients are told, and one safety plan."""

from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.scheduling.models import RotaWatch
from lysglimt.clinic.suicidality import actions
from lysglimt.clinic.suicidality.models import NoteKind, SafetyPlan
from lysglimt.clinic.suicidality.schedule import Asking, askings, recent, standings_to_ask
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.actions import Rated
from lysglimt.clinic.treatment.models import Mode, Timing
from lysglimt.knowledge.safety.answering import default_deadlines
from lysglimt.knowledge.safety.rota import WatchKind

from .cast import Clinic
from .ratings import CALM

WEEK, WEEKEND = (0, 1, 2, 3, 4), (5,)
WATCHES = (
    (Role.PSYCHIATRIST, WatchKind.DAY, WEEK, time(8), time(16)),
    (Role.ANAESTHETIST, WatchKind.EVENING, WEEK, time(16), time(22)),
    (Role.PSYCHIATRIST, WatchKind.NIGHT, WEEK, time(22), time(8)),
    (Role.ANAESTHETIST, WatchKind.WEEKEND, WEEKEND, time(8), time(8)),
)
"""Nobody from Sunday morning to Monday morning: the leader is to see a hole."""
CRISIS = (
    "Ring avdelingen på 00 00 00 00 (oppdiktet). Kom til mottaket om du ikke er trygg.",
    "Call the ward on 00 00 00 00 (made up). Come to the emergency room if you are not safe.",
)
WORDS = {
    "signs": "Jeg slutter å svare på meldinger og sover lite.",
    "alone": "Gå rundt vannet. Høre på radio.",
    "company": "Kafeen på hjørnet. Fotballtreningen til Jonas.",
    "helpers": "Søsteren min. Hun vet om planen.",
    "surroundings": "Søsteren har medisinene; jeg henter for en uke om gangen.",
}


def entered(what: str, *, at: datetime) -> Entered:
    """The same each time that the clinic is made."""
    return Entered(happened_at=at, entered_at=at, entry=uuid5(NAMESPACE_OID, what))


def rota_kept(clinic: Clinic, *, now: datetime) -> list[RotaWatch]:
    """A rota with one hole, the crisis text, and the times of the unit."""
    lead, before = clinic.staff[Role.UNIT_LEAD], now - timedelta(days=14)
    first = on_day(before)
    actions.state_crisis_text(text_nb=CRISIS[0], text_en=CRISIS[1], by=lead, at=before)
    actions.state_deadlines(within=default_deadlines(), by=lead, at=before)
    return [
        scheduling.plan_watch(
            planned=scheduling.WatchPlanned(
                person=clinic.staff[role],
                kind=kind,
                first_day=first,
                last_day=first + timedelta(days=90),
                weekdays=weekdays,
                begins=begins,
                ends=ends,
            ),
            entered=entered(f"{clinic.unit.pk} {kind} {weekdays}", at=before),
            by=lead,
            at=before,
        )
        for role, kind, weekdays, begins, ends in WATCHES
    ]


def plan_made(patient: Patient, *, by: Professional, at: datetime) -> SafetyPlan:
    return actions.write_plan(
        patient=patient,
        words=actions.PlanWords(parts=WORDS),
        entered=entered(f"{patient.pk} safety plan", at=at),
        by=by,
        at=at,
    )


def not_reached(patient: Patient, *, by: Professional, at: datetime) -> None:
    actions.note(
        patient=patient,
        kind=NoteKind.NOT_REACHED,
        told="Ringte to ganger uten svar. Prøver igjen i morgen.",
        entered=entered(f"{patient.pk} not reached", at=at),
        by=by,
        at=at,
    )


FORGOTTEN, ROUNDS = 9, 6
"""Of so many the first is forgotten; so often in a row the others were asked."""


def asked_in_time(clinic: Clinic, *, now: datetime) -> None:
    """What fell due after a course, or between two: asked on its day, but for a few."""
    today = on_day(now)
    forgotten = {one.card.id for one in late_to_ask(clinic, today)[::FORGOTTEN]}
    for _ in range(ROUNDS):
        for asking in late_to_ask(clinic, today):
            if asking.card.id not in forgotten and asking.late_since:
                asked(asking.card.id, clinic, on=asking.late_since)


def late_to_ask(clinic: Clinic, today: date) -> list[Asking]:
    rows = standings_to_ask(today).filter(recent(today), course__unit=clinic.unit)
    found = askings(rows.order_by("course_id"), on=today, judged=True)
    return [one for one in found if one.late_since and not one.by_contact]


def asked(patient: UUID, clinic: Clinic, *, on: date) -> None:
    """By the screener, on the telephone, and nothing was found."""
    at = datetime.combine(on, time(9, 30), tzinfo=OSLO)
    said = Rated(
        instrument="cssrs_screener",
        answers=CALM["cssrs_screener"],
        timing=Timing.FOLLOW_UP,
        mode=Mode.TELEPHONE,
        rater="clinician",
        recall="since_last_contact",
        receiver=clinic.staff[Role.PSYCHIATRIST],
    )
    treatment.record_rating(
        patient=Patient.objects.get(pk=patient),
        rated=said,
        entered=entered(f"{patient} asked {on}", at=at),
        by=clinic.staff[Role.NURSE],
        at=at,
    )
