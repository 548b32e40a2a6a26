"""What is entered once for many tests is what each of them would have entered."""

from time import monotonic

import pytest
from django.db import transaction

from lysglimt.clinic.people.models import Unit

from .kept import SECONDS_KEPT, STORY, kept


@pytest.fixture(params=["Halden", "Sarpsborg"])
def renamed(request: pytest.FixtureRequest, moss: Unit) -> Unit:
    moss.name = request.param
    moss.save()
    return moss


@pytest.fixture
@kept
def beside(renamed: Unit) -> Unit:
    return Unit.objects.create(
        entity=renamed.entity, name=f"Beside {renamed.name}", kind=renamed.kind
    )


@pytest.mark.parametrize("time", ["first", "second"])
def test_rows_of_another_content_are_another_beginning(
    renamed: Unit, beside: Unit, time: str
) -> None:
    assert beside.name == f"Beside {renamed.name}", time
    assert Unit.objects.get(pk=beside.pk).name == beside.name


def test_what_was_rolled_back_is_not_told(moss: Unit) -> None:
    before = list(STORY.statements)
    with transaction.atomic():
        Unit.objects.filter(pk=moss.pk).update(name="Another")
        transaction.set_rollback(True)
    assert STORY.statements == before
    moss.save()
    assert len(STORY.statements) == len(before) + 1


def test_a_sign_in_by_the_real_clock_is_not_told_again_after_minutes(
    moss: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = STORY.so_far()
    later = monotonic() + SECONDS_KEPT
    monkeypatch.setattr("tests.clinic.kept.monotonic", lambda: later)
    assert STORY.so_far() != began, moss.name
