"""The rules that spoke against an act of the pump leave the column of what was typed."""

import re
from typing import Any

from django.db import migrations

from lysglimt.clinic.audit.append_only import AppendOnly
from lysglimt.clinic.audit.migrations._sealing_columns import Rewriting, in_turns
from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.clinic.sealing.values import Unreadable

RULES = re.compile(r"(delivery|resume):[a-z-]+( (delivery|resume):[a-z-]+)*")
"""As they were stored of every act but a start: nothing else. What was typed is no such line."""


class MoveRules(Rewriting):
    models = ("PumpEvent",)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def rewrite(self, before: Any, after: Any, *_: Any) -> None:
        field: SealedText = after._meta.get_field("against")
        for row in in_turns(before):
            said = opened(row)
            if row.act == "start" or not RULES.fullmatch(said):
                continue
            sealed = field.written(said, [getattr(row, name) for name in field.by])
            after._base_manager.filter(pk=row.pk).update(comment="", against=sealed)

    def describe(self) -> str:
        return "Move the rules that spoke against an act of the pump to a column of their own"


def opened(row: Any) -> str:
    """Whose key is gone stays as it is: nobody can read what it said."""
    try:
        return str(row.comment)
    except Unreadable:
        return ""


class Migration(migrations.Migration):

    dependencies = [
        ("chairside", "0006_signs_over"),
    ]

    operations = [
        migrations.AddField(
            model_name="pumpevent",
            name="against",
            field=SealedText(blank=True),
        ),
        AppendOnly("PumpEvent"),
        MoveRules(),
    ]
