"""What a tablet keeps of the program itself: scripts, styles and an empty chart page."""

import json
from pathlib import Path
from zlib import crc32

from django.templatetags.static import static
from django.urls import reverse

from lysglimt.clinic.design.surroundings import LANGUAGES

SCRIPTS = (
    *("off-line-page.js", "off-line-store.js", "off-line-seal.js", "off-line-clock.js"),
    *("off-line-row.js", "off-line-list.js", "off-line-outbox.js", "off-line-due.js"),
    *("off-line-draft.js", "off-line-correct.js", "off-line-drawn.js"),
    # Of the session's page: it may have come when the network goes before its scripts have.
    *("session.js", "unsent.js"),
)
DRAWN = (
    "design/designsystemet/designsystemet.css",
    "design/lysglimt.css",
    "design/lysglimt.svg",
    "design/inter/inter-latin-wght-normal.woff2",
    "design/inter/inter-latin-ext-wght-normal.woff2",
    "chairside/chairside.css",
)
WORKER = Path(__file__).parent / "static" / "chairside" / "service-worker.js"


def shell() -> list[str]:
    """Everything that the page without the network is made of."""
    pages = [reverse("off-line", args=[code]) for code, _ in LANGUAGES]
    return [*pages, *(static(name) for name in (*DRAWN, *(f"chairside/{s}" for s in SCRIPTS)))]


def worker() -> str:
    """The script that keeps it, named by what it keeps, so that a new one is new."""
    body, kept = WORKER.read_text(encoding="utf-8"), json.dumps(shell())
    named = crc32(f"{kept}{body}".encode())
    return f'const SHELL = {kept};\nconst NAME = "lysglimt-{named:08x}";\n{body}'
