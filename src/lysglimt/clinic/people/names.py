"""Finding a name by the start of any of its words, whatever their order, case or spelling of å."""

import re
import unicodedata
from collections.abc import Iterable

SHORTEST, LONGEST = 2, 12
"""Letters of a name's start that can be searched. One letter would find half the clinic."""

DIGRAPHS = str.maketrans({"å": "aa", "æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe"})
SINGLES = str.maketrans({"å": "a", "æ": "a", "ä": "a", "ø": "o", "ö": "o"})


def words(name: str) -> tuple[str, ...]:
    """In lower case; a hyphen and an apostrophe part words as a space does."""
    composed = unicodedata.normalize("NFC", name).casefold()
    return tuple(re.findall(r"\w+", composed))


def plain(word: str) -> str:
    """Ås and Aas are one name, so are René and Rene."""
    return unaccented(word.casefold().translate(DIGRAPHS))


def spellings(word: str) -> frozenset[str]:
    """How a word may be typed on a keyboard that has no å, æ, ø."""
    return frozenset({plain(word), unaccented(word.translate(SINGLES))})


def unaccented(word: str) -> str:
    return "".join(
        c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)
    )


def starts(names: Iterable[str]) -> frozenset[str]:
    """Every start of every word, in every spelling: what a search may ask for."""
    spelled = {
        spelling for name in names for word in words(name) for spelling in spellings(word)
    }
    return frozenset(
        word[:length]
        for word in spelled
        for length in range(min(SHORTEST, len(word)), min(LONGEST, len(word)) + 1)
    )


def begins(term: str, names: Iterable[str]) -> bool:
    """Does any word of the names begin with the term?"""
    asked = plain(term)
    return any(
        spelling.startswith(asked)
        for name in names
        for word in words(name)
        for spelling in spellings(word)
    )


def similar(one: Iterable[str], other: Iterable[str]) -> bool:
    """Do two people of the same birth date seem to be one: a word of the name in common?"""
    mine = {spelling for name in one for word in words(name) for spelling in spellings(word)}
    theirs = {
        spelling for name in other for word in words(name) for spelling in spellings(word)
    }
    return not mine.isdisjoint(theirs)
