"""Every address of the server, described for programs."""

from importlib.metadata import version

import click

from lysglimt.server.output import print_json
from lysglimt.server.starting import start


@click.command
def command() -> None:
    """Print the OpenAPI 3.1 document of every address: rights, forms, answers."""
    start()
    from lysglimt.server.openapi.document import document  # noqa: PLC0415 - it loads models: Django is set up first, and `--help` waits for neither

    print_json(document(version("lysglimt")))
