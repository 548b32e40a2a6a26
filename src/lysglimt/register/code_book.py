"""The code book: what each variable of the register is, and from which facts it comes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from lysglimt.knowledge.catalogue import Place, read
from lysglimt.knowledge.errors import Inconsistent, Misstated
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.instruments.instrument import instruments
from lysglimt.knowledge.protocols.library import protocols
from lysglimt.knowledge.safety.adverse_events import taxonomy
from lysglimt.knowledge.safety.analytes import analytes
from lysglimt.knowledge.text import Text


class Holds(StrEnum):
    """A pseudonym is text that names nobody; ``codes`` are several of a list."""

    PSEUDONYM = "pseudonym"
    TEXT = "text"
    CODE = "code"
    CODES = "codes"
    COUNT = "count"
    AMOUNT = "amount"
    DAY = "day"
    FLAG = "flag"


CODED = frozenset({Holds.CODE, Holds.CODES})
NUMERIC = frozenset({Holds.COUNT, Holds.AMOUNT})


class Rule(StrEnum):
    """How a variable comes from its facts."""

    AS_ENTERED = "as-entered"
    PSEUDONYM = "pseudonym"
    DAY = "day"
    DERIVED = "derived"
    COUNTED = "counted"
    LINKED = "linked"
    AWAITED = "awaited"


FROM_NO_FACT = frozenset({Rule.LINKED, Rule.AWAITED})


class Need(StrEnum):
    ALWAYS = "always"
    EXPECTED = "expected"
    MAY = "may"


@dataclass(frozen=True, slots=True)
class When:
    """Where another variable of the same row has one of these values."""

    variable: str
    has: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """One column. ``facts`` are ``app.Model.field``; ``of`` is the table whose key it holds."""

    holds: Holds
    rule: Rule
    need: Need
    nb: str
    en: str
    facts: tuple[str, ...] = ()
    values: str = ""
    unit: str = ""
    lowest: Decimal | None = None
    highest: Decimal | None = None
    when: When | None = None
    of: str = ""
    since: int = 1

    def __post_init__(self) -> None:
        numeric, bounded = self.holds in NUMERIC, {self.lowest, self.highest} != {None}
        if bool(self.values) is not (self.holds in CODED):
            raise Inconsistent("values: belong to a code, and to nothing else")
        if (self.unit or bounded) and not numeric:
            raise Inconsistent("unit, lowest, highest: belong to a count or an amount alone")
        if bool(self.facts) is (self.rule in FROM_NO_FACT):
            raise Inconsistent(f"facts: are stated unless the rule is {told(FROM_NO_FACT)}")
        if self.lowest is not None and self.highest is not None and self.lowest > self.highest:
            raise Inconsistent(f"lowest: {self.lowest} is above highest, {self.highest}")

    @property
    def label(self) -> Text:
        return Text(nb=self.nb, en=self.en)


@dataclass(frozen=True, slots=True)
class Table:
    """``key`` are the variables that together stand for one row."""

    nb: str
    en: str
    key: tuple[str, ...]
    variables: Mapping[str, Variable]

    @property
    def label(self) -> Text:
        return Text(nb=self.nb, en=self.en)


Values = Mapping[str, Text]
"""What a code can be, and how it is said."""


@dataclass(frozen=True, slots=True)
class CodeBook:
    """Everything the register can hold. ``basis`` is of the ranges."""

    version: int
    basis: Basis
    lists: Mapping[str, Values]
    tables: Mapping[str, Table]

    def values(self, variable: Variable) -> Values:
        return self.lists[variable.values]

    def variables(self) -> Iterator[tuple[str, str, Variable]]:
        """Table, name and variable, in the order of the book."""
        for name, table in self.tables.items():
            for each, variable in table.variables.items():
                yield name, each, variable


def told(words: Iterable[object]) -> str:
    return " or ".join(sorted(str(word) for word in words))


@cache
def code_book() -> CodeBook:
    return load(files("lysglimt.register") / "variables.toml")


def load(file: Traversable) -> CodeBook:
    """The book in a file, with the lists of the clinical core.

    Raises Misstated with the file, the path of the key and the nearest known word.
    """
    read_book = read(CodeBook, file)
    book = replace(read_book, lists={**read_book.lists, **lists_of_the_core()})
    for name, table in book.tables.items():
        _refuse_undefined(book, table, Place(file.name, ("tables", name)))
    return book


def lists_of_the_core() -> Mapping[str, Values]:
    """What a rating, a protocol, an event and a blood test can be, as the core knows them."""
    terms = taxonomy()
    return {
        "analyte": {one.id: one.name for one in analytes().values()},
        "causality": {one.id: one.name for one in terms.causality},
        "event-term": {one.id: one.name for one in terms.term},
        "instrument": {
            one.id: Text(nb=one.short, en=one.short) for one in instruments().values()
        },
        "protocol": {one.id: one.name for one in protocols().values()},
    }


def _refuse_undefined(book: CodeBook, table: Table, place: Place) -> None:
    """Words that the reader of a single key cannot know: other variables, tables and lists."""
    if not table.key:
        raise Misstated(f"{place.at('key')}: is empty; allowed is one variable or more")
    for name in table.key:
        place.at("key").word(name, table.variables)
        if table.variables[name].need is not Need.ALWAYS:
            raise Misstated(f"{place.at('key')}: '{name}' must be needed always")
    at = place.at("variables")
    for name, variable in table.variables.items():
        _refuse_unlisted(book, variable, at.at(name))
    for name, variable in table.variables.items():
        if variable.when:
            asked = _heard(variable.when, table, at.at(name).at("when"))
            for word in variable.when.has:
                at.at(name).at("when").at("has").word(word, book.lists[asked.values])


def _refuse_unlisted(book: CodeBook, variable: Variable, place: Place) -> None:
    if variable.values:
        place.at("values").word(variable.values, book.lists)
    if variable.of:
        place.at("of").word(variable.of, book.tables)
        other = book.tables[variable.of]
        if len(other.key) != 1 or other.variables[other.key[0]].holds is not variable.holds:
            raise Misstated(
                f"{place.at('of')}: '{variable.of}' has no key that is a {variable.holds}"
            )
    if not 1 <= variable.since <= book.version:
        raise Misstated(f"{place.at('since')}: {variable.since}, allowed is 1-{book.version}")


def _heard(when: When, table: Table, place: Place) -> Variable:
    """The variable that decides whether another is needed."""
    place.at("variable").word(when.variable, table.variables)
    asked = table.variables[when.variable]
    if asked.holds is not Holds.CODE:
        raise Misstated(f"{place.at('variable')}: '{when.variable}' is not a code")
    return asked
