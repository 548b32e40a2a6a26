"""`lysglimt --help` answers within 0.15 s, beside a bare Python and a bare `import click`."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.conditions import say, stated

LIMIT = 0.15  # seconds
ROUNDS = 15
LYSGLIMT = str(Path(sys.executable).with_name("lysglimt"))
BARE = (sys.executable, "-c", "pass")
CLICK = (sys.executable, "-c", "import click")
HELP = (LYSGLIMT, "--help")


def seconds(command: tuple[str, ...]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> int:
    """1 when the median of the help is above the limit."""
    with stated(f"lysglimt --help within {LIMIT} s"):
        taken: dict[tuple[str, ...], list[float]] = {BARE: [], CLICK: [], HELP: []}
        for _ in range(ROUNDS):  # in turn, so that a busy neighbour slows all three alike
            for command, times in taken.items():
                times.append(seconds(command))
        bare, click, ours = (median(times) for times in taken.values())
        say(f"python -c pass   {bare * 1000:6.1f} ms")
        say(f"import click     {click * 1000:6.1f} ms")
        say(f"lysglimt --help  {ours * 1000:6.1f} ms (fastest {min(taken[HELP]) * 1000:.1f})")
        say(f"ratio to bare Python {ours / bare:.1f}, to click alone {ours / click:.1f}")
    kept = ours <= LIMIT
    say("kept" if kept else f"BROKEN: above {LIMIT} s")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
