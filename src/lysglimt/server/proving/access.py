"""No role sees more than the table says: every door of a served copy is knocked at."""

import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from lysglimt.clinic.people.permissions import permits
from lysglimt.clinic.people.policy import Relation, Role

from .figures import Figure, Proved
from .scratch import Scratch, copied
from .served import Served
from .signing import CSRF
from .writers import Keyboard

HANDS = 4
SIGNED_OUT = "signed out"
LET_IN, REFUSED, NOT_FOUND, TO_SIGN_IN = "let in", "refused", "not found", "to sign in"
ANSWERS: Mapping[int, str] = {
    **dict.fromkeys((200, 302, 409, 422), LET_IN),  # or told what a form that came empty lacks
    403: REFUSED,
    404: NOT_FOUND,
}
EVERYWHERE = frozenset({*Relation, SIGNED_OUT})
SIGN_IN = "/sign-in/"
ENDS_ITSELF = "sign-ins.end-own"
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """Somebody at a door: ``stands`` is a `Relation`, or that nobody is signed in."""

    operation: str
    asked: tuple[str, str]
    role: str
    stands: str
    cookies: Mapping[str, str]

    @property
    def expected(self) -> str:
        """By the table, in which the pages have no say."""
        if self.stands == SIGNED_OUT:
            return TO_SIGN_IN
        if self.stands == Relation.OTHER_ENTITY:
            return NOT_FOUND
        allowed = permits(self.operation, Role(self.role), Relation(self.stands))
        return LET_IN if allowed else REFUSED

    @property
    def changes(self) -> bool:
        """Asked last: what is sent may change how others stand."""
        return self.asked[0] == "POST" and self.expected == LET_IN

    def __str__(self) -> str:
        return f"{self.operation} as {self.role or 'nobody'}, {self.stands}"


def proved() -> Proved:
    """On a copy of the clinic's database, with two houses of made-up patients beside its own."""
    with copied() as scratch:
        return knocked(scratch)


def knocked(
    scratch: Scratch,
    roles: Collection[Role] = tuple(Role),
    relations: Collection[str] = EVERYWHERE,
) -> Proved:
    """At every door, as each of the roles, in each of the relations that a stranger can be put in."""
    began = time.monotonic()
    ground = scratch.ask("doors")
    rows = scratch.ask("rows_of_houses")
    cells = [
        cell
        for cell in cells_of(ground)
        if cell.role in {"", *roles} and cell.stands in relations
    ]
    with Served(scratch) as served:
        answers = answered(served, str(ground["csrf"]), cells)
    wrong = [(cell, got) for cell, got in answers if got != cell.expected]
    right = Counter(cell.expected for cell, got in answers if got == cell.expected)
    figures: dict[str, Figure] = {
        "database": scratch.database.vendor,
        "operations": len({cell.operation for cell in cells}),
        "roles": len({cell.role for cell in cells} - {""}),
        "relations": len({cell.stands for cell in cells}),
        "asked": len(answers),
        "allowed as the table says": right[LET_IN],
        "refused as the table says": right.total() - right[LET_IN],
        "wrong": len(wrong),
        **of_rows(rows),
        "seconds": round(time.monotonic() - began, 1),
    }
    told = [f"{cell}: {got}, not {cell.expected}" for cell, got in wrong[:MOST_TOLD]]
    return Proved(promise="access", figures=figures, faults=(*told, *faults(rows)))


def cells_of(ground: Mapping[str, Any]) -> Iterator[Cell]:
    for door in ground["doors"]:
        operation, asked = door["operation"], (door["method"], door["address"])
        yield Cell(operation, asked, "", SIGNED_OUT, {})
        for stands in door["relations"]:
            as_who = Relation.OWN_UNIT if stands == Relation.OWN_ENTITY else stands
            for one in ground["people"]:
                if one["stands"] == as_who:
                    yield Cell(operation, asked, one["role"], stands, one["cookies"])


def answered(served: Served, csrf: str, cells: Iterable[Cell]) -> list[tuple[Cell, str]]:
    """Several at once, as long as nothing changes by it; then what changes something."""
    last = sorted(
        (cell for cell in cells if cell.changes), key=lambda cell: cell.operation == ENDS_ITSELF
    )
    first = [cell for cell in cells if not cell.changes]

    def knock(cell: Cell) -> tuple[Cell, str]:
        return cell, knocked_at(served, csrf, cell)

    with ThreadPoolExecutor(HANDS) as hands:
        return [*hands.map(knock, first), *map(knock, last)]


def knocked_at(served: Served, csrf: str, cell: Cell) -> str:
    cookies = {csrf: CSRF, **cell.cookies}
    answer = Keyboard(served, {"cookies": cookies, "csrf": csrf}).once(*cell.asked)
    if answer.to.startswith(SIGN_IN):
        return TO_SIGN_IN
    return ANSWERS.get(answer.status, f"status {answer.status}")


def of_rows(rows: Mapping[str, Any]) -> dict[str, Figure]:
    if not rows:
        return {"policies of rows": "none on SQLite"}
    return {
        "tables with a policy of rows": rows["tables"],
        "houses compared": rows["houses"],
        "tables open to another house": len(rows["open"]),
    }


def faults(rows: Mapping[str, Any]) -> Iterator[str]:
    if role := rows.get("bypassed by"):
        yield f"the role {role} is bound by no policy of rows"
    for table in rows.get("open", ()):
        yield f"the database shows rows of {table} to another house, or to nobody"
    for table in rows.get("hidden", ()):
        yield f"the database hides rows of {table} from their own house"
