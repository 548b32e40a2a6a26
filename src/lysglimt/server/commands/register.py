"""The quality register: its code book, what a unit delivers, and the node that receives."""

import sys
from importlib import import_module
from importlib.util import find_spec
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
TOLD = {
    "coverage": "How much of a list from outside the register has: people, courses, units.",
    "indicators": "K2 to K18 of what the node holds.",
}
DELIVERIES = {
    "node-status": "What the node holds of each unit, and what it set aside or refused.",
    "receive": "Take a package of a unit into the node, or refuse it with the reason.",
    "signing-key": "Make the key that a unit signs its deliveries with.",
    "submit": "Write a folder of tables as one signed package.",
    "validate": "Does a folder of tables agree with the code book?",
}
ELSEWHERE = {
    **dict.fromkeys(DELIVERIES, "register_deliveries"),
    **dict.fromkeys(TOLD, "register_told"),
}
"""What reads or writes Parquet: `lysglimt register submit` is ``submit`` in register_deliveries.py."""


class Parts(click.Group):
    """What needs an extra is imported when it is run, and help is quick without it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        if find_spec("pyarrow") is None or find_spec("ibis") is None:
            raise click.UsageError("Parquet is needed: install lysglimt[register]")
        module = import_module(f"lysglimt.server.commands.{ELSEWHERE[cmd_name]}")
        found: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return found

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        ours = {name: one.get_short_help_str(70) for name, one in self.commands.items()}
        with formatter.section("Commands"):
            formatter.write_dl(sorted({**DELIVERIES, **TOLD, **ours}.items()))


@click.group(cls=Parts)
def command() -> None:
    """The quality register: what it holds, what units deliver, what it tells."""


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
