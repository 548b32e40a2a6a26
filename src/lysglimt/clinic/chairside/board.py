"""The unit's chairs at this moment, one card each: from anywhere in the room, and nothing typed."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, JSONField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject

from lysglimt.clinic.referral.listed import Listed
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.scheduling.models import Chair
from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.safety.suicidality import Promptness

from .cards import Card, card_of, contradicting, free
from .day_charts import said, sheet_beside, with_charts
from .models import ChairEvent, ChairEventKind, DeviceUse, OverdueSeen, PumpEvent, Session
from .overdue import Gap, gaps
from .sheet import Sheet, Stage

OPEN_TO_ALL = Value(value=False)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """An observation that was overdue, and that nobody has said to have seen."""

    session: Session
    gap: Gap

    @property
    def chair(self) -> str:
        return str(self.session.chair or "")

    @property
    def closed(self) -> bool:
        """The reader may not open the chart, and answers for nothing in it."""
        return bool(vars(self.session)["chart_closed"])


@dataclass(frozen=True, slots=True)
class Board:
    """As it was at ``now``: each chair in order of name, and what stands until it is seen."""

    now: datetime
    cards: tuple[Card, ...]
    lines: tuple[Line, ...]

    @property
    def unseen(self) -> list[tuple[str, int]]:
        """By chair, how many lines wait to be seen."""
        return list(Counter(line.chair for line in self.lines).items())

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
    return Board(now, tuple(cards(chairs, here)), tuple(lines(sheets)))


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
    tapped = ChairEvent.objects.in_force().filter(**mine, kind=ChairEventKind.DOCTOR_CALLED)
    seen = OverdueSeen.objects.in_force().filter(**mine).order_by()
    listed: Any = Listed(JSONObject(after="after"))
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
            doctor_tapped=Subquery(tapped.order_by("-happened_at").values("happened_at")[:1]),
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
    called = called_at(session)
    try:
        return card_of(chair, session, sheet, judged=judged, called=called)
    except ClinicalError:
        return contradicting(chair, session)


def called_at(session: Session) -> datetime | None:
    """Since when a doctor is awaited, or when one was last called for by a tap."""
    known: dict[str, datetime | None] = vars(session)
    return known["doctor_awaited"] or known["doctor_tapped"]


def lines(sheets: Iterable[tuple[Session, Sheet]]) -> Iterator[Line]:
    for session, sheet in sheets:
        # In journal mode no observation is awaited.
        if not vars(session)["supported"]:
            continue
        seen = {one["after"] and UUID(one["after"]) for one in seen_of(session)}
        yield from (Line(session, gap) for gap in told(sheet) if gap.after not in seen)


def seen_of(session: Session) -> Iterable[Mapping[str, Any]]:
    return said(vars(session)["seen"])


def told(sheet: Sheet) -> list[Gap]:
    """Nothing of a chart that contradicts itself: its card says so."""
    try:
        return list(gaps(sheet))
    except ClinicalError:
        return []
