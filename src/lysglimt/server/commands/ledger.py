"""The ledgers of controlled drugs: is every line as it was written?"""

import sys
from dataclasses import asdict

import click

from lysglimt.server.output import print_json
from lysglimt.server.starting import start


@click.group
def command() -> None:
    """The ledgers of controlled drugs: is every line as it was written?"""


@command.command
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(*, as_json: bool) -> None:
    """Numbers without gaps, each line bound to the one before, balances reckoned anew. Exit code 1 on faults."""
    start()
    from lysglimt.server.ledgers import looked_through  # noqa: PLC0415 - it loads models: Django is set up first, and `--help` waits for neither

    found = looked_through()
    if as_json:
        print_json(
            {
                "ledgers": found.ledgers,
                "lines": found.lines,
                "open_counts": found.open_counts,
                "faults": [asdict(fault) for fault in found.faults],
            }
        )
    else:
        for fault in found.faults:
            click.echo(f"BAD {fault.where}: {fault.what}")
        sound = f"{len(found.faults)} faults" if found.faults else "sound"
        click.echo(f"{found.ledgers} ledgers, {found.lines} lines: {sound}")
        if found.open_counts:
            click.echo(f"{found.open_counts} counts that did not agree wait to be settled.")
    sys.exit(1 if found.faults else 0)
