"""What a synthetic register holds in all, counted block by block."""

from collections import Counter
from collections.abc import Mapping, Sequence

from .tables import Rows, tables

DISSOCIATED_ABOVE = 4
"""CADSS points: the label of esketamine counts from there."""


def counted(rows: Rows) -> Counter[str]:
    """Whole numbers only, so that blocks add up to the same in any order."""
    found: Counter[str] = Counter(
        {f"rows.{name}": len(listed) for name, listed in rows.items()}
    )
    for decision in column(rows, "referrals", "decision"):
        found[f"referrals.{decision}"] += 1
    for phase in column(rows, "courses", "phase"):
        found[f"courses.{phase}"] += 1
    for answer in ("response", "remission"):
        said = [one for one in column(rows, "courses", answer) if one is not None]
        found[f"evaluated.{answer}"] += len(said)
        found[f"{answer}"] += sum(map(bool, said))
    for what in ("systolic", "diastolic", "pulse"):
        before, highest = (
            column(rows, "sessions", f"{what}_{when}") for when in ("before", "highest")
        )
        found[f"rise.{what}"] += whole(highest) - whole(before)
    felt = column(rows, "sessions", "dissociation")
    found["dissociated"] += sum(
        isinstance(one, int) and one > DISSOCIATED_ABOVE for one in felt
    )
    return found


def column(rows: Rows, table: str, name: str) -> Sequence[object]:
    place = list(tables()[table]).index(name)
    return [row[place] for row in rows[table]]


def whole(values: Sequence[object]) -> int:
    return sum(one for one in values if isinstance(one, int))


def summary(found: Mapping[str, int]) -> Mapping[str, object]:
    """As a person reads it; None where nothing was counted."""
    sessions = found["rows.sessions"]
    return {
        "rows": under("rows", found),
        "referrals": under("referrals", found),
        "courses": under("courses", found),
        "evaluated": found["evaluated.response"],
        "response": share(found["response"], found["evaluated.response"]),
        "remission": share(found["remission"], found["evaluated.remission"]),
        "mean_rise": {
            what: share(found[f"rise.{what}"], sessions)
            for what in ("systolic", "diastolic", "pulse")
        },
        "dissociated": share(found["dissociated"], sessions),
    }


def under(group: str, found: Mapping[str, int]) -> Mapping[str, int]:
    start = f"{group}."
    return {name.removeprefix(start): found[name] for name in found if name.startswith(start)}


def share(part: int, whole_number: int) -> float | None:
    return round(part / whole_number, 4) if whole_number else None
