"""The chain: each row of the trail is bound to all rows before it, so that no change goes unseen."""

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from hashlib import sha256

Row = Mapping[str, object]
"""The columns of a row of the trail, by name."""

FORM = 1
SAID = (
    *("id", "at", "actor", "actor_name", "role", "hpr_number", "authorisation", "unit"),
    *("department", "entity", "entity_number", "operation", "purpose", "decision", "patients"),
    *("category", "origin", "request_id"),
)
COLUMNS: Mapping[tuple[str, int], tuple[str, ...]] = {
    ("event", 1): (*SAID, "subject", "before_digest", "after_digest", "reason"),
    ("read", 1): SAID,
}
"""What a digest of a form is taken over. A later column comes in a later form: old rows keep theirs."""

NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """One link as it is stored. ``seq`` begins at 1; digests are SHA-256 in hex."""

    seq: int
    kind: str
    row: int
    form: int
    row_digest: str
    previous: str
    sealed_at: datetime
    digest: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.row}"

    def computed(self) -> str:
        """What ``digest`` must be: over everything that the link says, and the one before it."""
        return digest_of(said_by(self, but="digest"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How far the chain had come when it was sealed. ``mac`` is an HMAC-SHA256 in hex.

    ``number`` counts seals from 1; ``previous`` is the mac of the seal before it.
    """

    number: int
    seq: int
    digest: str
    made_at: datetime
    key_id: str
    previous: str = ""
    mac: str = ""

    def signed(self, key: bytes) -> str:
        return hmac.new(key, canonical(said_by(self, but="mac")), sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something is not as it was written: where, and what is wrong."""

    where: str
    what: str


def said_by(one: Ring | Head, *, but: str) -> dict[str, object]:
    """Its fields as they are: ``asdict`` would copy each, for every row of the trail."""
    return {each.name: getattr(one, each.name) for each in fields(one) if each.name != but}


def canonical(said: Mapping[str, object]) -> bytes:
    """One way only to write a row: JSON, keys sorted, times in UTC to the microsecond."""
    return json.dumps(
        said, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=written
    ).encode()


def written(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"{type(value).__name__} has no canonical form")


def digest_of(said: Mapping[str, object]) -> str:
    return sha256(canonical(said)).hexdigest()


def row_digest(kind: str, row: Row, *, form: int = FORM) -> str:
    return digest_of({name: row[name] for name in COLUMNS[kind, form]})


def key_id(key: bytes) -> str:
    """Tells keys apart without telling them."""
    return sha256(b"audit key\0" + key).hexdigest()[:16]


@dataclass(slots=True)
class Walk:
    """Along the chain from its first link; ``faults`` are found on the way."""

    seq: int = 0
    digest: str = NOTHING_BEFORE

    def over(
        self, rings: Iterable[Ring], rows: Mapping[tuple[str, int], Row]
    ) -> Iterator[Fault]:
        for ring in rings:
            yield from self.step(ring, rows.get((ring.kind, ring.row)))

    def step(self, ring: Ring, row: Row | None) -> Iterator[Fault]:
        if ring.seq != self.seq + 1:
            yield Fault(f"link {self.seq + 1}", f"missing: the next is {ring.seq}")
        if ring.previous != self.digest:
            yield Fault(f"link {ring.seq}", "does not follow the link before it")
        if ring.digest != ring.computed():
            yield Fault(f"link {ring.seq}", "was changed")
        yield from self.content(ring, row)
        self.seq, self.digest = ring.seq, ring.digest

    @staticmethod
    def content(ring: Ring, row: Row | None) -> Iterator[Fault]:
        if row is None:
            yield Fault(ring.name, f"was removed; link {ring.seq} knew it")
        elif (ring.kind, ring.form) not in COLUMNS:
            yield Fault(f"link {ring.seq}", f"form {ring.form} of {ring.kind} is unknown here")
        elif row_digest(ring.kind, row, form=ring.form) != ring.row_digest:
            yield Fault(ring.name, f"was changed after link {ring.seq} was made")


def gaps(seals: Iterable[Head]) -> Iterator[Fault]:
    """Seals that are not all there, or not in their order."""
    before = ""
    for number, seal in enumerate(seals, start=1):
        if seal.previous != before or seal.number != number:
            yield Fault(named("seal", seal), "does not follow the seal before it")
        before = seal.mac


def named(what: str, head: Head) -> str:
    return f"{what} {head.number} of {head.made_at:%Y-%m-%d %H:%M}"


def head_faults(
    heads: Iterable[Head], digests: Mapping[int, str], *, key: bytes, where: str
) -> Iterator[Fault]:
    """Seals or anchors against the chain. ``digests`` has those of the links they name."""
    for head in heads:
        place = named(where, head)
        if head.key_id != key_id(key):
            yield Fault(place, f"made with another key ({head.key_id})")
        elif not hmac.compare_digest(head.mac, head.signed(key)):
            yield Fault(place, "was not made with the key")
        elif head.seq not in digests:
            yield Fault(
                place, f"the chain reached link {head.seq} then, and ends before it now"
            )
        elif digests[head.seq] != head.digest:
            yield Fault(place, f"link {head.seq} was another one then")
