"""A throw-away clinic with made-up patients, in the browser."""

import gc
import json
import os
import signal
import socket
import sys
import tempfile
from contextlib import ExitStack
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from lysglimt.server.starting import start

from . import init

ANCHORS = "anchors.jsonl"
OSLO = ZoneInfo("Europe/Oslo")
DATABASE = "sqlite:///lysglimt.sqlite3"
SETTINGS = """\
# A demonstration: everyone in it is made up.
secret_key = "{secret_key}"
index_key = "{index_key}"
database = "{database}"
hosts = ["localhost", "127.0.0.1"]
https = false
identity_numbers = "synthetic"
demo = true
idle_minutes = 720
# Elsewhere this lies on another machine.
audit_anchor = [{anchor}]

[encryption_keys]
"demo" = "{encryption_key}"
"""


@click.command
@click.option("--patients", default=120, show_default=True, type=click.IntRange(1, 1000))
@click.option("--seed", default=1, show_default=True, help="Another seed, other patients.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the clinic in this folder; `lysglimt serve` there opens it again.",
)
@click.option("--on", "day", metavar="DATE", help="As at eleven on this day, as 2026-03-02.")
@click.option("--no-serve", is_flag=True, help="Make the clinic and stop; needs --dir.")
def command(
    *, patients: int, seed: int, port: int, folder: Path | None, day: str | None, no_serve: bool
) -> None:
    """A throw-away clinic with made-up patients, in the browser. Ctrl-C ends it."""
    if no_serve and folder is None:
        raise click.UsageError("--no-serve leaves nothing behind without --dir")
    now = moment(day)
    if not no_serve:
        refuse_taken(port)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as kept:
        place = folder or Path(kept.enter_context(tempfile.TemporaryDirectory()))
        furnish(place)
        start()
        build(patients=patients, seed=seed, now=now)
        if not no_serve:
            serve(port)


def moment(day: str | None) -> datetime:
    if day is None:
        return datetime.now(OSLO)  # noqa: TID251 - the clinic is as it would be now
    try:
        return datetime.combine(date.fromisoformat(day), time(11), tzinfo=OSLO)
    except ValueError:
        raise click.UsageError(f"--on: {day!r} is no day such as 2026-03-02") from None


def refuse_taken(port: int) -> None:
    """Before the clinic is made, not after."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise click.UsageError(
                f"Port {port} is taken: choose another with --port"
            ) from None


def furnish(place: Path) -> None:
    """Go to a folder with a configuration of its own; nothing that is set elsewhere counts."""
    place.mkdir(parents=True, exist_ok=True)
    file = place / init.FILE
    if file.exists() or (place / "lysglimt.sqlite3").exists():
        raise click.UsageError(f"{place} has a clinic already: choose an empty folder")
    said = {"secret_key": init.key(), "index_key": init.key(), "encryption_key": init.key()}
    said["database"] = DATABASE
    said["anchor"] = json.dumps(f"file://{(place / ANCHORS).absolute().as_posix()}")
    file.write_text(SETTINGS.format(**said), encoding="utf-8")
    for name in [name for name in os.environ if name.startswith("LYSGLIMT_")]:
        del os.environ[name]
    os.environ["DJANGO_SETTINGS_MODULE"] = "lysglimt.server.settings"
    os.chdir(place)


def build(*, patients: int, seed: int, now: datetime) -> None:
    from lysglimt.server.demo.clinic import begun  # noqa: PLC0415 - it loads models: Django is set up first, and `--help` waits for neither

    gc.disable()  # a quarter quicker; the process that serves afterwards is another
    for number in begun(patients=patients, seed=seed, now=now):
        tell(f"\rPatient {number} of {patients}")
    tell("\r" + " " * 40 + "\r")


def tell(words: str) -> None:
    """For whoever waits at a terminal; a program that reads the output is not bothered."""
    if sys.stderr.isatty():
        click.echo(words, err=True, nl=False)


def serve(port: int) -> None:
    from lysglimt.server import serving  # noqa: PLC0415 - it loads models: Django is set up first, and `--help` waits for neither

    serving.gather_static_files()
    click.echo(f"Lysglimt is at http://localhost:{port}")
    serving.run(host="127.0.0.1", port=port)
