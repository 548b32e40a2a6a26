"""What the machine needs beside Python packages: found, or as root with apt installed.

    python3 tools/machine.py            # what the tests need
    python3 tools/machine.py venv       # named parts

Standard library only and any Python 3.11: it runs before anything else is there. Where a part is
missing and cannot be installed it says what to install, and the tests that need it are skipped
aloud. With ``CI=true`` a missing part is a failure.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Part:
    """``found`` tells where it is, or None; ``packages`` are Debian's names."""

    packages: tuple[str, ...]
    found: Callable[[], str | None]
    why: str
    elsewhere: str
    """What to install where there is no apt."""


def command(*names: str) -> Callable[[], str | None]:
    """The first of these commands that is on the path."""
    return lambda: next(filter(None, map(shutil.which, names)), None)


def folder(pattern: str, member: str, on_path: str) -> Callable[[], str | None]:
    """The newest folder under / that matches and has the member, or the one on the path."""

    def newest() -> str | None:
        folders = [p.parent for p in Path("/").glob(f"{pattern}/{member}")]
        folders.sort(key=lambda p: [int(n) for n in p.parts if n.isdigit()])
        beside = shutil.which(on_path)
        return str(folders[-1]) if folders else beside and str(Path(beside).resolve().parent)

    return newest


def module(name: str) -> Callable[[], str | None]:
    """A part of Python itself that some systems keep in a package of its own."""
    return lambda: name if find_spec(name) else None


def every(*paths: str) -> Callable[[], str | None]:
    """The first path, when all of them exist."""
    return lambda: paths[0] if all(Path(path).exists() for path in paths) else None


PARTS = {
    "venv": Part(
        ("python3-venv",),
        module("ensurepip"),
        "the Python packages are installed apart from the machine's own",
        "Python 3.11 or newer with ensurepip",
    ),
    "chromium": Part(
        ("chromium",),
        command("chromium", "chromium-browser", "google-chrome"),
        "the journeys: a day in the clinic, in a browser",
        "Chromium or Chrome, on the path",
    ),
    "gettext": Part(
        ("gettext",),
        command("xgettext"),
        "that every text on the screens stands in both languages",
        "GNU gettext, on the path",
    ),
    "postgresql": Part(
        ("postgresql",),
        folder("usr/lib/postgresql/*/bin", "initdb", on_path="initdb"),
        "that storage behaves on PostgreSQL as it does on SQLite",
        "the PostgreSQL 15 server or newer, initdb on the path",
    ),
    "nginx": Part(
        ("nginx-light",),
        command("nginx"),
        "that the deployment guide leads to a page over TLS",
        "nginx, on the path",
    ),
    "systemd": Part(
        ("systemd",),
        command("systemd-analyze"),
        "that systemd accepts the units of the deployment guide",
        "systemd",
    ),
    "r": Part(
        ("r-base-core", "r-cran-metafor", "r-cran-survival", "r-cran-nlme"),
        every("/usr/bin/Rscript", "/usr/lib/R/site-library/metafor"),
        "reference numbers from metafor, survival and nlme",
        "R with the packages metafor, survival and nlme",
    ),
    "desolve": Part(
        ("r-base-core", "r-cran-desolve", "gcc", "libc6-dev"),
        every("/usr/bin/Rscript", "/usr/lib/R/site-library/deSolve", "/usr/bin/cc"),
        "what kinetics are measured beside: an integrator with compiled C",
        "R with the package deSolve, and a C compiler",
    ),
    "java": Part(
        ("openjdk-17-jre-headless",),
        command("java"),
        "the register on Apache Spark",
        "Java 17",
    ),
    "node": Part(("nodejs",), command("node"), "the FHIR validator", "Node 18 or newer"),
    "faketime": Part(
        ("faketime",), command("faketime"), "what a wrong clock does", "libfaketime"
    ),
    "strace": Part(
        ("strace",), command("strace"), "that each commit is written through", "strace"
    ),
}
NEEDED = ("chromium", "faketime", "gettext", "nginx", "postgresql", "strace", "systemd")
"""What the tests use today; a part is named here when the first test needs it."""


def missing(names: Iterable[str] = NEEDED) -> list[str]:
    return [name for name in names if not PARTS[name].found()]


def advice(name: str) -> str:
    """One line: what is missing, what it is for, what to install."""
    part = PARTS[name]
    install = f"apt-get install {' '.join(part.packages)}"
    return f"{name} is missing, needed for {part.why}. Install {part.elsewhere} ({install})."


def has_apt() -> bool:
    return os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt(*arguments: str) -> bool:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["apt-get", "-qq", *arguments], env=quiet, check=False)
    return done.returncode == 0


def install(names: Iterable[str]) -> None:
    """The package lists are fetched only when something is missing and not yet known to apt."""
    packages = [package for name in names for package in PARTS[name].packages]
    wanted = ["install", "--yes", "--no-install-recommends", *packages]
    sys.stdout.write(f"Installing {' '.join(packages)}\n")
    sys.stdout.flush()
    if not apt(*wanted):
        apt("update")
        apt(*wanted)


def main(names: list[str]) -> int:
    """0 when all is there, or may be missing; 1 when a missing part is a failure; 2 wrong use."""
    if unknown := set(names) - PARTS.keys():
        sys.stderr.write(f"no such part: {', '.join(sorted(unknown))}\n")
        return 2
    wanted = names or list(NEEDED)
    if (lacking := missing(wanted)) and has_apt():
        install(lacking)
    for name in (lacking := missing(wanted)):
        sys.stderr.write(f"NOT HERE: {advice(name)}\n")
    return 1 if lacking and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
