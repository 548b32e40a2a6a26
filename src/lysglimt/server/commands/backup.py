"""An encrypted copy of the database, made while it is in use."""

from pathlib import Path

import click

from lysglimt.server.output import print_json
from lysglimt.server.starting import start


@click.command
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Another folder than `backups` of lysglimt.toml.",
)
@click.option("--keep", type=click.IntRange(1), help="Remove all but the newest so many.")
@click.option("--json", "as_json", is_flag=True)
def command(*, folder: Path | None, keep: int | None, as_json: bool) -> None:
    """Copy, list, seal, and read the sealed file back. Nobody has to sign out for it."""
    start(as_owner=True)
    from lysglimt.server.backup import keeping  # noqa: PLC0415 - it loads models: Django is set up first, and `--help` waits for neither

    place = folder or keeping.folder()
    file = keeping.of_this_clinic(place)
    gone = keeping.prune(place, keep=keep) if keep else []
    if as_json:
        said = {"file": str(file), "bytes": file.stat().st_size, "removed": len(gone)}
        print_json(said)
    else:
        size = f"{file.stat().st_size / 1e6:.1f} MB"
        click.echo(f"Wrote {file} ({size}); removed {len(gone)} older.")
