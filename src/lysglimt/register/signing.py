"""Who delivered it, and is it as it was? Ed25519: a unit signs, the node knows the units' keys."""

import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from lysglimt.knowledge.errors import ClinicalError

DOMAIN = b"lysglimt register delivery 1\n"
"""Before what is signed, so that the signature holds for nothing else."""
KEY_LENGTH = 32


class NoSigningKey(ClinicalError):
    """A file that holds no Ed25519 key, or a key where one was to be written."""

    code = "register.no-signing-key"

    @classmethod
    def of(cls, file: Path, allowed: str) -> "NoSigningKey":
        return cls(
            f"{file.name}: is refused, allowed is {allowed}",
            field="key",
            value=file.name,
            allowed=allowed,
        )


def make_key(file: Path) -> str:
    """Write a new private key that its owner alone may read; what the node is told, is handed back.

    Raises NoSigningKey where a file lies already: a key is never written over.
    """
    key = Ed25519PrivateKey.generate()
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        place = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as refusal:
        raise NoSigningKey.of(file, "a name that is free") from refusal
    with os.fdopen(place, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    return public_key(key)


def signing_key(file: Path) -> Ed25519PrivateKey:
    """Raises NoSigningKey for what is no Ed25519 key in PEM, or is one under a password."""
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as refusal:
        raise NoSigningKey.of(file, "an Ed25519 key in PEM") from refusal
    if not isinstance(key, Ed25519PrivateKey):
        raise NoSigningKey.of(file, "an Ed25519 key in PEM")
    return key


def public_key(key: Ed25519PrivateKey) -> str:
    """As the node writes it in its list of units: base64."""
    return b64encode(key.public_key().public_bytes_raw()).decode()


def signed(key: Ed25519PrivateKey, content: bytes) -> bytes:
    return key.sign(DOMAIN + content)


def is_signed(keys: Iterable[str], content: bytes, signature: bytes) -> bool:
    """Was it signed with one of these keys?"""
    return any(_holds(key, content, signature) for key in keys)


def is_key(text: str) -> bool:
    try:
        return len(b64decode(text, validate=True)) == KEY_LENGTH
    except (NotBase64, ValueError):
        return False


def _holds(key: str, content: bytes, signature: bytes) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(b64decode(key, validate=True))
        public.verify(signature, DOMAIN + content)
    except (InvalidSignature, ValueError):
        return False
    return True
