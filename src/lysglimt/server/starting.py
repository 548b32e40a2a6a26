"""Django is started by the commands that need it, and by no other."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tomllib import TOMLDecodeError

from pydantic import ValidationError

from lysglimt.clinic.people.reach import reach_everything
from lysglimt.knowledge.errors import ClinicalError


class Misconfigured(ClinicalError):
    """lysglimt.toml or a LYSGLIMT_ variable says what cannot be."""

    code = "server.misconfigured"


def start(*, as_owner: bool = False) -> None:
    """Read the configuration and start Django. Raises Misconfigured, in words, one a line.

    Every command comes through here and works for the whole clinic; what answers a request does
    not. ``as_owner`` is for those that make, copy or replace the database itself.
    """
    import django  # noqa: PLC0415 - `lysglimt serve --help` does not wait for Django

    os.umask(0o077)  # what is written about patients is for this user alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lysglimt.server.settings")
    try:
        with here_to_stay():
            django.setup()
    except ValidationError as refusal:
        raise Misconfigured(in_words(refusal)) from refusal
    except (TOMLDecodeError, UnicodeDecodeError, RecursionError) as refusal:
        raise Misconfigured(f"lysglimt.toml: {refusal}") from refusal
    reach_everything()
    if as_owner:
        from .privileges import become_owner  # noqa: PLC0415 - it asks a Django that has started

        if not become_owner():
            raise Misconfigured("database_owner and database name two databases")


@contextmanager
def here_to_stay() -> Iterator[None]:
    """What is imported meanwhile lasts as long as the process: nobody need look through it for waste.

    A command that needs Django starts in three quarters of the time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def in_words(refusal: ValidationError) -> str:
    """Every key that is missing or wrong, and what to do about it."""
    found = [
        f"{'.'.join(str(part) for part in error['loc']) or 'configuration'}: {error['msg']}"
        for error in refusal.errors(include_url=False, include_input=False)
    ]
    advice = "Run `lysglimt init`, or set LYSGLIMT_ variables." if missing(refusal) else ""
    return "; ".join(found) + (f". {advice}" if advice else "")


def missing(refusal: ValidationError) -> bool:
    return any(error["type"] == "missing" for error in refusal.errors())


def interactive() -> bool:
    """Is someone there to answer?"""
    return sys.stdin.isatty()
