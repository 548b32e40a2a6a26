"""The quality register: its code book."""

import click

from lysglimt.register.book_pages import as_csv, as_html
from lysglimt.register.code_book import code_book
from lysglimt.server.output import print_json

language = click.option("--language", type=click.Choice(("nb", "en")), default="nb")


@click.group
def command() -> None:
    """The quality register: what it holds."""


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
