"""Every variable of the register is known, comes from a fact that may leave, and is read strictly."""

import csv
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from lysglimt.clinic.incidents.models import Progress
from lysglimt.clinic.people.models import Unit
from lysglimt.clinic.referral.models.referral import Sender
from lysglimt.clinic.treatment.models import Rating
from lysglimt.knowledge.dosing.weights import Sex
from lysglimt.knowledge.eligibility.candidate import EpisodeSeverity, Registration
from lysglimt.knowledge.eligibility.staging import StagingBand
from lysglimt.knowledge.eligibility.trials import Answer, Improvement
from lysglimt.knowledge.errors import Misstated
from lysglimt.knowledge.instruments.instrument import instruments
from lysglimt.knowledge.protocols.facts import DecisionKind, StopGround
from lysglimt.knowledge.protocols.protocol import Route
from lysglimt.knowledge.protocols.state import Phase
from lysglimt.knowledge.safety.reporting import IncidentKind, Seriousness
from lysglimt.knowledge.safety.suicidality import Promptness
from lysglimt.knowledge.verdict import Standing
from lysglimt.register import code_book as place
from lysglimt.register.book_pages import COLUMNS, as_csv, as_html
from lysglimt.register.code_book import FROM_NO_FACT, Holds, Need, Rule, code_book, load

BOOK = code_book()
SEALED_BUT_DERIVED = {
    # The year alone of a birth date; the sex of an identity number.
    "people.PatientDetails.sealed",
    # That there is a reason, never the reason.
    "treatment.SessionGiven.ended_early",
    # That somebody is named who takes the patient home, never who.
    "chairside.DischargeRecord.escort_name",
    # That one statement of the form was agreed to.
    "treatment.Consent.items",
}
"""What stays in the clinic, and of which a yes, a no or a year leaves. Added to by hand alone."""


def fate(fact: str) -> str:
    """What the model says of the field: pseudonymised, leaves, or withheld."""
    app, model, field = fact.split(".")
    kind: type[models.Model] = apps.get_model(app, model)
    assert field in {one.name for one in kind._meta.get_fields()}, fact
    register = getattr(kind, "Register", object)
    for said in ("pseudonymised", "leaves"):
        if any(field in vars(layer).get(said, ()) for layer in register.__mro__):
            return said
    return "withheld"


def test_every_table_of_the_minimal_data_set_is_there() -> None:
    assert set(BOOK.tables) >= {
        *("person", "referral", "episode", "resistance", "eligibility", "override", "consent"),
        *("registration", "course", "session", "rating", "event", "follow_up", "medication"),
        *("suicidality", "function", "resources", "experience", "therapy", "unit", "lab"),
    }
    assert sum(1 for _ in BOOK.variables()) > 150


def test_a_variable_comes_from_a_fact_that_its_model_lets_go() -> None:
    wrong = []
    for table, name, variable in BOOK.variables():
        for fact in variable.facts:
            found = fate(fact)
            hidden = found == "withheld" and not (
                variable.rule is Rule.DERIVED and fact in SEALED_BUT_DERIVED
            )
            bare = found == "pseudonymised" and variable.rule not in {
                *(Rule.PSEUDONYM, Rule.COUNTED, Rule.DERIVED),
            }
            if hidden or bare:
                wrong.append(f"{table}.{name}: {fact} is {found}")
    assert not wrong, "\n".join(wrong)


def test_a_pseudonym_is_made_and_never_as_entered() -> None:
    for table, name, variable in BOOK.variables():
        if variable.holds is Holds.PSEUDONYM:
            assert variable.rule in {Rule.PSEUDONYM, Rule.DERIVED, *FROM_NO_FACT}, (table, name)


def test_what_is_said_to_be_sealed_is_asked_for() -> None:
    asked = {fact for _, _, variable in BOOK.variables() for fact in variable.facts}
    assert asked >= SEALED_BUT_DERIVED
    assert {fate(fact) for fact in SEALED_BUT_DERIVED} == {"withheld"}


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("answer", Answer),
        ("course-decision", DecisionKind),
        ("improvement", Improvement),
        ("incident-kind", IncidentKind),
        ("phase", Phase),
        ("progress", Progress),
        ("promptness", Promptness),
        ("registration", Registration),
        ("route", Route),
        ("sender", Sender),
        ("seriousness", Seriousness),
        ("severity", EpisodeSeverity),
        ("sex", Sex),
        ("staging-band", StagingBand),
        ("stop-ground", StopGround),
    ],
)
def test_a_list_is_the_one_that_the_clinic_writes(name: str, codes: type) -> None:
    assert list(BOOK.lists[name]) == [one.value for one in codes]  # type: ignore[attr-defined] # every one is an enumeration


def test_lists_of_what_the_database_knows_are_the_same() -> None:
    assert list(BOOK.lists["standing"]) == [one.name.lower() for one in Standing]
    for model, field, name in (
        (Unit, "kind", "unit-kind"),
        (Rating, "timing", "timing"),
        (Rating, "mode", "mode"),
    ):
        written = model._meta.get_field(field)
        assert isinstance(written, models.Field)
        assert list(BOOK.lists[name]) == [code for code, _ in written.choices or ()]


def test_the_lists_of_the_core_are_read_from_it() -> None:
    assert BOOK.lists["instrument"]["madrs"].en == "MADRS"
    assert "iv-ketamine-no" in BOOK.lists["protocol"]
    assert BOOK.lists["event-term"]["nausea"].nb == "Kvalme"
    assert {"alt", "ast"} <= BOOK.lists["analyte"].keys()
    assert "certain" in BOOK.lists["causality"]


def test_a_total_is_expected_of_the_instruments_that_have_one() -> None:
    total = BOOK.tables["rating"].variables["total"]
    assert total.when is not None
    with_total = {one.id for one in instruments().values() if one.scoring.method.makes_total}
    assert set(total.when.has) == with_total
    assert "cssrs_screener" not in with_total


def test_each_list_is_used_and_said_in_both_languages() -> None:
    used = {variable.values for _, _, variable in BOOK.variables()} - {""}
    assert used == BOOK.lists.keys()
    for name, values in BOOK.lists.items():
        assert all(text.nb.strip() and text.en.strip() for text in values.values()), name
    for table, name, variable in BOOK.variables():
        assert variable.nb.strip(), (table, name)
        assert variable.en.strip(), (table, name)


GOOD = """
version = 1
basis = { mark = "own", source = "own-proposal" }
[lists.sex]
f = { nb = "Kvinne", en = "Female" }
m = { nb = "Mann", en = "Male" }
[tables.person]
nb = "Person"
en = "Person"
key = ["person"]
[tables.person.variables]
person = { holds = "pseudonym", rule = "pseudonym", facts = ["people.Patient.id"], need = "always", nb = "P", en = "P" }
sex = { holds = "code", values = "sex", rule = "awaited", need = "may", nb = "Kjønn", en = "Sex" }
age = { holds = "count", lowest = 0, highest = 120, rule = "linked", need = "always", when = { variable = "sex", has = ["f"] }, nb = "Alder", en = "Age" }
[tables.visit]
nb = "Besøk"
en = "Visit"
key = ["person", "number"]
[tables.visit.variables]
person = { holds = "pseudonym", of = "person", rule = "linked", need = "always", nb = "P", en = "P" }
number = { holds = "count", rule = "linked", need = "always", nb = "N", en = "N" }
"""


def stated(folder: Path, text: str) -> Path:
    file = folder / "book.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_book_that_is_right_is_read(tmp_path: Path) -> None:
    assert set(load(stated(tmp_path, GOOD)).tables) == {"person", "visit"}


@pytest.mark.parametrize(
    ("right", "wrong", "refusal"),
    [
        ("lowest = 0", "lowst = 0", "tables.person.variables.age.lowst: 'lowst' is unknown, the nearest is 'lowest'"),
        ('"count", lowest', '"cuont", lowest', "tables.person.variables.age.holds: 'cuont' is unknown, the nearest is 'count'"),
        ('values = "sex"', 'values = "sexes"', "tables.person.variables.sex.values: 'sexes' is unknown, the nearest is 'sex'"),
        ('values = "sex", ', "", "tables.person.variables.sex: values: belong to a code"),
        ("lowest = 0, h", "lowest = 130, h", "tables.person.variables.age: lowest: 130 is above highest, 120"),
        ('of = "person"', 'of = "persons"', "tables.visit.variables.person.of: 'persons' is unknown, the nearest is 'person'"),
        ('of = "person"', 'of = "visit"', "tables.visit.variables.person.of: 'visit' has no key that is a pseudonym"),
        ('variable = "sex"', 'variable = "six"', "tables.person.variables.age.when.variable: 'six' is unknown, the nearest is 'sex'"),
        ('variable = "sex"', 'variable = "age"', "tables.person.variables.age.when.variable: 'age' is not a code"),
        ('has = ["f"]', 'has = ["x"]', "tables.person.variables.age.when.has: 'x' is unknown"),
        ('key = ["person", "number"]', 'key = ["persn"]', "tables.visit.key: 'persn' is unknown, the nearest is 'person'"),
        ('key = ["person", "number"]', "key = []", "tables.visit.key: is empty"),
        ('key = ["person"]', 'key = ["sex"]', "tables.person.key: 'sex' must be needed always"),
        (', facts = ["people.Patient.id"]', "", "tables.person.variables.person: facts: are stated unless the rule is awaited or linked"),
        ('rule = "awaited"', 'rule = "awaited", unit = "kg"', "tables.person.variables.sex: unit, lowest, highest"),
        ('rule = "awaited"', 'rule = "awaited", since = 2', "tables.person.variables.sex.since: 2, allowed is 1-1"),
    ],
)  # fmt: skip
def test_what_the_loader_does_not_know_is_refused_where_it_stands(
    tmp_path: Path, right: str, wrong: str, refusal: str
) -> None:
    assert right in GOOD
    with pytest.raises(Misstated) as refused:
        load(stated(tmp_path, GOOD.replace(right, wrong, 1)))
    assert str(refused.value).startswith(f"book.toml: {refusal}")


def test_the_table_to_work_on_has_a_line_for_each_variable() -> None:
    for language, female in (("nb", "f = Kvinne; m = Mann"), ("en", "f = Female; m = Male")):
        found = list(csv.DictReader(StringIO(as_csv(BOOK, language))))
        assert list(found[0]) == list(COLUMNS)
        assert len(found) == sum(1 for _ in BOOK.variables())
        [sex] = [one for one in found if (one["table"], one["variable"]) == ("person", "sex")]
        assert sex["values"] == female
        assert not [one for one in found if not one["label"]]


def test_no_cell_of_the_table_is_a_formula() -> None:
    cells = [c for row in csv.reader(StringIO(as_csv(BOOK, "nb"))) for c in row]
    assert not [c for c in cells if c[:1] in {"=", "+", "@", "\t"}]


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page_names_each_table_variable_and_code(language: str) -> None:
    page = as_html(BOOK, language)
    assert f'<html lang="{language}">' in page
    places = [page.index(f'<h2 id="{name}">') for name in BOOK.tables]
    assert all(before < after for before, after in pairwise(places))
    assert page.count('<th scope="row">') == sum(1 for _ in BOOK.variables()) + sum(
        map(len, BOOK.lists.values())
    )
    assert "&gt;=50" in page
    assert ">=50" not in page
    assert "<script" not in page


def test_a_year_of_birth_is_needed_and_a_birth_date_is_nowhere() -> None:
    person = BOOK.tables["person"].variables
    assert person["birth_year"].need is Need.ALWAYS
    days = {name for name, one in person.items() if one.holds is Holds.DAY}
    assert days == {"died_on"}


def test_the_book_is_read_once() -> None:
    assert place.code_book() is BOOK
