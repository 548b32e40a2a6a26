"""What a document is made of: headings with facts and tables. Text is data to the end, never markup."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

import typst
from django.utils.translation import get_language

from lysglimt.exchange.pictures.paper import fonts
from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.text import Text

from .glyphs import INSTEAD, without_the_undrawn

LATE, DUE, QUIET = "late", "due", "quiet"


@dataclass(frozen=True, slots=True)
class Words:
    said: Mapping[str, Text]


@cache
def words() -> Words:
    return read(Words, files("lysglimt.exchange.documents") / "words.toml")


def language() -> str:
    return (get_language() or "nb")[:2]


def say(name: str, /, **facts: object) -> str:
    """A document's own words, in the reader's language. What fills them is never read as a pattern."""
    return text(words().said[name].filled(**facts))


def text(said: Text) -> str:
    return said.in_language(language())


@dataclass(frozen=True, slots=True)
class Piece:
    """``kind`` is its look: late is red, due is amber, quiet is small print."""

    text: str
    kind: str = ""
    struck: bool = False


Cell = Sequence[Piece]


def cell(*said: object, kind: str = "") -> list[Piece]:
    """Each on a line of its own; what says nothing is left out."""
    return [Piece(str(one), kind) for one in said if str(one)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """``widths`` are the columns' shares; a ``tall`` table is one that is written in by hand."""

    heading: str
    notes: Sequence[Piece] = ()
    facts: Sequence[tuple[str, Cell]] = ()
    head: Sequence[str] = ()
    widths: Sequence[float] = ()
    rows: Sequence[Sequence[Cell]] = ()
    tall: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """``whom`` and ``what`` stand at the head of every page, ``foot`` below; a ``draft`` says why."""

    title: str
    whom: Sequence[str]
    what: str
    foot: Sequence[str]
    parts: Sequence[Part]
    draft: str = ""
    watermark: str = ""
    landscape: bool = False
    page: str = field(default_factory=lambda: say("page"))
    lang: str = field(default_factory=language)


def facts(pairs: Iterable[tuple[str, object]]) -> list[tuple[str, Cell]]:
    return [(name, cell(said)) for name, said in pairs]


@cache
def look() -> bytes:
    return (files("lysglimt.exchange.documents") / "page.typ").read_bytes()


def pdf(document: Document) -> bytes:
    """PDF/UA-1, in our own fonts. Of the same document the same bytes.

    Where something typed can be drawn by none of them, the document says so, and is still made.
    """
    try:
        return compiled(asdict(document))
    except typst.TypstError:
        said = asdict(told_of_signs(document))
        for drawable in without_the_undrawn("".join(strings(said))):
            with suppress(typst.TypstError):
                return compiled(changed(said, drawable))
        raise


def strings(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, Mapping):
        yield from strings(list(said.values()))
    elif isinstance(said, Sequence):
        for one in said:
            yield from strings(one)


def changed(said: Any, change: Callable[[str], str]) -> Any:
    """Every string in it."""
    if isinstance(said, str):
        return change(said)
    if isinstance(said, Mapping):
        return {name: changed(one, change) for name, one in said.items()}
    if isinstance(said, Sequence):
        return [changed(one, change) for one in said]
    return said


def told_of_signs(document: Document) -> Document:
    first, *others = document.parts
    notes = [*cell(say("not_drawn", sign=INSTEAD), kind=DUE), *first.notes]
    return replace(document, parts=[replace(first, notes=notes), *others])


def compiled(document: Mapping[str, Any]) -> bytes:
    said = json.dumps(document, ensure_ascii=False, sort_keys=True)
    return typst.compile(
        look(),
        format="pdf",
        font_paths=fonts(),
        sys_inputs={"said": said},
        pdf_standards=["ua-1"],
    )
