"""A condition about a patient that is made into SQL once, and then only told whom and when.

Whether somebody may open a record takes a dozen questions of the database, asked at every
request. Django would build the same statement from its parts each time, which takes longer than
the database needs to answer it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Expression, F, Field

from .models import Patient

OUTER = "/* of whom */"
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
    """Where the column will stand that tells of which patient a row is."""

    def as_sql(self, *_: Any, **__: Any) -> Any:
        return OUTER, []


class Condition:
    """``asked`` makes it, of the `OfWhom` that it is given, with a `Place` for every value."""

    def __init__(self, asked: Callable[[OfWhom], Any], field: "Field[Any, Any]") -> None:
        self.asked = asked
        self.field = field
        self.known: dict[str, tuple[str, list[Any]]] = {}

    def about(self, path: str, values: Mapping[str, object]) -> "Written":
        """Asked of each row of a question, whose patient the path leads to."""
        return Written(self, path, values)

    def sql(self, connection: Any) -> tuple[str, list[Any]]:
        vendor = connection.vendor
        if vendor not in self.known:
            nowhere = Patient.objects.order_by().query
            resolved = self.asked(OfWhom(output_field=Patient._meta.pk)).resolve_expression(
                nowhere
            )
            sql, places = nowhere.get_compiler(connection=connection).compile(resolved)
            # So that no table of the question round it has the name of one in here.
            self.known[vendor] = ALIAS.sub(r"written_\1", sql), list(places)
        return self.known[vendor]


class Written(Expression):
    def __init__(self, condition: Condition, path: str, values: Mapping[str, object]) -> None:
        super().__init__(output_field=condition.field)
        self.condition = condition
        self.values = values
        self.of_whom: Any = F(path)

    def get_source_expressions(self) -> list[Any]:
        return [self.of_whom]

    def set_source_expressions(self, exprs: Any) -> None:
        [self.of_whom] = exprs

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, places = self.condition.sql(connection)
        column, nothing = compiler.compile(self.of_whom)
        if nothing:
            raise LookupError(f"{column} is no column.")
        values = [
            one.filled(self.values[one.name], connection) if isinstance(one, Place) else one
            for one in places
        ]
        return sql.replace(OUTER, column), values
