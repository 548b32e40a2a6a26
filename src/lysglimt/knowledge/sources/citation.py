"""Where a clinical statement comes from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """One source, cited by its key alone.

    ``stands_in`` marks the two entries that stand where no literature does: our own proposal
    and what is remembered but not verified. ``low`` marks commercial or unreviewed pages.
    ``language`` is that of the title, as a page says it to a screen reader.
    """

    key: str
    title: str
    address: str
    authors: str = ""
    year: int | None = None
    low: bool = False
    stands_in: bool = False
    language: str = "en"
