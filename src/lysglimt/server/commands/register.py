"""The quality register: its code book, what units deliver to it, and the node that receives."""

from importlib import import_module
from importlib.util import find_spec

import click

from lysglimt.register.book_pages import as_csv, as_html
from lysglimt.register.code_book import code_book
from lysglimt.server.output import print_json

language = click.option("--language", type=click.Choice(("nb", "en")), default="nb")
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
