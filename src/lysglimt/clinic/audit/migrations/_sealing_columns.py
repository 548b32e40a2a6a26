"""Migration steps: what stood in clear is sealed in its row, and what was sealed before, anew."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db.migrations.operations.base import Operation
from django.db.models import JSONField

from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.clinic.sealing.values import UNDER_A_DATA_KEY, Place, opened, seal

from lysglimt.clinic.audit.append_only import guard_of, put_up, standing, take_down

AT_ONCE = 500


class Rewriting(Operation, ABC):
    """Every row of some models is written anew; what was append-only is so again afterwards.

    All in the transaction of the migration: interrupted, it has not happened.
    """

    reduces_to_sql = False
    reversible = False
    models: Collection[str]

    def database_forwards(
        self, app_label: str, schema_editor: Any, *states: Any, **_: Any
    ) -> None:
        from_state, to_state = states
        up = standing(schema_editor.connection)
        for model in self.models:
            before = from_state.apps.get_model(app_label, model)
            after = to_state.apps.get_model(app_label, model)
            table = after._meta.db_table
            take_down(table, schema_editor)
            self.rewrite(before, after, schema_editor)
            if guard_of(table, "UPDATE") in up:
                put_up(table, schema_editor)

    @abstractmethod
    def rewrite(self, before: Any, after: Any, schema_editor: Any) -> None: ...


def in_turns(before: Any) -> Iterator[Any]:
    """All rows as they were, a handful at a time."""
    keys = list(before._base_manager.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), AT_ONCE):
        yield from before._base_manager.filter(pk__in=keys[first : first + AT_ONCE])


class SealColumns(Rewriting):
    """Text that stood in clear is sealed: ``SealColumns(Relative={"reason": SealedText()})``."""

    def __init__(self, **models: Mapping[str, SealedText]) -> None:
        self.models = self.columns = models

    def state_forwards(self, app_label: str, state: Any) -> None:
        keys = [(app_label, model.lower()) for model in self.models]
        for key, fields in zip(keys, self.models.values(), strict=True):
            state.models[key].fields |= fields
        # One by one, as Django alters fields, it would draw all models anew for every column.
        if "apps" in vars(state):
            state.reload_models(keys)

    def rewrite(self, before: Any, after: Any, schema_editor: Any) -> None:
        names = self.columns[after.__name__]
        for name in names:
            old, new = before._meta.get_field(name), after._meta.get_field(name)
            # SQLite does not mind how a text column is declared, but it checks JSON.
            if schema_editor.connection.vendor != "sqlite" or isinstance(old, JSONField):
                schema_editor.alter_field(before, old, new)
        # The empty list stood there as text, too.
        always = any(isinstance(before._meta.get_field(name), JSONField) for name in names)
        for row in in_turns(before):
            sealed = {name: self.sealed(after, name, row) for name in names}
            if always or any(sealed.values()):
                after._base_manager.filter(pk=row.pk).update(**sealed)

    @staticmethod
    def sealed(after: Any, name: str, row: Any) -> str:
        field: SealedText = after._meta.get_field(name)
        return field.written(getattr(row, name), [getattr(row, by) for by in field.by])

    def describe(self) -> str:
        return f"Seal the free text of {', '.join(self.models)}"


class SealAnew(Rewriting):
    """What a key of the configuration itself has sealed is sealed with a data key."""

    def __init__(self, model: str, column: str, by: tuple[str, ...]) -> None:
        self.models = (model,)
        self.column = column
        self.by = by

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def rewrite(self, before: Any, after: Any, *_: Any) -> None:
        for row in in_turns(before):
            stored = bytes(getattr(row, self.column))
            if stored[0] != UNDER_A_DATA_KEY:
                where = "/".join(str(getattr(row, name)) for name in self.by)
                place = Place(after._meta.db_table, where, self.column)
                anew = seal(opened(stored, place), place)
                after._base_manager.filter(pk=row.pk).update(**{self.column: anew})

    def describe(self) -> str:
        return f"Seal {self.column} of {', '.join(self.models)} with a data key"
