"""The web server."""

import os
import sys

import click

from lysglimt.server.starting import start


@click.command
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address to listen on."
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--processes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 16),
    help="Each with eight threads; more than one for PostgreSQL.",
)
def command(*, host: str, port: int, processes: int) -> None:
    """The web server. Ctrl-C ends it; a TLS proxy stands in front where others connect."""
    start()
    from lysglimt.server import serving  # noqa: PLC0415 - it loads models: Django is set up first, and `--help` waits for neither

    serving.refuse_unready()
    serving.refuse_unsound_journal()
    serving.gather_static_files()
    if not sys.stdin.isatty() and os.getpgrp() != os.getpid():
        # A group of its own: whoever ends it with `kill -9 -- -PID` leaves no worker behind.
        os.setpgrp()
    name = "localhost" if host in {"127.0.0.1", "localhost"} else host
    click.echo(f"Lysglimt is at http://{name}:{port}")
    serving.run(host=host, port=port, processes=processes)
