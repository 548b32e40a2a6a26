"""The clinic's keys: those of the configuration wrap the data keys, and only those seal."""

import os
import secrets
from collections.abc import Mapping
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from lysglimt.knowledge.errors import ClinicalError

from .models import DataKey

KEY_BYTES = 32
NONCE_BYTES = 12


class Locked(ClinicalError):
    """A data key cannot be unwrapped: the key that wrapped it is not in the configuration."""

    code = "sealed.locked"


class Ring:
    """Data keys as far as this process has unwrapped them. What a key id means never changes."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}
        self.newest = ""

    def forget(self) -> None:
        self.known = {}
        self.newest = ""

    def key(self, name: str) -> bytes:
        """The data key of this id. Raises Locked; LookupError when there is none."""
        if name not in self.known:
            row = DataKey.objects.filter(pk=name).first()
            if row is None:
                raise LookupError(f"no data key is called {name!r}")
            self.known[name] = unwrapped(row)
        return self.known[name]

    def sealing(self) -> str:
        """The id of the key that seals from now on."""
        if not self.newest:
            row = DataKey.objects.newest_first().first()
            if row is None:
                raise Locked("There is no data key. Run: lysglimt migrate")
            self.newest = row.pk
        return self.newest


RING = Ring()


def masters() -> Mapping[str, bytes]:
    """Of the configuration: key id to 32 bytes, the newest first."""
    known: Mapping[str, bytes] = settings.ENCRYPTION_KEYS
    return known


def new_data_key(at: datetime, model: type[DataKey] = DataKey) -> DataKey:
    """Not stored yet; wrapped by the newest master."""
    master = next(iter(masters()))
    row = model(id=secrets.token_hex(4), made_at=at, made_under=master, wrapped_by=master)
    row.wrapped = wrapped(secrets.token_bytes(KEY_BYTES), name=row.id, master=master)
    return row


def wrapped(key: bytes, *, name: str, master: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(masters()[master]).encrypt(nonce, key, bound(name, master))


def unwrapped(row: DataKey) -> bytes:
    """Raises Locked."""
    sealed = bytes(row.wrapped)
    try:
        master = masters()[row.wrapped_by]
        return AESGCM(master).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound(row.id, row.wrapped_by)
        )
    except KeyError:
        raise Locked(
            f"Data key {row.id} is wrapped by {row.wrapped_by!r}, which encryption_keys lacks."
        ) from None
    except InvalidTag:
        raise Locked(
            f"Data key {row.id} does not open with {row.wrapped_by!r}: that key is another."
        ) from None


def bound(name: str, master: str) -> bytes:
    return "\0".join(("lysglimt data key", name, master)).encode()
