"""Patients, referrals, sessions or ratings from CSV or XLSX."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lysglimt.exchange.files.templates import TEMPLATES
from lysglimt.knowledge.text import Text
from lysglimt.server.output import print_json
from lysglimt.server.starting import start

if TYPE_CHECKING:
    from lysglimt.clinic.people.models import Professional
    from lysglimt.exchange.files.importing import Imported


@click.command
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--template", type=click.Choice(sorted(TEMPLATES)), help="What the rows are.")
@click.option(
    "--by", "username", help="Who answers for the import; asked for where several could."
)
@click.option("--dry-run", is_flag=True, help="Check everything, store nothing.")
@click.option("--revise", is_flag=True, help="A row that has changed becomes a next revision.")
@click.option("--lang", type=click.Choice(["nb", "en"]), default="nb", help="Of the problems.")
@click.option("--json", "as_json", is_flag=True)
@click.option(
    "--write-template",
    "folder",
    is_flag=False,
    flag_value=".",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="[DIR]",
    help="Write the empty templates, as XLSX and CSV, and stop.",
)
def command(
    *,
    file: Path | None,
    template: str | None,
    username: str | None,
    folder: Path | None,
    lang: str,
    as_json: bool,
    **how: bool,
) -> None:
    """Store all rows of FILE, or none: every problem is named with its row."""
    if folder is not None:
        write(folder)
        return
    if file is None or template is None:
        raise click.UsageError("FILE and --template belong together; or --write-template")
    start()
    found = run(file, template, username, **how)
    if as_json:
        print_json(stated(file, template, found))
    else:
        tell(found, lang)
    sys.exit(0 if found.accepted else 2)


def write(folder: Path) -> None:
    from lysglimt.exchange.files.blanks import written  # noqa: PLC0415 - only where it is asked for

    for place in written(folder):
        click.echo(str(place))


def run(
    file: Path, template: str, username: str | None, *, dry_run: bool, revise: bool
) -> "Imported":
    from django.utils import timezone  # noqa: PLC0415 - after Django has started

    from lysglimt.exchange.files.importing import imported, imported_in_turns  # noqa: PLC0415 - likewise
    from lysglimt.exchange.files.sheet import read_sheet  # noqa: PLC0415 - likewise
    from lysglimt.exchange.files.storing import Desk  # noqa: PLC0415 - likewise
    from lysglimt.server.copying import can_copy, on_a_copy  # noqa: PLC0415 - likewise

    table = read_sheet(file)
    desk = Desk(by=importer(username), at=timezone.now(), file=file.name, revise=revise)
    if not can_copy():
        return imported(table, TEMPLATES[template], desk, dry_run=dry_run)
    # The whole file is tried on a copy first: with one problem anywhere, the clinic sees no row.
    with on_a_copy():
        found = imported(table, TEMPLATES[template], desk, dry_run=True)
    if found.problems or dry_run:
        return replace(found, dry_run=dry_run)
    return imported_in_turns(table, TEMPLATES[template], desk)


def importer(username: str | None) -> "Professional":
    """Who is named; else the only coordinator there is."""
    from lysglimt.clinic.people.models import Professional  # noqa: PLC0415 - likewise
    from lysglimt.clinic.people.policy import Role  # noqa: PLC0415 - likewise
    from lysglimt.server.accounts import known  # noqa: PLC0415 - likewise

    if username is not None:
        return known(username)
    could = list(Professional.objects.filter(is_active=True, role=Role.COORDINATOR)[:2])
    if len(could) != 1:
        raise click.UsageError(
            "Who answers for the import? Name one with --by, as `lysglimt user list` shows."
        )
    return could[0]


def stated(file: Path, template: str, found: "Imported") -> dict[str, object]:
    counts = {outcome.value: count for outcome, count in found.outcomes.items()}
    return {
        "file": file.name,
        "template": template,
        "dry_run": found.dry_run,
        "rows": found.rows,
        "stored": counts.get("stored", 0),
        "known": counts.get("known", 0),
        "revised": counts.get("revised", 0),
        "interrupted": found.interrupted,
        "problems": list(found.problems),
    }


CHANGED_MEANWHILE = Text(
    "Noen endret dette mens filen ble lest inn. Radene før er lagret; rett raden og les filen inn "
    "på nytt: det som er lagret, lagres ikke to ganger.",
    "Somebody changed this while the file was read. The rows before it are stored; mend the row "
    "and read the file again: what is stored is not stored twice.",
)
SAID = {
    "nb": ("rad", "kolonne", "tillatt", "Ingenting er lagret.", CHANGED_MEANWHILE.nb),
    "en": ("row", "column", "allowed", "Nothing is stored.", CHANGED_MEANWHILE.en),
}


def tell(found: "Imported", lang: str) -> None:
    row, column, allowed, nothing, interrupted = SAID[lang]
    for each in found.problems:
        may = f" ({allowed}: {each.allowed})" if each.allowed else ""
        click.echo(
            f"{row} {each.row}, {column} {each.column}: {each.value!r}: "
            f"{each.reason.in_language(lang)}{may}",
            err=True,
        )
    if found.interrupted:
        click.echo(interrupted, err=True)
    counts = ", ".join(f"{count} {what}" for what, count in found.outcomes.items()) or "0"
    if (found.problems or found.dry_run) and not found.interrupted:
        click.echo(f"{found.rows}: {counts}. {nothing}", err=bool(found.problems))
    else:
        click.echo(f"{found.rows}: {counts}.")
