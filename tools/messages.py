"""The Norwegian catalogues: every text on the screens, gathered from the source and compiled.

    python tools/messages.py            # gather and compile (needs gettext)

Source texts are English; `nb` is the one catalogue, committed with its compiled form, so that a
clinic needs no gettext. An app has its own, in ``locale/nb/LC_MESSAGES/django.po``.
"""

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command

SOURCE = Path(__file__).resolve().parents[1] / "src" / "lysglimt"
SPEAKS = ("gettext", "{% translate", "{% blocktranslate", "{% trans ", "{% blocktrans")


def speaks(app: Path) -> bool:
    """Has it a text for the screens?"""
    pages = (*app.rglob("*.py"), *app.rglob("*.html"), *app.rglob("*.txt"))
    return any(word in page.read_text(encoding="utf-8") for page in pages for word in SPEAKS)


def apps() -> list[Path]:
    """The folders that have a catalogue or must get one."""
    return sorted(app.parent for app in SOURCE.glob("*/*/apps.py") if speaks(app.parent))


def gather(app: Path) -> None:
    (app / "locale").mkdir(exist_ok=True)
    os.chdir(app)
    call_command(
        "makemessages",
        "--locale=nb",
        "--no-location",
        "--no-wrap",
        "--no-obsolete",
        verbosity=0,
    )


def settle(catalogue: Path) -> None:
    """Drop the date of the run: a catalogue changes when a text does, and not otherwise."""
    lines = catalogue.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith('"POT-Creation-Date')]
    catalogue.write_text("".join(kept), encoding="utf-8")


def main() -> int:
    django.setup()
    for app in apps():
        gather(app)
        settle(app / "locale/nb/LC_MESSAGES/django.po")
        call_command("compilemessages", "--locale=nb", verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
