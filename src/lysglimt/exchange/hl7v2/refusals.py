"""Why a message is not stored, in the words of HL7's own tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

ERRORS: Mapping[str, str] = {
    "100": "Segment sequence error",
    "101": "Required field missing",
    "102": "Data type error",
    "103": "Table value not found",
    "200": "Unsupported message type",
    "202": "Unsupported processing id",
    "203": "Unsupported version id",
    "204": "Unknown key identifier",
    "205": "Duplicate key identifier",
    "207": "Application internal error",
}
"""Of table HL70357."""


class Reason(StrEnum):
    """Under which a message, or a value of it, is set aside."""

    MALFORMED = "malformed"
    UNKNOWN_DEVICE = "unknown_device"
    NO_SESSION = "no_session"
    CONTRADICTED = "contradicted"
    IMPLAUSIBLE = "implausible"


class Answer(StrEnum):
    """Table 0008. A reject says: nothing was looked at; an error says: this was wrong in it."""

    ACCEPT = "AA"
    ERROR = "AE"
    REJECT = "AR"


@dataclass(frozen=True, slots=True)
class Fault:
    """``where`` as HL7 counts: ``OBX^2^5`` is the fifth field of the second OBX. No value in it."""

    error: str
    where: str
    words: str
    reason: Reason = Reason.MALFORMED

    def __post_init__(self) -> None:
        if self.error not in ERRORS:
            raise LookupError(f"HL70357 has no {self.error!r}.")


class Refused(Exception):
    """The message is not stored; ``answer`` is what its sender is told."""

    def __init__(
        self,
        error: str,
        where: str,
        words: str,
        *,
        reject: bool = False,
        reason: Reason = Reason.MALFORMED,
    ) -> None:
        super().__init__(f"{where}: {words}" if where else words)
        self.fault = Fault(error, where, words, reason)
        self.answer = Answer.REJECT if reject else Answer.ERROR
