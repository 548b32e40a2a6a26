"""The trail as it is stored, read in short pieces so that no reader holds up a writer."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from .chain import COLUMNS, FORM, Fault, Head, Ring, Row, Walk, gaps, head_faults
from .clock import Clock, Observation
from .models import Event, Link, Read, Seal, Trace

KINDS: Mapping[str, type[Trace]] = {"event": Event, "read": Read}
PIECE = 1_000
"""Rows fetched at once: each piece is a query of its own, a few milliseconds long."""
ANCHORED = "audit.anchor"
"""What the trail calls that every place outside took the head."""
LEFT_OUT_AFTER = timedelta(hours=1)
"""The sealer looks each second. What it left behind while it worked on so long was put there."""


NEWEST = 5_000
"""So many links are looked at where the whole chain would take too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a look over the whole trail has found. ``observations`` break nothing."""

    links: int
    seals: int
    anchors: int
    waiting: int
    faults: tuple[Fault, ...]
    observations: tuple[Observation, ...]

    @property
    def sound(self) -> bool:
        return not self.faults


def verdict(anchors: Iterable[Head] = (), *, key: bytes | None = None) -> Verdict:
    """Every link, row, seal and anchor against each other. ``anchors`` were kept elsewhere."""
    key = settings.AUDIT_KEY if key is None else key
    walk = Walk()
    found: list[Fault] = []
    seals = [head_of(seal) for seal in Seal.objects.order_by("number")]
    outside = list(anchors)
    asked = {head.seq for head in (*seals, *outside)}
    digests: dict[int, str] = {}
    clock, jumps = Clock(list(seals)), list[Observation]()
    for rings in pieces():
        rows = rows_of(rings)
        found += walk.over(rings, rows)
        jumps += clock.over(rings, rows)
        digests |= {ring.seq: ring.digest for ring in rings if ring.seq in asked}
    found += gaps(seals)
    found += head_faults(seals, digests, key=key, where="seal")
    found += head_faults(outside, digests, key=key, where="anchor")
    found += left_out()
    return Verdict(
        links=walk.seq,
        seals=len(seals),
        anchors=len(outside),
        waiting=sum(unchained(kind).count() for kind in KINDS),
        faults=tuple(found),
        observations=(*jumps, *clock.sealed_before(math.inf)),
    )


def clock_jumps() -> list[Observation]:
    """What the newest links and seals say of the clock."""
    newest = Link.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    first = max(newest - NEWEST, -1)
    seals = Seal.objects.filter(seq__gt=first).order_by("number")
    clock, jumps = Clock([head_of(seal) for seal in seals]), list[Observation]()
    for rings in pieces(after=first):
        jumps += clock.over(rings, rows_of(rings))
    return [*jumps, *clock.sealed_before(math.inf)]


def pieces(*, after: int = -1) -> Iterator[list[Ring]]:
    """All links, in order."""
    last, whole = after, True
    while whole:
        links = Link.objects.filter(seq__gt=last).order_by("seq")[:PIECE]
        rings = [ring_of(link) for link in links]
        yield rings
        whole = len(rings) == PIECE
        last = rings[-1].seq if rings else last


def rows_of(rings: Iterable[Ring]) -> dict[tuple[str, int], Row]:
    found: dict[tuple[str, int], Row] = {}
    for kind, some in groupby(
        sorted((ring.kind, ring.row) for ring in rings), lambda one: one[0]
    ):
        if kind in KINDS:
            ids = [row for _, row in some]
            rows = KINDS[kind]._default_manager.filter(pk__in=ids).values(*COLUMNS[kind, FORM])
            found |= {(kind, row["id"]): row for row in rows}
    return found


def left_out() -> Iterator[Fault]:
    """Rows that are older than the newest link and in no link: the sealer does not pass any by.

    With no link at all there was no sealer, or somebody took the whole chain away.
    """
    newest = Link.objects.order_by("-seq").values_list("sealed_at", flat=True).first()
    now = timezone.now()
    last = min(newest or now, now)  # the clock may have been ahead when it was made
    for kind in KINDS:
        for row in (
            unchained(kind).filter(at__lt=last - LEFT_OUT_AFTER).values_list("pk", flat=True)
        ):
            yield Fault(f"{kind}/{row}", "is in no link of the chain")


def unchained(kind: str) -> QuerySet[Any]:
    """Rows that are committed and not chained yet, by whatever id: ids do not tell the order."""
    chained = Link.objects.filter(kind=kind, row=OuterRef("pk"))
    return KINDS[kind]._default_manager.filter(~Exists(chained)).order_by("pk")


def ring_of(link: Link) -> Ring:
    return Ring(
        seq=link.seq,
        kind=link.kind,
        row=link.row,
        form=link.form,
        row_digest=link.row_digest,
        previous=link.previous,
        digest=link.digest,
        sealed_at=link.sealed_at,
    )


def head_of(seal: Seal) -> Head:
    return Head(
        number=seal.number,
        seq=seal.seq,
        digest=seal.digest,
        made_at=seal.made_at,
        key_id=seal.key_id,
        previous=seal.previous,
        mac=seal.mac,
    )


def began() -> datetime | None:
    """The moment of the oldest row; None while there is none."""
    first = [kind._default_manager.order_by("pk").first() for kind in KINDS.values()]
    return min((row.at for row in first if row), default=None)


def last_sealed() -> datetime | None:
    return Seal.objects.order_by("-number").values_list("made_at", flat=True).first()


def last_anchored() -> datetime | None:
    """When every place outside took the head, for the last time."""
    told = Event.objects.filter(operation=ANCHORED).order_by("-pk")
    return told.values_list("at", flat=True).first()


def exported(since: datetime, until: datetime) -> Iterator[dict[str, object]]:
    """Both kinds of rows from ``since`` until just before ``until``, each with its link."""
    for kind, model in KINDS.items():
        last = 0
        wanted = model._default_manager.filter(at__gte=since, at__lt=until).order_by("pk")
        while rows := list(wanted.filter(pk__gt=last).values(*COLUMNS[kind, FORM])[:PIECE]):
            links = Link.objects.filter(kind=kind, row__in=[row["id"] for row in rows])
            known = {link.row: ring_of(link) for link in links}
            for row in rows:
                ring = known.get(row["id"])
                bound = {
                    "link": ring.seq if ring else None,
                    "digest": ring.digest if ring else "",
                }
                yield {"kind": kind, **readable(model, row), **bound}
            last = rows[-1]["id"]


def digests_of(category: str) -> dict[str, str]:
    """What each row of one kind was when it was last entered, by its subject."""
    entered = Event.objects.filter(category=category).order_by("pk")
    return dict(entered.values_list("subject", "after_digest"))


def readable(model: type[Trace], row: dict[str, Any]) -> dict[str, Any]:
    """A digest is of what is stored; who reads an export reads what was typed."""
    sealed: list[Any] = [
        field
        for field in model._meta.concrete_fields
        if hasattr(field, "read_in") and row[field.attname]
    ]
    opened = {
        field.attname: field.read_in(row[field.attname], [row[name] for name in field.by])
        for field in sealed
    }
    return row | opened
