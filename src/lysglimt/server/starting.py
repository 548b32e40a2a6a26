"""Django is started by the commands that need it, and by no other."""

import os
import sys
from tomllib import TOMLDecodeError

from pydantic import ValidationError

from lysglimt.knowledge.errors import ClinicalError


class Misconfigured(ClinicalError):
    """lysglimt.toml or a LYSGLIMT_ variable says what cannot be."""

    code = "server.misconfigured"


def start() -> None:
    """Read the configuration and start Django. Raises Misconfigured, in words, one a line."""
    import django  # noqa: PLC0415 - `lysglimt --help` does not wait for Django

    os.umask(0o077)  # what is written about patients is for this user alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lysglimt.server.settings")
    try:
        django.setup()
    except ValidationError as refusal:
        raise Misconfigured(in_words(refusal)) from refusal
    except (TOMLDecodeError, UnicodeDecodeError, RecursionError) as refusal:
        raise Misconfigured(f"lysglimt.toml: {refusal}") from refusal


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
