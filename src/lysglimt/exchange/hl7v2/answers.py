"""What the sender is told of a message: stored, not stored and why, or not looked at."""

from collections.abc import Sequence
from datetime import datetime

from .message import Delimiters, Message, escaped
from .refusals import ERRORS, Answer, Fault, Refused

OURS = Delimiters()


def acknowledgement(
    message: Message | None,
    answer: Answer,
    faults: Sequence[Fault] = (),
    *,
    at: datetime,
    number: str,
) -> bytes:
    """``number`` is the id of the answer; ``message`` is None where nothing could be read of it."""
    receiver, told, version, charset = addressed(message)
    now = at.strftime("%Y%m%d%H%M%S%z")
    lines = [
        f"MSH|{OURS.encoding}|LYSGLIMT||{receiver}|{now}||ACK^R01^ACK|{number}|P|{version}"
        + ("||||||UNICODE UTF-8" if charset == "utf-8" else ""),
        f"MSA|{answer}|{told}",
    ]
    severity = "W" if answer is Answer.ACCEPT else "E"
    lines += [error(one, severity) for one in faults]
    return ("\r".join(lines) + "\r").encode(charset, "replace")


def addressed(message: Message | None) -> tuple[str, str, str, str]:
    """To whom, about which message, in which version and characters."""
    if message is None:
        return "|", "", "2.6", "ascii"
    header = message.header
    names = [
        OURS.component.join(escaped(part, OURS) for part in parts(message, field))
        for field in (3, 4)
    ]
    told = escaped(parts(message, 10)[0], OURS)
    version = header.as_sent(12).split(header.delimiters.component)[0]
    known = version if version.replace(".", "").isdecimal() else "2.6"
    # What cannot be written in ASCII goes in UTF-8, and the answer says so.
    plain = all(one.isascii() for one in (*names, told))
    return "|".join(names), told, known, "ascii" if plain else "utf-8"


def parts(message: Message, field: int) -> list[str]:
    """As text; what cannot be read of it goes back as it came."""
    header = message.header
    marks = header.delimiters
    found = header.repetitions(field)[0].split(marks.component)
    try:
        return [header.text(one, field) for one in found]
    except Refused:
        return found


def error(fault: Fault, severity: str) -> str:
    return (
        f"ERR||{fault.where}|{fault.error}^{ERRORS[fault.error]}^HL70357|{severity}"
        f"||||{escaped(fault.words, OURS)}"
    )
