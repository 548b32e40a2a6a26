"""Who owns the words of an instrument, and what may be shipped."""

from dataclasses import dataclass
from enum import StrEnum

from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.text import Text


class Verbatim(StrEnum):
    """May the validated wording travel with the programme?"""

    YES = "yes"
    WITH_ATTRIBUTION = "with_attribution"
    NEUTRAL_IS_ENOUGH = "neutral_is_enough"
    SEPARATE_NC = "separate_nc"
    PROBABLE = "probable"
    ASK = "ask"
    NO = "no"

    @property
    def free(self) -> bool:
        return self in {Verbatim.YES, Verbatim.WITH_ATTRIBUTION}


@dataclass(frozen=True, slots=True)
class Licence:
    """``holder`` owns the text. Each basis is one source that was read on it."""

    holder: str
    ship_verbatim: Verbatim
    bases: tuple[Basis, ...]
    terms: str = ""
    attribution: str = ""
    note: Text | None = None

    def __post_init__(self) -> None:
        if not self.bases:
            raise Inconsistent("a licence without a basis")


class TranslationStatus(StrEnum):
    """Is there a translation, and whose?"""

    EXISTS = "exists"
    UNOFFICIAL = "unofficial"
    OWN_WORDING = "own_wording"
    NOT_FOUND = "not_found"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Translation:
    """What is known of one language's version. ``check`` is what remains to be compared."""

    language: str
    status: TranslationStatus
    basis: Basis
    by: str = ""
    note: Text | None = None
    check: str = ""


@dataclass(frozen=True, slots=True)
class Misprint:
    """A misprint seen in the wild; a loaded wording that carries it is refused.

    About one item (``item``) or one answer (``option``); the wording either ``contains`` the
    wrong words or ``lacks`` the right one, in any case.
    """

    language: str
    note: Text
    basis: Basis
    item: str = ""
    option: int | None = None
    contains: str = ""
    lacks: str = ""

    def __post_init__(self) -> None:
        if bool(self.item) is (self.option is not None):
            raise Inconsistent("a misprint is of an item or of an option")
        if bool(self.contains) is bool(self.lacks):
            raise Inconsistent("a misprint contains wrong words or lacks right ones")

    def found_in(self, wording: str) -> bool:
        text = wording.casefold()
        return self.contains.casefold() in text if self.contains else self.lacks not in text
