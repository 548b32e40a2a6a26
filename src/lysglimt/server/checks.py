"""Mistakes in how a clinic is set up, said before it opens."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error

LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})


def made_up_and_real_are_apart(**_: Any) -> list[CheckMessage]:
    if settings.DEMO and settings.IDENTITY_NUMBERS != "synthetic":
        return [
            Error(
                "A demo would take identity numbers of real people.",
                hint='Set identity_numbers = "synthetic", or demo = false.',
                id="clinic.E001",
            )
        ]
    return []


def real_patients_travel_sealed(**_: Any) -> list[CheckMessage]:
    if settings.SESSION_COOKIE_SECURE or set(settings.ALLOWED_HOSTS) <= LOCAL:
        return []
    return [
        Error(
            "Patients' pages would cross the network unencrypted.",
            hint="Put a TLS proxy in front and set https = true.",
            id="clinic.E002",
        )
    ]


def no_developer_mode_with_patients(**_: Any) -> list[CheckMessage]:
    if settings.DEBUG and settings.IDENTITY_NUMBERS == "real":
        return [
            Error(
                "Developer mode would show patients' rows on every error page.",
                hint="Set debug = false.",
                id="clinic.E003",
            )
        ]
    return []


def keys_are_not_the_same(**_: Any) -> list[CheckMessage]:
    if settings.INDEX_KEY in settings.ENCRYPTION_KEYS.values():
        return [
            checks.Warning(
                "One key both seals names and looks them up.",
                hint="Give index_key a key of its own before the first patient comes.",
                id="clinic.W001",
            )
        ]
    return []


def the_database_is_who_it_says(**_: Any) -> list[CheckMessage]:
    """On another machine, by TLS, with a certificate that is held against its name."""
    database = settings.DATABASES["default"]
    host = str(database.get("HOST") or "")
    remote = "postgresql" in database["ENGINE"] and not host.startswith("/")
    sealed = database.get("OPTIONS", {}).get("sslmode") == "verify-full"
    if not remote or host in LOCAL | {"", "::1"}:
        return []
    if sealed:
        return own_authority(database["OPTIONS"].get("sslrootcert", ""), host)
    return [
        Error(
            f"Patients' rows would cross the network to {host}, and nobody looks who answers there.",
            hint="Write ?sslmode=verify-full behind the address of the database; &sslrootcert=FILE "
            "names the one authority that is trusted.",
            id="clinic.E004",
        )
    ]


def own_authority(names: str, host: str) -> list[CheckMessage]:
    """Of all the authorities that the machine trusts, any could vouch for another database."""
    if names not in {"", "system"}:
        return []
    return [
        checks.Warning(
            f"Any authority that this machine trusts may vouch for the database at {host}.",
            hint="Write &sslrootcert=FILE with the hospital's own authority.",
            id="clinic.W002",
        )
    ]


CHECKS = (
    made_up_and_real_are_apart,
    real_patients_travel_sealed,
    no_developer_mode_with_patients,
    keys_are_not_the_same,
    the_database_is_who_it_says,
)
