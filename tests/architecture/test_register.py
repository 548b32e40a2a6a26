"""Every field of the clinic says whether it may leave for the register."""

import pytest
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


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_each_field_is_named_once(model: type[models.Model]) -> None:
    fields = {field.name for field in (*model._meta.fields, *model._meta.many_to_many)}
    assert sorted(named(model)) == sorted(fields - {"groups", "user_permissions"})


def test_there_are_models_to_ask() -> None:
    assert len(MODELS) >= 10
