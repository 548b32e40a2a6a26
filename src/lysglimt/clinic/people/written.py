"""A question about a row that is made into SQL once, and then only told which row, whom and when.

Whether somebody may open a record takes a dozen questions of the database, asked at every
request, and a session is shown with a dozen more. Django would build the same statement from its
parts each time, which takes longer than the database needs to answer it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from itertools import count
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.db.models import Expression, F, Field, UUIDField

OUTER = "/* of column {} */"
NOTHING: Mapping[str, object] = MappingProxyType({})
KEY = (UUIDField(),)
NUMBERS = count()
ALIAS = re.compile(r"\b([A-Z]+\d+)\b")
"""What Django calls a table in a question within a question: `U0`."""


class Place(Expression):
    """Where a value will stand: one value each time that the condition is asked."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, *_: Any, **__: Any) -> Any:
        return "%s", [self]

    def filled(self, value: object, connection: Any) -> object:
        return self.output_field.get_db_prep_value(value, connection)


class OfWhom(Expression):
    """Where a column of the row will stand; most often the one that tells which patient it is of."""

    def __init__(self, number: int, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.number = number

    def as_sql(self, *_: Any, **__: Any) -> Any:
        return OUTER.format(self.number), []


def columns(of: Sequence["Field[Any, Any]"]) -> list[OfWhom]:
    return list(map(OfWhom, count(), of))


class Condition:
    """``asked`` makes it, of the `OfWhom` that it is given, with a `Place` for every value.

    ``of`` are the kinds of the columns that it is given: one key, of a patient or a session, where
    nothing is said.
    """

    def __init__(
        self,
        asked: Callable[..., Any],
        field: "Field[Any, Any] | None" = None,
        of: Sequence["Field[Any, Any]"] = KEY,
    ) -> None:
        self.asked = asked
        self.said = field
        self.of = of
        self.prefix = f"written{next(NUMBERS)}_"
        self.known: dict[str, tuple[str, list[Any]]] = {}

    @cached_property
    def field(self) -> Any:
        return self.said or self.asked(*columns(self.of)).output_field

    def about(self, *paths: str, values: Mapping[str, object] = NOTHING) -> "Written":
        """Asked of each row of a question, to whose patient, or columns, the paths lead."""
        return Written(self, paths, values)

    def sql(self, connection: Any) -> tuple[str, list[Any]]:
        vendor = connection.vendor
        if vendor not in self.known:
            nowhere = apps.get_model("people", "Patient").objects.order_by().query
            resolved = self.asked(*columns(self.of)).resolve_expression(nowhere)
            sql, places = nowhere.get_compiler(connection=connection).compile(resolved)
            # So that no table of the question round it has the name of one in here.
            self.known[vendor] = ALIAS.sub(rf"{self.prefix}\1", sql), list(places)
        return self.known[vendor]


class Beside:
    """Several such questions of the same columns; ``asked`` makes them, each by its name."""

    def __init__(
        self, asked: Callable[..., Mapping[str, Any]], of: Sequence["Field[Any, Any]"] = KEY
    ) -> None:
        self.asked = asked
        self.of = of

    @cached_property
    def conditions(self) -> dict[str, Condition]:
        return {
            name: Condition(partial(self.one, name), of=self.of)
            for name in self.asked(*columns(self.of))
        }

    def one(self, name: str, *of: OfWhom) -> Any:
        return self.asked(*of)[name]

    def about(self, *paths: str, values: Mapping[str, object] = NOTHING) -> dict[str, Any]:
        """For ``annotate``."""
        return {name: one.about(*paths, values=values) for name, one in self.conditions.items()}


class Written(Expression):
    def __init__(
        self, condition: Condition, paths: Sequence[str], values: Mapping[str, object]
    ) -> None:
        super().__init__(output_field=condition.field)
        self.condition = condition
        self.values = values
        self.columns: list[Any] = [F(path) for path in paths]

    def get_source_expressions(self) -> list[Any]:
        return self.columns

    def set_source_expressions(self, exprs: Any) -> None:
        self.columns = exprs

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, places = self.condition.sql(connection)
        for number, one in enumerate(self.columns):
            column, nothing = compiler.compile(one)
            if nothing:
                raise LookupError(f"{column} is no column.")
            sql = sql.replace(OUTER.format(number), column)
        return sql, [
            self.told(one, connection) if isinstance(one, Place) else one for one in places
        ]

    def told(self, place: Place, connection: Any) -> object:
        """Within a question that is made once itself its value is a place of that."""
        value = self.values[place.name]
        return value if isinstance(value, Place) else place.filled(value, connection)
