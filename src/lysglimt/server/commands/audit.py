"""Who did what, who saw whom, and is the trail whole?"""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import click

from lysglimt.clinic.audit.chain import COLUMNS, FORM
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.server.output import plain, print_json
from lysglimt.server.starting import start

if TYPE_CHECKING:
    from lysglimt.server.archive import Archive

OSLO = ZoneInfo("Europe/Oslo")
OBSERVED = 20
"""So many observations are told one by one."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
as_json_or_words = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class NobodyNamed(ClinicalError):
    """Standard input names no patient."""

    code = "audit.nobody-named"


@click.group
def command() -> None:
    """Who did what, who saw whom, and is the trail whole?"""


def archive() -> "type[Archive]":
    start()
    from lysglimt.server.archive import Archive  # noqa: PLC0415 - it loads models: Django is set up first, and `--help` waits for neither

    return Archive


@command.command
@click.option(
    "--anchor",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Heads that were kept outside: a file of anchors, or a log that has them.",
)
@as_json_or_words
def verify(*, file: Path | None, as_json: bool) -> None:
    """Every row against the chain, the chain against its seals and anchors. Exit code 1 on faults."""
    found = archive().verdict(file)
    if as_json:
        print_json(found)
    else:
        for fault in found.faults:
            click.echo(f"BAD {fault.where}: {fault.what}")
        for seen in found.observations[:OBSERVED]:
            click.echo(f"NOTE {seen.where}: {seen.what}")
        if further := len(found.observations[OBSERVED:]):
            click.echo(f"NOTE and {further} more: see --json")
        click.echo(
            f"{found.links} rows chained, {found.waiting} waiting, {found.seals} seals, "
            f"{found.anchors} anchors: {'sound' if found.sound else f'{len(found.faults)} faults'}"
        )
        if not found.anchors:
            click.echo("Without an anchor a trail that was cut off at its end looks whole.")
    sys.exit(0 if found.sound else 1)


@command.command
@as_json_or_words
def seal(*, as_json: bool) -> None:
    """Chain what waits, seal the head and tell it outside: once, as for cron."""
    chained, head = archive().seal()
    if as_json:
        print_json({"chained": chained, "sealed": head})
    else:
        sealed = f", sealed at link {head.seq}" if head else ""
        click.echo(f"{chained} rows chained{sealed}")


@command.command
@click.option(
    "--to", "places", multiple=True, metavar="URL", help="Beside the places configured."
)
@as_json_or_words
def anchor(*, places: tuple[str, ...], as_json: bool) -> None:
    """Seal the head now and tell it to the places outside; print the line to keep."""
    trail = archive()
    head = trail.anchor(places)
    if head is None:
        raise click.UsageError("There is no trail yet.")
    if as_json:
        print_json(head)
    else:
        click.echo(trail.line(head))


@command.command
@click.argument("patient", metavar="ID|-")
@as_json_or_words
def who(*, patient: str, as_json: bool) -> None:
    """Who has seen or changed a patient's record: by the patient's id, or - for standard input.

    An identity number is read from standard input alone: what stands on a command line is kept
    in the shell's history and shown to everyone on the machine.
    """
    key = as_id(patient)
    trail = archive()
    rows = trail.accesses(as_named(sys.stdin.readline().strip()) if key is None else key)
    if as_json:
        # Whom else a list showed is not this patient's business.
        print_json([{k: v for k, v in asdict(row).items() if k != "patients"} for row in rows])
        return
    for row in rows:
        did = "tried" if row.refused else "wrote" if row.wrote else "read"
        mark = "  EMERGENCY" if row.emergency else ""
        click.echo(
            f"{row.at.astimezone(OSLO):%Y-%m-%d %H:%M:%S}  {row.who}  {row.role}  "
            f"{row.department}  {did} {row.operation}  {row.purpose}{mark}"
        )
    click.echo(f"{len(rows)} rows")


def as_id(typed: str) -> UUID | None:
    """None for standard input. Refuses everything that may be an identity number."""
    if typed == "-":
        return None
    try:
        return UUID(typed)
    except ValueError:
        raise click.UsageError(
            "PATIENT is an id, or - and the identity number on standard input."
        ) from None


def as_named(typed: str) -> UUID | str:
    """On standard input an identity number may stand as well as an id."""
    number = typed.replace(" ", "")
    if number.isascii() and number.isdecimal():
        return number
    key = as_id(typed)
    if key is None:
        raise NobodyNamed("Nothing stands on standard input.")
    return key


@command.command
@click.option("--from", "first", metavar="DATE", help="From this day, as 2026-03-02.")
@click.option("--to", "last", metavar="DATE", help="To this day, with it.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV instead of one JSON object a line.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, as without it.")
def export(*, first: str | None, last: str | None, as_csv: bool, as_json: bool) -> None:
    """Every row: who, when, what, why, digests before and after, and its link in the chain."""
    if as_csv and as_json:
        raise click.UsageError("--csv or --json")
    since = midnight(first) if first else datetime.min.replace(year=2, tzinfo=OSLO)
    until = (
        midnight(last) + timedelta(days=1)
        if last
        else datetime.max.replace(year=9998, tzinfo=OSLO)
    )
    exported = archive().exported(since, until)
    rows = ({name: plain(value) for name, value in row.items()} for row in exported)
    for line in as_table(rows) if as_csv else as_lines(rows):
        sys.stdout.write(line)


def as_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield f"{json.dumps(row, ensure_ascii=False)}\n"


class Line:
    """What csv writes to: the line just written."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text


def as_table(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A kind lacks what only the other has. A cell never begins a formula of a spreadsheet."""
    line = Line()
    names = ("kind", *COLUMNS["event", FORM], "link", "digest")
    table = csv.DictWriter(line, names, restval="")
    table.writeheader()
    yield line.text
    for row in rows:
        table.writerow({name: cell(value) for name, value in row.items()})
        yield line.text


def cell(value: object) -> object:
    text = " ".join(map(str, value)) if isinstance(value, list) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text


@command.command
@click.option(
    "--week", metavar="WEEK", help="As 2026-W10; without it, the week before this one."
)
@as_json_or_words
def odd(*, week: str | None, as_json: bool) -> None:
    """Accesses of a week that somebody should ask about, each with its reasons."""
    monday = monday_of(week) if week else None
    found = archive().odd(monday)
    if as_json:
        print_json(found)
        return
    for one in found.rows:
        reasons = ", ".join(reason.value for reason in one.reasons)
        click.echo(
            f"{one.first.astimezone(OSLO):%Y-%m-%d %H:%M}  {one.who}  {one.role}  {one.department}  "
            f"{len(one.patients)} patients, {one.reads} reads: {reasons}"
        )
    click.echo(f"{len(found.rows)} to ask about, of {found.reads} reads")


def monday_of(week: str) -> date:
    try:
        return datetime.strptime(f"{week}-1", "%G-W%V-%u").replace(tzinfo=OSLO).date()
    except ValueError:
        raise click.UsageError(f"--week: {week!r} is no week such as 2026-W10") from None


def midnight(day: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day), time(), tzinfo=OSLO)
    except ValueError:
        raise click.UsageError(f"{day!r} is no day such as 2026-03-02") from None
