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


def test_the_table_permits_what_was_agreed_and_nothing_else(
    figures: Callable[..., None],
) -> None:
    cells = [
        (operation, role, relation)
        for operation in POLICY
        for role in Role
        for relation in Relation
    ]
    wrong = [
        f"{operation}: {role}, {relation}: permitted {permits(operation, role, relation)}"
        for operation, role, relation in cells
        if permits(operation, role, relation)
        is not (LETTERS[relation] in ROWS[operation][role])
    ]
    assert not wrong, "\n".join(wrong)
    figures(cells_of_the_policy_asserted=len(cells))


def test_a_cell_is_written_with_the_letters_of_relations_alone() -> None:
    written = {letter for row in ROWS.values() for role in Role for letter in row[role]}
    assert written <= {*LETTERS.values(), "-"}
    assert len(set(LETTERS.values())) == len(Relation)


def open_to(relation: Relation) -> set[str]:
    return {one for one in POLICY for role in Role if permits(one, role, relation)}


def test_nobody_reaches_another_legal_entity() -> None:
    assert open_to(Relation.OTHER_ENTITY) == set()


def test_what_a_patient_has_closed_opens_in_an_emergency_alone() -> None:
    assert open_to(Relation.BLOCKED) - {"emergency"} == set()


@pytest.mark.parametrize("role", WITHOUT_AN_ACCOUNT)
def test_who_has_no_pages_yet_has_no_right_either(role: Role) -> None:
    assert not any(permits(each, role, relation) for each in POLICY for relation in Relation)


def test_every_operation_has_a_name_on_the_screen() -> None:
    assert OPERATIONS.keys() == POLICY.keys()
    assert SHOWN.keys() <= POLICY.keys()
