"""What the doctor looks at: configuration, database, disk, clock, keys, trail, TLS, mail, backups."""

import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from lysglimt.clinic.audit import trail
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.sealing.keyring import Locked
from lysglimt.clinic.sealing.values import Place, Unreadable, opened, seal

from . import row_security
from .backup import keeping
from .checks import LOCAL
from .database import SOUND_WAL, journal, sqlite_version
from .migrations import ahead, waiting
from .protection import unguarded
from .room import LEAST_BYTES, LEAST_SHARE, room_is_left, room_left

CERTIFICATE_LEFT = timedelta(days=14)
CLOCK_MAY_DIFFER = timedelta(seconds=60)
SEALED_WITHIN = timedelta(hours=26)
"""The trail is sealed and told outside each day; a timer may be a little late."""
WRITTEN_THROUGH = ("fsync", "full_page_writes", "synchronous_commit")
"""What PostgreSQL must do before it says that something is stored."""
BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock that shows less has not been set since the machine started."""


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    sound: bool
    says: str
    remedy: str = ""


def configuration() -> Finding:
    wrong = checks.run_checks(tags=["clinic"])
    says = "; ".join(f"{one.id} {one.msg}" for one in wrong) or "lysglimt.toml is understood"
    remedy = " ".join(str(one.hint) for one in wrong if one.hint)
    return Finding("configuration", not any(one.is_serious() for one in wrong), says, remedy)


def database() -> Finding:
    if connection.vendor == "postgresql":
        return postgresql()
    if absent():
        return Finding("database", sound=False, says="none yet", remedy="lysglimt migrate")
    version = ".".join(map(str, sqlite_version()))
    asked = journal(sqlite_version())
    mode, level = journal_in_use()
    why = "" if sqlite_version() >= SOUND_WAL else " (WAL is unsafe below 3.51.3)"
    return Finding(
        "database",
        (mode, level) == asked,
        f"SQLite {version}, journal {mode}, synchronous {level}{why}",
        f"end every process that has the file open; it should be {' and '.join(asked)}",
    )


def journal_in_use() -> tuple[str, str]:
    """Journal mode and synchronous, as this connection has them."""
    levels = {"0": "OFF", "1": "NORMAL", "2": "FULL", "3": "EXTRA"}
    return pragma("journal_mode").upper(), levels[pragma("synchronous")]


def postgresql() -> Finding:
    """Once without the pool, which would wait and then hide the cause."""
    alone = connections.create_connection("default")
    alone.settings_dict = alone.settings_dict | {
        "OPTIONS": {k: v for k, v in alone.settings_dict["OPTIONS"].items() if k != "pool"}
    }
    try:
        alone.ensure_connection()
        version = alone.connection.info.server_version // 10000
        written = {each: shown(alone, each) for each in WRITTEN_THROUGH}
    finally:
        alone.close()
    off = [each for each, said in written.items() if said == "off"]
    says = f"PostgreSQL {version}" + (f", {' and '.join(off)} off" if off else "")
    remedy = "upgrade to 15 or newer" if version < 15 else f"set {' and '.join(off)} on"
    return Finding("database", version >= 15 and not off, says, remedy)


def shown(database: Any, setting: str) -> str:
    [said] = database.connection.execute(f"SHOW {setting}").fetchone()
    return str(said)


def migrations() -> Finding:
    if unknown := ahead():
        says = f"made by a newer Lysglimt: {', '.join(unknown)}"
        return Finding("migrations", sound=False, says=says, remedy="install that version")
    steps = waiting()
    says = f"{len(steps)} to do" if steps else "up to date"
    return Finding("migrations", not steps, says, "lysglimt migrate")


def protection() -> Finding:
    """Facts can be added and not changed: the database itself sees to it."""
    gone = unguarded(connection)
    says = f"rows can be changed in {', '.join(gone)}" if gone else "facts can only be added"
    return Finding("protection", not gone, says, "restore the database with its triggers")


def rows() -> Finding:
    """Does the database look for itself whose a row is, and is the role that serves bound by it?"""
    if connection.vendor != "postgresql":
        says = "the program alone keeps houses apart: SQLite has no policies of rows"
        return Finding("rows", sound=True, says=says)
    if role := row_security.bypassing(connection):
        says = f"the role {role} is bound by no policy"
        remedy = f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS"
        return Finding("rows", sound=False, says=says, remedy=remedy)
    if gone := row_security.lacking(connection):
        says = f"not in force for {', '.join(gone)}"
        return Finding("rows", sound=False, says=says, remedy="lysglimt migrate")
    says = f"{len(row_security.policies())} tables show each house its own rows"
    if row_security.owning(connection):
        says += "; this role owns them and could end that: see database_owner"
    return Finding("rows", sound=True, says=says)


def disk() -> Finding:
    free, share = room_left()
    remedy = f"free some: at least {LEAST_BYTES // 10**6} MB and {LEAST_SHARE:.0%}"
    return Finding("disk", room_is_left(), f"{free / 1e9:.1f} GB free ({share:.0%})", remedy)


def clock() -> Finding:
    """Against the newest patient in the database: time only runs forwards."""
    now = timezone.now()
    newest = Patient.objects.order_by("-registered_at").values_list("registered_at", flat=True)
    last = max((newest.first() if not waiting() else None) or BUILT, BUILT)
    sound = now + CLOCK_MAY_DIFFER >= last
    says = f"{now:%Y-%m-%d %H:%M:%S} UTC, shown in {settings.TIME_ZONE}"
    if jumps := [] if waiting() else trail.clock_jumps():
        seen = f"{jumps[-1].where}: {jumps[-1].what}"
        says += f"; the trail saw it jump {len(jumps)} times, the last time at {seen}"
    return Finding(
        "clock", sound, says, f"set it: something was stored at {last:%Y-%m-%d %H:%M}"
    )


def keys() -> Finding:
    """Does a key open what it has sealed, and what is stored?"""
    place = Place("doctor", "0", "sealed")
    number = len(settings.ENCRYPTION_KEYS)
    says = f"{number} to read with, {next(iter(settings.ENCRYPTION_KEYS))} to seal with"
    try:
        opened(seal("sound", place), place)
        if not waiting() and (first := Patient.objects.order_by("registered_at").first()):
            first.particulars()
    except (Locked, Unreadable):
        says = "what is stored cannot be opened"
        return Finding(
            "keys",
            sound=False,
            says=says,
            remedy="put the missing key back into [encryption_keys]",
        )
    return Finding("keys", sound=True, says=says)


def backups() -> Finding:
    """How much could be lost: everything since the newest one."""
    age = keeping.newest_age(keeping.folder(), at=timezone.now())
    if age is None:
        says = f"none in {keeping.folder()}"
        if settings.DEMO or waiting() or not Patient.objects.exists():
            return Finding("backups", sound=True, says=f"{says}, and nobody to lose")
        return Finding("backups", sound=False, says=says, remedy="lysglimt backup, by a timer")
    fresh = age <= timedelta(hours=settings.BACKUP_HOURS)
    says = f"the newest is {age.total_seconds() / 3600:.1f} hours old"
    return Finding("backups", fresh, says, "lysglimt backup, by a timer")


def seals() -> Finding:
    """What was done since the newest one could still be rewritten by who owns the database."""
    began = None if waiting() else trail.began()
    if began is None:
        return Finding("seals", sound=True, says="nothing to seal yet")
    remedy = "let `lysglimt serve` run, or `lysglimt audit seal` by a timer"
    return aged("seals", "sealed", trail.last_sealed(), began=began, remedy=remedy)


def anchors() -> Finding:
    """A trail that was cut off at its end, with its seals, is found by what was told outside."""
    if not settings.AUDIT_ANCHOR:
        harmless = settings.DEMO or bool(waiting()) or not Patient.objects.exists()
        says = "the trail is told to no place outside"
        return Finding("anchors", harmless, says, "name one: `audit_anchor` in lysglimt.toml")
    began = None if waiting() else trail.began()
    if began is None:
        return Finding("anchors", sound=True, says="nothing to tell outside yet")
    remedy = "lysglimt audit anchor, and look at `audit_anchor` in lysglimt.toml"
    return aged("anchors", "told outside", trail.last_anchored(), began=began, remedy=remedy)


def aged(
    check: str, done: str, at: datetime | None, *, began: datetime, remedy: str
) -> Finding:
    """Something that is done with the trail each day. Nobody looks after a demonstration's."""
    age = timezone.now() - (at or began)
    hours = f"{age.total_seconds() / 3600:.1f} hours ago"
    says = f"the trail was {done} {hours}" if at else f"never {done}; the trail began {hours}"
    if at and age < -CLOCK_MAY_DIFFER:
        says = f"the trail was {done} at {at:%Y-%m-%d %H:%M} UTC, which is still to come"
    sound = age <= SEALED_WITHIN and (at is None or age >= -CLOCK_MAY_DIFFER)
    return Finding(check, sound or settings.DEMO, says, remedy)


def tls() -> Finding:
    """What stands in front of the server, as a browser would see it."""
    if not settings.SESSION_COOKIE_SECURE:
        says = "none: this machine alone may connect"
        sound = set(settings.ALLOWED_HOSTS) <= LOCAL
        return Finding("tls", sound, says, "a TLS proxy in front, and https = true")
    host = settings.ALLOWED_HOSTS[0]
    try:
        left = certificate_ends(host) - timezone.now()
    except (OSError, ValueError) as fault:
        says = f"https://{host} does not answer with a certificate that holds ({fault})"
        return Finding("tls", sound=False, says=says, remedy="look at the TLS proxy")
    says = f"the certificate of {host} holds for {left.days} days"
    return Finding("tls", left >= CERTIFICATE_LEFT, says, "renew it")


def certificate_ends(host: str, port: int = 443) -> datetime:
    """Raises OSError when there is none that this machine trusts."""
    trusted = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=3) as wire,
        trusted.wrap_socket(wire, server_hostname=host) as sealed,
    ):
        shown = sealed.getpeercert() or {}
    ends = ssl.cert_time_to_seconds(str(shown["notAfter"]))
    return datetime.fromtimestamp(ends, UTC)


def mail() -> Finding:
    """Nothing is sent by mail unless the site says through whom."""
    host = settings.EMAIL_HOST
    if host == "localhost":
        return Finding("mail", sound=True, says="none is set up, and none is sent")
    try:
        socket.create_connection((host, settings.EMAIL_PORT), timeout=3).close()
    except OSError:
        says = f"{host}:{settings.EMAIL_PORT} does not answer"
        return Finding("mail", sound=False, says=says, remedy="look at the mail server")
    return Finding("mail", sound=True, says=f"{host}:{settings.EMAIL_PORT} answers")


CHECKS: tuple[Callable[[], Finding], ...] = (
    configuration,
    database,
    migrations,
    protection,
    rows,
    disk,
    clock,
    keys,
    seals,
    anchors,
    tls,
    mail,
    backups,
)


WITHOUT_A_DATABASE = (configuration, database, disk, tls, mail)


def examine() -> Iterator[Finding]:
    """Each in turn; when the database does not answer, those that need it say so."""
    # Whoever opens a SQLite file that is not there has made an empty one.
    for check in WITHOUT_A_DATABASE if absent() else CHECKS:
        try:
            yield check()
        except DatabaseError as fault:
            says = f"the database does not answer: {str(fault).splitlines()[0]}"
            yield Finding(
                check.__name__,
                sound=False,
                says=says,
                remedy="look at `database` in lysglimt.toml",
            )


def absent() -> bool:
    """A SQLite file that nobody has made yet, in a folder that there is."""
    file = Path(str(connection.settings_dict["NAME"]))
    return connection.vendor == "sqlite" and file.parent.is_dir() and not file.exists()


def pragma(name: str) -> str:
    connection.ensure_connection()
    [value] = connection.connection.execute(f"PRAGMA {name}").fetchone()
    return str(value)
