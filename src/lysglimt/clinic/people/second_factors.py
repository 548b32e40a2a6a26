"""The secrets behind second factors: sealed like a name, and sealed anew when the keys change."""

from collections.abc import Iterator, Mapping
from typing import Any

from allauth.mfa.models import Authenticator

from lysglimt.clinic.sealing.values import Place, is_newest, master_of, opened, seal

PLACE = Place("mfa_authenticator", "", "data")
"""Not of one row: django-allauth does not tell whose secret it asks for."""

SECRETS = ("secret", "seed")
"""An app's, and that which recovery codes are made from. A passkey's key is public."""


def sealed(text: str) -> str:
    return seal(text, PLACE).hex()


def revealed(stored: str) -> str:
    """Raises Unreadable."""
    return opened(bytes.fromhex(stored), PLACE)


def sealed_in(data: Mapping[str, Any]) -> Iterator[bytes]:
    yield from (bytes.fromhex(data[name]) for name in SECRETS if name in data)


def sealed_anew(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same, with every secret under the newest data key. Raises Unreadable."""
    secrets = {name: sealed(revealed(data[name])) for name in SECRETS if name in data}
    return {**data, **secrets}


def waiting() -> list[int]:
    """The keys of those that an older data key has sealed, or a key of the configuration itself."""
    rows = Authenticator.objects.order_by("pk").values_list("pk", "data")
    return [pk for pk, data in rows if not all(map(is_newest, sealed_in(data)))]


def under_masters() -> Iterator[str]:
    """For each secret that a key of the configuration itself has sealed: the name of that key."""
    for data in Authenticator.objects.values_list("data", flat=True):
        yield from filter(None, map(master_of, sealed_in(data)))
