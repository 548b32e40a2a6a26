"""The texts of the screens: gathered from code and templates, and compiled.

    python tools/messages.py            # gather, then compile what is translated
    python tools/messages.py --check    # exit 1 when a text is missing, stale or uncompiled

English stands in the code; each app under clinic has its Bokmål in locale/nb. Needs GNU gettext.
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from shutil import copytree
from subprocess import run

CLINIC = Path(__file__).resolve().parents[1] / "src" / "lysglimt" / "clinic"
UNSTABLE = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|X-Generator)[^\n]*\n', re.MULTILINE
)
GATHER = (
    "makemessages",
    "--locale=nb",
    "--no-wrap",
    "--no-location",
    "--no-obsolete",
    "--verbosity=0",
)


def apps(clinic: Path) -> Iterator[Path]:
    """The apps that say something on a screen: those with a folder for their texts."""
    yield from sorted(folder.parent for folder in clinic.glob("*/locale"))


def django(*command: str) -> None:
    # Gathering needs no clinic: whatever settings the caller has named are left aside.
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    run([sys.executable, "-m", "django", *command], check=True, env=environment)


def gather(app: Path) -> None:
    with chdir(app):
        django(*GATHER)
    catalogue = app / "locale" / "nb" / "LC_MESSAGES" / "django.po"
    said = catalogue.read_text(encoding="utf-8")
    # Dates change with every run and say nothing that the history does not.
    catalogue.write_text(UNSTABLE.sub("", said), encoding="utf-8")


def translate(app: Path) -> None:
    with chdir(app):
        django("compilemessages", "--locale=nb", "--verbosity=0")


def untranslated(catalogue: Path) -> str:
    """The texts that have no Bokmål yet, or a doubtful one."""
    asked = ["msgattrib", "--no-wrap", "--untranslated", str(catalogue)]
    fuzzy = ["msgattrib", "--no-wrap", "--only-fuzzy", str(catalogue)]
    return "".join(
        run(command, check=True, capture_output=True, text=True).stdout
        for command in (asked, fuzzy)
    )


def faults(clinic: Path) -> Iterator[str]:
    """What `make messages` would change, and what is not translated."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = copytree(clinic, Path(folder) / "clinic", symlinks=True)
        for app in apps(clinic):
            copy = fresh / app.name
            gather(copy)
            translate(copy)
            for name in ("django.po", "django.mo"):
                part = Path("locale/nb/LC_MESSAGES") / name
                if (
                    not (app / part).exists()
                    or (app / part).read_bytes() != (copy / part).read_bytes()
                ):
                    yield f"{app.name}/{part} is stale: run make messages"
            if lacking := untranslated(copy / "locale/nb/LC_MESSAGES/django.po"):
                yield f"{app.name} lacks Bokmål for:\n{lacking}"


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        found = list(faults(CLINIC))
        sys.stderr.writelines(f"{fault}\n" for fault in found)
        return 1 if found else 0
    for app in apps(CLINIC):
        gather(app)
        translate(app)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
