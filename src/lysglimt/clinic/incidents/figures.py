"""The unit's own figures of safety over a year: what happened in how many sessions."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from uuid import UUID

from django.db.models import Max

from lysglimt.clinic.chairside.models import VitalSet
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.calendar import months_after
from lysglimt.knowledge.safety.adverse_events import pressure_class
from lysglimt.knowledge.safety.reporting import IncidentKind
from lysglimt.science.rates import GChart, Rate, Share, UChart, g_chart, u_chart

from .calls import CallsMade, calls_made_of
from .models import Answer, Incident, IncidentClosing

MONTHS = 12
FEW = 100
"""With fewer sessions a rate for a thousand says little: it is said beside it. Own value."""
ADVERSE, SERIOUS, SEVERE = IncidentKind.ADVERSE_EVENT.value, "serious", ("3", "4")


@dataclass(frozen=True, slots=True)
class Counted:
    """``what`` is a term, a kind, or one of the sums."""

    what: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class Pressure:
    """Sessions by the class of their highest pressure: no adverse events."""

    reached: int
    share: Share


@dataclass(frozen=True, slots=True)
class Closure:
    """Days from when the unit knew until it was closed; of what is open, how many and how old."""

    closed: int
    middle: float | None
    longest: int | None
    open: int
    oldest: int | None


@dataclass(frozen=True, slots=True)
class SafetyFigures:
    """``months`` are the first days of the months of the charts, the oldest first.

    ``serious_elsewhere`` are serious incidents that are no adverse events: no chart counts them.
    """

    since: date
    sessions: int
    sums: tuple[Counted, ...]
    terms: tuple[Counted, ...]
    mishaps: tuple[Counted, ...]
    transient: Rate
    pressure: tuple[Pressure, ...]
    unmeasured: int
    months: tuple[date, ...]
    by_month: UChart
    serious: GChart
    closure: Closure
    serious_elsewhere: int
    calls: tuple[CallsMade, ...]

    @property
    def few(self) -> bool:
        return self.sessions < FEW


def safety_figures(unit: UUID, *, now: datetime) -> SafetyFigures:
    """Asks five questions of the database."""
    months = tuple(_months(on_day(now)))
    begin = datetime.combine(months[0], datetime.min.time(), tzinfo=OSLO)
    given = SessionGiven.objects.in_force().filter(
        course__unit=unit, started_at__gte=begin, started_at__lte=now
    )
    sessions = sorted(given.values_list("started_at", "entry"))
    every = [*Incident.objects.in_force().filter(unit=unit).defer("words", "reason")]
    rows = [row for row in every if row.happened_at >= begin]
    events = [row for row in rows if row.kind == ADVERSE and not row.transient]
    of = len(sessions)
    pressure, unmeasured = _pressure([entry for _, entry in sessions])
    return SafetyFigures(
        since=months[0],
        sessions=of,
        sums=tuple(_sums(events, of)),
        terms=_counted(Counter(row.term for row in events), of),
        mishaps=_counted(Counter(row.kind for row in rows if row.kind != ADVERSE), of),
        transient=Rate(sum(row.transient for row in rows), of),
        pressure=pressure,
        unmeasured=unmeasured,
        months=months,
        by_month=u_chart(_by_month(months, events, [at for at, _ in sessions])),
        serious=_gaps(events, [at for at, _ in sessions]),
        closure=_closure(every, now=now),
        serious_elsewhere=sum(row.serious == Answer.YES for row in rows if row.kind != ADVERSE),
        calls=calls_made_of(given.filter(stopped_at__lte=now), now=now),
    )


def _months(today: date) -> Iterator[date]:
    first = today.replace(day=1)
    for back in range(MONTHS - 1, -1, -1):
        yield months_after(first, -back)


def _sums(events: Sequence[Incident], of: int) -> Iterator[Counted]:
    yield Counted("all", Rate(len(events), of))
    severe = sum(row.grade in SEVERE for row in events)
    yield Counted("severe", Rate(severe, of))
    serious = sum(row.serious == Answer.YES for row in events)
    yield Counted(SERIOUS, Rate(serious, of))
    for what, said in (("grade-unknown", "grade"), ("serious-unknown", "serious")):
        unknown = sum(getattr(row, said) == Answer.UNKNOWN for row in events)
        yield Counted(what, Rate(unknown, of))


def _counted(found: Counter[str], of: int) -> tuple[Counted, ...]:
    """The most frequent first."""
    ordered = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Counted(what, Rate(count, of)) for what, count in ordered)


def _pressure(entries: Sequence[UUID]) -> tuple[tuple[Pressure, ...], int]:
    sets = VitalSet.objects.in_force().filter(
        session__in=entries, systolic__isnull=False, diastolic__isnull=False
    )
    highest = sets.order_by().values("session").annotate(s=Max("systolic"), d=Max("diastolic"))
    classes = Counter(pressure_class([(row["s"], row["d"])]) for row in highest)
    measured = sum(classes.values())
    shares = (Pressure(one, Share(classes[one], measured)) for one in range(4))
    return tuple(shares), len(entries) - measured


def _by_month(
    months: Sequence[date], events: Sequence[Incident], sessions: Sequence[datetime]
) -> list[tuple[int, int]]:
    happened = Counter(on_day(row.happened_at).replace(day=1) for row in events)
    given = Counter(on_day(at).replace(day=1) for at in sessions)
    return [(happened[month], given[month]) for month in months]


def _gaps(events: Sequence[Incident], sessions: Sequence[datetime]) -> GChart:
    """After how many sessions each serious event came; between sessions it is of the one before."""
    serious = sorted(row.happened_at for row in events if row.serious == Answer.YES)
    places = [max(1, sum(at <= when for at in sessions)) for when in serious]
    return g_chart(len(sessions), places) if sessions else GChart((), 0)


def _closure(rows: Sequence[Incident], *, now: datetime) -> Closure:
    """Of all incidents of the unit, whenever they were."""
    entries = [row.entry for row in rows]
    closings = IncidentClosing.objects.in_force().filter(incident__entry__in=entries)
    closed = dict(closings.values_list("incident__entry", "happened_at"))
    took = [(closed[row.entry] - row.known_at) for row in rows if row.entry in closed]
    left = [now - row.known_at for row in rows if row.entry not in closed]
    return Closure(
        closed=len(took),
        middle=median(one / timedelta(days=1) for one in took) if took else None,
        longest=max(took).days if took else None,
        open=len(left),
        oldest=max(left).days if left else None,
    )
