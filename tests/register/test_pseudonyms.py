"""A name that names nobody: the same for the same, another for everything else."""

from itertools import combinations
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from lysglimt.register.pseudonyms import LENGTH, Pseudonyms

KEY, ANOTHER = b"k" * 32, b"j" * 32
ONE = Pseudonyms.of_project("national", key=KEY)


@given(st.uuids())
def test_the_same_person_has_the_same_name_in_every_delivery(person: object) -> None:
    again = Pseudonyms.of_project("national", key=KEY)
    assert ONE.name("person", person) == again.name("person", person)
    assert len(ONE.name("person", person)) == LENGTH


@given(st.uuids())
def test_another_key_project_or_table_gives_another_name(known_as: object) -> None:
    names = [
        ONE.name("person", known_as),
        ONE.name("course", known_as),
        Pseudonyms.of_project("study-1", key=KEY).name("person", known_as),
        Pseudonyms.of_project("national", key=ANOTHER).name("person", known_as),
    ]
    assert all(one != other for one, other in combinations(names, 2))


@given(st.uuids(), st.uuids())
def test_two_people_have_two_names(one: object, other: object) -> None:
    assert (ONE.name("person", one) == ONE.name("person", other)) is (one == other)


def test_neither_the_id_nor_the_key_can_be_read_in_a_name() -> None:
    person = uuid4()
    name = ONE.name("person", person)
    assert name not in {person.hex, str(person)}
    assert person.hex[:8] not in name
    assert KEY.hex() not in repr(ONE)


def test_what_is_put_together_from_parts_cannot_be_taken_for_another() -> None:
    assert ONE.name("a", "bc") != ONE.name("ab", "c")
    assert ONE.digest("person\0x") != ONE.name("person", "x")
