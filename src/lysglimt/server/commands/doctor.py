"""Is this installation sound?"""

import sys
from dataclasses import asdict

import click

from lysglimt.server.output import print_json
from lysglimt.server.starting import Misconfigured, start


@click.command
@click.option("--json", "as_json", is_flag=True)
def command(*, as_json: bool) -> None:
    """One line for each check; what is wrong comes with its remedy. Exit code 1 if any fails."""
    try:
        start()
    except Misconfigured as refusal:
        found = [
            {
                "check": "configuration",
                "sound": False,
                "says": str(refusal),
                "remedy": "lysglimt init",
            }
        ]
    else:
        from lysglimt.server.examination import examine  # noqa: PLC0415 - it loads models: Django is set up first, and `--help` waits for neither

        found = [asdict(each) for each in examine()]
    if as_json:
        print_json(found)
    else:
        for each in found:
            remedy = "" if each["sound"] else f" -> {each['remedy']}"
            click.echo(
                f"{'ok ' if each['sound'] else 'BAD'} {each['check']}: {each['says']}{remedy}"
            )
    sys.exit(0 if all(each["sound"] for each in found) else 1)
