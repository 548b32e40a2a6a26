"""What patient monitors send, by HL7 v2."""

import asyncio

import click

from lysglimt.server.starting import start


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
    from lysglimt.server import monitors  # noqa: PLC0415 - it loads models: Django is set up first, and `--help` waits for neither

    try:
        unit = monitors.unit_of(named, entity)
    except monitors.NotOneUnit as refusal:
        raise click.UsageError(str(refusal)) from None
    asyncio.run(monitors.listening(unit, host=host, port=port, tell=tell))


def tell(line: str) -> None:
    click.echo(line, err=True)
