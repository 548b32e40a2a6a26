"""What trying a promise came to: named figures, and what went against it."""

from collections.abc import Mapping
from dataclasses import dataclass

Figure = int | float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """``figures`` are shown in their order; the promise holds when there is no fault.

    A fault is one sentence: what should not have been. It names no patient.
    """

    promise: str
    figures: Mapping[str, Figure]
    faults: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.faults
