"""Names, identity numbers and free text are stored sealed: readable with the clinic's key, in their own row."""

import hmac
import os
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from lysglimt.knowledge.errors import ClinicalError

from .keyring import NONCE_BYTES, RING, Locked, masters

UNDER_A_DATA_KEY = 2
"""The first byte of what is sealed; 1 was sealed by a key of the configuration itself."""


class Unreadable(ClinicalError):
    """What is stored was not sealed for this row, or its key is gone."""

    code = "sealed.unreadable"


@dataclass(frozen=True, slots=True)
class Place:
    """The one place where a sealed value can be opened: table, row and column."""

    table: str
    row: object
    column: str

    def bound_to(self, key_id: str) -> bytes:
        return "\0".join((self.table, str(self.row), self.column, key_id)).encode()


def seal(text: str, place: Place) -> bytes:
    """AES-256-GCM under the newest data key: version, key id, nonce, ciphertext with tag.

    Table, row, column and key id are associated data: moved to another row it does not open.
    """
    key_id = RING.sealing()
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(RING.key(key_id)).encrypt(nonce, text.encode(), place.bound_to(key_id))
    return bytes((UNDER_A_DATA_KEY, len(key_id))) + key_id.encode() + nonce + sealed


def opened(sealed: bytes | memoryview, place: Place) -> str:
    """The text that was sealed in this place. Raises Unreadable."""
    try:
        key, key_id, nonce, rest = parts(bytes(sealed))
        return AESGCM(key).decrypt(nonce, rest, place.bound_to(key_id)).decode()
    except (InvalidTag, Locked, LookupError, ValueError) as cause:
        raise Unreadable(
            f"{place.table}.{place.column} cannot be opened in this row", column=place.column
        ) from cause


def is_newest(sealed: bytes) -> bool:
    """By the data key that seals from now on."""
    return sealed[0] == UNDER_A_DATA_KEY and key_id_in(sealed) == RING.sealing()


def master_of(sealed: bytes) -> str:
    """The key of the configuration that has sealed it itself; "" when a data key has."""
    return "" if sealed[0] == UNDER_A_DATA_KEY else key_id_in(sealed)


def key_id_in(sealed: bytes) -> str:
    return sealed[2 : 2 + sealed[1]].decode()


def parts(stored: bytes) -> tuple[bytes, str, bytes, bytes]:
    """Key, key id, nonce, ciphertext with tag."""
    version, after = stored[0], 2 + stored[1]
    key_id = key_id_in(stored)
    match version:
        case 1:
            key = masters()[key_id]
        case 2:
            key = RING.key(key_id)
        case _:
            raise ValueError(f"sealed as version {version}")
    return key, key_id, stored[after : after + NONCE_BYTES], stored[after + NONCE_BYTES :]


def index(text: str, *, of: str, entity: object) -> str:
    """A keyed fingerprint to look a value up by, 32 hex digits; another in each legal entity."""
    return derived(of, str(entity), text).hex()[:32]


def derived(*of: str) -> bytes:
    """32 bytes that follow from the index key and these words, the same each time."""
    return hmac.new(settings.INDEX_KEY, "\0".join(of).encode(), sha256).digest()
