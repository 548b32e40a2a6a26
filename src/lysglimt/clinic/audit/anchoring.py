"""The head of the trail is told where the database cannot reach: file, syslog, mail."""

import json
import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, fields
from datetime import datetime
from email.message import EmailMessage
from logging import INFO, LogRecord
from logging.handlers import SysLogHandler
from pathlib import Path
from smtplib import SMTP, SMTPException
from urllib.parse import SplitResult, urlsplit

from lysglimt.knowledge.errors import ClinicalError

from .chain import Head, canonical

PATIENCE_SECONDS = 10
MARK = "lysglimt-anchor"


class NotAnchored(ClinicalError):
    """The place outside did not take the head of the trail."""

    code = "audit.not-anchored"


class NoAnchor(ClinicalError):
    """A file in which no anchor can be read."""

    code = "audit.no-anchor"


def line(head: Head) -> str:
    """One line, to be found again among other lines of a log."""
    return f"{MARK} {canonical(asdict(head)).decode()}"


def anchor(head: Head, places: tuple[str, ...]) -> None:
    """Tell every place; raises NotAnchored of those that did not take it, after all were tried."""
    failed = []
    for place in places:
        parts = urlsplit(place)
        try:
            TELLING[parts.scheme](parts, line(head))
        except (OSError, SMTPException) as fault:
            failed.append(f"{place}: {fault}")
    if failed:
        raise NotAnchored("; ".join(failed))


def append_to_file(parts: SplitResult, text: str) -> None:
    """Stored when this returns; on a disk of another machine, if the promise is to hold."""
    opened = os.open(parts.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    with os.fdopen(opened, "a", encoding="utf-8") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())


def tell_syslog(parts: SplitResult, text: str) -> None:
    address = (parts.hostname, parts.port or 514) if parts.hostname else parts.path
    # A record that was made here alone: the logging of the product would add to it.
    record = LogRecord(MARK, INFO, "", 0, text, None, None)
    with closing(SysLogHandler(address=address)) as syslog:
        # A log that is not there is told to the caller, not printed.
        vars(syslog)["handleError"] = raise_fault
        syslog.emit(record)


def raise_fault(_: LogRecord) -> None:
    if fault := sys.exception():
        raise fault


def mail(parts: SplitResult, text: str) -> None:
    letter = EmailMessage()
    letter["Subject"] = MARK
    letter["From"] = f"lysglimt@{socket.getfqdn()}"
    letter["To"] = parts.path.strip("/")
    letter.set_content(f"{text}\n", cte="base64")  # as it stands: a wrapped line is no anchor
    with SMTP(str(parts.hostname), parts.port or 25, timeout=PATIENCE_SECONDS) as server:
        server.send_message(letter)


TELLING: Mapping[str, Callable[[SplitResult, str], None]] = {
    "file": append_to_file,
    "syslog": tell_syslog,
    "smtp": mail,
}


def anchors(file: Path) -> Iterator[Head]:
    """What a file of anchors says, a log that holds other lines, too. Raises NoAnchor."""
    found = False
    for text in file.read_text(encoding="utf-8", errors="replace").splitlines():
        _, mark, said = text.partition(MARK)
        if mark:
            found = True
            yield head_in(said, file)
    if not found:
        raise NoAnchor(f"{file}: no line has {MARK}", field="anchor", value=str(file))


def head_in(said: str, file: Path) -> Head:
    try:
        known = json.loads(said)
        head = Head(**known | {"made_at": datetime.fromisoformat(known["made_at"])})
        refuse_oddities(head)
    except (ValueError, TypeError, LookupError, RecursionError) as fault:
        raise NoAnchor(f"{file}: {fault}", field="anchor", value=str(file)) from fault
    return head


def refuse_oddities(head: Head) -> None:
    """Raises TypeError or ValueError: a line may hold anything, and a head is compared."""
    for field in fields(head):
        value = getattr(head, field.name)
        if type(value).__name__ != str(getattr(field.type, "__name__", field.type)):
            raise TypeError(f"{field.name} is no {field.type}")
        if isinstance(value, str) and not value.isascii():
            raise ValueError(f"{field.name} is not written in hex")
    if head.made_at.tzinfo is None:
        raise ValueError("made_at does not say where")
