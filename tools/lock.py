"""The requirement files: which versions, with hashes, and for which pyproject.toml.

python tools/lock.py            # choose versions anew (needs uv and a network)
python tools/lock.py --check    # were they made from this pyproject.toml? (needs neither)
"""

import json
import subprocess
import sys
import tomllib
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORKSHOP = ROOT / "requirements-dev.lock"
PRODUCT = ROOT / "requirements.lock"
LONG = ROOT / "requirements-long.lock"
"""What the second ring needs beside the workshop: another engine of the register."""
LOCKS = (WORKSHOP, PRODUCT, LONG)
CHOOSE = (
    "uv", "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-header", "--no-annotate", "--quiet", "pyproject.toml",
)  # fmt: skip


def asked_for() -> str:
    """A digest of everything in pyproject.toml that decides which packages are installed."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = stated["project"]
    tables = [
        project["requires-python"],
        project["dependencies"],
        project.get("optional-dependencies", {}),
        stated["dependency-groups"],
        stated["build-system"]["requires"],
    ]
    return sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()


def seal() -> str:
    """The first line of each file."""
    return f"# for the dependency tables of pyproject.toml with SHA-256 {asked_for()}\n"


def choose() -> None:
    """What is installed in two of them is of one version."""
    chosen = {}
    for lock, arguments in (
        (WORKSHOP, ("--group", "dev")),
        (PRODUCT, ("--group", "build", "--constraint", WORKSHOP.name)),
        (LONG, ("--group", "dev", "--group", "long", "--constraint", WORKSHOP.name)),
    ):
        command = [*CHOOSE, *arguments]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        lock.write_text(done.stdout, encoding="utf-8")
        chosen[lock] = done.stdout
    for lock, lines in chosen.items():
        lock.write_text(seal() + lines, encoding="utf-8")


def stale() -> list[str]:
    """The lock files that were made from other dependency tables."""
    return [p.name for p in LOCKS if not p.read_text("utf-8").startswith(seal())]


def main(arguments: list[str]) -> int:
    if arguments != ["--check"]:
        choose()
    for name in stale():
        sys.stderr.write(f"{name} is not for this pyproject.toml: run `make lock`\n")
    return 1 if stale() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
