"""Write lysglimt.toml with new keys."""

import base64
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

import click

FILE = "lysglimt.toml"
KEY_BYTES = 32
WRITTEN = """\
# What this installation of Lysglimt is told. `lysglimt doctor` checks it.
# Keep a copy of the keys apart from the database: without them nobody can read who is treated.

secret_key = "{secret_key}"
index_key = "{index_key}"          # patients are looked up by it: never change it
audit_key = "{audit_key}"          # seals the trail each day: never change it
register_key = "{register_key}"       # pseudonyms are made with it: never change it
audit_anchor = []                  # where the trail's head is told each day: ["file:///mnt/other/anchors"]
database = "sqlite:///lysglimt.sqlite3"   # or "postgresql://user:password@host/name"
hosts = ["localhost", "127.0.0.1"]
https = false                      # true as soon as another machine connects, behind a TLS proxy
identity_numbers = "real"          # "synthetic" for training

[encryption_keys]                  # the newest first; keep the old ones to read what they sealed
"{key_id}" = "{encryption_key}"
"""


@click.command
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where to write it; the folder is made if need be.",
)
def command(folder: Path) -> None:
    """Write lysglimt.toml with new keys. An existing one is never overwritten."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE
    try:
        # Readable by its owner alone, from the first moment.
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        click.echo(f"lysglimt: {file} is there already; it is left as it is", err=True)
        raise SystemExit(2) from None
    with os.fdopen(opened, "w", encoding="utf-8") as written:
        written.write(text())
    there = "" if folder == Path() else f"cd {folder} && "
    click.echo(f"Wrote {file}. Next: {there}lysglimt migrate")


def text() -> str:
    return WRITTEN.format(
        secret_key=secrets.token_urlsafe(48),
        index_key=key(),
        audit_key=key(),
        register_key=key(),
        encryption_key=key(),
        key_id=key_id(),
    )


def key_id() -> str:
    """A name for a key: the day, and a few letters since a day may see two."""
    today = datetime.now(UTC)  # noqa: TID251 - a name for the key, no clinical time
    return f"{today:%Y-%m-%d}-{secrets.token_hex(2)}"


def key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
