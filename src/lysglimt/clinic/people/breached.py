"""A password that thieves have in their lists is nobody's secret."""

import io
from hashlib import sha1
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from .models import Professional

HASH = 40
"""Hexadecimal digits of a SHA-1 hash, with which each line begins."""


class Breached:
    """Held against a list that the clinic has fetched: nothing about a password leaves the house.

    ``file`` has a line for each password, its SHA-1 hash first, in order of hash.
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    def validate(self, password: str, _: Professional | None = None) -> None:
        # The list is of SHA-1; what is stored here is not.
        mine = sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        with self.file.open("rb") as listed:
            if stands_in(listed, mine.encode()):
                raise ValidationError(self.get_help_text(), code="password_breached")

    def get_help_text(self) -> str:
        return gettext("It stands in lists of stolen passwords, which are tried first.")


def stands_in(listed: io.BufferedIOBase, mine: bytes) -> bool:
    """By halves: the whole list is some forty gigabytes, and a line is found in as many looks."""
    low, high = 0, listed.seek(0, io.SEEK_END)
    while low < high:
        middle = (low + high) // 2
        listed.seek(max(middle - 1, 0))
        if middle:
            listed.readline()  # to where the next line begins, which may be here
        begins = listed.tell()
        found = listed.readline()[:HASH].upper()
        if found == mine:
            return True
        if not found or begins >= high or found > mine:
            high = middle
        else:
            low = listed.tell()
    return False
