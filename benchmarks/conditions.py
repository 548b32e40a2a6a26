"""The conditions a figure was measured under; a figure without them says nothing."""

import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OTHERS_AT_MOST = 0.15  # cores; above that the run is not to be compared with another
STAT = Path("/proc/stat")


def busy() -> float | None:
    """CPU seconds the whole machine has worked since it started; None where nobody counts."""
    if not STAT.exists():
        return None
    user, nice, system, _, _, irq, soft = STAT.read_text("ascii").split()[1:8]
    return sum(map(int, (user, nice, system, irq, soft))) / os.sysconf("SC_CLK_TCK")


def own() -> float:
    """CPU seconds of this process and of the children it has waited for."""
    return sum(os.times()[:4])


def durable_appends() -> float:
    """Appends of 4 kB with fdatasync, per second: what a durable commit costs here."""
    block, rounds = b"\0" * 4096, 200
    with tempfile.NamedTemporaryFile(dir=Path.cwd()) as file:
        start = time.perf_counter()
        for _ in range(rounds):
            file.write(block)
            file.flush()
            os.fdatasync(file.fileno())
        return rounds / (time.perf_counter() - start)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


@contextmanager
def stated(promise: str) -> Iterator[None]:
    """Print the promise, measure within, then print what else the machine did meanwhile."""
    say(f"# {promise}")
    say(f"Python {platform.python_version()}, {os.cpu_count()} cores")
    say(f"fsync probe: {durable_appends():.0f} durable 4 kB appends/s")
    before, ours, start = busy(), own(), time.perf_counter()
    yield
    after, wall = busy(), time.perf_counter() - start
    if before is None or after is None or after == before:  # nobody counts, or counts nothing
        say("CPU used by others: unknown here")
        return
    others = max(0.0, (after - before - (own() - ours)) / wall)
    verdict = "ok" if others <= OTHERS_AT_MOST else "too busy to compare with another run"
    say(f"CPU used by others: {others:.2f} core ({verdict})")
