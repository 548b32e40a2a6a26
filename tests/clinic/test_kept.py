"""What is entered once for many tests is what each of them would have entered."""

from datetime import UTC, datetime
from time import monotonic

import pytest
from django.db import transaction
from django.utils import timezone

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


def test_what_is_entered_by_a_clock_of_the_test_is_entered_by_no_other(
    moss: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Unit] = []

    @kept
    def again() -> Unit:
        made.append(moss)
        return moss

    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 2, tzinfo=UTC))
    again()
    again()
    assert len(made) == 2
    monkeypatch.undo()
    again()
    again()
    assert len(made) == 3


def test_a_sign_in_by_the_real_clock_is_not_told_again_after_minutes(
    moss: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = STORY.so_far()
    later = monotonic() + SECONDS_KEPT
    monkeypatch.setattr("tests.clinic.kept.monotonic", lambda: later)
    assert STORY.so_far() != began, moss.name
