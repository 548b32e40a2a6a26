"""What a document is made of: headings with facts and tables. Text is data to the end, never markup."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files

import typst
from django.utils.translation import get_language

from lysglimt.exchange.pictures.paper import fonts
from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.text import Text

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
    """PDF/UA-1, in our own fonts. Of the same document the same bytes."""
    said = json.dumps(asdict(document), ensure_ascii=False, sort_keys=True)
    return typst.compile(
        look(),
        format="pdf",
        font_paths=fonts(),
        sys_inputs={"said": said},
        pdf_standards=["ua-1"],
    )
