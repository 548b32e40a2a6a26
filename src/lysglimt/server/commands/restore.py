"""Bring a backup back."""

import sys
from pathlib import Path

import click

from lysglimt.server.output import print_json
from lysglimt.server.starting import start


@click.command
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="There is a clinic in the database: replace it.")
@click.option("--json", "as_json", is_flag=True)
def command(file: Path, *, replace: bool, as_json: bool) -> None:
    """Put FILE into the database of lysglimt.toml, and compare every table with its list.

    A damaged file, another key and a database in use are refused before anything is touched.
    End `lysglimt serve` first.
    """
    start(as_owner=True)
    from lysglimt.server.backup import keeping  # noqa: PLC0415 - it loads models: Django is set up first, and `--help` waits for neither

    found = keeping.into_this_clinic(file, replace=replace)
    if as_json:
        print_json(
            {
                "made_at": found.label.made_at,
                "tables": len(found.label.tables),
                "rows": found.label.rows,
                "missing": list(found.missing),
                "seconds": round(found.seconds, 1),
            }
        )
    else:
        click.echo(
            f"Restored {found.label.rows} rows in {len(found.label.tables)} tables as of "
            f"{found.label.made_at}, in {found.seconds:.1f} s. Next: lysglimt doctor"
        )
        for each in found.missing:
            click.echo(f"MISSING {each}", err=True)
    sys.exit(1 if found.missing else 0)
