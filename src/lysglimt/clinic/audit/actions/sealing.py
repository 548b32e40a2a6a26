"""Chaining what is committed, and sealing the head of the chain under a key."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from lysglimt.clinic.audit.anchoring import anchor
from lysglimt.clinic.audit.chain import (
    COLUMNS,
    FORM,
    NOTHING_BEFORE,
    Head,
    Ring,
    key_id,
    row_digest,
)
from lysglimt.clinic.audit.circumstances import Accountable
from lysglimt.clinic.audit.clock import BACK as CLOCK_MAY_DIFFER
from lysglimt.clinic.audit.models import Link, Seal
from lysglimt.clinic.audit.trail import ANCHORED, KINDS, head_of, unchained

from .recording import Deed, record

BATCH = 250
"""Rows chained in one transaction: on SQLite a page waits until it is over."""
TURN = 0x4C79_7367_6C69_6D74
"""PostgreSQL's advisory lock of the one who chains."""
LOOK_BACK = timedelta(hours=1)


def seal_rows(*, at: datetime, everything: bool = True) -> int:
    """Chain what is committed and not chained yet; answers how many rows.

    Several may try at once: they take turns, and the next finds nothing left. Without
    ``everything`` it looks no farther back than the rows that were chained an hour ago, which is
    quick enough for each second; a transaction that was open for longer is found by a full look.
    """
    after = {} if everything else {kind: chained_long_ago(kind, at) for kind in KINDS}
    chained = 0
    while any(unchained(kind).filter(pk__gt=after.get(kind, 0)).exists() for kind in KINDS):
        chained += seal_batch(at=at, after=after)
    return chained


def chained_long_ago(kind: str, at: datetime) -> int:
    old = Link.objects.filter(kind=kind, sealed_at__lt=at - LOOK_BACK)
    newest = old.order_by("-sealed_at", "-seq").values_list("row", flat=True).first()
    return newest or 0


@transaction.atomic
def seal_batch(*, at: datetime, after: dict[str, int]) -> int:
    take_turns()
    head = Link.objects.order_by("-seq").first()
    seq, digest = (head.seq, head.digest) if head else (0, NOTHING_BEFORE)
    rings = []
    for kind in KINDS:
        rows = unchained(kind).filter(pk__gt=after.get(kind, 0))
        for row in rows.values(*COLUMNS[kind, FORM])[:BATCH]:
            ring = Ring(
                seq=seq + 1,
                kind=kind,
                row=row["id"],
                form=FORM,
                row_digest=row_digest(kind, row),
                previous=digest,
                sealed_at=at,
            )
            seq, digest = ring.seq, ring.computed()
            rings.append(replace(ring, digest=digest))
    Link.objects.bulk_create(Link(**asdict(ring)) for ring in rings)
    return len(rings)


def take_turns() -> None:
    """SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


@transaction.atomic
def seal_day(*, at: datetime) -> Head | None:
    """The head of the chain under the key; None while there is no chain."""
    take_turns()
    link = Link.objects.order_by("-seq").first()
    if link is None:
        return None
    key = settings.AUDIT_KEY
    before = newest_seal()
    head = Head(
        number=before.number + 1 if before else 1,
        seq=link.seq,
        digest=link.digest,
        made_at=at,
        key_id=key_id(key),
        previous=before.mac if before else "",
    )
    sealed = replace(head, mac=head.signed(key))
    Seal.objects.create(**asdict(sealed))
    return sealed


def newest_seal() -> Head | None:
    seal = Seal.objects.order_by("-number").first()
    return head_of(seal) if seal else None


def day_is_over(*, at: datetime) -> bool:
    """Nothing was sealed for a day, or the newest seal was made by a clock that was ahead."""
    last = newest_seal()
    return last is None or not -CLOCK_MAY_DIFFER <= at - last.made_at < timedelta(days=1)


def tell_head(head: Head, places: tuple[str, ...], *, by: Accountable, at: datetime) -> None:
    """To the places outside; when every one took it the trail says so. Raises NotAnchored."""
    if places:
        anchor(head, places)
        deed = Deed(
            category="audit.anchor", reason=f"seal {head.number} to {len(places)} places"
        )
        record(by=by, at=at, operation=ANCHORED, deed=deed)
