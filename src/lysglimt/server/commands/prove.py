"""See the promises hold, on a scratch copy of this clinic."""

import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec

import click

from lysglimt.server.output import print_json
from lysglimt.server.starting import start

PROMISES: Mapping[str, str] = {
    "durability": "What was acknowledged is neither lost nor doubled when the server is killed.",
    "audit": "The log cannot be changed unseen.",
    "access": "No role sees more than the table says.",
    "restore": "A backup brings everything back; a damaged one is refused.",
    "secrecy": "Who is treated is not readable in database, log, address or backup.",
}
FOLDER = "lysglimt.server.proving"
OFFERED = [name for name in PROMISES if find_spec(f"{FOLDER}.{name}")]


@click.command
@click.argument("promise", type=click.Choice(OFFERED))
@click.option("--json", "as_json", is_flag=True)
def command(promise: str, *, as_json: bool) -> None:
    """Try a promise and print the figures. Exit code 1 when it does not hold."""
    start(as_owner=True)
    module = import_module(f"{FOLDER}.{promise}")
    proved = module.proved()
    if as_json:
        print_json(
            {
                "promise": promise,
                "holds": proved.holds,
                "figures": dict(proved.figures),
                "faults": list(proved.faults),
            }
        )
    else:
        click.echo(f"{promise}: {PROMISES[promise]}")
        for name, figure in proved.figures.items():
            click.echo(f"  {name}: {figure}")
        for fault in proved.faults:
            click.echo(f"  FAULT {fault}", err=True)
        click.echo("holds" if proved.holds else "does NOT hold")
    sys.exit(0 if proved.holds else 1)
