"""Would a change in this trail be found? Every kind of it is tried on a copy in memory."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings

from .chain import COLUMNS, Head, Ring, Row, Walk, head_faults, key_id, row_digest
from .models import Link
from .trail import last_anchored, ring_of, rows_of, verdict

NEWEST = 12
"""So many links are copied, the newest ones."""

Rings = list[Ring]
Rows = dict[tuple[str, int], Row]
Copy = tuple[Rings, Rows]
Attack = Callable[[], Copy]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was looked at, and what went against the promise; a sentence each."""

    figures: Mapping[str, int]
    faults: tuple[str, ...]

    @property
    def kept(self) -> bool:
        return not self.faults


def prove_audit() -> Proof:
    """The trail as it is, and as it would be after each kind of tampering. Changes nothing."""
    now = verdict()
    newest = [ring_of(link) for link in Link.objects.order_by("-seq")[:NEWEST]]
    rings = newest[::-1]
    rows = rows_of(rings)
    # Of a copy that is not sound every change would seem to be found.
    tried = found = 0
    for attack in attacks(rings, rows) if now.sound else ():
        tried += 1
        found += bool(faults(*attack(), of=rings))
    figures = {
        "rows": now.links,
        "seals": now.seals,
        "faults": len(now.faults),
        "tampered": tried,
        "found": found,
    }
    against = [f"{fault.where}: {fault.what}" for fault in now.faults]
    if not rings or not now.seals:
        against.append("the trail is not sealed yet: run `lysglimt audit seal`")
    if last_anchored() is None:
        against.append(
            "no head of the log was kept outside, and without one an end cut off is not seen: "
            "set LYSGLIMT_AUDIT_ANCHOR"
        )
    if found < tried:
        against.append(f"{tried - found} of {tried} changes would not be found")
    return Proof(figures=figures, faults=tuple(against))


def faults(tampered: Rings, rows: Rows, *, of: Rings) -> list[object]:
    """Against the links before it, and against a head that was kept when it was whole."""
    first, last, key = of[0], of[-1], settings.AUDIT_KEY
    head = Head(
        number=1, seq=last.seq, digest=last.digest, made_at=last.sealed_at, key_id=key_id(key)
    )
    anchor = replace(head, mac=head.signed(key))
    walk = Walk(seq=first.seq - 1, digest=first.previous)
    digests = {ring.seq: ring.digest for ring in tampered}
    return [
        *walk.over(tampered, rows),
        *head_faults([anchor], digests, key=key, where="anchor"),
    ]


def attacks(rings: Rings, rows: Rows) -> Iterator[Attack]:
    for number, ring in enumerate(rings):
        place, row = (ring.kind, ring.row), rows.get((ring.kind, ring.row), {})
        for column in COLUMNS[ring.kind, ring.form]:
            changed = rows | {place: {**row, column: other(row.get(column))}}
            yield partial(copy, rings, changed)
            # With the chain made anew behind it, as one would who knows how, and has no key.
            yield partial(anew, rings, changed)
        before, after = rings[:number], rings[number + 1 :]
        for field in fields(Ring):
            odd: dict[str, Any] = {field.name: other(getattr(ring, field.name))}
            yield partial(copy, [*before, replace(ring, **odd), *after], rows)
        yield partial(copy, rings, {k: v for k, v in rows.items() if k != place})
        yield partial(copy, [*before, *after], rows)
        yield partial(copy, [*before, *after, ring] if after else before, rows)
        yield partial(copy, before, rows)


def copy(rings: Rings, rows: Rows) -> Copy:
    return rings, rows


def anew(rings: Rings, rows: Rows) -> Copy:
    made: Rings = []
    before = rings[0].previous
    for ring in rings:
        said = row_digest(ring.kind, rows[ring.kind, ring.row], form=ring.form)
        new = replace(ring, previous=before, row_digest=said)
        before = new.computed()
        made.append(replace(new, digest=before))
    return made, rows


def other(value: object) -> object:
    """Something else of the same kind."""
    match value:
        case datetime():
            return value + timedelta(seconds=1)
        case int():
            return value + 1
        case list():
            return [*value, "someone else"]
        case _:
            return f"{value}*"
