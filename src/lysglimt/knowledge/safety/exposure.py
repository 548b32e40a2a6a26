"""What do repeated doses do to bladder, liver, mind and habits, and when is it looked at?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.calendar import months_after
from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing, Verdict


class Moment(StrEnum):
    """When in a course a check belongs."""

    BASELINE = "baseline"
    SESSION = "session"
    EVALUATION = "evaluation"
    MAINTENANCE = "maintenance"
    MAINTENANCE_FREQUENT = "maintenance-frequent"
    AFTER_END = "after-end"
    IF_ABNORMAL = "if-abnormal"


class AskedAs(StrEnum):
    """How a question of a check is answered; not known is an answer to each."""

    YES_NO = "yes-no"
    SCALE = "scale"
    GRADE = "grade"


RESULT = "lab:"


@dataclass(frozen=True, slots=True)
class CheckQuestion:
    """What is asked in a check that is neither an instrument nor a laboratory value."""

    id: str
    kind: AskedAs
    name: Text


@dataclass(frozen=True, slots=True)
class ExposureCheck:
    """One look at one organ: how often in maintenance, or how many months after the end.

    ``needs`` is what shows that it is done: of each list one, as ``lab:alt``, ``rating:ymrs``
    or ``workup:ecg``. What is charted ``at_the_chair`` is not asked for here. One
    ``with_new_medicine`` is asked for again when a medicine is begun that asks for it.
    """

    id: str
    domain: str
    moment: Moment
    name: Text
    basis: Basis
    every: Figure[int] | None = None
    every_sessions: Figure[int] | None = None
    every_days: Figure[timedelta] | None = None
    after: tuple[Figure[int], ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    asks: tuple[CheckQuestion, ...] = ()
    at_the_chair: bool = False
    with_new_medicine: bool = False

    @property
    def repeated(self) -> bool:
        return self.moment in {Moment.MAINTENANCE, Moment.MAINTENANCE_FREQUENT}

    @property
    def by_result(self) -> bool:
        """A rule reads its answer, so by hand one says only why it is not done."""
        return any(way.startswith(RESULT) for ways in self.needs for way in ways)

    def __post_init__(self) -> None:
        if self.repeated and self.every is None and self.every_days is None:
            raise Inconsistent(f"{self.id} is repeated but states no interval")


@dataclass(frozen=True, slots=True)
class ExposureGrid:
    """All checks, and the figures that hold or stop the treatment.

    ``notice`` and ``grace`` are how long before and after its day a check is due, ``put_off``
    how long a reason why not puts off what is repeated; ``windows`` are the spans over which
    the ledger of exposure adds up.
    """

    dip_positive: Figure[int]
    cystitis_grade: Figure[Decimal]
    alt_hold: Figure[Decimal]
    alt_stop: Figure[Decimal]
    alt_repeat: Figure[timedelta]
    misuse: Figure[int]
    moca_drop: Figure[Decimal]
    evaluated_after: Figure[int]
    notice: Figure[timedelta]
    grace: Figure[timedelta]
    put_off: Figure[timedelta]
    pregnancy_below: Figure[int]
    reminded_for: Figure[int]
    frequent_over: Figure[timedelta]
    frequent_above: Figure[int]
    windows: tuple[Figure[timedelta], ...]
    check: tuple[ExposureCheck, ...]


@cache
def exposure_grid() -> ExposureGrid:
    return read(ExposureGrid, files("lysglimt.knowledge.safety") / "exposure.toml")


@dataclass(frozen=True, slots=True)
class CourseExposure:
    """The days that decide what is due. ``evaluated`` begins maintenance, ``ended`` closes it.

    ``sessions_since_last`` counts sessions since the check was last done; ``frequent`` is more
    than one session a week; ``liver_abnormal`` is by the last tests.
    """

    first_session: date
    evaluated: date | None = None
    ended: date | None = None
    frequent: bool = False
    liver_abnormal: bool = False


def due_days(
    check: ExposureCheck,
    course: CourseExposure,
    *,
    last_done: date | None = None,
    sessions_since_last: int = 0,
    on: date,
) -> tuple[date, ...]:
    """The days on which a check is due; empty when it belongs to another moment.

    What goes with every session is due with the session and has no day of its own.
    """
    match check.moment:
        case Moment.BASELINE:
            return () if last_done else (course.first_session,)
        case Moment.EVALUATION if course.evaluated is not None:
            done = last_done is not None and last_done >= course.evaluated
            return () if done else (course.evaluated,)
        case Moment.MAINTENANCE | Moment.MAINTENANCE_FREQUENT:
            return _in_maintenance(
                check, course, last_done=last_done, sessions=sessions_since_last, on=on
            )
        case Moment.AFTER_END | Moment.IF_ABNORMAL:
            return _after_end(check, course, last_done)
        case _:
            return ()


def _in_maintenance(
    check: ExposureCheck,
    course: CourseExposure,
    *,
    last_done: date | None,
    sessions: int,
    on: date,
) -> tuple[date, ...]:
    """Counted from the last time, or from the evaluation that began maintenance."""
    if course.evaluated is None or course.ended is not None:
        return ()
    if check.moment is Moment.MAINTENANCE_FREQUENT and not course.frequent:
        return ()
    since = course.evaluated if last_done is None else max(last_done, course.evaluated)
    days = []
    if check.every is not None:
        days.append(months_after(since, check.every.value))
    if check.every_days is not None:
        days.append(since + check.every_days.value)
    if check.every_sessions is not None and sessions >= check.every_sessions.value:
        days.append(on)
    return (min(days),)


def _after_end(
    check: ExposureCheck, course: CourseExposure, last_done: date | None
) -> tuple[date, ...]:
    if course.ended is None:
        return ()
    if check.moment is Moment.IF_ABNORMAL and not course.liver_abnormal:
        return ()
    days = (months_after(course.ended, months.value) for months in check.after)
    return tuple(day for day in days if last_done is None or day > last_done)


@dataclass(frozen=True, slots=True)
class ExposureFacts:
    """What the checks have shown. Dips are those without infection.

    ``liver_symptoms`` are such as jaundice or pain; with them a raised ALT or AST stops. [EV-5]
    """

    positive_dips: int = 0
    cystitis_grade: int = 0
    alt_x_uln: Decimal | None = None
    ast_x_uln: Decimal | None = None
    liver_symptoms: bool = False
    moca_before: int | None = None
    moca_now: int | None = None
    misuse_positive: bool = False
    pregnancy_positive: bool = False
    held_by_doctor: bool = False


HOLDS = {
    "dip": Text(
        nb="Urinstiks positiv {value} ganger uten infeksjon.",
        en="Urine dip positive {value} times without infection.",
    ),
    "cystitis": Text(nb="Cystitt grad {value}.", en="Cystitis grade {value}."),
    "liver": Text(
        nb="{enzyme} {value} ganger øvre grense.", en="{enzyme} {value} times the upper limit."
    ),
    "liver-symptoms": Text(
        nb="{enzyme} {value} ganger øvre grense, med symptomer.",
        en="{enzyme} {value} times the upper limit, with symptoms.",
    ),
    "cognition": Text(
        nb="MoCA er {value} poeng lavere enn det beste før.",
        en="MoCA is {value} points lower than the best before.",
    ),
    "misuse": Text(
        nb="Kartlegging av misbruk er positiv.", en="The screen for misuse is positive."
    ),
    "pregnancy": Text(nb="Graviditetstesten er positiv.", en="The pregnancy test is positive."),
    "doctor": Text(
        nb="En lege har satt behandlingen på vent.",
        en="A doctor has put the treatment on hold.",
    ),
    "well": Text(
        nb="Ingen kjente funn som gjør at behandlingen skal vente.",
        en="No known finding for which the treatment should wait.",
    ),
}
ALT, AST = Text("ALAT", "ALT"), Text("ASAT", "AST")
ACTIONS = {
    "urology": Text(
        nb="Vent med behandlingen; henvis til urolog.", en="Hold; refer to urology."
    ),
    "repeat": Text(
        nb="Vent med behandlingen; ny prøve innen {days} dager.",
        en="Hold; repeat the test within {days} days.",
    ),
    "stop": Text(nb="Stans behandlingen.", en="Stop the treatment."),
    "hold": Text(nb="Vent med behandlingen; utred.", en="Hold; investigate."),
    "wait": Text(
        nb="Vent med behandlingen til en lege opphever det.",
        en="Hold until a doctor lifts it.",
    ),
    "addiction": Text(
        nb="Vent med behandlingen; konsulter rusmedisin.",
        en="Hold; consult addiction medicine.",
    ),
}


def exposure_verdict(facts: ExposureFacts) -> Verdict:
    """What makes the treatment wait for a doctor, with the action; one note when nothing does."""
    found = tuple(_holds(facts))
    basis = exposure_grid().dip_positive.basis
    return Verdict(found or (Finding("LT", Standing.MET, HOLDS["well"], basis),))


def _holds(facts: ExposureFacts) -> Iterator[Finding]:
    grid = exposure_grid()
    if facts.positive_dips >= grid.dip_positive.value:
        yield _hold("dip", "urology", grid.dip_positive.basis, value=facts.positive_dips)
    if facts.cystitis_grade >= grid.cystitis_grade.value:
        yield _hold(
            "cystitis", "urology", grid.cystitis_grade.basis, value=facts.cystitis_grade
        )
    for enzyme, value in ((ALT, facts.alt_x_uln), (AST, facts.ast_x_uln)):
        if value is not None and value > grid.alt_hold.value:
            yield _liver(enzyme, value, symptoms=facts.liver_symptoms)
    if facts.moca_before is not None and facts.moca_now is not None:
        drop = facts.moca_before - facts.moca_now
        if drop >= grid.moca_drop.value:
            yield _hold("cognition", "hold", grid.moca_drop.basis, value=drop)
    yield from _screens(facts)


def _screens(facts: ExposureFacts) -> Iterator[Finding]:
    grid = exposure_grid()
    if facts.misuse_positive:
        yield _hold("misuse", "addiction", grid.misuse.basis)
    if facts.pregnancy_positive:
        # EV-5 names pregnancy; the day-to-day action is ours.
        yield _hold("pregnancy", "stop", grid.misuse.basis)
    if facts.held_by_doctor:
        yield _hold("doctor", "wait", grid.misuse.basis)


def _liver(enzyme: Text, value: Decimal, *, symptoms: bool) -> Finding:
    """EV-5 speaks of both enzymes, and stops sooner where there are symptoms."""
    grid = exposure_grid()
    facts: dict[str, object] = {"enzyme": enzyme, "value": value}
    if value > grid.alt_stop.value:
        return _hold("liver", "stop", grid.alt_stop.basis, **facts)
    if symptoms:
        return _hold("liver-symptoms", "stop", grid.alt_hold.basis, **facts)
    days = grid.alt_repeat.value.days
    return _hold("liver", "repeat", grid.alt_hold.basis, **facts, days=days)


def _hold(why: str, action: str, basis: Basis, **facts: object) -> Finding:
    return Finding(
        f"LT-{why.removesuffix('-symptoms')}",
        Standing.EXCLUDED if action == "stop" else Standing.NEEDS_SPECIALIST,
        HOLDS[why].filled(**facts),
        basis,
        action=ACTIONS[action].filled(**facts),
    )
