"""Restore the newest backup beside the clinic, and see that nothing is missing."""

import sys
from pathlib import Path

import click

from lysglimt.server.output import print_json
from lysglimt.server.starting import start


@click.command
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True)
def command(file: Path | None, *, as_json: bool) -> None:
    """FILE, else the newest backup, else one made now. The clinic's database is not touched."""
    start(as_owner=True)
    from lysglimt.server.proving.drill import drilled  # noqa: PLC0415 - it loads models: Django is set up first, and `--help` waits for neither

    found = drilled(file)
    if as_json:
        print_json(
            {"holds": found.holds, "figures": dict(found.figures), "faults": list(found.faults)}
        )
    else:
        for name, figure in found.figures.items():
            click.echo(f"{name}: {figure}")
        for fault in found.faults:
            click.echo(f"FAULT {fault}", err=True)
    sys.exit(0 if found.holds else 1)
