"""A fact is entered once, corrected by a next revision, and never overwritten."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people import actions
from lysglimt.clinic.people.facts import Contradicted
from lysglimt.clinic.people.models import DecisionSupportStatement, Professional, Unit
from tests.clinic.conftest import NOON

Statement = DecisionSupportStatement


def statement(unit: Unit, by: Professional, **said: object) -> Statement:
    times = {"happened_at": NOON, "entered_at": NOON, "received_at": NOON}
    return Statement(
        **(times | {"unit": unit, "by": by, "on": True, "statement_version": "1"} | said)
    )


def enter(fact: Statement) -> Statement:
    return actions.enter(fact, operation="unit.statement")


def corrected(fact: Statement, by: Professional, reason: str, *, on: bool) -> Statement:
    later = NOON + timedelta(hours=1)
    return actions.correct(
        fact, by=by, at=later, operation="unit.statement", reason=reason, on=on
    )


def test_a_fact_sent_twice_is_stored_once(moss: Unit, nurse: Professional) -> None:
    entry = uuid4()
    first = enter(statement(moss, nurse, entry=entry))
    again = enter(statement(moss, nurse, entry=entry, received_at=NOON + timedelta(minutes=3)))
    assert (again.pk, Statement.objects.count()) == (first.pk, 1)
    assert Event.objects.filter(operation="unit.statement").count() == 1


def test_the_same_entry_with_other_content_is_refused(moss: Unit, nurse: Professional) -> None:
    entry = uuid4()
    enter(statement(moss, nurse, entry=entry))
    with pytest.raises(Contradicted) as refusal:
        enter(statement(moss, nurse, entry=entry, on=False))
    assert (refusal.value.code, refusal.value.facts["revision"]) == ("fact.contradicted", 1)
    assert Statement.objects.get().on


def test_a_button_pressed_twice_stores_once(moss: Unit, nurse: Professional) -> None:
    """The server's clock has moved on between the two; nobody said when it happened."""
    entry = uuid4()
    for at in (NOON, NOON + timedelta(seconds=1)):
        enter(statement(moss, nurse, entry=entry, happened_at=at, received_at=at))
    assert Statement.objects.get().happened_at == NOON


def test_another_time_that_was_said_is_other_content(moss: Unit, nurse: Professional) -> None:
    entry, earlier = uuid4(), NOON - timedelta(hours=1)
    enter(statement(moss, nurse, entry=entry, happened_at=earlier))
    with pytest.raises(Contradicted):
        enter(statement(moss, nurse, entry=entry, happened_at=earlier - timedelta(hours=1)))


def test_there_is_nothing_to_correct_in_a_revision_that_is_not_there(
    moss: Unit, nurse: Professional
) -> None:
    first = enter(statement(moss, nurse))
    with pytest.raises(Contradicted, match="no revision 2 to correct"):
        enter(statement(moss, nurse, entry=first.entry, revision=3, reason="Skipped one"))
    assert list(Statement.objects.in_force()) == [first]


def test_a_correction_is_signed_by_who_corrects(
    moss: Unit, nurse: Professional, psychiatrist: Professional
) -> None:
    first = enter(statement(moss, nurse))
    second = corrected(first, psychiatrist, "Wrong button", on=False)
    assert (first.by, Statement.objects.get(pk=second.pk).by) == (nurse, psychiatrist)


def test_a_correction_leaves_what_it_corrects(moss: Unit, nurse: Professional) -> None:
    first = enter(statement(moss, nurse))
    second = corrected(first, nurse, "Wrong button", on=False)
    history = Statement.objects.history(first.entry)
    assert [(f.revision, f.on, f.reason) for f in history] == [
        (1, True, ""),
        (2, False, "Wrong button"),
    ]
    assert list(Statement.objects.in_force()) == [second]
    event = Event.objects.latest("pk")
    assert event.before_digest != event.after_digest != ""
    assert event.reason == "Wrong button"


def test_of_two_who_correct_the_same_revision_one_has_it(
    moss: Unit, nurse: Professional, psychiatrist: Professional
) -> None:
    first = enter(statement(moss, nurse))
    corrected(first, nurse, "Wrong button", on=False)
    with pytest.raises(Contradicted) as refusal:
        corrected(first, psychiatrist, "I meant it", on=True)
    assert refusal.value.facts["stored_by"] == str(nurse)


def test_a_withdrawn_entry_is_kept_and_not_in_force(moss: Unit, nurse: Professional) -> None:
    first = enter(statement(moss, nurse))
    actions.withdraw(first, by=nurse, at=NOON, operation="unit.statement", reason="Wrong unit")
    assert not Statement.objects.in_force()
    assert [f.withdrawn for f in Statement.objects.history(first.entry)] == [False, True]


def test_entries_stand_in_the_order_they_first_came(moss: Unit, nurse: Professional) -> None:
    one, two = enter(statement(moss, nurse)), enter(statement(moss, nurse))
    corrected(one, nurse, "Looked again", on=False)
    assert [f.entry for f in Statement.objects.in_force()] == [one.entry, two.entry]


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        pytest.param(
            {"revision": 0, "reason": "Why"}, "first_revision_is_1", id="no revision 0"
        ),
        pytest.param({"revision": 2}, "correction_has_a_reason", id="a silent correction"),
        pytest.param({"withdrawn": True}, "withdrawal_is_a_correction", id="never said at all"),
    ],
)
def test_the_database_refuses(
    moss: Unit, nurse: Professional, said: dict[str, object], rule: str
) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        statement(moss, nurse, **said).save(force_insert=True)


@pytest.mark.parametrize(
    ("minutes", "late"),
    [
        pytest.param(0, False, id="at once"),
        pytest.param(5, False, id="five minutes are not late"),
        pytest.param(6, True, id="six are"),
        pytest.param(-10, False, id="a fast clock is not late"),
    ],
)
def test_a_late_entry_is_marked(
    moss: Unit, nurse: Professional, *, minutes: int, late: bool
) -> None:
    fact = statement(moss, nurse, received_at=NOON + timedelta(minutes=minutes))
    assert enter(fact).late is late


def test_a_unit_is_in_journal_mode_until_it_has_signed(moss: Unit, nurse: Professional) -> None:
    modes = [moss.journal_mode]
    for day, on in enumerate((True, False)):
        said = actions.state_purpose(unit=moss, on=on, by=nurse, at=NOON + timedelta(days=day))
        modes.append(moss.journal_mode)
        assert str(said).endswith("/1")
    assert modes == [True, False, True]
