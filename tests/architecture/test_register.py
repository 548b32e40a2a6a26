"""Every field of the clinic says whether it may leave for the register."""

from collections import Counter

from django.apps import apps
from django.db import models

MODELS = [m for m in apps.get_models() if m.__module__.startswith("lysglimt.clinic.")]
FATES = ("pseudonymised", "leaves", "withheld")


def named(model: type[models.Model]) -> list[str]:
    """All that the model's Register names, with what it inherits; twice what is named twice."""
    register = getattr(model, "Register", object)
    # A class that says nothing of a fate inherits it; it does not name it again.
    return [
        name
        for fate in FATES
        for layer in register.__mro__
        for name in vars(layer).get(fate, ())
    ]


def unsettled(model: type[models.Model]) -> list[str]:
    """Fields that are named nowhere or twice, and names of none."""
    every = (*model._meta.fields, *model._meta.many_to_many)
    fields = {field.name for field in every} - {"groups", "user_permissions"}
    times = Counter(named(model))
    return sorted(name for name in fields | times.keys() if times[name] != (name in fields))


def test_each_field_is_named_once() -> None:
    wrong = [f"{m._meta.label}: {found}" for m in MODELS if (found := unsettled(m))]
    assert not wrong, "\n".join(wrong)


def test_there_are_models_to_ask() -> None:
    assert len(MODELS) >= 10
