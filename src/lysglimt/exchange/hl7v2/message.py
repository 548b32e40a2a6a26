"""An HL7 v2 message taken apart by its own delimiters; pure, and strict about what it cannot read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from .refusals import Refused

CHARACTER_SETS = {
    "": "ascii",
    "ASCII": "ascii",
    "UNICODE UTF-8": "utf-8",
    **{f"8859/{part}": f"iso8859-{part}" for part in (*range(1, 10), 15)},
}
"""MSH-18, table 0211, as far as a monitor in Europe sends it. Without a word it is ASCII."""
UNPRINTED = {chr(byte): f"X{byte:02X}" for byte in (*range(32), 127)}
NAME = re.compile(r"[A-Z][A-Z0-9]{2}")
CONTROL = re.compile(rb"[\x00-\x08\x0c\x0e-\x1f\x7f]")
HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2})+")
LAYOUT = re.compile(r"\.(?:br|sp\d*|fi|nf|in[+-]?\d*|ti[+-]?\d*|sk\d*|ce)|[HN]")
"""How a text is laid out: a new line at most, no content."""
NEW_LINES = (".br", ".sp", ".ce")


@dataclass(frozen=True, slots=True)
class Delimiters:
    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"

    @property
    def encoding(self) -> str:
        """MSH-2."""
        return self.component + self.repetition + self.escape + self.subcomponent


@dataclass(frozen=True, slots=True)
class Segment:
    """``number`` is its place among those of its name, from one, as an answer points at it."""

    name: str
    number: int
    fields: list[str]
    delimiters: Delimiters
    charset: str

    def as_sent(self, number: int) -> str:
        """A field as it came, with all its repetitions; empty where the segment ends before it."""
        # The field separator is itself the first field of MSH.
        index = number - 1 if self.name == "MSH" else number
        return self.fields[index] if index < len(self.fields) else ""

    def repetitions(self, number: int) -> list[str]:
        return self.as_sent(number).split(self.delimiters.repetition)

    def components(self, number: int) -> list[str]:
        """Of the first repetition, each as text."""
        marks = self.delimiters
        first = self.as_sent(number).partition(marks.repetition)[0]
        found = first.split(marks.component)
        return [self.text(one, number) for one in found] if marks.escape in first else found

    def value(self, number: int, component: int = 1, subcomponent: int = 1) -> str:
        """Of the first repetition, as text; empty where there is none."""
        marks = self.delimiters
        found = self.as_sent(number).partition(marks.repetition)[0].split(marks.component)
        if component > len(found):
            return ""
        parts = found[component - 1].split(marks.subcomponent)
        return self.text(parts[subcomponent - 1], number) if subcomponent <= len(parts) else ""

    def text(self, raw: str, number: int) -> str:
        """What the escapes stand for. Raises Refused at one that HL7 does not have."""
        if self.delimiters.escape not in raw:
            return raw
        try:
            return unescaped(raw, self.delimiters, charset=self.charset)
        except ValueError as refusal:
            self.refuse("102", number, str(refusal))

    def refuse(self, error: str, number: int, words: str, *, reject: bool = False) -> NoReturn:
        raise Refused(error, f"{self.name}^{self.number}^{number}", words, reject=reject)


@dataclass(frozen=True, slots=True)
class Message:
    segments: tuple[Segment, ...]
    charset: str

    @property
    def header(self) -> Segment:
        return self.segments[0]

    def named(self, *names: str) -> Iterator[Segment]:
        return (segment for segment in self.segments if segment.name in names)

    def first(self, name: str) -> Segment | None:
        return next(self.named(name), None)


def parse(content: bytes) -> Message:
    """Raises Refused, and nothing else, of bytes that are no HL7 v2 message."""
    if b"\x0b" in content or b"\x1c" in content:
        # The start of another message: this one was cut short on its way.
        raise Refused("100", "", "a message within a message", reject=True)
    if CONTROL.search(content):
        raise Refused("102", "", "a character that is no text", reject=True)
    charset = charset_of(content)
    try:
        text = content.decode(charset)
    except UnicodeDecodeError as refusal:
        words = f"byte {refusal.start + 1} is no {charset}"
        raise Refused("102", "MSH^1^18", words, reject=True) from refusal
    lines = text.replace("\r\n", "\r").rstrip("\r").split("\r")
    marks = delimiters_of(lines[0])
    if "\n" in text.replace("\r\n", ""):
        raise Refused("100", "", "a segment ends with a carriage return", reject=True)
    return Message(tuple(segments(lines, marks, charset)), charset)


def segments(lines: list[str], marks: Delimiters, charset: str) -> Iterator[Segment]:
    counted: dict[str, int] = {}
    for line in lines:
        name, *_ = fields = line.split(marks.field)
        if not NAME.fullmatch(name):
            where = f"segment {sum(counted.values()) + 1}"
            raise Refused("100", "", f"{where} has no name of three letters", reject=True)
        counted[name] = counted.get(name, 0) + 1
        if name == "MSH" and counted[name] > 1:
            raise Refused("100", "MSH^2", "a second header in one message", reject=True)
        yield Segment(name, counted[name], fields, marks, charset)


def delimiters_of(header: str) -> Delimiters:
    """MSH-1 and MSH-2. A fifth character of MSH-2, which marks what was cut short, goes unused."""
    if not header.startswith("MSH") or len(header) < 8:
        raise Refused("100", "", "a message begins with MSH and its delimiters", reject=True)
    separator = header[3]
    encoding = header[4:].partition(separator)[0]
    marks = separator + encoding
    usable = all(mark.isascii() and mark.isprintable() and not mark.isalnum() for mark in marks)
    if len(encoding) not in {4, 5} or len(set(marks)) != len(marks) or not usable:
        raise Refused("102", "MSH^1^2", "four different delimiters, no letters", reject=True)
    return Delimiters(separator, *tuple(encoding[:4]))


def charset_of(content: bytes) -> str:
    """The character set that the header names, of which every one writes the header alike."""
    header = content[: content.find(b"\r") % (len(content) + 1)].decode("latin-1")
    fields = header.split(header[3:4] or "|")
    stated = fields[17] if len(fields) > 17 else ""
    # Another set may be named for stretches that begin with an escape of their own: refused there.
    named = stated.split(header[5:6] or "~")[0].strip().upper()
    if named not in CHARACTER_SETS:
        raise Refused("103", "MSH^1^18", "a character set that is not read here", reject=True)
    return CHARACTER_SETS[named]


def unescaped(raw: str, marks: Delimiters, *, charset: str = "ascii") -> str:
    """Raises ValueError at an escape that is not closed, or that HL7 does not have."""
    literal = {
        "F": marks.field,
        "S": marks.component,
        "T": marks.subcomponent,
        "R": marks.repetition,
        "E": marks.escape,
    }
    text, *rest = raw.split(marks.escape)
    if len(rest) % 2:
        raise ValueError("an escape is not closed")
    parts = [text]
    for said, after in zip(rest[::2], rest[1::2], strict=True):
        parts += [literal[said] if said in literal else meant(said, charset), after]
    return "".join(parts)


def meant(said: str, charset: str) -> str:
    if said[:1] == "X" and HEXADECIMAL.fullmatch(said[1:]):
        try:
            return bytes.fromhex(said[1:]).decode(charset)
        except UnicodeDecodeError as refusal:
            raise ValueError(f"an escape by its bytes is no {charset}") from refusal
    if LAYOUT.fullmatch(said):
        return "\n" if said.startswith(NEW_LINES) else ""
    raise ValueError("an escape that is not known")


def escaped(text: str, marks: Delimiters) -> str:
    """As a value is written in a message; what is no text goes by its byte."""
    letters = {
        marks.escape: "E",
        marks.field: "F",
        marks.component: "S",
        marks.subcomponent: "T",
        marks.repetition: "R",
        **UNPRINTED,
    }
    made = (
        f"{marks.escape}{letters[one]}{marks.escape}" if one in letters else one for one in text
    )
    return "".join(made)
