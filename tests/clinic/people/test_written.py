"""What is made into SQL once says the same as if it were made anew, wherever it is asked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, QuerySet, Value

from lysglimt.clinic.people import standing
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.models import LegalEntity, Patient, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.written import Condition, Place
from tests.clinic.conftest import Staff

UNIT = Place("unit", Unit._meta.pk)


def registered_in(patient: Any) -> Any:
    return Exists(Patient.objects.filter(pk=patient, registered_in=UNIT))


@pytest.fixture
def condition() -> Condition:
    return Condition(registered_in, BooleanField())


Ask = Callable[[Condition, Unit], bool]


def of_the_patient(condition: Condition, unit: Unit) -> bool:
    about = condition.about("pk", values={"unit": unit.pk})
    return bool(Patient.objects.annotate(here=about).values_list("here", flat=True).get())


def as_a_filter(condition: Condition, unit: Unit) -> bool:
    about = condition.about("pk", values={"unit": unit.pk})
    return not Patient.objects.exclude(about).exists()


def within_a_question(condition: Condition, unit: Unit) -> bool:
    """A table of the question round it has the name that Django gives one inside."""
    patients: QuerySet[Patient] = Patient.objects.filter(entity=OuterRef("pk"))
    here = patients.filter(condition.about("pk", values={"unit": unit.pk}))
    return LegalEntity.objects.filter(Exists(here)).exists()


@pytest.mark.parametrize("ask", [of_the_patient, as_a_filter, within_a_question])
def test_it_is_asked_of_each_unit_with_the_same_words(
    condition: Condition, kari: Patient, moss: Unit, halden: Unit, ask: Ask
) -> None:
    assert (ask(condition, moss), ask(condition, halden)) == (True, False)
    assert (ask(condition, halden), ask(condition, moss)) == (False, True)
    assert [*condition.known] == [connection.vendor]


def test_whose_patient_it_is_must_be_a_column(condition: Condition, kari: Patient) -> None:
    about = condition.about("nowhere", values={"unit": kari.registered_in_id})
    rows = Patient.objects.annotate(nowhere=Value("nobody")).filter(about)
    with pytest.raises(LookupError, match="is no column"):
        rows.exists()


def test_the_tenth_to_be_employed_is_told_apart_from_others(
    moss: Unit, staff: Staff, kari: Patient
) -> None:
    """Whoever asks is told by the key that the column has, not by another kind of key."""
    by = Place("by", type(staff(moss, Role.NURSE, "n0"))._meta.pk)
    many = [staff(moss, Role.NURSE, f"n{number}") for number in range(1, 20)]
    named = Condition(
        lambda _: Exists(type(many[0]).objects.filter(pk=by, username="n17")), BooleanField()
    )
    found = [
        one.username
        for one in many
        if Patient.objects.filter(named.about("pk", values={"by": one.pk})).exists()
    ]
    assert found == ["n17"]


def of_every_chapter() -> list[Condition]:
    chapters, ties = frozenset(Chapter), tuple(standing.TIES)
    names = tuple(standing.NAMED)
    asked = standing.asked(chapters, ties, names).values()
    return [*asked, standing.asked_of_blocks(chapters, names)]


@pytest.mark.django_db
def test_nothing_but_its_places_differs_from_one_request_to_the_next() -> None:
    """A person, a unit or a time that was read while it was written would stay for ever."""
    known = {*map(str, Chapter), "", "wait", "accept", "Europe/Oslo", "UTC", True, False}
    compiled = {
        one
        for condition in of_every_chapter()
        for one in condition.sql(connection)[1]
        if not isinstance(one, Place)
    }
    assert compiled <= known
