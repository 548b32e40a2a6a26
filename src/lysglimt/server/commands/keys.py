"""The keys that seal names and free text."""

from typing import TYPE_CHECKING

import click

from lysglimt.server.output import print_json
from lysglimt.server.starting import start

from . import init

if TYPE_CHECKING:
    from lysglimt.server import keyroom


@click.group
def command() -> None:
    """The keys that seal names and free text.

    To change the key: `lysglimt keys new` prints one; put it first in [encryption_keys], start
    the server anew, run `lysglimt keys rotate`, and take the old one out when `keys list` says
    that nothing needs it but backups.
    """


def room() -> "type[keyroom.KeyRoom]":
    start()
    from lysglimt.server.keyroom import KeyRoom  # noqa: PLC0415 - after Django has started

    return KeyRoom


@command.command
def new() -> None:
    """Print a new key, as a line for [encryption_keys]. Nothing is stored."""
    click.echo(f'"{init.key_id()}" = "{init.key()}"')


@command.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_(*, as_json: bool) -> None:
    """Which keys there are, and what needs them. The keys themselves are not shown."""
    rows = room().everything()
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['key']}: {row['says']}")


@command.command
@click.option("--json", "as_json", is_flag=True)
def rotate(*, as_json: bool) -> None:
    """Everything under the first key of [encryption_keys]. Killed half-way, run it again."""
    keys = room()
    done = 0
    with click.progressbar(keys.waiting(), label="Wrapping", hidden=as_json) as waiting:
        for each in waiting:
            keys.wrap(each)
            done += 1
    made = keys.renew()
    if as_json:
        print_json({"wrapped": done, "made": made})
    else:
        fresh = f" {made} seals from now on." if made else ""
        click.echo(f"{done} data keys wrapped anew.{fresh}")
