"""A package arrives: is it of a unit we know, whole, in order, and what of it can be counted?"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from lysglimt.register.code_book import code_book
from lysglimt.register.findings import Row, RowFinding
from lysglimt.register.parquet import agrees, rows_of, written
from lysglimt.register.refusals import PackageRefused, Reason
from lysglimt.register.signing import is_signed
from lysglimt.register.submission import Package, opened, schema_digest

from .keeping import (
    PACKAGE,
    RECEIPT,
    SET_ASIDE,
    TABLES,
    Receipt,
    as_json,
    keep,
    keep_refusal,
    locked,
    place,
    receipts,
    sweep,
)
from .known import KnownUnit, known_units
from .sifting import Sifted, sifted
from .view import choices


class Came(StrEnum):
    """How it went. The same package once more changes nothing."""

    TAKEN = "taken"
    KNOWN = "already-received"


@dataclass(frozen=True, slots=True)
class Received:
    came: Came
    receipt: Receipt
    aside: tuple[RowFinding, ...] = ()


def receive(content: bytes, node: Path, *, at: datetime) -> Received:
    """Take it, or refuse it whole with the reason, which is kept; the rows are not.

    Raises PackageRefused.
    """
    with locked(node):
        sweep(node)
        try:
            return _received(content, node, at=at)
        except PackageRefused as refusal:
            digest = sha256(content).hexdigest()
            told = {"digest": digest, "at": utc(at), "reason": refusal.reason.value}
            keep_refusal(node, digest, {**told, "nb": refusal.text.nb, "en": refusal.text.en})
            raise


def _received(content: bytes, node: Path, *, at: datetime) -> Received:
    package = opened(content)
    unit = _signer(package, known_units(node))
    before = receipts(node, unit.number)
    if known := next((one for one in before if one.digest == package.digest), None):
        return Received(Came.KNOWN, known)
    _refuse_out_of_order(package, before)
    _refuse_out_of_place(package, unit, at=at)
    found = _sifted(package, choices(node, but=unit.number))
    receipt = _receipt(package, found, before, at=at)
    files = {
        PACKAGE: content,
        SET_ASIDE: as_json([_told(one) for one in found.aside]),
        RECEIPT: as_json(asdict(receipt)),
        **{
            f"{TABLES}/{name}.parquet": written(name, rows) for name, rows in found.kept.items()
        },
    }
    keep(place(node, unit.number, receipt.version), files, node=node)
    return Received(Came.TAKEN, receipt, found.aside)


def _signer(package: Package, units: Mapping[int, KnownUnit]) -> KnownUnit:
    unit = units.get(package.manifest.unit)
    if unit is None:
        known = ", ".join(str(number) for number in sorted(units)) or "-"
        raise PackageRefused(Reason.UNKNOWN_UNIT, found=package.manifest.unit, allowed=known)
    if not is_signed(unit.keys, package.said, package.signature):
        raise PackageRefused(Reason.TAMPERED, found="manifest.sig")
    return unit


def _refuse_out_of_order(package: Package, before: list[Receipt]) -> None:
    said = package.manifest
    if not before:
        return
    head = before[-1]
    if said.version <= head.version:
        raise PackageRefused(Reason.OLDER, found=said.version, allowed=head.version + 1)
    # What is between may have been refused or lost. But it must not be a side branch.
    follows = said.previous == head.digest
    if not follows and (
        said.version == head.version + 1 or said.previous in {one.digest for one in before}
    ):
        raise PackageRefused(
            Reason.BRANCHED, found=said.previous[:12] or "-", allowed=head.digest[:12]
        )
    if said.since.isoformat() > head.since or said.until.isoformat() < head.until:
        raise PackageRefused(
            Reason.NARROWER,
            found=f"{said.since}..{said.until}",
            allowed=f"{head.since}..{head.until}",
        )


def _refuse_out_of_place(package: Package, unit: KnownUnit, *, at: datetime) -> None:
    said, book = package.manifest, code_book()
    ours = f"{book.version} {schema_digest()[:12]}"
    theirs = f"{said.code_book} {said.schema[:12]}"
    whole = package.tables.keys() == book.tables.keys()
    if theirs != ours or said.schema != schema_digest() or not whole:
        raise PackageRefused(Reason.WRONG_SCHEMA, found=theirs, allowed=ours)
    for name, content in package.tables.items():
        if not agrees(content, name):
            raise PackageRefused(Reason.WRONG_SCHEMA, found=f"{name}.parquet", allowed=ours)
    if said.legal_basis != unit.legal_basis:
        raise PackageRefused(
            Reason.LEGAL_BASIS, found=said.legal_basis, allowed=unit.legal_basis
        )
    today = at.astimezone(UTC).date()
    if said.made_on > today:
        raise PackageRefused(Reason.NOT_YET, found=said.made_on, allowed=today)


def _sifted(package: Package, elsewhere: list[Row]) -> Sifted:
    said = package.manifest
    tables = {name: rows_of(one, name=name) for name, one in package.tables.items()}
    for name, rows in tables.items():
        if len(rows) != said.tables[name].rows:
            raise PackageRefused(Reason.TAMPERED, found=f"{name}: {len(rows)}")
    whole = {name: list[Row](rows) for name, rows in tables.items()}
    found = sifted(whole, unit=said.unit, elsewhere=elsewhere)
    bases = [row.get("legal_basis") for row in found.kept["unit"]]
    if not bases:
        raise PackageRefused(Reason.NO_UNIT, found=said.unit)
    if bases != [said.legal_basis]:
        raise PackageRefused(Reason.LEGAL_BASIS, found=bases[0], allowed=said.legal_basis)
    return found


def _receipt(
    package: Package, found: Sifted, before: list[Receipt], *, at: datetime
) -> Receipt:
    said = package.manifest
    return Receipt(
        unit=said.unit,
        version=said.version,
        digest=package.digest,
        previous=said.previous,
        software=said.software,
        since=said.since.isoformat(),
        until=said.until.isoformat(),
        legal_basis=said.legal_basis,
        received_at=utc(at),
        rows={name: len(rows) for name, rows in found.kept.items()},
        aside=counted(found.aside),
        gap=said.previous != (before[-1].digest if before else ""),
    )


def counted(aside: Iterable[RowFinding]) -> dict[str, int]:
    """Rows, by table: one with two findings is one."""
    return dict(Counter(name for name, _ in sorted({(one.table, one.row) for one in aside})))


def utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _told(one: RowFinding) -> Mapping[str, object]:
    return {**asdict(one), "fault": one.fault.value}
