"""A patient reads the validated words or none; a loaded text fits its instrument or is refused."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest

from lysglimt.knowledge.instruments.instrument import Instrument, instrument, instruments
from lysglimt.knowledge.instruments.questionnaire import (
    KnownMisprint,
    NoCopyright,
    NotAQuestionnaire,
    OtherItems,
    OtherOrdinals,
    WordingRefused,
    WrongInstrument,
    WrongLanguage,
    read_questionnaire,
)
from lysglimt.knowledge.instruments.wording import (
    AlteredWording,
    Pack,
    WordingRequired,
    checked,
    form_text,
    shipped,
)

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
PACKS = files("lysglimt.knowledge.instruments") / "packs"

Form = dict[str, Any]


def licensed(scale: Instrument, language: str = "nb") -> Form:
    """A clinic's own form as its licence holder might hand it out, with made-up words."""
    return {
        "resourceType": "Questionnaire",
        "language": language,
        "version": "2016",
        "publisher": "The holder",
        "copyright": "The holder, licensed to this clinic",
        "identifier": [{"value": scale.id}],
        "item": [
            {
                "linkId": item.id,
                "type": "choice",
                "text": f"Ledd {item.number}, ikke en ekte ordlyd",
                "answerOption": [option(value) for value in item.allowed],
            }
            for item in scale.items
        ],
    }


def option(value: float) -> Form:
    return {
        "valueCoding": {
            "display": f"svar {value}",
            "extension": [{"url": ORDINAL, "valueDecimal": value}],
        }
    }


def loaded(scale: Instrument, form: Form, language: str = "nb") -> Any:
    return read_questionnaire(scale, json.dumps(form), language=language)


SHIPPED = [
    ("phq9", "en"),
    ("phq9", "nb"),
    ("gad7", "en"),
    ("cgi_s", "en"),
    ("cgi_i", "en"),
    ("lysglimt_se", "en"),
    ("lysglimt_se", "nb"),
    ("lysglimt_bladder", "en"),
    ("lysglimt_bladder", "nb"),
]


def test_only_free_texts_travel_with_the_programme() -> None:
    found = [
        (scale.id, language)
        for scale in instruments().values()
        for language in ("en", "nb")
        if shipped(scale.id, language)
    ]
    assert sorted(found) == sorted(SHIPPED)
    assert all(instrument(scale).licence.ship_verbatim.free for scale, _ in found)
    assert {file.name for file in PACKS.iterdir() if file.name.endswith(".json")} == {
        f"{scale}.{language}.json" for scale, language in SHIPPED
    }


@pytest.mark.parametrize(("scale", "language"), SHIPPED)
def test_a_shipped_text_words_every_item_and_says_whose_it_is(
    scale: str, language: str
) -> None:
    form = form_text(instrument(scale), language)
    assert [one.item.id for one in form.items][: len(instrument(scale).items)] == [
        item.id for item in instrument(scale).items
    ]
    assert all(one.text for one in form.items)
    assert form.copyright
    assert len(form.checksum) == 64
    assert form.validated is not instrument(scale).own_work


def test_the_norwegian_phq9_is_the_published_wording() -> None:
    form = form_text(instrument("phq9"), "nn-NO")
    assert form.items[1].text == "Følt deg nedfor, deprimert eller fylt av håpløshet"
    assert form.items[0].options[0] == (0, "Ikke i det hele tatt")
    assert form.items[9].item.id == "difficulty"


def test_zero_on_the_english_gad7_is_not_at_all() -> None:
    form = form_text(instrument("gad7"), "en-GB")
    assert {one.options[0] for one in form.items} == {(0, "Not at all")}


def test_a_shipped_text_that_was_changed_is_refused() -> None:
    text = (PACKS / "gad7.en.json").read_text(encoding="utf-8")
    pack = Pack("gad7", "en", "gad7.en.json", "0" * 64, "Pfizer Inc.", "free")
    with pytest.raises(AlteredWording, match="not the text that was checked"):
        checked(pack, text)
    changed = text.replace("Not being able", "Being able")
    known = replace(pack, sha256=str(shipped("gad7", "en").checksum))  # type: ignore[union-attr]
    assert checked(known, text).language == "en"
    with pytest.raises(AlteredWording):
        checked(known, changed)


@pytest.mark.parametrize(
    ("scale", "language"),
    [
        pytest.param("madrs_s", "nb", id="protected"),
        pytest.param("who5", "nb", id="terms exclude commercial use"),
        pytest.param("audit_c", "en", id="patient or clinician"),
        pytest.param("gad7", "nb", id="no verified Bokmål"),
        pytest.param("phq9", "de", id="a language without a pack"),
    ],
)
def test_a_patient_never_sees_a_paraphrase(scale: str, language: str) -> None:
    with pytest.raises(WordingRequired, match="load its official wording") as refusal:
        form_text(instrument(scale), language)
    assert refusal.value.facts["instrument"] == scale


@pytest.mark.parametrize(
    ("scale", "language", "text", "options"),
    [
        pytest.param("madrs", "nb", "Tristhet, observert", tuple((n, str(n)) for n in range(7)), id="bare numbers"),
        pytest.param("msm", "en", "Duration: ≤12 / 13-24 / >24 months", ((1, "1"), (2, "2"), (3, "3")), id="English"),
    ],
)  # fmt: skip
def test_without_a_pack_a_clinician_sees_neutral_labels(
    scale: str, language: str, text: str, options: tuple[tuple[int, str], ...]
) -> None:
    form = form_text(instrument(scale), language)
    assert (form.items[0].text, form.items[0].options) == (text, options)
    assert (form.validated, form.checksum, form.copyright) == (False, "", "")


def test_labelled_levels_are_shown_lowest_first() -> None:
    options = form_text(instrument("moaas"), "nb").items[0].options
    assert [value for value, _ in options] == [0, 1, 2, 3, 4, 5]
    assert options[5][1] == "Svarer straks på navn, vanlig stemme"


def test_a_clinics_licensed_text_is_shown_in_place_of_the_labels() -> None:
    madrs = instrument("madrs")
    form = licensed(madrs)
    form["item"].insert(0, {"linkId": "lead", "type": "display", "text": "Veiledning"})
    form["item"] = [{"linkId": "all", "type": "group", "item": form["item"]}]
    pack = loaded(madrs, form)
    shown = form_text(madrs, "nb", [pack])
    assert (shown.validated, shown.stem) == (True, "Veiledning")
    assert shown.items[9].text == "Ledd 10, ikke en ekte ordlyd"
    assert (pack.version, pack.holder) == ("2016", "The holder")
    assert form_text(madrs, "en", [pack]).validated is False


def test_a_loaded_text_of_a_patients_scale_opens_its_form() -> None:
    gad7 = instrument("gad7")
    shown = form_text(gad7, "nb", [loaded(gad7, licensed(gad7))])
    assert shown.items[1].text == "Ledd 2, ikke en ekte ordlyd"


def test_seven_printed_answers_may_share_four_scores() -> None:
    bdi = instrument("bdi2")
    form = licensed(bdi)
    for n in (15, 17):
        form["item"][n]["answerOption"] = [option(value) for value in (0, 1, 1, 2, 2, 3, 3)]
    assert len(loaded(bdi, form).questions["i16"].options) == 7
    form["item"][15]["answerOption"].pop()
    with pytest.raises(OtherOrdinals, match="Item 16"):
        loaded(bdi, form)


def test_the_later_extension_for_scores_is_read_too() -> None:
    cgi = instrument("cgi_s")
    form = licensed(cgi)
    form["item"][0]["answerOption"] = [
        {
            "valueCoding": {"display": str(value)},
            "extension": [
                {
                    "url": "http://hl7.org/fhir/StructureDefinition/itemWeight",
                    "valueDecimal": value,
                }
            ],
        }
        for value in range(1, 8)
    ]
    assert loaded(cgi, form).questions["i1"].options[0] == (1, "1")


def with_(path: tuple[str | int, ...], value: object) -> Callable[[Form], None]:
    def change(form: Form) -> None:
        part: Any = form
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = value

    return change


def swapped(form: Form) -> None:
    form["item"][0], form["item"][1] = form["item"][1], form["item"][0]


FIRST = ("item", 0)
SCORE = (*FIRST, "answerOption", 0, "valueCoding", "extension", 0, "valueDecimal")


@pytest.mark.parametrize(
    ("change", "refused", "says"),
    [
        pytest.param(with_(("resourceType",), "Patient"), NotAQuestionnaire, "'Patient'", id="resource"),
        pytest.param(with_(("item",), "text"), NotAQuestionnaire, "a list of objects", id="shape"),
        pytest.param(with_(("identifier",), [{"value": "phq9"}]), WrongInstrument, "phq9 is not gad7", id="another instrument"),
        pytest.param(with_(("identifier",), []), WrongInstrument, "none is not gad7", id="no name"),
        pytest.param(with_(("code",), [{"system": "http://loinc.org", "code": "44249-1"}]), WrongInstrument, "44249-1 is not a code of GAD-7", id="GAD-7 coded as the PHQ-9 panel"),
        pytest.param(with_(("language",), "sv"), WrongLanguage, "'sv' is not nb", id="language"),
        pytest.param(with_(("copyright",), " "), NoCopyright, "say whose", id="copyright"),
        pytest.param(lambda form: form["item"].pop(), OtherItems, "7 items, the form has 6", id="an item fewer"),
        pytest.param(lambda form: form["item"].append(deepcopy(form["item"][0])), OtherItems, "the form has 8", id="an item more"),
        pytest.param(with_((*FIRST, "linkId"), "q1"), OtherItems, "linkId 'q1'", id="linkId"),
        pytest.param(lambda form: form["item"][0].pop("linkId"), OtherItems, "linkId ''", id="no linkId"),
        pytest.param(swapped, OtherItems, "linkId 'i2'", id="order"),
        pytest.param(with_((*FIRST, "text"), ""), OtherItems, "has no text", id="no words"),
        pytest.param(with_(SCORE, 4), OtherOrdinals, "score 1, 2, 3, 4; allowed is 0-3", id="another score"),
        pytest.param(with_(SCORE, 0.5), OtherOrdinals, "no whole ordinal", id="half a score"),
        pytest.param(with_(SCORE, "0"), OtherOrdinals, "no whole ordinal", id="a word as score"),
        pytest.param(with_((*FIRST, "answerOption", 0, "valueCoding", "extension"), []), OtherOrdinals, "no whole ordinal", id="no score"),
        pytest.param(with_((*FIRST, "answerOption"), []), OtherOrdinals, "score nothing", id="no answers"),
        pytest.param(lambda form: form["item"][0]["answerOption"].append(option(0)), OtherOrdinals, "score 0, 0, 1, 2, 3", id="an answer twice"),
        pytest.param(with_(("item", 1, "text"), "Klart å stoppe bekymringene"), KnownMisprint, "mistet|negation", id="item 2 without ikke"),
    ],
)  # fmt: skip
def test_a_text_that_does_not_fit_is_refused_for_what_differs(
    change: Callable[[Form], None], refused: type[WordingRefused], says: str
) -> None:
    gad7 = instrument("gad7")
    form = licensed(gad7)
    loaded(gad7, deepcopy(form))
    change(form)
    with pytest.raises(refused, match=says) as refusal:
        loaded(gad7, form)
    assert {"field", "value", "allowed"} <= refusal.value.facts.keys()


def test_the_not_at_all_sure_misprint_is_refused() -> None:
    gad7 = instrument("gad7")
    text = (PACKS / "gad7.en.json").read_text(encoding="utf-8")
    with pytest.raises(KnownMisprint, match="Not at all sure"):
        read_questionnaire(
            gad7, text.replace('"Not at all"', '"Not at all sure"', 1), language="en"
        )


def test_an_entered_number_keeps_its_bounds() -> None:
    bladder = instrument("lysglimt_bladder")
    text = (PACKS / "lysglimt_bladder.nb.json").read_text(encoding="utf-8")
    assert form_text(bladder, "nb").items[0].options == ()
    with pytest.raises(OtherOrdinals, match="runs from 0 to 40; allowed is 0-30"):
        read_questionnaire(
            bladder, text.replace('"valueInteger": 30', '"valueInteger": 40'), language="nb"
        )


@pytest.mark.parametrize("text", ["{", "[]", '"Questionnaire"'])
def test_what_is_no_form_is_refused(text: str) -> None:
    with pytest.raises(NotAQuestionnaire):
        read_questionnaire(instrument("gad7"), text, language="en")
