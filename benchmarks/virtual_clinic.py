"""10,000 made-up patients within 60 seconds on two cores, and no more memory for many than for few.

    python -m benchmarks.virtual_clinic [PATIENTS]

The command itself, with Parquet and the files to import. Memory is the highest of the writing
process and the highest of a process that makes blocks, beside those of a tenth of the patients.
"""

import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.conditions import say, stated

PATIENTS, SECONDS, PROCESSES = 10_000, 60.0, 2
MEGABYTES = 700.0
"""Of each process; Python with NumPy, SciPy and Parquet is a third of it."""
CHILD = """
import resource, sys
from lysglimt.server.cli import main
sys.argv = ["lysglimt", *sys.argv[1:]]
try:
    main()
except SystemExit as ended:
    if ended.code:
        raise
kilobytes = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print("memory", *kilobytes)
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds on the wall and on the processors; megabytes of the writer and of the largest maker."""

    seconds: float
    processor: float
    writer: float
    maker: float


def made(patients: int) -> Taken:
    with tempfile.TemporaryDirectory() as folder:
        before, began = processor(), time.perf_counter()
        done = subprocess.run(
            [
                *(sys.executable, "-c", CHILD, "simulate", "--patients", str(patients)),
                *("--processes", str(PROCESSES), "--out", str(Path(folder) / "made")),
            ],
            check=True,
            capture_output=True,
            text=True,
        )
        seconds = time.perf_counter() - began
    writer, maker = (int(word) / 1024 for word in done.stdout.split("memory")[-1].split())
    return Taken(seconds, processor() - before, writer, maker)


def processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(arguments: list[str]) -> int:
    patients = int(arguments[0]) if arguments else PATIENTS
    with stated(f"{patients} made-up patients within {SECONDS:.0f} s for each 10,000"):
        few, many = made(max(1, patients // 10)), made(patients)
    for count, taken in ((patients // 10, few), (patients, many)):
        say(
            f"{count:>9} patients: {taken.seconds:7.1f} s, {taken.processor:7.1f} processor s "
            f"({1000 * taken.processor / max(1, count):.1f} ms each), "
            f"memory {taken.writer:.0f} MB writing, {taken.maker:.0f} MB making"
        )
    quick = many.seconds <= SECONDS * patients / PATIENTS
    small = max(many.writer, many.maker) <= MEGABYTES
    say(f"promise {'held' if quick and small else 'BROKEN'}")
    return 0 if quick and small else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
