"""What no font of ours can draw: a sign stands in its place, for a document with a hole in it is none."""

import unicodedata
from collections.abc import Callable, Iterable

import typst

from lysglimt.exchange.pictures.paper import fonts

INSTEAD = "□"
ALONE = b"#set document(title: [-])\n#set text(font: (sys.inputs.font,))\n#sys.inputs.said"
SHAPED_WITH_OTHERS = frozenset("MC")
"""Marks above and below a letter, and signs that are not seen: alone they may be drawn."""


def drawn(letters: str) -> bool:
    try:
        said = {"said": letters, "font": "Inter"}
        typst.compile(
            ALONE, format="pdf", font_paths=fonts(), sys_inputs=said, pdf_standards=["ua-1"]
        )
    except typst.TypstError:
        return False
    return True


def undrawn(letters: Iterable[str]) -> set[str]:
    """Those that cannot be drawn, by halves: most can."""
    asked = list(letters)
    if not asked or drawn(" ".join(asked)):
        return set()
    if len(asked) == 1:
        return set(asked)
    half = len(asked) // 2
    return undrawn(asked[:half]) | undrawn(asked[half:])


def signed(bad: set[str]) -> Callable[[str], str]:
    table = {ord(letter): INSTEAD for letter in bad}
    return lambda said: said.translate(table)


def without_the_undrawn(said: str) -> tuple[Callable[[str], str], ...]:
    """How to write it so that it can be drawn: without those letters, and without any that join."""
    letters = sorted({*said} - {"\n"})
    bad = undrawn(letters)
    joined = {one for one in letters if unicodedata.category(one)[0] in SHAPED_WITH_OTHERS}
    return signed(bad), signed(bad | joined)
