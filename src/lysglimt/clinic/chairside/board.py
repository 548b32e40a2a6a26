"""The unit's chairs at this moment, one card each: from anywhere in the room, and nothing typed."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, JSONField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject

from lysglimt.clinic.referral.listed import Listed
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.scheduling.models import Chair
from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.clinic.treatment.told import zoned
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.safety.suicidality import Promptness

from .cards import Card, Doctor, card_of, contradicting, free, initials_of
from .day_charts import said, sheet_beside, with_charts
from .models import ChairEvent, ChairEventKind, DeviceUse, OverdueSeen, PumpEvent, Session
from .models.session import hands_beside
from .overdue import Gap, Seen, gaps, is_seen
from .sheet import Sheet, Stage
from .typed_in import being_typed_in

OPEN_TO_ALL = Value(value=False)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """The observations of a session that were overdue, and that nobody has said to have seen."""

    session: Session
    gaps: tuple[Gap, ...]
    now: datetime

    @property
    def chair(self) -> str:
        return str(self.session.chair or "")

    @property
    def initials(self) -> str:
        return "" if self.closed else initials_of(self.session.course.patient.card())

    @property
    def day(self) -> date | None:
        """Where it is not of today."""
        planned = self.session.planned_on
        return None if planned == on_day(self.now) else planned

    @property
    def missing(self) -> bool:
        """One of them was not measured at all, so far."""
        return any(gap.taken is None for gap in self.gaps)

    @property
    def after(self) -> str:
        """As a form sends it back."""
        return ",".join(str(gap.after or "") for gap in self.gaps)

    @property
    def closed(self) -> bool:
        """The reader may not open the chart, and answers for nothing in it."""
        return bool(vars(self.session)["chart_closed"])


@dataclass(frozen=True, slots=True)
class Board:
    """As it was at ``now``: each chair in order of name, and what stands until it is seen.

    ``typed_in`` are sessions of earlier days that are typed in from paper.
    """

    now: datetime
    cards: tuple[Card, ...]
    lines: tuple[Line, ...]
    typed_in: tuple[Session, ...] = ()

    @property
    def unseen(self) -> list[tuple[str, int]]:
        """By chair, how many lines wait to be seen."""
        counts: Counter[str] = Counter()
        for line in self.lines:
            counts[line.chair] += len(line.gaps)
        return list(counts.items())

    @property
    def missing(self) -> bool:
        return any(line.missing for line in self.lines)

    @property
    def patients(self) -> tuple[UUID, ...]:
        """Whom it shows, each once."""
        return tuple(sorted({card.patient for card in self.cards if card.patient}))


def board_of(unit: UUID, now: datetime, *, closed: Any = OPEN_TO_ALL) -> Board:
    """Asks two questions of the database, however many chairs there are.

    ``closed`` is the condition on a session under which its chart is not for the reader.
    """
    chairs = list(Chair.objects.in_unit(unit).order_by("name"))
    rows = list(sessions_of_board(unit, now, closed=closed))
    sheets = [(row, sheet_beside(row, now=now)) for row in rows]
    here = [(row, sheet) for row, sheet in sheets if is_here(sheet)]
    typed = [row for row, _ in here if being_typed_in(row, now=now)]
    at_chairs = [(row, sheet) for row, sheet in here if row not in typed]
    told = [(row, sheet) for row, sheet in sheets if row not in typed]
    return Board(now, tuple(cards(chairs, at_chairs)), tuple(lines(told)), tuple(typed))


def sessions_of_board(unit: UUID, now: datetime, *, closed: Any) -> QuerySet[Session]:
    """Of the day and the day before, and what nobody has seen, with what is charted of each."""
    mine = {"session": OuterRef("pk")}
    today = on_day(now)
    begun = Exists(PumpEvent.objects.in_force().filter(**mine)) | Exists(
        DeviceUse.objects.in_force().filter(**mine)
    )
    patient = OuterRef("course__patient")
    waiting = SafetyTask.objects.open().filter(
        patient=patient, promptness=Promptness.DOCTOR_NOW.value
    )
    events = ChairEvent.objects.in_force().filter(**mine).order_by("-happened_at")
    called = events.filter(kind=ChairEventKind.DOCTOR_CALLED)
    came = events.filter(kind=ChairEventKind.DOCTOR_CAME)
    seen = OverdueSeen.objects.in_force().filter(**mine).order_by()
    listed: Any = Listed(JSONObject(after="after", taken="taken"))
    found: QuerySet[Session] = Session.objects.in_unit(unit).filter(
        Q(planned_on=today)
        | Q(begun, planned_on=today - DAY)
        | Q(observation_share__unseen__gt=0)
    )
    return (
        with_charts(found)
        .annotate(
            chart_closed=closed,
            doctor_awaited=Subquery(waiting.order_by("opened_at").values("opened_at")[:1]),
            doctor_tapped=Subquery(called.values("happened_at")[:1]),
            doctor_came=Subquery(came.values("happened_at")[:1]),
            on_paper=hands_beside()["on_paper"],
            seen=Subquery(
                seen.values("session").annotate(all=listed).values("all"),
                output_field=JSONField(),
            ),
        )
        .select_related("chair", "course__patient")
        .order_by("planned_on", "pk")
    )


def is_here(sheet: Sheet) -> bool:
    """Has come and not left: midnight sends nobody home who was begun with."""
    try:
        return sheet.stage is not Stage.LEFT
    except ClinicalError:
        return sheet.discharge is None or sheet.discharge.left_at is None


def cards(chairs: Iterable[Chair], here: Collection[tuple[Session, Sheet]]) -> Iterator[Card]:
    """A chair with two patients has two cards, and says so by having them."""
    for chair in chairs:
        mine = [one for one in here if one[0].chair_id == chair.pk]
        if not mine:
            yield free(chair.name)
        yield from (shown(chair.name, *one) for one in mine)
    yield from (shown("", *one) for one in here if one[0].chair_id is None)


def shown(chair: str, session: Session, sheet: Sheet) -> Card:
    """A chart that contradicts itself is said to do so: it must not hide the other chairs."""
    judged = bool(vars(session)["supported"])
    try:
        return card_of(chair, session, sheet, judged=judged, doctor=doctor_of(session))
    except ClinicalError:
        return contradicting(chair, session)


def doctor_of(session: Session) -> Doctor:
    """Of a session as the board has fetched it."""
    known: dict[str, datetime | None] = vars(session)
    return Doctor(
        awaited=known["doctor_awaited"],
        called=known["doctor_tapped"],
        came=known["doctor_came"],
    )


def lines(sheets: Iterable[tuple[Session, Sheet]]) -> Iterator[Line]:
    for session, sheet in sheets:
        # In journal mode no observation is awaited.
        if not vars(session)["supported"]:
            continue
        seen = list(seen_of(session))
        if unseen := tuple(gap for gap in told(sheet) if not is_seen(gap, seen)):
            yield Line(session, unseen, sheet.now)


def seen_of(session: Session) -> Iterator[Seen]:
    for one in said(vars(session)["seen"]):
        after, taken = one["after"], one["taken"]
        yield after and UUID(after), zoned(taken) if taken else None


def told(sheet: Sheet) -> list[Gap]:
    """Nothing of a chart that contradicts itself: its card says so."""
    try:
        return list(gaps(sheet))
    except ClinicalError:
        return []
