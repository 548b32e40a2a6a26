"""The words of an instrument: validated wording as text packs, neutral labels without one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import ClinicalError

from .instrument import Instrument, instrument
from .item import Item
from .questionnaire import Question, Wording, read_questionnaire

__all__ = [
    "AlteredWording",
    "FormItem",
    "FormText",
    "Question",
    "Wording",
    "WordingRequired",
    "form_text",
    "read_questionnaire",
    "shelf",
    "shipped",
]


class WordingRequired(ClinicalError):
    """A patient's form of a protected scale; a paraphrase is not the validated test."""

    code = "instrument.wording-required"


class AlteredWording(ClinicalError):
    """A shipped text is not the text that was checked."""

    code = "instrument.wording-altered"


@dataclass(frozen=True, slots=True)
class Pack:
    """One shipped text: whose, under which terms, and the checksum of its file."""

    instrument: str
    language: str
    file: str
    sha256: str
    holder: str
    licence: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The texts that are free to travel with the programme."""

    packs: tuple[Pack, ...]


@dataclass(frozen=True, slots=True)
class FormItem:
    """One question as it is shown.

    ``options`` is the value and its words, lowest first; empty where a number is entered.
    """

    item: Item
    text: str
    options: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class FormText:
    """What a form shows. ``validated`` is false where the words are our neutral labels.

    ``checksum`` is the SHA-256 of the pack, to be stored with the answers; empty without one.
    """

    instrument: str
    language: str
    validated: bool
    stem: str
    items: tuple[FormItem, ...]
    copyright: str = ""
    checksum: str = ""


def form_text(scale: Instrument, language: str, packs: Iterable[Wording] = ()) -> FormText:
    """The words for a form: a loaded pack, else a shipped one, else neutral labels.

    ``language`` is nb (nn and no count as nb) or en. Raises WordingRequired for a scale that
    patients answer themselves when there is no pack: they never see neutral labels.
    """
    short = _language(language)
    fitting = (pack for pack in packs if (pack.instrument, pack.language) == (scale.id, short))
    wording = next(fitting, None) or shipped(scale.id, short)
    if wording is not None:
        return _worded(scale, wording)
    if scale.rater.is_patient:
        raise WordingRequired(
            f"{scale.short} is answered by the patient: load its official wording in '{short}' "
            f"first (rights: {scale.licence.holder})",
            field="language",
            value=language,
            allowed=tuple(pack.language for pack in shelf() if pack.instrument == scale.id),
            instrument=scale.id,
        )
    return _neutral(scale, short)


def shipped(instrument_id: str, language: str) -> Wording | None:
    """The text that comes with the programme, or None. Raises AlteredWording."""
    for pack in shelf():
        if (pack.instrument, pack.language) == (instrument_id, language):
            return _opened(pack)
    return None


@cache
def shelf() -> tuple[Pack, ...]:
    """Every text that comes with the programme."""
    return read(Shelf, files("lysglimt.knowledge.instruments") / "packs" / "shelf.toml").packs


@cache
def _opened(pack: Pack) -> Wording:
    file = files("lysglimt.knowledge.instruments") / "packs" / pack.file
    return checked(pack, file.read_text(encoding="utf-8"))


def checked(pack: Pack, text: str) -> Wording:
    """The wording of a shipped file, once its checksum is the one on the shelf."""
    found = sha256(text.encode()).hexdigest()
    if found != pack.sha256:
        raise AlteredWording(
            f"{pack.file} is not the text that was checked",
            field=pack.file,
            value=found,
            allowed=pack.sha256,
        )
    return read_questionnaire(instrument(pack.instrument), text, language=pack.language)


def _language(language: str) -> str:
    code = language[:2].lower()
    return "nb" if code in {"nb", "nn", "no"} else code


def _worded(scale: Instrument, wording: Wording) -> FormText:
    questions: Mapping[str, Question] = wording.questions
    every = (*scale.items, *scale.extra_items)
    return FormText(
        instrument=scale.id,
        language=wording.language,
        validated=scale.validated,
        stem=wording.stem,
        items=tuple(
            FormItem(item, questions[item.id].text, questions[item.id].options)
            for item in every
            if item.id in questions
        ),
        copyright=wording.copyright,
        checksum=wording.checksum,
    )


def _neutral(scale: Instrument, language: str) -> FormText:
    return FormText(
        instrument=scale.id,
        language=language,
        validated=False,
        stem="",
        items=tuple(
            FormItem(item, item.label.in_language(language), _labelled(item, language))
            for item in (*scale.items, *scale.extra_items)
        ),
    )


def _labelled(item: Item, language: str) -> tuple[tuple[int, str], ...]:
    """The item's own labels, or its bare numbers."""
    if item.options:
        ordered = sorted(item.options, key=lambda option: option.value)
        return tuple((one.value, one.label.in_language(language)) for one in ordered)
    return tuple((value, str(value)) for value in item.allowed)
