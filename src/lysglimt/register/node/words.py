"""What the node says of a delivery, and of all that it holds."""

from collections.abc import Iterator, Mapping, Sequence

from lysglimt.knowledge.text import Text
from lysglimt.register.delivered import line
from lysglimt.register.findings import Row, RowFinding

from .receiving import Came, Received
from .view import Standing

SOUND = Text(
    nb="{rows} rader i {tables} tabeller: ingen funn.",
    en="{rows} rows in {tables} tables: no findings.",
)
TAKEN = Text(
    nb="Mottatt: enhet {unit}, versjon {version}. {rows} rader telles, {aside} er satt til side.",
    en="Received: unit {unit}, version {version}. {rows} rows are counted, {aside} are set aside.",
)
KNOWN = Text(
    nb="Mottatt fra før: enhet {unit}, versjon {version}. Ingenting er endret.",
    en="Received already: unit {unit}, version {version}. Nothing has changed.",
)
GAP = Text(nb="Pakken før denne er ikke her.", en="The package before this one is not here.")
KEY_MADE = Text(
    nb="Gi registeret denne linjen, og la filen bli der den er:",
    en="Give the register this line, and leave the file where it is:",
)


HELD = Text(
    nb="Enhet {unit}: versjon {version}, til og med {until}, mottatt {at}. {rows} rader telles, {aside} er satt til side.",
    en="Unit {unit}: version {version}, until {until}, received {at}. {rows} rows are counted, {aside} are set aside.",
)
CLAIMED = Text(
    nb="{table}: {count} nøkler leveres ulikt av to enheter; den som kom sist telles.",
    en="{table}: {count} keys are delivered differently by two units; what came last is counted.",
)
MISSING = Text(
    nb="{table}.{variable}: mangler i {missing} av {of} rader der den ventes.",
    en="{table}.{variable}: missing in {missing} of {of} rows where it is expected.",
)
REFUSED = Text(nb="Avvist {at}, {digest}: {reason}", en="Refused {at}, {digest}: {reason}")


def validated(
    tables: Mapping[str, Sequence[Row]], found: Sequence[RowFinding], language: str
) -> Iterator[str]:
    for one in found:
        yield line(one, language)
    if not found:
        rows = sum(map(len, tables.values()))
        yield SOUND.filled(rows=rows, tables=len(tables)).in_language(language)


def received(found: Received, language: str) -> Iterator[str]:
    said = KNOWN if found.came is Came.KNOWN else TAKEN
    receipt = found.receipt
    rows, aside = sum(receipt.rows.values()), sum(receipt.aside.values())
    facts = {"unit": receipt.unit, "version": receipt.version, "rows": rows, "aside": aside}
    yield said.filled(**facts).in_language(language)
    if receipt.gap:
        yield GAP.in_language(language)
    for one in found.aside:
        yield line(one, language)


def status(told: Standing, language: str) -> Iterator[str]:
    for one in told.units:
        rows, aside = sum(one.rows.values()), sum(one.aside.values())
        facts = {"unit": one.unit, "version": one.version, "rows": rows, "aside": aside}
        yield HELD.filled(**facts, until=one.until, at=one.received_at).in_language(language)
        if one.gap:
            yield f"  {GAP.in_language(language)}"
    for name, count in told.claimed.items():
        yield CLAIMED.filled(table=name, count=count).in_language(language)
    for gone in told.missing:
        yield MISSING.filled(
            table=gone.table, variable=gone.variable, of=gone.of, missing=gone.missing
        ).in_language(language)
    for each in told.refused:
        reason = Text(nb=each["nb"], en=each["en"])
        yield REFUSED.filled(
            digest=each["digest"][:12], at=each["at"], reason=reason
        ).in_language(language)
