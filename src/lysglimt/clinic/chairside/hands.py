"""Whose hands the session is in, which time of it was charted on paper, and of what there is paper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from lysglimt.clinic.people.facts import Fact
from lysglimt.clinic.people.models import Unit
from lysglimt.clinic.treatment.models import ProtocolApproval
from lysglimt.clinic.treatment.told import zoned
from lysglimt.knowledge.protocols.library import protocols
from lysglimt.knowledge.protocols.protocol import Protocol, Route

from .models import Handover, Session
from .models.session import hands_beside


@dataclass(frozen=True, slots=True)
class Handed:
    """From whom to whom, by name, and what was added in words."""

    at: datetime
    by: str
    taken_by: str
    words: str


@dataclass(frozen=True, slots=True)
class OnPaper:
    """``told`` is when it was said here that the session was charted on paper.

    ``changed`` is when it was said otherwise; what was typed before then was typed by this.
    """

    began: datetime
    ended: datetime
    told: datetime
    entry: UUID
    revision: int
    changed: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """To the minute, as a clock is typed."""
        return self.began.replace(second=0, microsecond=0) <= at <= self.ended

    def brought(self, first: Fact, at: datetime) -> bool:
        """Is a fact that happened ``at`` typed from it? ``first`` is how it was entered first."""
        since = first.entered_at >= self.told
        stood = self.changed is None or first.entered_at < self.changed
        return since and stood and self.holds(at)


def beside(session: Session, name: str) -> list[dict[str, Any]]:
    """As it was fetched with the session; of one fetched without, it is asked."""
    known = vars(session)
    if name not in known:
        rows = Session.objects.filter(pk=session.pk).annotate(**hands_beside())
        known |= rows.values(*hands_beside()).get()
    return known[name] or []


def handed(session: Session) -> list[Handed]:
    """The newest first."""
    words: Any = Handover._meta.get_field("words")
    rows = [
        Handed(
            at=zoned(one["happened_at"]),
            by=one["by"],
            taken_by=one["taken_by"],
            words=words.read_in(one["words"], [UUID(one["entry"]), one["revision"]]),
        )
        for one in beside(session, "handed_over")
    ]
    return sorted(rows, key=lambda one: one.at, reverse=True)


def papers_told(session: Session) -> list[OnPaper]:
    """As they were said, each with what was said of it before; in the order in which it was said."""
    rows = sorted(beside(session, "on_paper"), key=lambda one: zoned(one["told"]))
    said: dict[tuple[str, int], datetime] = {
        (one["entry"], one["revision"]): zoned(one["told"]) for one in rows
    }
    return [
        OnPaper(
            began=zoned(one["happened_at"]),
            ended=zoned(one["until"]),
            told=zoned(one["told"]),
            entry=UUID(one["entry"]),
            revision=one["revision"],
            changed=said.get((one["entry"], one["revision"] + 1)),
        )
        for one in rows
    ]


def on_paper(session: Session) -> list[OnPaper]:
    """Each time of the session that was charted on paper, as it is said now, in their order."""
    now = (one for one in papers_told(session) if one.changed is None)
    return sorted(now, key=lambda one: one.began)


def from_paper(session: Session, said: Sequence[Fact]) -> Iterator[str]:
    """Of an entry with all its revisions: that it was typed from paper, when and by whom."""
    first, last = said[0], said[-1]
    if any(chart.brought(first, last.happened_at) for chart in papers_told(session)):
        yield gettext("from paper, typed by %(by)s") % {"by": first.by}


def who_checked(session: Session, row: Fact, other: object) -> str:
    """The two who did; of what was on paper who typed it, for who did it stands on the paper."""
    if any(from_paper(session, [row])):
        words = gettext("from paper, typed by %(by)s and read against the paper by %(other)s")
        return words % {"by": row.by, "other": other}
    return f"{row.by}, {other}"


def protocols_used(unit: Unit) -> list[Protocol]:
    """Those that the unit has approved and gives at the chair."""
    approved = ProtocolApproval.objects.in_force().in_unit(unit.pk)
    keys = approved.values_list("protocol", "protocol_version")
    found = [protocols()[key] for key in keys if key in protocols()]
    routes = {Route.INTRAVENOUS, Route.INTRANASAL}
    return [one for one in found if one.product.route in routes]
