"""What patient monitors send, by HL7 v2."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from lysglimt.server.starting import start

if TYPE_CHECKING:
    from lysglimt.clinic.people.models import Unit


@click.group
def command() -> None:
    """What patient monitors send, by HL7 v2."""


@command.command
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address to listen on."
)
@click.option("--port", default=2575, show_default=True, type=click.IntRange(0, 65535))
@click.option("--unit", "named", help="Whose monitors; needed where there are several units.")
@click.option("--entity", help="Of which legal entity, where several have a unit of that name.")
def listen(*, host: str, port: int, named: str | None, entity: str | None) -> None:
    """Listen for ORU^R01 over MLLP. Ctrl-C ends it, when what has arrived is stored.

    MLLP has no password and hides nothing: listen in a network of monitors alone, or behind TLS.
    One line a connection goes to standard error, without what was sent.
    """
    start()
    from lysglimt.server import serving  # noqa: PLC0415 - after Django has started

    serving.refuse_unready()
    serving.refuse_unsound_journal()
    unit = unit_of(named, entity)
    asyncio.run(listening(store_of(unit), host=host, port=port, name=str(unit)))


def unit_of(named: str | None, entity: str | None) -> "Unit":
    from lysglimt.clinic.people.models import Unit  # noqa: PLC0415 - likewise
    from lysglimt.server.accounts import nearest  # noqa: PLC0415 - likewise

    asked = {"name": named, "entity__name": entity}
    units = Unit.objects.filter(**{key: value for key, value in asked.items() if value})
    found = list(units[:2])
    if len(found) == 1:
        return found[0]
    if named and not found:
        raise click.UsageError(f"no unit is called {named!r}{nearest(named)}")
    raise click.UsageError("Whose monitors? Name one unit with --unit, and its --entity.")


def store_of(unit: "Unit") -> Callable[[Sequence[bytes]], list[bytes]]:
    from django.utils import timezone  # noqa: PLC0415 - likewise

    from lysglimt.exchange.hl7v2.receiving import receive  # noqa: PLC0415 - likewise

    return lambda messages: receive(messages, unit=unit, at=timezone.now())


async def listening(
    store: Callable[[Sequence[bytes]], list[bytes]], *, host: str, port: int, name: str
) -> None:
    from lysglimt.exchange.hl7v2.listening import Listener  # noqa: PLC0415 - likewise

    until, loop = asyncio.Event(), asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, until.set)
    await Listener(store, tell=lambda line: click.echo(line, err=True)).run(
        host=host,
        port=port,
        until=until,
        ready=lambda at: click.echo(
            f"Listening for the monitors of {name} at {host}:{at}", err=True
        ),
    )
