"""The quality register: its code book, what a unit delivers, and how whole that is."""

import sys
from pathlib import Path

import click

from lysglimt.register.book_pages import as_csv, as_html
from lysglimt.register.code_book import code_book
from lysglimt.server.commands.simulate import refuse_without_parquet
from lysglimt.server.output import print_json
from lysglimt.server.starting import start

language = click.option("--language", type=click.Choice(("nb", "en")), default="nb")
unit = click.option("--unit", default="", help="By name; not needed where there is but one.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group
def command() -> None:
    """The quality register: what it holds, and what a unit delivers to it."""


@command.command
@click.option("--format", "form", type=click.Choice(("csv", "html", "json")), default="csv")
@click.option("--json", "as_json", is_flag=True, help="As --format json: both languages.")
@language
def codebook(*, form: str, as_json: bool, language: str) -> None:
    """Every variable of the register: what it is, what it can be, from which facts it comes."""
    book = code_book()
    if as_json or form == "json":
        print_json(book)
        return
    click.echo({"csv": as_csv, "html": as_html}[form](book, language), nl=False)


@command.command
@unit
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path),
    required=True,
    help="An empty or a new folder.",
)
@as_json
def extract(*, unit: str, folder: Path, as_json: bool) -> None:
    """Write the rows of a unit as Parquet, a file for each table. It stands in each patient's log.

    The same facts give the same bytes. Whoever is reserved, and whoever the unit's legal basis does
    not cover, is in none of them.
    """
    refuse_without_parquet()
    start()
    from lysglimt.server.taking_out import taken_out  # noqa: PLC0415 - Parquet is an extra; and it loads models: Django is set up first

    tables = code_book().tables
    with click.progressbar(length=len(tables), label="Tables", file=sys.stderr) as bar:
        found = taken_out(unit, folder, done=bar.update)
    if as_json:
        print_json(found)
        return
    for name, rows in found.rows.items():
        click.echo(f"{name:14} {rows:8}")
    signed = f"signed by {found.signed_by}" if found.signed_by else "NOT SIGNED by the unit"
    click.echo(f"{found.unit}, {found.basis}, {found.project}: {found.digest}, {signed}")


@command.command
@unit
@as_json
def status(*, unit: str, as_json: bool) -> None:
    """How whole the rows of a unit are: by month, by variable, how late, and what would be refused."""
    start()
    from lysglimt.server.delivering import status_of  # noqa: PLC0415 - it loads models: Django is set up first, and `--help` waits for neither

    found = status_of(unit)
    if as_json:
        print_json(found)
        return
    for month in found.months:
        first = f"{month.first:%Y-%m}" if month.first else "no month"
        click.echo(
            f"{first:10} {month.rows:6} rows  {month.filled.count:7} of {month.filled.of:7}"
        )
    for one in found.complete:
        if one.missing:
            click.echo(
                f"missing {one.missing:6} of {one.filled.of:6}  {one.table}.{one.variable}"
            )
    for lag in found.lags:
        click.echo(f"late {lag.what:10} median {lag.middle} d, longest {lag.longest} d")
    for bad in found.refused:
        click.echo(f"refused {bad.rows:6}  {bad.table}.{bad.variable}: {bad.fault}")
    for why, people in found.left_out.items():
        click.echo(f"left out {people:5}  {why}")
