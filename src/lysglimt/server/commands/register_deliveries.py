"""`lysglimt register`: what a unit delivers, and the node that receives it."""

import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

import click

from lysglimt.register.code_book import code_book
from lysglimt.register.delivered import tables_in
from lysglimt.register.findings import validate_all
from lysglimt.register.node import words
from lysglimt.register.node.keeping import write_whole
from lysglimt.register.node.receiving import receive as taken
from lysglimt.register.node.view import standing
from lysglimt.register.refusals import PackageRefused
from lysglimt.register.signing import make_key
from lysglimt.register.signing import signing_key as read_key
from lysglimt.register.submission import Said, opened, submission
from lysglimt.server.commands.register import language
from lysglimt.server.output import print_json

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


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - when it arrived, by the clock of the node


@click.command
@folder
@language
@as_json
def validate(*, folder: Path, language: str, as_json: bool) -> None:
    """Does a folder of tables (NAME.parquet or NAME.csv) agree with the code book?

    Every finding by table, row, variable, value and what is allowed; exit code 1 if there is one.
    """
    tables = tables_in(folder)
    found = list(validate_all(tables))
    if as_json:
        print_json(found)
    else:
        for text in words.validated(tables, found, language):
            click.echo(text)
    sys.exit(1 if found else 0)


@click.command
@click.argument("out", type=new_file, metavar="FILE")
@language
def signing_key(*, out: Path, language: str) -> None:
    """Make the key that a unit signs its deliveries with; what the node is told is printed."""
    told = make_key(out)
    click.echo(words.KEY_MADE.in_language(language), err=True)
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
    if out.exists():
        raise click.UsageError(
            f"--out: {out.name} is there already; allowed is a name that is free"
        )
    write_whole(out, content)
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
    for text in words.received(found, language):
        click.echo(text)


@click.command
@node
@language
@as_json
def node_status(*, node: Path, language: str, as_json: bool) -> None:
    """What the node holds of each unit, what is missing of what is expected, what was refused."""
    held = standing(node)
    if as_json:
        print_json(held)
        return
    for text in words.status(held, language):
        click.echo(text)


def refused(refusal: PackageRefused, language: str) -> NoReturn:
    click.echo(f"lysglimt: {refusal.text.in_language(language)}", err=True)
    sys.exit(1)
