"""Values and refusals are written as the reader writes them, in both languages."""

import ast
import gettext
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.clinic.design import surroundings
from lysglimt.clinic.design.amounts import AmountField, CountField
from lysglimt.clinic.design.numerals import number_typed, numeral
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.design.templatetags import design
from lysglimt.clinic.design.wordings import WORDINGS
from lysglimt.knowledge.errors import ClinicalError, Unknown
from lysglimt.knowledge.figures import Basis, Mark
from lysglimt.knowledge.quantities import Milligrams
from lysglimt.knowledge.sources.citation import Citation
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Standing
from tools.messages import CLINIC, apps, faults


def codes(module: Path) -> Iterator[str]:
    """The code of each refusal in a module: ``code = "…"`` in a class."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.ClassDef(body=body):
                for line in body:
                    match line:
                        case ast.Assign(
                            targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))
                        ):
                            yield code
                        case _:
                            pass
            case _:
                pass


@pytest.fixture(scope="module")
def known() -> set[str]:
    return {code for module in CLINIC.parent.rglob("*.py") for code in codes(module)}


def test_every_refusal_has_a_wording(known: set[str]) -> None:
    assert not known - WORDINGS.keys(), "add them to clinic/design/wordings.py: `make messages`"


@pytest.mark.parametrize("code", sorted(WORDINGS))
def test_the_wording_of_a_refusal_is_in_both_languages(code: str) -> None:
    refusal = type("Refusal", (ClinicalError,), {"code": code})(
        "log", field="x", value=1, allowed="1"
    )
    said = set()
    for language in ("nb", "en"):
        with override(language):
            said.add(sentence(refusal))
    assert len(said) == 2


def test_the_refusals_of_the_clinical_core_are_found(known: set[str]) -> None:
    assert {"clinical", "catalogue.unknown", "dosing.anaesthetic-sized"} <= known


class OutOfStep(ClinicalError):
    """A refusal that nobody has worded."""

    code = "tests.out-of-step"


@pytest.mark.parametrize(
    ("facts", "nb"),
    [
        pytest.param({}, "", id="nothing named"),
        pytest.param(
            {"field": "weight_kg", "value": Decimal("700.5"), "allowed": (30, 250)},
            " (vekt (kg), oppgitt: 700,5, tillatt: 30–250)",
            id="two numbers are a range",
        ),
        pytest.param(
            {"field": "mg_per_kg", "value": "8O", "allowed": "above 0, up to 1.5 mg/kg"},
            " (dose etter vekt (mg/kg), oppgitt: 8O, tillatt: over 0, opptil 1,5 mg/kg)",
            id="the words of a range are translated",
        ),
        pytest.param(
            {
                "field": "item-3",
                "label": Text("Søvn", "Sleep"),
                "value": 9,
                "allowed": (0, 1, 2),
            },
            " (Søvn, oppgitt: 9, tillatt: 0, 1, 2)",
            id="an item brings its label",
        ),
        pytest.param(
            {"field": "dose_mg", "value": Milligrams(Decimal("40.0"))},
            " (dose (mg), oppgitt: 40,0)",
            id="a quantity",
        ),
        pytest.param(
            {"field": "ends_at", "value": date(2026, 3, 4), "allowed": "say what was done"},
            " (slutt, oppgitt: 04.03.2026)",
            id="English prose is left out of a Norwegian sentence",
        ),
        pytest.param(
            {"field": "dose_mg", "value": None, "allowed": "no later than 2026-03-02"},
            " (dose (mg), tillatt: senest 2026-03-02)",
            id="nothing given",
        ),
        pytest.param(
            {"field": "x", "value": True, "allowed": frozenset({"b", "a"})},
            " (x, oppgitt: ja, tillatt: a, b)",
            id="a set is in order",
        ),
    ],
)
def test_a_refusal_nobody_has_worded_still_names_its_facts(
    facts: dict[str, object], nb: str
) -> None:
    with override("nb"):
        assert (
            sentence(OutOfStep("log", **facts))
            == f"Dette lar seg ikke gjøre slik det står.{nb}"
        )


def test_a_wording_may_name_the_value_itself() -> None:
    class Malformed(ClinicalError):
        code = "code.malformed"

    with override("nb"):
        assert sentence(Malformed("log", value="N06")).startswith("«N06» er ikke en ATC-kode")
        assert sentence(Malformed("log")) == "Dette lar seg ikke gjøre slik det står."
        assert design.refusal(Unknown("log")) == str(WORDINGS["catalogue.unknown"])


@pytest.mark.parametrize(
    ("value", "places", "nb", "en"),
    [
        pytest.param(Decimal("48.500"), None, "48,5", "48.5", id="no zeros of a column"),
        pytest.param(Decimal("1.000"), None, "1", "1", id="never read as a thousand"),
        pytest.param(Decimal(40), 1, "40,0", "40.0", id="to a place when it is asked for"),
        pytest.param(Decimal("62.25"), 1, "62,3", "62.3", id="halves go up"),
        pytest.param(-3, None, "−3", "−3", id="a true minus"),
        pytest.param(Milligrams(Decimal("0.5")), None, "0,5", "0.5", id="a quantity"),
        pytest.param(None, None, "ikke registrert", "not recorded", id="missing is said"),
    ],
)
def test_a_number_is_written_as_the_reader_writes_it(
    value: object, places: int | None, nb: str, en: str
) -> None:
    with override("nb"):
        assert design.decimal(value, places) == nb
    with override("en"):
        assert design.decimal(value, places) == en


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("47.000"), "47"),
        (Decimal("46.98"), "47"),
        (Milligrams(Decimal("46.45")), "46,5"),
        (None, "ikke registrert"),
    ],
)
def test_milligrams_carry_no_zero_that_nobody_wrote(value: object, written: str) -> None:
    with override("nb"):
        assert design.tenth(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(3, "+3"), (-2, "−2"), (0, "0"), (Decimal("0.0"), "0"), (None, "ikke registrert")],
)
def test_a_change_shows_its_sign(value: object, written: str) -> None:
    with override("nb"):
        assert design.signed(value) == written


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (40, "40 min"),
        (timedelta(minutes=65), "1 t 5 min"),
        (120, "2 t"),
        (-5, "−5 min"),
        (None, "ikke registrert"),
    ],
)
def test_minutes_become_hours(length: timedelta | int | None, written: str) -> None:
    with override("nb"):
        assert design.minutes(length) == written


def test_a_date_cannot_be_taken_for_another() -> None:
    with override("nb"):
        assert design.day(date(1979, 3, 4)) == "04.03.1979"
        assert design.day(None) == "ikke registrert"
    with override("en"):
        assert design.day(date(1979, 3, 4)) == "4 Mar 1979"


def test_a_clinical_text_follows_the_reader() -> None:
    for language, said in (("nb", "ja"), ("en", "yes")):
        with override(language):
            assert design.text(Text("ja", "yes")) == said


def test_each_standing_has_a_word_of_its_own_and_a_look() -> None:
    for language in ("nb", "en"):
        with override(language):
            assert len({design.standing_word(each) for each in Standing}) == len(Standing)
    assert all(design.standing_kind(each) for each in Standing)


@pytest.mark.parametrize("mark", [Mark.MEMORY, Mark.OWN])
def test_what_was_not_read_never_shows_a_citation(mark: Mark) -> None:
    basis = Basis(mark, Citation("stand-in", "Zarate 2006", "doi", stands_in=True))
    for language, approve in (("nb", "godkjen"), ("en", "approves")):
        with override(language):
            note = design.basis_note(basis)
            assert "Zarate" not in note
            assert approve in note


@pytest.mark.parametrize(
    ("citation", "shown"),
    [
        pytest.param(Citation("a", "T", "d", "Zarate", 2006), "Zarate 2006. T", id="whole"),
        pytest.param(Citation("a", "", "example.no"), "example.no", id="only an address"),
        pytest.param(Citation("a", "T", "d", low=True), "T (svak kilde)", id="a weak source"),
    ],
)
def test_what_was_read_shows_its_citation(citation: Citation, shown: str) -> None:
    with override("nb"):
        assert design.basis_note(Basis(Mark.SEEN, citation)) == f"Kilde: {shown}"


@pytest.mark.parametrize(
    ("language", "citation", "shown"),
    [
        pytest.param(
            "nb",
            Citation("a", "Rates <1 %", "d", "Zarate", 2006, low=True),
            'Kilde: <span lang="en">Zarate 2006. Rates &lt;1 %</span> (svak kilde)',
            id="English on a Norwegian page",
        ),
        pytest.param(
            "nb", Citation("a", "Nytt håp", "d", language="nb"), "Kilde: Nytt håp", id="its own"
        ),
        pytest.param(
            "en",
            Citation("a", "Nytt håp", "d", language="nb"),
            'Source: <span lang="nb">Nytt håp</span>',
            id="Norwegian on an English page",
        ),
        pytest.param(
            "en", Citation("a", "T", "d"), "Source: T", id="English on an English page"
        ),
    ],
)
def test_a_title_in_another_language_than_the_page_says_so(
    language: str, citation: Citation, shown: str
) -> None:
    with override(language):
        said = Template("{% load design %}{{ basis|basis_note }}")
        basis = Basis(Mark.SEEN, citation)
        assert said.render(Context({"basis": basis})) == shown


def test_a_message_is_shown_as_the_notice_that_fits() -> None:
    kinds = {
        constants.SUCCESS: "ok",
        constants.WARNING: "due",
        constants.ERROR: "refused",
        constants.INFO: "info",
    }
    for level, kind in kinds.items():
        assert design.message_kind(Message(level, "x")) == kind


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-999, max_value=999)
)
def test_what_is_written_can_be_typed(number: Decimal) -> None:
    for language in ("nb", "en"):
        with override(language):
            assert number_typed(numeral(number)) == number


@pytest.mark.parametrize(
    "typed", ["8O", "1.200,5", "1,200.5", "", ".", "-", "1e3", "NaN", "8 0"]
)
def test_what_is_no_plain_number_is_not_guessed_at(typed: str) -> None:
    assert number_typed(typed) is None


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        pytest.param("80,5", "", id="comma"),
        pytest.param("80.5", "", id="point"),
        pytest.param("8O", "«8O» er ikke et tall.", id="a letter"),
        pytest.param("700", "700 er utenfor 30–250 kg.", id="too heavy"),
        pytest.param("7", "7 er utenfor 30–250 kg.", id="too light"),
        pytest.param("", "Feltet er påkrevet.", id="nothing"),
    ],
)
def test_an_amount_is_exact_or_refused_by_name(typed: str, refused: str) -> None:
    field = AmountField(lowest=Decimal(30), highest=Decimal(250), unit="kg")
    with override("nb"):
        if not refused:
            assert field.clean(typed) == Decimal("80.5")
            assert field.prepare_value(Decimal("80.5")) == "80,5"
            return
        with pytest.raises(forms.ValidationError) as refusal:
            field.clean(typed)
        assert refusal.value.messages == [refused]
    assert field.prepare_value(typed) == typed


def test_a_count_is_whole() -> None:
    field = CountField(lowest=0, highest=250, required=False)
    assert field.clean("84") == 84
    assert field.clean("") is None
    with override("nb"), pytest.raises(forms.ValidationError, match="ikke et helt tall"):
        field.clean("84,5")


def test_the_texts_of_the_screens_are_gathered_translated_and_compiled(need: object) -> None:
    need("gettext")  # type: ignore[operator]  # the fixture is a function
    assert not list(faults(CLINIC))


@pytest.mark.parametrize("app", list(apps(CLINIC)), ids=lambda app: app.name)
def test_no_text_is_without_bokmaal(app: Path) -> None:
    with (app / "locale/nb/LC_MESSAGES/django.mo").open("rb") as compiled:
        texts = gettext.GNUTranslations(compiled)
    said = (app / "locale/nb/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    assert 'msgstr ""\n\n' not in said
    assert texts.info()["language"] == "nb"


def test_the_wordings_do_not_ask_for_facts_that_no_refusal_has() -> None:
    assert {"value", "allowed"} >= {
        name
        for wording in WORDINGS.values()
        for name in str(wording).split("%(")[1:]
        for name in [name.partition(")")[0]]
    }


def test_the_pages_are_named_in_the_readers_language() -> None:
    with override("nb"):
        assert [str(label) for _, label in surroundings.NAVIGATION] == [
            "I dag",
            "Tavle",
            "Pasienter",
            "Venteliste",
            "Enhet",
            "Administrasjon",
            "Ansatte",
            "Monitorer",
            "Medisinskap",
            "Hendelser",
        ]
