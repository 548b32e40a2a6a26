"""What is a medicine called, and which ATC code does it have?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.text import Text

IN_BRACKETS = re.compile(r"^(?P<name>.*?)\s*\((?P<code>[A-Z][0-9]{2}[A-Z]{2}[0-9]{2})\)$")
"""As the list offers it: ``oxazepam (N05BA04)``."""


@dataclass(frozen=True, slots=True)
class Substance:
    """One code of the index with its name in both languages."""

    atc: str
    name: Text


@dataclass(frozen=True, slots=True)
class AtcIndex:
    """Far from all codes: what is not here is written freely. The bases are those of the columns."""

    codes: Basis
    norwegian: Basis
    substance: tuple[Substance, ...]

    @property
    def names(self) -> Mapping[str, Text]:
        return {one.atc: one.name for one in self.substance}

    def found(self, written: str) -> Substance | None:
        """By its code, by a name in either language, or as the list offers it. None if not here.

        A name that two substances have names neither.
        """
        words = written.strip()
        offered = IN_BRACKETS.match(words)
        wanted = (offered["code"] if offered else words).casefold()
        same = [
            one
            for one in self.substance
            if wanted in {one.atc.casefold(), one.name.nb.casefold(), one.name.en.casefold()}
        ]
        return same[0] if len(same) == 1 else None


@cache
def atc_index() -> AtcIndex:
    return read(AtcIndex, files("lysglimt.knowledge.safety") / "atc.toml")
