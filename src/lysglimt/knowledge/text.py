"""What a clinician reads, in Bokmål and in English."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Text:
    """The same statement in both languages; neither may be empty."""

    nb: str
    en: str

    def __str__(self) -> str:
        return self.en

    def in_language(self, language: str) -> str:
        """Bokmål for ``nb``, ``nn`` and ``no`` (``nb-no`` too), English for every other code."""
        return self.nb if language[:2] in {"nb", "nn", "no"} else self.en

    def filled(self, **facts: object) -> "Text":
        """With the facts in place of ``{name}``: numbers and dates as each language writes them.

        A fact that is a Text is said in each language.
        """
        return Text(
            nb=self.nb.format_map({name: _said(fact, "nb") for name, fact in facts.items()}),
            en=self.en.format_map({name: _said(fact, "en") for name, fact in facts.items()}),
        )


def _said(fact: object, language: str) -> str:
    match fact:
        case Text():
            return fact.in_language(language)
        case Decimal():
            plain = f"{fact.normalize():f}"
            return plain.replace(".", ",") if language == "nb" else plain
        case date():
            return f"{fact:%d.%m.%Y}" if language == "nb" else fact.isoformat()
        case _:
            return str(fact)
