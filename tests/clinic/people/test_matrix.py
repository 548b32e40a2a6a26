"""The policy against a table that is kept by hand: every operation, role and relation."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from lysglimt.clinic.people.operations import OPERATIONS
from lysglimt.clinic.people.permissions import POLICY, SHOWN, permits
from lysglimt.clinic.people.policy import Relation, Role
from lysglimt.clinic.people.table import LETTERS

AGREED = Path(__file__).parents[2] / "reference" / "policy.csv"
WITHOUT_AN_ACCOUNT = (Role.PATIENT, Role.SYSTEM_CLIENT)
ROWS = {row["operation"]: row for row in csv.DictReader(AGREED.read_text("utf-8").splitlines())}


def test_every_operation_has_one_row_and_every_role_its_column() -> None:
    lines = AGREED.read_text("utf-8").splitlines()
    assert lines[0] == ",".join(["operation", *Role])
    assert len(lines) - 1 == len(ROWS)
    assert ROWS.keys() == POLICY.keys()


@pytest.mark.parametrize("operation", POLICY)
def test_the_table_permits_what_was_agreed_and_nothing_else(
    operation: str, figures: Callable[..., None]
) -> None:
    agreed = ROWS[operation]
    found = {
        (role, relation): permits(operation, role, relation)
        for role in Role
        for relation in Relation
    }
    assert found == {
        (role, relation): LETTERS[relation] in agreed[role] for role, relation in found
    }
    figures(cells_of_the_policy_asserted=len(found))


def test_a_cell_is_written_with_the_letters_of_relations_alone() -> None:
    written = {letter for row in ROWS.values() for role in Role for letter in row[role]}
    assert written <= {*LETTERS.values(), "-"}
    assert len(set(LETTERS.values())) == len(Relation)


@pytest.mark.parametrize("operation", POLICY)
def test_nobody_reaches_another_legal_entity(operation: str) -> None:
    assert not any(permits(operation, role, Relation.OTHER_ENTITY) for role in Role)


@pytest.mark.parametrize("operation", sorted(set(POLICY) - {"emergency"}))
def test_what_a_patient_has_closed_opens_in_an_emergency_alone(operation: str) -> None:
    assert not any(permits(operation, role, Relation.BLOCKED) for role in Role)


@pytest.mark.parametrize("role", WITHOUT_AN_ACCOUNT)
def test_who_has_no_pages_yet_has_no_right_either(role: Role) -> None:
    assert not any(permits(each, role, relation) for each in POLICY for relation in Relation)


def test_every_operation_has_a_name_on_the_screen() -> None:
    assert OPERATIONS.keys() == POLICY.keys()
    assert SHOWN.keys() <= POLICY.keys()
