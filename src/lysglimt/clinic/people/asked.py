"""Rows that a page asks for again and again: the question is made once, and then only told of whom."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models import Field, UUIDField
from django.db.models.query import ModelIterable

from .written import Place

Row = TypeVar("Row", bound=models.Model)
KEY = (UUIDField(),)


@dataclass(frozen=True, slots=True)
class Made:
    """What Django has worked out of a question: it is asked, and its answer read, as before."""

    sql: str
    places: Sequence[Any]
    compiler: Any
    converters: Any

    def told(self, values: Mapping[str, object], connection: Any) -> Any:
        """A compiler that has nothing left to compile, for one connection."""
        filled = [
            one.filled(values[one.name], connection) if isinstance(one, Place) else one
            for one in self.places
        ]
        ready = copy(self.compiler)
        ready.connection = connection
        ready.as_sql = lambda **_: (self.sql, filled)
        ready.get_converters = lambda _: self.converters
        return ready


class Question(Generic[Row]):
    """``asked`` makes it, of a `Place` for each of the values that it will be told.

    Where it brings places of its own it is `told` their values by name. It answers with the rows of a model, those beside them (``select_related``) and what is
    annotated; it fetches nothing in questions of their own (``prefetch_related``).
    """

    def __init__(
        self,
        asked: Callable[..., "models.QuerySet[Row]"],
        of: Sequence["Field[Any, Any]"] = KEY,
    ) -> None:
        self.asked = asked
        self.of = of
        self.known: dict[str, Made] = {}

    def rows(self, *values: object) -> list[Row]:
        return self.told({str(number): value for number, value in enumerate(values)})

    def told(self, values: Mapping[str, object]) -> list[Row]:
        connection = connections["default"]
        ready = self.made(connection).told(values, connection)
        query = SimpleNamespace(get_compiler=lambda **_: ready)
        told: Any = SimpleNamespace(db=connection.alias, query=query, _known_related_objects={})
        return list(ModelIterable(told))

    def made(self, connection: Any) -> Made:
        vendor = connection.vendor
        if vendor not in self.known:
            places = [Place(str(number), field) for number, field in enumerate(self.of)]
            compiler = self.asked(*places).query.get_compiler(connection=connection)
            sql, said = compiler.as_sql()
            converters = compiler.get_converters([column for column, *_ in compiler.select])
            self.known[vendor] = Made(sql, tuple(said), compiler, converters)
        return self.known[vendor]
