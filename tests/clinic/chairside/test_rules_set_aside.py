"""Which rules an act of the pump set aside is told apart from what somebody typed."""

from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection

from lysglimt.clinic.audit.append_only import put_up, standing, take_down
from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import PumpEvent, Session
from lysglimt.clinic.people.models import Professional
from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct

from .conftest import Pump, at_minute

TABLE = PumpEvent._meta.db_table
TYPED = "Startet før legen hadde signert"


class AsNow:
    """The state of the models before and after a step that changes none."""

    apps = apps


def as_before(row: PumpEvent, said: str) -> None:
    """As it was stored when both stood in one column."""
    column = PumpEvent._meta.get_field("comment")
    sealed = column.written(said, [row.entry, row.revision])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {TABLE} SET comment = %s, against = '' WHERE id = %s",  # noqa: S608 - a name of our own
            [sealed, row.pk],
        )


@pytest.mark.parametrize(
    ("act", "said", "against"),
    [
        pytest.param("resume", "resume:green", True, id="a rule"),
        pytest.param("resume", "resume:green delivery:rate", True, id="two rules"),
        pytest.param("resume", "Legen sa: resume:green", False, id="what was typed stays"),
        pytest.param("start", TYPED, False, id="why a start happened stays"),
        pytest.param("resume", "", False, id="nothing was said"),
    ],
)
def test_the_rules_of_an_older_act_get_a_column_of_their_own(
    ready: Session, pump: Pump, nurse: Professional, act: str, said: str, *, against: bool
) -> None:
    start = pump(0, PumpAct.START, "60")
    pause = pump(5, PumpAct.PAUSE, reason=PauseReason.TOILET)
    row = start if act == "start" else pump(10, PumpAct.RESUME, "60")
    again = actions.correct(
        fact=row, by=nurse, at=at_minute(12), reason="A minute too late", rate_ml_h="55"
    )
    editor = connection.schema_editor()
    take_down(TABLE, editor)
    for each in (row, again):
        as_before(each, said)
    put_up(TABLE, editor)
    up = standing(connection)
    step = import_module("lysglimt.clinic.chairside.migrations.0007_rules_set_aside")
    for _ in range(2):
        step.MoveRules().database_forwards("chairside", editor, AsNow, AsNow)
    assert standing(connection) == up, "no row can be changed again"
    for each in (row, again):
        read = PumpEvent.objects.get(pk=each.pk)
        assert (read.comment, read.against) == (("", said) if against else (said, ""))
    assert PumpEvent.objects.get(pk=pause.pk).against == ""


def test_what_nobody_can_read_any_more_is_left_as_it_stands(ready: Session, pump: Pump) -> None:
    pump(0, PumpAct.START, "60")
    row = pump(10, PumpAct.RATE, "50")
    other = PumpEvent(entry=uuid4(), revision=1)
    editor = connection.schema_editor()
    take_down(TABLE, editor)
    column = PumpEvent._meta.get_field("comment")
    strange = column.written("delivery:rate", [other.entry, 1])
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET comment = %s WHERE id = %s", [strange, row.pk])  # noqa: S608 - a name of our own
    put_up(TABLE, editor)
    step = import_module("lysglimt.clinic.chairside.migrations.0007_rules_set_aside")
    step.MoveRules().database_forwards("chairside", editor, AsNow, AsNow)
    read = PumpEvent.objects.get(pk=row.pk)
    assert (vars(read)["comment"], read.against) == (strange, "")
