"""What the rules have said is stored in both languages: each reads it in their own."""

import json
from collections.abc import Callable
from dataclasses import asdict

from django.utils import translation

from lysglimt.knowledge.text import Text

BEGINS = '{"nb": '


def in_both(say: Callable[[str], str]) -> Text:
    """What is said in each of the languages, with the numerals of that language."""
    said = {}
    for language in ("nb", "en"):
        with translation.override(language):
            said[language] = say(language)
    return Text(**said)


def as_stored(text: Text) -> str:
    """For a column that else holds what somebody typed."""
    return json.dumps(asdict(text), ensure_ascii=False)


def in_readers(said: str) -> str:
    """In the reader's language; what was typed stands as it was typed."""
    if not said.startswith(BEGINS):
        return said
    try:
        text = Text(**json.loads(said))
    except (TypeError, ValueError):
        return said
    return text.in_language(translation.get_language() or "nb")
