"""A drawing as a PDF for print and as a PNG for slides: set in our own fonts, by no system part."""

from functools import cache
from importlib.resources import as_file, files

import typst

PAGE = b"""
#set page(width: auto, height: auto, margin: 0pt)
#set document(title: sys.inputs.title, date: none)
#set text(lang: sys.inputs.lang, font: "Inter")
#image(bytes(sys.inputs.drawing), format: "svg", alt: sys.inputs.description)
"""
DOTS_PER_INCH = 192
"""Twice a screen's: sharp on a slide."""


@cache
def fonts() -> typst.Fonts:
    """Ours before those that come with typst; none of the machine: the same file everywhere."""
    with as_file(files("lysglimt.exchange.pictures") / "fonts") as folder:
        return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])


def inputs(drawing: str, title: str, description: str, *, language: str) -> dict[str, str]:
    return {
        "drawing": drawing,
        "title": title,
        "description": description or title,
        "lang": language,
    }


def pdf(said: dict[str, str]) -> bytes:
    """PDF/UA-1: with its title, its language, and words for those who do not see it."""
    return typst.compile(
        PAGE, format="pdf", font_paths=fonts(), sys_inputs=said, pdf_standards=["ua-1"]
    )


def png(said: dict[str, str]) -> bytes:
    return typst.compile(
        PAGE, format="png", font_paths=fonts(), sys_inputs=said, ppi=DOTS_PER_INCH
    )
