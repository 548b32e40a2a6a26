"""The keys that seal names and free text."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

import click

from lysglimt.server.output import print_json
from lysglimt.server.starting import start

from . import init

if TYPE_CHECKING:
    from lysglimt.server import keyroom

T = TypeVar("T")


@click.group
def command() -> None:
    """The keys that seal names and free text.

    To change the key: `lysglimt keys new` prints one; put it first in [encryption_keys], start
    the server anew, run `lysglimt keys rotate`, and take the old one out when `keys list` says
    that nothing needs it but backups.
    """


def room() -> "type[keyroom.KeyRoom]":
    start()
    from lysglimt.server.keyroom import KeyRoom  # noqa: PLC0415 - it loads models: Django is set up first, and `--help` waits for neither

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
    """Everything under the first key of [encryption_keys]. Killed half-way, run it again.

    Exit code 1 when a second factor could not be opened: it stays as it is.
    """
    keys = room()
    wrapped = 0
    for each in shown(keys.waiting(), label="Wrapping", hidden=as_json):
        keys.wrap(each)
        wrapped += 1
    made = keys.renew()
    factors = shown(keys.second_factors_waiting(), label="Second factors", hidden=as_json)
    opened = [keys.reseal(each) for each in factors]
    lost = opened.count(False)
    if as_json:
        resealed = {"second_factors": opened.count(True), "unreadable": lost}
        print_json({"wrapped": wrapped, "made": made, **resealed})
    else:
        fresh = f" {made} seals from now on." if made else ""
        click.echo(f"{wrapped} data keys wrapped anew.{fresh}")
        click.echo(f"{opened.count(True)} secrets of second factors sealed anew.")
    if lost:
        told = "lysglimt user reset-second-factor, and they set up a new one"
        click.echo(f"{lost} second factors do not open with any key -> {told}", err=True)
        sys.exit(1)


def shown(waiting: list[T], *, label: str, hidden: bool) -> Iterator[T]:
    """Each in turn, with a bar that moves."""
    with click.progressbar(waiting, label=label, hidden=hidden) as all_of_them:
        yield from all_of_them
