"""Patients, referrals, sessions or ratings from CSV or XLSX."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lysglimt.exchange.files.templates import TEMPLATES
from lysglimt.knowledge.text import Text
from lysglimt.server.output import print_json
from lysglimt.server.starting import start

if TYPE_CHECKING:
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
    found = run(file, template, username, **how)
    if as_json:
        print_json(stated(file, template, found))
    else:
        tell(found, lang)
    sys.exit(0 if found.accepted else 2)


def write(folder: Path) -> None:
    from lysglimt.exchange.files.blanks import written  # noqa: PLC0415 - XlsxWriter, for this alone

    for place in written(folder):
        click.echo(str(place))


def run(file: Path, template: str, username: str | None, **how: bool) -> "Imported":
    start()
    from lysglimt.server import intake  # noqa: PLC0415 - it loads models: Django is set up first, and `--help` waits for neither

    try:
        return intake.taken_in(file, template, username, **how)
    except intake.NobodyAnswers as refusal:
        raise click.UsageError(str(refusal)) from None


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
