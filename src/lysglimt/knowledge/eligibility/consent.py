"""Was everything said that a patient must know before consenting?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.text import Text


@dataclass(frozen=True, slots=True)
class ConsentItem:
    """One thing that the conversation and the form must contain."""

    id: str
    text: Text
    basis: Basis


@dataclass(frozen=True, slots=True)
class ConsentList:
    """The checklist with its version; a consent keeps the version it was given on."""

    version: int
    since: date
    """The first day on which this version was in use."""
    basis: Basis
    item: tuple[ConsentItem, ...]


@dataclass(frozen=True, slots=True)
class Consent:
    """What was gone through, on which version of the list, and who signed when."""

    version: int
    covered: frozenset[str]
    signed_by_patient: date | None = None
    signed_by_doctor: date | None = None
    withdrawn: date | None = None


@cache
def consent_list() -> ConsentList:
    return read(ConsentList, files("lysglimt.knowledge.eligibility") / "consent.toml")


def uncovered(covered: Collection[str]) -> tuple[ConsentItem, ...]:
    """What has not been gone through yet, in the order of the list."""
    return tuple(item for item in consent_list().item if item.id not in covered)


def is_complete(consent: Consent, *, on: date) -> bool:
    """Signed by both, everything gone through on the present version, and not withdrawn."""
    signed = (consent.signed_by_patient, consent.signed_by_doctor)
    return (
        consent.version == consent_list().version
        and not uncovered(consent.covered)
        and all(day is not None and day <= on for day in signed)
        and (consent.withdrawn is None or consent.withdrawn > on)
    )
