"""Free text as the database holds it: sealed in its row, opened where it is read."""

import base64
import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from .values import Place, Unreadable, opened, seal

MARK = "sealed:"

if TYPE_CHECKING:
    Text = models.TextField[Any, Any]
else:
    Text = models.TextField


class Stored(str):
    """As it stands in the database: not what was typed."""

    __slots__ = ()


class Opening(DeferredAttribute):
    """Reading the attribute opens it; what was typed and is not stored yet is as typed."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        field: Any = self.field
        return field.read(value, instance) if isinstance(value, Stored) else value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedText(Text):
    """A text column whose every value is sealed for its row; the empty text stays empty.

    ``by`` names what identifies the row before it is stored. It cannot be searched.
    """

    descriptor_class = Opening
    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def __init__(
        self, *args: Any, by: tuple[str, ...] = ("entry", "revision"), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"by": self.by}

    def from_db_value(self, value: str | None, *_: object) -> Any:
        return Stored(value) if value else value

    def pre_save(self, model_instance: models.Model, *_: object, **__: object) -> Any:
        """Sealed once and then kept as sealed: a digest is of what is stored."""
        value = model_instance.__dict__[self.attname]
        if not isinstance(value, Stored):
            value = self.written(value, [getattr(model_instance, name) for name in self.by])
            if value:
                model_instance.__dict__[self.attname] = value
        return value

    def get_prep_value(self, value: Any) -> Any:
        # An update or a look-up past the row would store or show it as typed.
        if value and not isinstance(value, Stored):
            raise TypeError(f"{self.name} is sealed: it is neither looked up nor updated")
        return str.__str__(value) if value else ""

    def written(self, value: Any, row: list[Any]) -> str:
        """As it is stored in the row that these values identify."""
        if not (said := self.said(value)):
            return ""
        return Stored(MARK + base64.b64encode(seal(said, self.place(row))).decode())

    def read(self, stored: str, instance: models.Model) -> Any:
        return self.read_in(stored, [getattr(instance, name) for name in self.by])

    def read_in(self, stored: str, row: list[Any]) -> Any:
        """For a query that fetched columns, not rows. Raises Unreadable."""
        if not stored:
            return self.get_default() if self.has_default() else ""
        place = self.place(row)
        try:
            sealed = base64.b64decode(stored.removeprefix(MARK), validate=True)
        except ValueError as cause:
            raise Unreadable(f"{place.column} is not as it was sealed") from cause
        return self.heard(opened(sealed, place))

    def place(self, row: list[Any]) -> Place:
        return Place(self.model._meta.db_table, "/".join(map(str, row)), str(self.column))

    def said(self, value: Any) -> str:
        return str(value or "")

    def heard(self, said: str) -> Any:
        return said


class SealedJSON(SealedText):
    """Lists and tables that hold what was typed."""

    def said(self, value: Any) -> str:
        return json.dumps(value) if value else ""

    def heard(self, said: str) -> Any:
        return json.loads(said)

    def from_db_value(self, value: str | None, *_: object) -> Any:
        """Nothing typed is the empty list or table that the column begins with."""
        return Stored(value) if value else self.get_default()
