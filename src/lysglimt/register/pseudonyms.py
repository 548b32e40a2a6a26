"""What a person, a course or a rating is called in the register: a name that names nobody.

Of the same key, project, kind and id it is the same each time, so that a later delivery finds the
rows of an earlier one. Who does not have the key cannot go back, nor from one project to another.
"""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256

LENGTH = 32
"""Hexadecimal digits, 128 bits: no two of a billion are alike by chance."""


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """The names of one project. The key is made from the clinic's own, and stays there."""

    key: bytes = field(repr=False)

    @classmethod
    def of_project(cls, project: str, *, key: bytes) -> "Pseudonyms":
        return cls(hmac.new(key, f"register project\0{project}".encode(), sha256).digest())

    def name(self, kind: str, known_as: object) -> str:
        """``kind`` is the table: a course and a person of the same id have two names."""
        said = f"{kind}\0{known_as}".encode()
        return hmac.new(self.key, said, sha256).hexdigest()[:LENGTH]

    def digest(self, text: str) -> str:
        """Of a row, to tell whether it has changed; it can be tried out by nobody without the key."""
        return hmac.new(self.key, f"row\0{text}".encode(), sha256).hexdigest()[:LENGTH]
