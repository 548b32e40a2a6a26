"""`lysglimt register`: what a unit delivers, and the node that receives it."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

import click

from lysglimt.knowledge.text import Text
from lysglimt.register.code_book import code_book
from lysglimt.register.delivered import line, tables_in
from lysglimt.register.findings import validate_all
from lysglimt.register.node.keeping import refusals, settle, write
from lysglimt.register.node.receiving import Came
from lysglimt.register.node.receiving import receive as taken
from lysglimt.register.node.view import heads, missing, pooled
from lysglimt.register.refusals import PackageRefused
from lysglimt.register.signing import make_key
from lysglimt.register.signing import signing_key as read_key
from lysglimt.register.submission import Said, opened, submission
from lysglimt.server.output import print_json

language = click.option("--language", type=click.Choice(("nb", "en")), default="nb")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
folder = click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR"
)
node = click.option(
    "--node", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True
)
file = click.Path(exists=True, dir_okay=False, path_type=Path)
new_file = click.Path(dir_okay=False, path_type=Path)
day = click.DateTime(["%Y-%m-%d"])
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


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - when it arrived, by the clock of the node


@click.command
@folder
@language
@as_json
def validate(*, folder: Path, language: str, as_json: bool) -> None:
    """Does a folder of tables (NAME.parquet or NAME.csv) agree with the code book?

    Every finding by table, row, variable, with the value and what is allowed. Exit code 1 when
    there is one.
    """
    tables = tables_in(folder)
    found = list(validate_all(tables))
    if as_json:
        print_json(found)
    else:
        for one in found:
            click.echo(line(one, language))
        if not found:
            rows = sum(map(len, tables.values()))
            click.echo(SOUND.filled(rows=rows, tables=len(tables)).in_language(language))
    sys.exit(1 if found else 0)


@click.command
@click.argument("out", type=new_file, metavar="FILE")
@language
def signing_key(*, out: Path, language: str) -> None:
    """Make the key that a unit signs its deliveries with; what the node is told is printed."""
    told = make_key(out)
    click.echo(KEY_MADE.in_language(language), err=True)
    click.echo(told)


@click.command
@folder
@click.option("--out", type=new_file, required=True, help="The package; a name that is free.")
@click.option("--key", type=file, required=True, help="The unit's key, from signing-key.")
@click.option("--unit", type=click.IntRange(1), required=True, help="The unit's number.")
@click.option(
    "--legal-basis", type=click.Choice(tuple(code_book().lists["legal-basis"])), required=True
)
@click.option("--since", type=day, required=True, help="The first day of the period.")
@click.option("--until", type=day, required=True, help="The last day of the period.")
@click.option("--made-on", type=day, default=None, show_default="today")
@click.option("--after", type=file, default=None, help="The package that the unit sent before.")
@language
def submit(*, folder: Path, out: Path, key: Path, language: str, **asked: Any) -> None:
    """Write a folder of tables as one signed package: the file to send to the register.

    Refused while a row does not agree with the code book. The first has no --after.
    """
    said = Said(
        unit=asked["unit"],
        legal_basis=asked["legal_basis"],
        since=asked["since"].date(),
        until=asked["until"].date(),
        made_on=(asked["made_on"] or now()).date(),
        software=version("lysglimt"),
    )
    try:
        before = opened(asked["after"].read_bytes()) if asked["after"] else None
        if before and before.manifest.unit != said.unit:
            raise click.UsageError(
                f"--after: is of unit {before.manifest.unit}, not {said.unit}"
            )
        content = submission(said, tables_in(folder), key=read_key(key), after=before)
    except PackageRefused as refusal:
        refused(refusal, language)
    write_new(out, content)
    made = opened(content)
    click.echo(f"{out.name}  {made.digest}")


@click.command
@click.argument("package", type=file)
@node
@language
@as_json
def receive(*, package: Path, node: Path, language: str, as_json: bool) -> None:
    """Take a package into the node, or refuse it with the reason (exit code 1).

    DIR/units.toml names the units that may deliver. The same package twice changes nothing.
    """
    try:
        found = taken(package.read_bytes(), node, at=now())
    except PackageRefused as refusal:
        refused(refusal, language)
    if as_json:
        print_json(found)
        return
    said = KNOWN if found.came is Came.KNOWN else TAKEN
    receipt = found.receipt
    rows, aside = sum(receipt.rows.values()), sum(receipt.aside.values())
    facts = {"unit": receipt.unit, "version": receipt.version, "rows": rows, "aside": aside}
    click.echo(said.filled(**facts).in_language(language))
    if receipt.gap:
        click.echo(GAP.in_language(language))
    for one in found.aside:
        click.echo(line(one, language))


@click.command
@node
@language
@as_json
def node_status(*, node: Path, language: str, as_json: bool) -> None:
    """What the node holds of each unit, what is missing of what is expected, what was refused."""
    held = pooled(node)
    told = {
        "units": heads(node),
        "rows": {name: len(rows) for name, rows in held.rows.items()},
        "claimed": held.claimed,
        "missing": list(missing(held.rows)),
        "refused": refusals(node),
    }
    if as_json:
        print_json(told)
        return
    for text in status(told, language):
        click.echo(text)


def status(told: Any, language: str) -> Iterator[str]:
    for one in told["units"]:
        rows, aside = sum(one.rows.values()), sum(one.aside.values())
        facts = {"unit": one.unit, "version": one.version, "rows": rows, "aside": aside}
        yield HELD.filled(**facts, until=one.until, at=one.received_at).in_language(language)
        if one.gap:
            yield f"  {GAP.in_language(language)}"
    for name, count in told["claimed"].items():
        yield CLAIMED.filled(table=name, count=count).in_language(language)
    for one in told["missing"]:
        facts = {"table": one.table, "variable": one.variable, "of": one.of}
        yield MISSING.filled(**facts, missing=one.missing).in_language(language)
    for one in told["refused"]:
        reason = one["nb" if language == "nb" else "en"]
        yield REFUSED.filled(
            digest=one["digest"][:12], at=one["at"], reason=reason
        ).in_language(language)


def refused(refusal: PackageRefused, language: str) -> NoReturn:
    click.echo(f"lysglimt: {refusal.text.in_language(language)}", err=True)
    sys.exit(1)


def write_new(out: Path, content: bytes) -> None:
    """Whole or not at all, and never over another file."""
    if out.exists():
        raise click.UsageError(
            f"--out: {out.name} is there already; allowed is a name that is free"
        )
    aside = out.with_name(f".{out.name}.part")
    write(aside, content)
    aside.rename(out)
    settle(out.parent)
