"""A licensed form as an HL7 FHIR R4 Questionnaire, read against the instrument it words."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from lysglimt.knowledge.errors import ClinicalError

from .instrument import Instrument
from .item import Item

ORDINALS = (
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
)
"""The extensions that say what an answer scores, in R4 and in its successor."""

BOUNDS = (
    "http://hl7.org/fhir/StructureDefinition/minValue",
    "http://hl7.org/fhir/StructureDefinition/maxValue",
)


class WordingRefused(ClinicalError):
    """A wording that does not fit its instrument."""

    code = "instrument.wording-refused"


class NotAQuestionnaire(WordingRefused):
    code = "instrument.wording-not-a-questionnaire"


class WrongInstrument(WordingRefused):
    code = "instrument.wording-of-another-instrument"


class WrongLanguage(WordingRefused):
    code = "instrument.wording-in-another-language"


class NoCopyright(WordingRefused):
    """Whoever loads a licensed text says whose it is."""

    code = "instrument.wording-without-copyright"


class OtherItems(WordingRefused):
    """Other linkIds, another order, or another number of items."""

    code = "instrument.wording-other-items"


class OtherOrdinals(WordingRefused):
    """The answers score something else."""

    code = "instrument.wording-other-ordinals"


class KnownMisprint(WordingRefused):
    """A misprint that is known from copies in circulation."""

    code = "instrument.wording-misprint"


@dataclass(frozen=True, slots=True)
class Question:
    """The words of one item; ``options`` is value and words, lowest value first."""

    text: str
    options: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one instrument in one language; ``checksum`` is the SHA-256 of the text."""

    instrument: str
    version: str
    language: str
    copyright: str
    holder: str
    checksum: str
    stem: str
    questions: Mapping[str, Question]


def read_questionnaire(scale: Instrument, text: str, *, language: str) -> Wording:
    """The wording that a FHIR R4 Questionnaire (JSON text) states for ``scale``.

    Its ``identifier`` names the instrument, the ``linkId`` of a question is the item's id, and
    each answer option has its score as ordinalValue or itemWeight. Raises a WordingRefused that
    names what differs: nothing is matched by guess.
    """
    form = _form(text)
    _check_heading(scale, form, language)
    flat = list(_flat(form))
    put = [one for one in flat if one.get("type") != "display"]
    _check_items(scale, [str(one.get("linkId", "")) for one in put])
    asked = {one["linkId"]: one for one in put}
    every = (*scale.items, *scale.extra_items)
    questions = {item.id: _question(item, asked[item.id]) for item in every if item.id in asked}
    _refuse_misprints(scale, language, questions)
    return Wording(
        instrument=scale.id,
        version=str(form.get("version", "")),
        language=language,
        copyright=form["copyright"],
        holder=str(form.get("publisher", "")),
        checksum=sha256(text.encode()).hexdigest(),
        stem=" ".join(str(one.get("text", "")) for one in flat if one.get("type") == "display"),
        questions=questions,
    )


def _form(text: str) -> Mapping[str, Any]:
    try:
        form = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as refusal:
        raise NotAQuestionnaire(f"not JSON: {refusal}", field="file", value="") from refusal
    kind = form.get("resourceType") if isinstance(form, dict) else None
    if kind != "Questionnaire":
        raise NotAQuestionnaire(
            f"resourceType: {kind!r} is not allowed; allowed is Questionnaire",
            field="resourceType",
            value=kind,
            allowed="Questionnaire",
        )
    stated: Mapping[str, Any] = form
    return stated


def _check_heading(scale: Instrument, form: Mapping[str, Any], language: str) -> None:
    named = [str(one.get("value")) for one in _rows(form, "identifier")]
    if scale.id not in named:
        raise WrongInstrument(
            f"identifier: {', '.join(named) or 'none'} is not {scale.id}",
            field="identifier",
            value=named,
            allowed=scale.id,
        )
    codes = {
        str(one.get("code")) for one in _rows(form, "code") if "loinc" in str(one.get("system"))
    }
    known = {code.code for code in scale.codes if code.system == "loinc"}
    if codes - known:
        raise WrongInstrument(
            f"code: LOINC {', '.join(sorted(codes - known))} is not a code of {scale.short}",
            field="code",
            value=sorted(codes - known),
            allowed=sorted(known),
        )
    if str(form.get("language", ""))[:2] != language:
        raise WrongLanguage(
            f"language: {form.get('language')!r} is not {language}",
            field="language",
            value=form.get("language"),
            allowed=language,
        )
    if not str(form.get("copyright", "")).strip():
        raise NoCopyright(
            "copyright: is missing; say whose text this is and under which licence",
            field="copyright",
            value=None,
            allowed="text",
        )


def _rows(of: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The tables under ``key``; none where it is left out."""
    rows = of.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise NotAQuestionnaire(
            f"{key}: a list of objects belongs here", field=key, value=rows, allowed="list"
        )
    return rows


def _flat(of: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every question and every display text, out of their groups, in order."""
    for one in _rows(of, "item"):
        if one.get("type") != "group":
            yield one
        yield from _flat(one)


def _check_items(scale: Instrument, given: list[str]) -> None:
    due = [item.id for item in scale.items]
    extra = [item.id for item in scale.extra_items]
    scored = [link for link in given if link not in extra]
    if len(scored) != len(due):
        raise OtherItems(
            f"{scale.short} has {len(due)} items, the form has {len(scored)}",
            field="item",
            value=len(scored),
            allowed=len(due),
        )
    if scored != due:
        other = next(one for one, its in zip(scored, due, strict=True) if one != its)
        raise OtherItems(
            f"linkId '{other}' is not where {scale.short} has it; allowed, in order: "
            f"{', '.join(due)}",
            field="linkId",
            value=other,
            allowed=due,
        )


def _question(item: Item, stated: Mapping[str, Any]) -> Question:
    text = str(stated.get("text", "")).strip()
    if not text:
        raise OtherItems(
            f"Item {item.number}: has no text", field=item.id, value="", allowed="text"
        )
    if stated.get("type") == "integer":
        _check_bounds(item, stated)
        return Question(text, ())
    # By score alone: of two answers that share one, the printed order tells 1a from 1b.
    options = sorted((_option(item, one) for one in _rows(stated, "answerOption")), key=_score)
    scores = {value for value, _ in options}
    allowed = {*item.allowed, *([item.not_assessed.code] if item.not_assessed else [])}
    if not set(item.allowed) <= scores <= allowed or len(options) != len(scores) + _twice(item):
        raise OtherOrdinals(
            f"Item {item.number}: the answers score "
            f"{', '.join(str(value) for value, _ in options) or 'nothing'}; "
            f"allowed is {item.span}",
            field=item.id,
            value=[value for value, _ in options],
            allowed=item.span,
        )
    return Question(text, tuple(options))


def _score(option: tuple[int, str]) -> int:
    return option[0]


def _twice(item: Item) -> int:
    """Printed answers that share a score with another: 1a and 1b are one score."""
    return len(item.codes) - len(set(item.codes.values()))


def _option(item: Item, stated: Mapping[str, Any]) -> tuple[int, str]:
    [coding] = _rows({"valueCoding": [stated.get("valueCoding", {})]}, "valueCoding")
    extensions = [*_rows(coding, "extension"), *_rows(stated, "extension")]
    values: list[Any] = [
        one.get("valueDecimal") for one in extensions if one.get("url") in ORDINALS
    ]
    display = str(coding.get("display", "")).strip()
    whole = [int(one) for one in values if type(one) in {int, Decimal} and one == int(one)]
    if len(values) != 1 or whole != values:
        raise OtherOrdinals(
            f"Item {item.number}: the answer '{display}' has no whole ordinal value",
            field=item.id,
            value=values,
            allowed=item.span,
        )
    return whole[0], display


def _check_bounds(item: Item, stated: Mapping[str, Any]) -> None:
    extensions = {one.get("url"): one.get("valueInteger") for one in _rows(stated, "extension")}
    bounds = tuple(extensions.get(url) for url in BOUNDS)
    if bounds != (item.lowest, item.highest):
        raise OtherOrdinals(
            f"Item {item.number}: runs from {bounds[0]} to {bounds[1]}; allowed is {item.span}",
            field=item.id,
            value=bounds,
            allowed=item.span,
        )


def _refuse_misprints(
    scale: Instrument, language: str, questions: Mapping[str, Question]
) -> None:
    for misprint in scale.misprints:
        if misprint.language != language:
            continue
        options = [dict(question.options) for question in questions.values()]
        texts = (
            [questions[misprint.item].text]
            if misprint.item
            else [words[misprint.option] for words in options if misprint.option in words]
        )
        found = next((text for text in texts if misprint.found_in(text)), None)
        if found is not None:
            raise KnownMisprint(
                f"{misprint.note.en}: '{found}'",
                field=misprint.item or f"option {misprint.option}",
                value=found,
                allowed=misprint.note,
            )
