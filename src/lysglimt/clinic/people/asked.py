"""Rows that a page asks for again and again: the question is made once, and then only told of whom."""

from collections.abc import Callable, Iterable, Iterator, Sequence
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

    def for_values(self, values: Sequence[object], connection: Any) -> "Asking":
        filled = {str(number): value for number, value in enumerate(values)}
        told = [
            one.filled(filled[one.name], connection) if isinstance(one, Place) else one
            for one in self.places
        ]
        return Asking(self, told, connection)


@dataclass(frozen=True, slots=True)
class Asking:
    """A question with its values; to Django, a compiler that has nothing left to compile."""

    made: Made
    told: Sequence[object]
    connection: Any

    @property
    def select(self) -> Any:
        return self.made.compiler.select

    @property
    def klass_info(self) -> Any:
        return self.made.compiler.klass_info

    @property
    def annotation_col_map(self) -> Any:
        return self.made.compiler.annotation_col_map

    def execute_sql(self, **_: object) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(self.made.sql, self.told)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def results_iter(self, found: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        # Made in one thread and asked in another, which has a connection of its own.
        compiler = copy(self.made.compiler)
        compiler.connection = self.connection
        read: Iterator[Any] = compiler.apply_converters(found, self.made.converters)
        return read


class Question(Generic[Row]):
    """``asked`` makes it, of a `Place` for each of the values that it will be told.

    It answers with the rows of a model, those beside them (``select_related``) and what is
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
        connection = connections["default"]
        asking = self.made(connection).for_values(values, connection)
        query = SimpleNamespace(get_compiler=lambda **_: asking)
        told: Any = SimpleNamespace(db=connection.alias, query=query, _known_related_objects={})
        return list(ModelIterable(told))

    def made(self, connection: Any) -> Made:
        vendor = connection.vendor
        if vendor not in self.known:
            places = [Place(str(number), field) for number, field in enumerate(self.of)]
            compiler = self.asked(*places).query.get_compiler(connection=connection)
            sql, said = compiler.as_sql()
            converters = compiler.get_converters([column for column, *_ in compiler.select])
            compiler.connection = None
            self.known[vendor] = Made(sql, tuple(said), compiler, converters)
        return self.known[vendor]
