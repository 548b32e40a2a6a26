"""The policy as people read it: a line an operation, a column a role, a letter a relation."""

from collections.abc import Mapping

from .permissions import permits
from .policy import Relation, Role

LETTERS: Mapping[Relation, str] = {
    Relation.OWN_UNIT: "U",
    Relation.ASSIGNED: "A",
    Relation.FORMER: "F",
    Relation.OWN_ENTITY: "H",
    Relation.OTHER_UNIT: "O",
    Relation.BLOCKED: "B",
    Relation.EMERGENCY: "E",
    Relation.OTHER_ENTITY: "X",
}


def cell(operation: str, role: Role) -> str:
    """The letters of all relations in which the role may; "-" if in none."""
    may = (letter for relation, letter in LETTERS.items() if permits(operation, role, relation))
    return "".join(may) or "-"
