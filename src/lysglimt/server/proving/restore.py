"""A backup brings everything back, and one that is not as it was written is refused."""

import io
import secrets
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.server.backup import chest, keeping

from .drill import drilled
from .figures import Figure, Proved

FLIPS = 40


def proved() -> Proved:
    """On the clinic's own data: backed up, restored beside the clinic, and damaged in copies."""
    with tempfile.TemporaryDirectory(prefix="lysglimt-proof-") as folder:
        began = time.monotonic()
        file = keeping.of_this_clinic(Path(folder))
        took = time.monotonic() - began
        drill = drilled(file)
        tried = refusals(file.read_bytes())
    figures: dict[str, Figure] = {
        "seconds to back up": round(took, 1),
        **drill.figures,
        "damaged copies tried": len(tried),
        "damaged copies refused": sum(tried.values()),
    }
    believed = tuple(
        f"{name} was not noticed" for name, refused in tried.items() if not refused
    )
    return Proved(promise="restore", figures=figures, faults=(*drill.faults, *believed))


def refusals(whole: bytes) -> Mapping[str, bool]:
    """By what was done to a copy: was it refused?"""
    copies = dict(damaged(whole))
    tried = {name: refused(copy) for name, copy in copies.items()}
    return tried | {"another key": refused(whole, {name_of(whole): secrets.token_bytes(32)})}


def damaged(whole: bytes) -> list[tuple[str, bytes]]:
    start = len(whole) - len(whole.partition(b'"}')[2])
    step = chest.PIECE + chest.TAG
    one, two = whole[start : start + step], whole[start + step : start + 2 * step]
    found = [("the end cut off", whole[:-1]), ("the last piece cut off", whole[: start + step])]
    found += [("pieces swapped", whole[:start] + two + one + whole[start + 2 * step :])]
    found += [("a piece repeated", whole[: start + step] + one + whole[start + step :])]
    found += [("something added", whole + b"\0")]
    for number in range(FLIPS):
        place = secrets.randbelow(len(whole))
        flipped = whole[place] ^ (1 << number % 8)
        name = f"bit {number % 8} of byte {place}"
        found.append((name, whole[:place] + bytes((flipped,)) + whole[place + 1 :]))
    # A backup of one piece has nothing to swap or to cut.
    return [(name, copy) for name, copy in found if copy != whole]


def refused(copy: bytes, keys: Mapping[str, bytes] | None = None) -> bool:
    try:
        for _ in chest.read(io.BytesIO(copy), keys):
            pass
    except ClinicalError:
        return True
    return False


def name_of(whole: bytes) -> str:
    return chest.header_of(io.BytesIO(whole)).key
