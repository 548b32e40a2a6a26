"""All that the rules over months ask of a patient, beside a row that is asked for anyway."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import CharField, JSONField, Subquery
from django.db.models.functions import Cast, JSONObject, TruncDate
from django.utils import timezone

from lysglimt.clinic.people.models import Patient, PatientCard
from lysglimt.clinic.people.written import Beside
from lysglimt.clinic.referral.listed import Listed
from lysglimt.clinic.referral.models import Medicine
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.clinic.treatment.models import (
    CourseStanding,
    Rating,
    SessionGiven,
    WorkUpResult,
)
from lysglimt.clinic.treatment.told import listed
from lysglimt.knowledge.protocols.state import Phase
from lysglimt.knowledge.safety.antiemetics import lengthens_qt
from lysglimt.knowledge.safety.exposure import exposure_grid
from lysglimt.knowledge.safety.holding import Hold, SeenResult, holds
from lysglimt.knowledge.safety.over_months import (
    CheckDue,
    CourseOverMonths,
    checks_due,
    may_be_pregnant,
)
from lysglimt.knowledge.safety.unanswered import INCOMPLETE, open_questions
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .models import CheckMade, HoldLifted, LabResult, Said, Sign
from .whose import newest_of_ketamine

OVER = frozenset({Phase.FOLLOW_UP, Phase.CLOSED})
EVALUATED = frozenset({Phase.EVALUATION, Phase.MAINTENANCE})
LIVER = ("alt", "ast", "ggt", "alp", "bilirubin")
CYSTITIS, OUTSIDE, ELATED, DOCTOR = "cystitis-grade", "outside", "elated", "doctor"
SYMPTOMS = ("frequency", "pain")
"""Questions of a check that the rules read."""


@dataclass(frozen=True, slots=True)
class ToldFromAbove:
    """What an app above this one knows and the rules ask: ``rows`` beside a patient, and how they are read."""

    name: str
    rows: Callable[[Any], Subquery]
    read: Callable[[Iterable[Mapping[str, Any]]], Iterator[SeenResult]]


ABOVE: list[ToldFromAbove] = []


def sources() -> Iterator[tuple[str, str]]:
    """What the checks of the grid look for: the kind of the source, and its name."""
    for check in exposure_grid().check:
        for ways in check.needs:
            for way in ways:
                kind, _, name = way.partition(":")
                yield kind, name


def named(kind: str) -> list[str]:
    return sorted({name for of, name in sources() if of == kind})


def rows_beside(patient: Any) -> dict[str, Any]:
    """Each in one value. Numbers as text: a number of JSON would come back as a float."""
    results = LabResult.objects.in_force().filter(patient=patient)
    ratings = Rating.objects.in_force().filter(patient=patient, instrument__in=named("rating"))
    work_up = WorkUpResult.objects.in_force().filter(patient=patient, item__in=named("workup"))
    made = CheckMade.objects.in_force().filter(patient=patient)
    taken = Medicine.objects.in_force().filter(patient=patient)
    lifted = HoldLifted.objects.in_force().filter(patient=patient)
    given = SessionGiven.objects.in_force().filter(course__patient=patient)
    return {
        "om_results": together(
            results,
            "patient",
            *("entry", "revision", "analyte", "sign", "circumstance", "taken_on"),
            value=text("value"),
            upper=text("upper_limit"),
        ),
        "om_ratings": together(
            ratings,
            "patient",
            *("entry", "revision", "instrument"),
            day=TruncDate("happened_at", tzinfo=OSLO),
            total=text("total"),
        ),
        "om_work_up": together(work_up, "patient", "item", "done_on"),
        "om_made": together(
            made, "patient", "entry", "revision", "item", "made", "made_on", "answers"
        ),
        "om_lifted": together(lifted, "patient", "keys"),
        "om_given": together(
            given, "course__patient", day=TruncDate("started_at", tzinfo=OSLO), of="course_id"
        ),
        "om_taken": together(
            taken,
            "patient",
            *("atc", "started_on", "stopped_on"),
            told_on=TruncDate("happened_at", tzinfo=OSLO),
        ),
    }


def all_beside(patient: Any) -> dict[str, Any]:
    told_above = {one.name: one.rows(patient) for one in ABOVE}
    return {"om_course": newest_of_ketamine(patient), **rows_beside(patient), **told_above}


def text(name: str) -> Any:
    return Cast(name, CharField())


def together(rows: Any, by: str, *names: str, **more: Any) -> Subquery:
    fields: Any = {name: name for name in names}
    told: Any = Listed(JSONObject(**fields, **more))
    return Subquery(
        rows.order_by().values(by).annotate(all=told).values("all"), output_field=JSONField()
    )


BESIDE = Beside(all_beside)
NAMES = (
    "om_course",
    "om_results",
    "om_ratings",
    "om_work_up",
    "om_made",
    "om_lifted",
    "om_given",
    "om_taken",
)


def names() -> tuple[str, ...]:
    return *NAMES, *(one.name for one in ABOVE)


def with_over_months(rows: Any, patient: str) -> Any:
    """Each row with what `over_months_in` reads; ``patient`` is the way to the key of whose it is."""
    return rows.annotate(**BESIDE.about(patient))


STOPPED = Text(
    "Forløpet er avsluttet eller stanset: en ny økt tar en ny beslutning.",
    "The course is over or stopped: another session takes another decision.",
)


def course_over(standing: CourseStanding) -> tuple[Finding, ...]:
    """Against a start in a course that a doctor has ended, also one past its start check."""
    if Phase(standing.phase) not in OVER:
        return ()
    basis = exposure_grid().misuse.basis
    return (Finding("LT-course", Standing.EXCLUDED, STOPPED, basis),)


@dataclass(frozen=True)
class OverMonths:
    """One patient, by what is recorded. ``course`` is the newest of ketamine; None where there is none."""

    readings: tuple[SeenResult, ...]
    answered: frozenset[str]
    course: CourseOverMonths | None

    @cached_property
    def holds(self) -> tuple[Hold, ...]:
        return holds(self.readings, answered=self.answered)

    @cached_property
    def questions(self) -> tuple[Hold, ...]:
        return open_questions(self.readings, answered=self.answered)

    @property
    def waits(self) -> tuple[Hold, ...]:
        """All that a doctor can answer for."""
        return *self.holds, *self.questions

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What holds the treatment, and what has to be asked first."""
        return tuple(one.told for one in self.waits)

    def due(self, on: date) -> tuple[CheckDue, ...]:
        return checks_due(self.course, on) if self.course else ()

    def overdue(self, on: date) -> int:
        return sum(one.late for one in self.due(on))

    def holding(self, key: str) -> bool:
        """Does the treatment wait because of this row?"""
        return any(
            one == key or one.startswith(f"{key}/") for hold in self.holds for one in hold.keys
        )


def over_months_in(row: Any, *, card: PatientCard, on: date) -> OverMonths:
    """Of a row `with_over_months`."""
    said: dict[str, Any] = {name: listed(vars(row)[name]) or () for name in names()}
    readings = tuple(all_readings(said))
    pregnant = may_be_pregnant(sex=card.sex, age=card.age(on))
    return OverMonths(
        readings=readings,
        answered=frozenset(key for one in said["om_lifted"] for key in in_list(one["keys"])),
        course=course_of(said, pregnant=pregnant, readings=readings, on=on)
        if said["om_course"]
        else None,
    )


def plain(key: Any) -> str:
    """SQLite writes a UUID without its dashes."""
    return str(key).replace("-", "")


def in_list(said: Any) -> Any:
    """SQLite lists a list, or a table, as text."""
    return listed(said) if isinstance(said, str) else said


def course_of(
    said: Mapping[str, Any], *, pregnant: bool, readings: Iterable[SeenResult], on: date
) -> CourseOverMonths:
    stands = said["om_course"]
    phase, mine = Phase(stands["phase"]), plain(stands["course"])
    since = day_of(stands["since"]) if stands["since"] else None
    days = sorted(day_of(one["day"]) for one in said["om_given"] if plain(one["of"]) == mine)
    others = (day_of(one["day"]) for one in said["om_given"] if plain(one["of"]) != mine)
    over = (days[-1] if days else since) if phase in OVER else None
    return CourseOverMonths(
        sessions=tuple(days),
        evaluated=since if phase in EVALUATED else None,
        ended=over,
        seen=seen_in(said),
        unmade=unmade_in(said),
        liver_abnormal=above_limit(readings),
        pregnancy_possible=pregnant,
        earlier=max((day for day in others if not days or day < days[0]), default=None),
        new_medicine=max(ask_for_an_ecg(said["om_taken"], on=on), default=None),
    )


def ask_for_an_ecg(taken: Iterable[Mapping[str, Any]], *, on: date) -> Iterator[date]:
    """When each began that is taken now and may lengthen the QT interval, or has no code.

    Where the first day is not known, the day on which it was told.
    """
    for one in taken:
        began = day_of(one["started_on"] or one["told_on"])
        stopped = one["stopped_on"] and day_of(one["stopped_on"]) <= on
        if began <= on and not stopped and (not one["atc"] or lengthens_qt(one["atc"])):
            yield began


def all_readings(said: Mapping[str, Any]) -> Iterator[SeenResult]:
    for one in said["om_results"]:
        yield reading_of(one)
    for one in said["om_ratings"]:
        if one["instrument"] == "moca":
            yield moca_of(one)
        elif one["instrument"] == "ymrs":
            yield SeenResult(
                key=key_of(one), what="ymrs", on=day_of(one["day"]), positive=False
            )
    for one in said["om_made"]:
        yield from answers_of(one)
    for above in ABOVE:
        yield from above.read(said[above.name])


def moca_of(one: Mapping[str, Any]) -> SeenResult:
    key, on, total = key_of(one), day_of(one["day"]), amount(one["total"])
    if total is None:
        return SeenResult(key=key, what=INCOMPLETE, on=on, positive=True)
    return SeenResult(key=key, what="moca", on=on, value=total)


def reading_of(one: Mapping[str, Any]) -> SeenResult:
    return SeenResult(
        key=key_of(one),
        what=one["analyte"],
        on=day_of(one["taken_on"]),
        value=amount(one["value"]),
        positive={Sign.POSITIVE: True, Sign.NEGATIVE: False}.get(one["sign"]),
        upper=amount(one["upper"]),
        circumstance=Said(one["circumstance"] or Said.UNKNOWN).known,
    )


def answers_of(one: Mapping[str, Any]) -> Iterator[SeenResult]:
    """What the rules read of a check that was made by hand."""
    said, on = in_list(one["answers"]) or {}, day_of(one["made_on"])
    grade = said.get(CYSTITIS, "")
    graded = Decimal(grade) if grade.isdecimal() else None
    if graded is not None:
        key = f"{key_of(one)}/{CYSTITIS}"
        yield SeenResult(key=key, what="cystitis", on=on, value=graded)
    symptoms = [Said(said.get(name) or Said.UNKNOWN).known for name in SYMPTOMS]
    if any(name in said for name in SYMPTOMS):
        key, felt = f"{key_of(one)}/bladder", True in symptoms
        yield SeenResult(key=key, what="bladder", on=on, value=graded, positive=felt)
    for name in (OUTSIDE, ELATED, DOCTOR):
        known = Said(said.get(name) or Said.UNKNOWN).known
        if known is not None:
            yield SeenResult(key=f"{key_of(one)}/{name}", what=name, on=on, positive=known)


def key_of(one: Mapping[str, Any]) -> str:
    """As a fact writes itself: SQLite writes a UUID without its dashes."""
    return f"{plain(one['entry'])}/{one['revision']}"


def row_key(row: Any) -> str:
    return f"{row.entry.hex}/{row.revision}"


def amount(said: Any) -> Decimal | None:
    return None if said is None else Decimal(str(said))


def day_of(said: Any) -> date:
    return said if isinstance(said, date) else date.fromisoformat(str(said)[:10])


def seen_in(said: Mapping[str, Any]) -> dict[str, tuple[date, ...]]:
    found: dict[str, list[date]] = {}

    def saw(what: str, day: Any) -> None:
        found.setdefault(what, []).append(day_of(day))

    for one in said["om_results"]:
        if one["value"] is not None or one["sign"]:
            saw(f"lab:{one['analyte']}", one["taken_on"])
    for one in said["om_ratings"]:
        saw(f"rating:{one['instrument']}", one["day"])
    for one in said["om_work_up"]:
        saw(f"workup:{one['item']}", one["done_on"])
    for one in said["om_made"]:
        if one["made"]:
            saw(f"made:{one['item']}", one["made_on"])
    return {what: tuple(days) for what, days in found.items()}


def unmade_in(said: Mapping[str, Any]) -> dict[str, tuple[date, ...]]:
    """By check: somebody wrote why not, of the check itself or of a test that it needs."""
    found: dict[str, list[date]] = {}
    for one in said["om_made"]:
        if not one["made"]:
            found.setdefault(one["item"], []).append(day_of(one["made_on"]))
    untaken = [
        (f"lab:{one['analyte']}", day_of(one["taken_on"]))
        for one in said["om_results"]
        if one["value"] is None and not one["sign"]
    ]
    for check in exposure_grid().check:
        ways = {way for ways in check.needs for way in ways}
        if days := [day for way, day in untaken if way in ways]:
            found.setdefault(check.id, []).extend(days)
    return {what: tuple(days) for what, days in found.items()}


def above_limit(readings: Iterable[SeenResult]) -> bool:
    """Is the newest of any liver test above its own limit?"""
    newest = {
        one.what: one
        for one in sorted(readings, key=lambda one: one.on)
        if one.what in LIVER and one.value is not None
    }
    return any(
        one.value is not None and one.upper is not None and one.value > one.upper
        for one in newest.values()
    )


def holds_by(row: Any) -> bool:
    """Does the treatment wait because of this row?"""
    patient = Patient.objects.get(pk=row.patient_id)
    return over_months_of(patient).holding(row_key(row))


def over_months_of(patient: Patient) -> OverMonths:
    """Asks one question of the database."""
    row = with_over_months(Patient.objects.filter(pk=patient.pk), "pk").get()
    return over_months_in(row, card=patient.card(), on=timezone.localdate())
