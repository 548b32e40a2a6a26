"""What a clinician reads, in Bokmål and in English."""

from dataclasses import dataclass


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
