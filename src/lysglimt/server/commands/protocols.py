"""The treatment protocols, and which of their figures a doctor of the unit must approve."""

import click

from lysglimt.knowledge.protocols.approval import Stated, awaiting_approval
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.protocols.library import protocols as catalogue
from lysglimt.server.output import print_json


@click.group
def command() -> None:
    """The treatment protocols, and which figures await approval."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def listed(*, as_json: bool) -> None:
    """Print every protocol: id, version, kind, name."""
    rows = [
        {"id": one.id, "version": one.version, "kind": one.kind, "name": one.name}
        for one in catalogue().values()
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo("{id:18} {version:8} {kind:11} {name}".format(**row))


@command.command
@click.argument("protocol")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def review(protocol: str, *, as_json: bool) -> None:
    """Print the figures that are remembered or our own: a doctor of the unit approves them."""
    stated = awaiting_approval(latest(protocol))
    if as_json:
        print_json([_row(one) for one in stated])
        return
    for one in stated:
        click.echo(f"{one.path:44} {_amount(one):>16}  {one.basis.mark}")


def _row(one: Stated) -> dict[str, object]:
    return {
        "path": one.path,
        "value": one.number,
        "unit": one.unit,
        "mark": one.basis.mark,
        "source": one.basis.source.key,
    }


def _amount(one: Stated) -> str:
    return "" if one.unit is None else f"{one.number} {one.unit}"
