r"""The file of a backup: sealed piece by piece, so that no change, cut or swap goes unseen.

    LYSGLIMT BACKUP 1\n | 4 bytes: length of the header | header, JSON | pieces

The header says which key of the configuration wraps the file's own random key. Each piece is
AES-256-GCM over at most 1 MiB under that key. Its nonce is 7 random bytes of the header, the
number of the piece (4 bytes) and 1 for the last piece, else 0; so a piece that is missing, moved
or repeated does not open, nor does a file without its end (the STREAM construction of Hoang,
Reyhanitabar, Rogaway and Vizár, 2015). The digest of magic and header is associated data.
"""

import base64
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lysglimt.clinic.sealing.keyring import masters
from lysglimt.knowledge.errors import ClinicalError

MAGIC = b"LYSGLIMT BACKUP 1\n"
PIECE = 1 << 20
TAG = 16
NONCE = 12
PREFIX = 7
LONGEST_HEADER = 4096


class Damaged(ClinicalError):
    """Not a backup, or not as it was written."""

    code = "backup.damaged"


class AnotherKey(ClinicalError):
    """The key that sealed the backup is not in the configuration."""

    code = "backup.another_key"


@dataclass(frozen=True, slots=True)
class Lock:
    """How the pieces of one file are sealed."""

    key: AESGCM
    prefix: bytes
    bound: bytes

    def nonce(self, number: int, *, last: bool) -> bytes:
        return self.prefix + number.to_bytes(4, "big") + bytes((last,))


def write(source: BinaryIO, target: BinaryIO) -> None:
    """Seal all of ``source`` into ``target`` with the newest key of the configuration."""
    master = next(iter(masters()))
    key, wrap = secrets.token_bytes(32), os.urandom(NONCE)
    prefix = os.urandom(PREFIX)
    wrapped = wrap + AESGCM(masters()[master]).encrypt(wrap, key, MAGIC + master.encode())
    said = {"key": master, "wrapped": text(wrapped), "prefix": text(prefix)}
    header = json.dumps(said).encode()
    head = MAGIC + len(header).to_bytes(4, "big") + header
    target.write(head)
    lock = Lock(AESGCM(key), prefix, sha256(head).digest())
    target.writelines(
        lock.key.encrypt(lock.nonce(number, last=last), piece, lock.bound)
        for number, (piece, last) in enumerate(pieces(source, PIECE))
    )


def read(source: BinaryIO, keys: Mapping[str, bytes] | None = None) -> Iterator[bytes]:
    """The pieces, each proved to be what was written there. Raises Damaged, AnotherKey.

    Nothing is whole before the last piece has come: use none of it before that.
    """
    lock = unlocked(header_of(source), masters() if keys is None else keys)
    for number, (piece, last) in enumerate(pieces(source, PIECE + TAG)):
        try:
            yield lock.key.decrypt(lock.nonce(number, last=last), piece, lock.bound)
        except InvalidTag:
            raise Damaged(f"The backup is damaged or cut off in piece {number + 1}.") from None


@dataclass(frozen=True, slots=True)
class Header:
    """``key`` is the name of the one that wrapped the file's own; ``whole`` all bytes so far."""

    key: str
    wrapped: bytes
    prefix: bytes
    whole: bytes


def header_of(source: BinaryIO) -> Header:
    magic, length = source.read(len(MAGIC)), source.read(4)
    size = int.from_bytes(length, "big")
    if magic != MAGIC or size > LONGEST_HEADER:
        raise Damaged("This is not a backup of Lysglimt.")
    header = source.read(size)
    try:
        said = json.loads(header)
        wrapped, prefix = raw(said["wrapped"]), raw(said["prefix"])
        return Header(str(said["key"]), wrapped, prefix, magic + length + header)
    except (ValueError, KeyError, TypeError):
        raise Damaged("The header of the backup is damaged.") from None


def unlocked(header: Header, keys: Mapping[str, bytes]) -> Lock:
    name = header.key
    if name not in keys:
        raise AnotherKey(
            f"The backup is sealed with {name!r}: put that key into [encryption_keys]."
        )
    try:
        wrap, wrapped = header.wrapped[:NONCE], header.wrapped[NONCE:]
        key = AESGCM(keys[name]).decrypt(wrap, wrapped, MAGIC + name.encode())
    except (InvalidTag, ValueError):
        raise AnotherKey(
            f"The backup does not open with {name!r}: that key is another, or the header is damaged."
        ) from None
    if len(header.prefix) != PREFIX:
        raise Damaged("The header of the backup is damaged.")
    return Lock(AESGCM(key), header.prefix, sha256(header.whole).digest())


def pieces(source: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    """Each with whether it is the last; nothing at all is one empty last piece."""
    piece = source.read(size)
    while True:
        following = source.read(size)
        yield piece, not following
        if not following:
            return
        piece = following


def text(known: bytes) -> str:
    return base64.b64encode(known).decode()


def raw(known: str) -> bytes:
    return base64.b64decode(known, validate=True)
