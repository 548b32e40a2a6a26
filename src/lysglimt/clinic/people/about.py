"""Which patient a row is about, by whatever way it leads there."""

from functools import cache, reduce
from typing import Any
from uuid import UUID

from django.db import models

from .models import Patient

FARTHEST = 3
"""Steps from a row to its patient: a signature, its order, its session, its course."""


def patients_of(row: models.Model) -> tuple[UUID, ...]:
    """One patient, or none."""
    if isinstance(row, Patient):
        return (row.pk,)
    path = way(type(row))
    if path is None:
        return ()
    *steps, last = path.split("__")
    before: Any = reduce(getattr, steps, row)
    found = getattr(before, f"{last}_id")
    return () if found is None else (found,)


@cache
def way(model: type[models.Model], steps: int = FARTHEST) -> str | None:
    """The shortest path of a query from a model to its patient: ``session__course__patient``."""
    keys = [
        field for field in model._meta.concrete_fields if field.many_to_one or field.one_to_one
    ]
    targets: list[tuple[str, Any]] = [(key.name, key.related_model) for key in keys]
    for name, target in targets:
        if target is Patient:
            return name
    longer = [
        f"{name}__{rest}"
        for name, target in targets
        if steps and target is not model and (rest := way(target, steps - 1))
    ]
    return min(longer, key=lambda path: path.count("__"), default=None)
