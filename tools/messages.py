"""The Norwegian catalogues: every text on the screens, gathered from the source and compiled.

    python tools/messages.py            # gather and compile (needs gettext)

Source texts are English; `nb` is the one catalogue, committed with its compiled form, so that a
clinic needs no gettext. An app has its own, in ``locale/nb/LC_MESSAGES/django.po``.
"""

import sys
from contextlib import chdir
from pathlib import Path

import django
from django.core.management import call_command

SOURCE = Path(__file__).resolve().parents[1] / "src" / "lysglimt"
SPEAKS = ("gettext", "{% translate", "{% blocktranslate", "{% trans ", "{% blocktrans")

NEW = """msgid ""
msgstr ""
"Language: nb\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


def speaks(app: Path) -> bool:
    """Has it a text for the screens?"""
    pages = (*app.rglob("*.py"), *app.rglob("*.html"), *app.rglob("*.txt"))
    return any(word in page.read_text(encoding="utf-8") for page in pages for word in SPEAKS)


def apps() -> list[Path]:
    """The folders that have a catalogue or must get one."""
    return sorted(app.parent for app in SOURCE.glob("*/*/apps.py") if speaks(app.parent))


def gather(app: Path) -> None:
    catalogue = app / "locale/nb/LC_MESSAGES/django.po"
    if not catalogue.exists():
        catalogue.parent.mkdir(parents=True, exist_ok=True)
        catalogue.write_text(NEW, encoding="utf-8")
    with chdir(app):
        call_command(
            "makemessages",
            locale=["nb"],
            no_location=True,
            no_wrap=True,
            no_obsolete=True,
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
        with chdir(app):
            call_command("compilemessages", locale=["nb"], verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
