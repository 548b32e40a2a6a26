"""Where does the person stand by a gate that others have published? For information only."""

from collections.abc import Iterator
from datetime import date

from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding

from .candidate import Candidate
from .criterion import Criterion

MAO_INHIBITORS = ("N06AF", "N06AG", "N04BD")
LORAZEPAM = "N05BA06"
BENZODIAZEPINES = ("N05BA", "N05CD", "N03AE01", "N05CF")


def dutch_gate(criterion: Criterion, candidate: Candidate, on: date) -> Iterator[Finding]:
    """A note that names what is outside the gate or not known; never a question."""
    inside = {
        "age": _in_age(criterion, candidate.age(on)),
        "hdrs17": _above(candidate.ratings.hdrs17, criterion),
        "hdrs_item_3": _calm(candidate.ratings.hdrs_item_3, criterion),
        "medicines": _without_mao_inhibitor(candidate),
        "lorazepam": _little_lorazepam(candidate, criterion),
        "drugs": candidate.bodily.nonprescribed_drugs_4_weeks is False,
    }
    outside = [criterion.words[name] for name, well in inside.items() if not well]
    if outside:
        listed = Text(
            nb=", ".join(one.nb for one in outside), en=", ".join(one.en for one in outside)
        )
        yield criterion.found(value=listed)


def _in_age(criterion: Criterion, age: int | None) -> bool:
    youngest, oldest = criterion.counts["youngest"], criterion.counts["oldest"]
    return age is not None and youngest.value <= age <= oldest.value


def _above(total: int | None, criterion: Criterion) -> bool:
    return total is not None and total > criterion.amounts["hdrs_above"].value


def _calm(item: int | None, criterion: Criterion) -> bool:
    return item is not None and item <= criterion.amounts["item_3_at_most"].value


def _without_mao_inhibitor(candidate: Candidate) -> bool:
    """One without a code may be one."""
    taken = candidate.medicines
    if taken is None or not all(m.atc for m in taken):
        return False
    return not any(m.atc.startswith(MAO_INHIBITORS) for m in taken)


def _little_lorazepam(candidate: Candidate, criterion: Criterion) -> bool:
    """Only lorazepam itself is compared; another benzodiazepine is named, not converted."""
    if candidate.medicines is None or not all(one.atc for one in candidate.medicines):
        return False
    taken = [one for one in candidate.medicines if one.atc.startswith(BENZODIAZEPINES)]
    most = criterion.amounts["lorazepam"].value
    amounts = [one.mg_per_day for one in taken if one.atc == LORAZEPAM]
    if len(amounts) != len(taken):
        return False
    return all(mg is not None for mg in amounts) and sum(mg or 0 for mg in amounts) <= most
