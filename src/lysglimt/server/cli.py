"""The one command: `lysglimt`. A subcommand is imported when it is run, so that help is quick."""

import sys
from importlib import import_module
from keyword import iskeyword

import click

from lysglimt.knowledge.errors import ClinicalError

COMMANDS = {
    "audit": "Who did what, who saw whom, and is the trail whole?",
    "backup": "An encrypted copy of the database, made while it is in use.",
    "course": "Where a course stands, from its protocol and its facts.",
    "demo": "A throw-away clinic with made-up patients, in the browser.",
    "doctor": "Is this installation sound? One line for each check, with its remedy.",
    "drill": "Restore the newest backup beside the clinic, and see that nothing is missing.",
    "evidence": "What the trials found: the table, a pool, a network.",
    "dose": "The infusion plan: mg, ml, ml/h, every input and formula.",
    "hl7": "What patient monitors send, by HL7 v2: listen.",
    "import": "Patients, referrals, sessions or ratings from CSV or XLSX.",
    "init": "Write lysglimt.toml with new keys.",
    "kinetics": "Concentration curves from published models, for teaching.",
    "keys": "The keys that seal names and free text: list, make, change.",
    "ledger": "The ledgers of controlled drugs: is every line as it was written?",
    "migrate": "Make or upgrade the database.",
    "openapi": "Every address of the server as OpenAPI 3.1: rights, forms, answers.",
    "outcomes": "Response and remission in any long table of scores.",
    "protocols": "The treatment protocols, and which figures await approval.",
    "prove": "See a promise hold, on a scratch copy of this clinic.",
    "register": "The quality register: its code book.",
    "restore": "Bring a backup back.",
    "score": "Score an instrument.",
    "screen": "Is this treatment for this person? Findings with reasons and sources.",
    "serve": "The web server.",
    "simulate": "A synthetic register: made-up patients, as Parquet and as files to import.",
    "symptoms": "The model of how symptoms run, beside what trials found; its fit.",
    "user": "Add or change one who signs in.",
    "whatif": "Another chair, interval or stop rule: waiting, hours, effect that is held, cost.",
    "version": "Which Lysglimt this is.",
}
"""Name to the line that --help shows. `lysglimt score` is ``command`` in commands/score.py."""


class Commands(click.Group):
    """Knows its commands by name; imports one only when it is run or explained."""

    def list_commands(self, _: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        # A module cannot bear a word of the language: `import` is in import_.py.
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name.replace("-", "_")
        module = import_module(f"lysglimt.server.commands.{name}")
        command: click.Command = module.command
        return command

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def lysglimt() -> None:
    """Rapid-acting antidepressant treatment: the clinic and its register.

    Exit codes: 0 done, 1 a check failed, 2 wrong use or input that is refused.
    """


def main() -> None:
    """Refusals go to standard error in one line, without a traceback."""
    try:
        lysglimt(prog_name="lysglimt")
    except ClinicalError as refusal:
        click.echo(f"lysglimt: {refusal}", err=True)
        sys.exit(2)
    except UnicodeDecodeError as refusal:
        click.echo(f"lysglimt: the file is not UTF-8 text (byte {refusal.start + 1})", err=True)
        sys.exit(2)
    except OSError as refusal:
        told = f"{refusal.filename}: {refusal.strerror}" if refusal.filename else str(refusal)
        click.echo(f"lysglimt: {told or type(refusal).__name__}", err=True)
        sys.exit(2)
