"""The units that may deliver, by a file that people keep: number, name, legal basis, public keys."""

from dataclasses import dataclass
from pathlib import Path

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Inconsistent, Misstated
from lysglimt.register.code_book import code_book, told
from lysglimt.register.signing import is_key

FILE = "units.toml"


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """Without a key a unit delivers nothing: so one is shut out whose key is lost."""

    number: int
    name: str
    legal_basis: str
    keys: tuple[str, ...]

    def __post_init__(self) -> None:
        bases = code_book().lists["legal-basis"]
        if self.number < 1:
            raise Inconsistent(f"number: {self.number}, allowed is 1 or more")
        if self.legal_basis not in bases:
            raise Inconsistent(f"legal_basis: {self.legal_basis!r}, allowed is {told(bases)}")
        for key in self.keys:
            if not is_key(key):
                raise Inconsistent(f"keys: {key!r} is no Ed25519 public key in base64")


@dataclass(frozen=True, slots=True)
class KnownUnits:
    unit: tuple[KnownUnit, ...] = ()

    def __post_init__(self) -> None:
        for said, values in (
            ("number", [one.number for one in self.unit]),
            ("keys", [key for one in self.unit for key in one.keys]),
        ):
            if len(values) != len(set(values)):
                raise Inconsistent(f"{said}: the same stands twice")


def known_units(node: Path) -> dict[int, KnownUnit]:
    """By number. Raises Misstated for a file that says what it cannot, or that is not there."""
    file = node / FILE
    if not file.is_file():
        raise Misstated(
            f"{file}: is missing; write [[unit]] with number, name, legal_basis, keys"
        )
    return {one.number: one for one in read(KnownUnits, file).unit}
