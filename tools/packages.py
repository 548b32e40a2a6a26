"""What is installed with the product: each package with its licence and its reason.

python -m tools.packages   # which licences are there, and whether each may be
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageMetadata, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
PINNED = re.compile(r"^([a-z0-9.-]+)==([^\s;\\]+)", re.IGNORECASE)
NAME = re.compile(r"^[A-Za-z0-9._-]+")
FREE = frozenset(
    {
        *(
            "Apache-2.0",
            "MIT",
            "MIT-0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "PSF-2.0",
            "ISC",
            "Zlib",
        ),
        *("Apache-2.0 OR BSD-2-Clause", "Apache-2.0 OR BSD-3-Clause", "MIT OR Apache-2.0"),
        "Apache-2.0 AND BSD-2-Clause",
        "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
    }
)
"""May be installed with a product under Apache-2.0 without another word."""
EXCEPTED: Mapping[str, str] = {
    "psycopg": "LGPL-3.0-only: used as it is, replaceable, not changed",
    "psycopg-binary": "LGPL-3.0-only: likewise",
    "psycopg-pool": "LGPL-3.0-only: likewise",
    "python-stdnum": "LGPL-2.1-or-later: used as it is, replaceable, not changed",
    "certifi": "MPL-2.0: the list of certificate authorities, not changed",
    "pathspec": "MPL-2.0: needed by the build alone, not changed",
}
"""Weak copyleft. Each asks only that its own files stay free, which they do."""
SAID: Mapping[str, str] = {
    "colorama": "BSD-3-Clause",
    "django-csp": "BSD-3-Clause",
    "editables": "MIT",
    "fido2": "BSD-2-Clause",
    "pysqlite3": "Zlib",
    "python-stdnum": "LGPL-2.1-or-later",
    "pathspec": "MPL-2.0",
    "qrcode": "BSD-3-Clause",
    "scipy": "BSD-3-Clause",
    "sqlparse": "BSD-3-Clause",
    "trove-classifiers": "Apache-2.0",
}
"""Read in the package where its metadata are silent, vague, or list what it carries besides.

``colorama`` is installed on Windows alone, and taken from memory. Beside ``numpy`` and ``scipy`` lie OpenBLAS (BSD-3-Clause)
and the runtime of the Fortran compiler (GPL-3.0 with the exception that lets any program use it).
"""


@dataclass(frozen=True, slots=True)
class Package:
    """``reason`` is ours, of pyproject.toml, or who needs it."""

    name: str
    version: str
    licence: str
    reason: str
    native: bool

    @property
    def permitted(self) -> bool:
        return self.licence in FREE or self.name in EXCEPTED


def packages() -> list[Package]:
    """All that requirements.lock installs, in its order."""
    versions = dict(pinned())
    reasons, needing = our_reasons(), dependants(versions)
    return [
        Package(
            name=name,
            version=version,
            licence=licence(name),
            reason=reasons.get(name) or f"needed by {', '.join(needing.get(name, ()))}",
            native=native(name),
        )
        for name, version in versions.items()
    ]


def pinned() -> Iterator[tuple[str, str]]:
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        if found := PINNED.match(line):
            yield called(found[1]), found[2]


def called(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def our_reasons() -> dict[str, str]:
    """The comment beside each dependency of pyproject.toml."""
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    said = {}
    for line in lines:
        if found := re.match(r'  "([\w.-]+)[^"]*",\s+# (.+)', line):
            said[called(found[1])] = found[2]
    groups = tomllib.loads("\n".join(lines))["dependency-groups"]
    return said | dict.fromkeys(map(called, groups["build"]), "builds the package itself")


def dependants(known: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in known:
        for line in metadata_list(name, "Requires-Dist"):
            wanted = NAME.match(line)
            if wanted and called(wanted[0]) in known:
                found.setdefault(called(wanted[0]), []).append(name)
    return {name: sorted(set(by) - {name}) for name, by in found.items()}


@cache
def metadata(name: str) -> PackageMetadata | None:
    try:
        return distribution(name).metadata
    except PackageNotFoundError:
        return None


def metadata_list(name: str, field: str) -> list[str]:
    told = metadata(name)
    return list(told.get_all(field) or []) if told else []


def licence(name: str) -> str:
    if name in SAID:
        return SAID[name]
    told = [*metadata_list(name, "License-Expression"), *metadata_list(name, "License")]
    return told[0].strip() if told else "unknown"


def native(name: str) -> bool:
    """Has it machine code of its own?"""
    try:
        files = distribution(name).files or []
    except PackageNotFoundError:
        return False
    return any(file.suffix == ".so" for file in files)


def bill_of_materials() -> str:
    """CycloneDX 1.6. The hashes of the files are in the lock."""
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{one.name}@{one.version}",
            "name": one.name,
            "version": one.version,
            "description": one.reason,
            "licenses": [{"expression": one.licence}],
            "purl": f"pkg:pypi/{one.name}@{one.version}",
        }
        for one in packages()
    ]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "lysglimt",
                "name": "lysglimt",
                "version": project["version"],
                "licenses": [{"expression": project["license"]}],
            }
        },
        "components": components,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


SOUP = """\
# Software of unknown provenance

Every package that is installed with the product, why it is there, and under which licence. `native` has machine
code of its own, and is looked at first when something is reported about it. Versions are fixed with a hash for each
file in `requirements.lock`; the same list for programs is [sbom.json](sbom.json).

"""


def soup() -> str:
    lines = [
        f"| {one.name} | {one.version} | {one.licence} | {'native' if one.native else ''} | {one.reason} |"
        for one in packages()
    ]
    head = "| package | version | licence | | why |\n|---|---|---|---|---|\n"
    weak = "\n".join(f"- `{name}`: {why}" for name, why in EXCEPTED.items())
    named = f"\n\n## Licences that are not simply permissive\n\n{weak}\n"
    return SOUP + head + "\n".join(lines) + named


def main() -> int:
    refused = [one for one in packages() if not one.permitted]
    for one in refused:
        sys.stderr.write(f"{one.name} {one.version}: {one.licence} is not permitted\n")
    sys.stdout.write(
        f"{len(packages())} packages, {len(refused)} with a licence not permitted\n"
    )
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
