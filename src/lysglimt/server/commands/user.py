"""Add or change one who signs in."""

import getpass
import sys
from typing import TYPE_CHECKING

import click

from lysglimt.server.output import print_json
from lysglimt.server.starting import interactive, start

if TYPE_CHECKING:
    from lysglimt.server import accounts

ROLES = (
    *("nurse", "psychiatrist", "anaesthetist", "psychologist", "pharmacist", "coordinator"),
    *("unit_lead", "statistician", "administrator"),
)
password_from_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@click.group
def command() -> None:
    """Add or change one who signs in. No command asks when nobody can answer."""


def desk() -> "type[accounts.Desk]":
    start()
    from lysglimt.server.accounts import Desk  # noqa: PLC0415 - it loads models: Django is set up first, and `--help` waits for neither

    return Desk


@command.command
@click.argument("username")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--unit", required=True, help="The unit's name; made if it is new.")
@click.option("--entity", help="The legal entity's name, for a new unit.")
@click.option("--private", is_flag=True, help="A new unit is a private clinic.")
@click.option("--name", default="", help="As colleagues know the person.")
@click.option("--hpr", default="", help="The HPR number, where there is one.")
@password_from_stdin
def add(*, username: str, password_stdin: bool, **said: str) -> None:
    """Add someone. The first of a unit brings the unit."""
    staff = desk()
    password = ask(stdin=password_stdin)
    click.echo(f"Added {staff.add(username, password, said)}.")


@command.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_(*, as_json: bool) -> None:
    """Who can sign in."""
    rows = desk().everyone()
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo("  ".join(str(row[key]) for key in ("username", "role", "unit", "entity")))


@command.command("set-password")
@click.argument("username")
@password_from_stdin
def set_password(username: str, *, password_stdin: bool) -> None:
    """A new password."""
    staff = desk()
    staff.set_password(username, ask(stdin=password_stdin))
    click.echo(f"{username} has a new password.")


@command.command
@click.argument("username")
@click.argument("role", metavar="ROLE", type=click.Choice(ROLES))
def role(username: str, role: str) -> None:
    """Another role."""
    desk().set_role(username, role)
    click.echo(f"{username} is {role}.")


reason = click.option("--reason", required=True, help="Why; it stands in the trail.")


@command.command("reset-second-factor")
@click.argument("username")
@reason
def reset_second_factor(username: str, reason: str) -> None:
    """The phone is lost: the next sign-in sets up a new second factor."""
    desk().reset_second_factor(username, reason)
    click.echo(f"{username} is signed out, and sets up a second factor at the next sign-in.")


@command.command("sign-out")
@click.argument("username")
@reason
def sign_out(username: str, reason: str) -> None:
    """End every sign-in of someone."""
    desk().sign_out(username, reason)
    click.echo(f"{username} is signed out everywhere.")


@command.command
@click.argument("username")
@reason
def deactivate(username: str, reason: str) -> None:
    """Someone has left: signed out at once, and not let in again."""
    desk().set_active(username, active=False, reason=reason)
    click.echo(f"{username} can no longer sign in.")


@command.command
@click.argument("username")
@reason
def activate(username: str, reason: str) -> None:
    """Someone is back."""
    desk().set_active(username, active=True, reason=reason)
    click.echo(f"{username} can sign in again.")


def ask(*, stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\n")
    if not interactive():
        raise click.UsageError("Nobody is there to type a password: use --password-stdin.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise click.UsageError("The two are not the same.")
    return password
