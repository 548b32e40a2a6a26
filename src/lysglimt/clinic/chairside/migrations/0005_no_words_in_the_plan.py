"""What a doctor wrote leaves the dose card for a sealed column."""

from typing import Any

from django.db import migrations

from lysglimt.clinic.audit.append_only import AppendOnly
from lysglimt.clinic.audit.migrations._sealing_columns import Rewriting, in_turns
from lysglimt.clinic.sealing.fields import SealedText

LIFTED = {
    "nb": ("er over grensen; fraveket av ", "er over grensen; en navngitt lege har fraveket den"),
    "en": ("is beyond the limit; lifted by ", "is beyond the limit; a named doctor has lifted it"),
}
"""What came before the name and the reason, and what stands there now."""


def unworded(reason: dict[str, str]) -> dict[str, str]:
    """The name and the reason of a lifted ceiling stand sealed among the overrides."""
    told = {}
    for language, words in reason.items():
        before, now = LIFTED[language]
        value, found, _ = words.partition(before)
        told[language] = value + now if found else words
    return told


class SealWordsOfThePlan(Rewriting):
    models = ("SessionOrder",)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def rewrite(self, before: Any, after: Any, *_: Any) -> None:
        field: SealedText = after._meta.get_field("weight_reason")
        for row in in_turns(before):
            plan = dict(row.plan)
            weighing = dict(plan.get("weighing") or {})
            why = weighing.pop("why", "")
            findings = [
                one | {"reason": unworded(one["reason"])}
                if one["criterion"].startswith("ceiling:")
                else one
                for one in plan.get("findings", ())
            ]
            if weighing:
                plan["weighing"] = weighing
            plan["findings"] = findings
            if plan == row.plan:
                continue
            sealed = field.written(why, [getattr(row, name) for name in field.by])
            after._base_manager.filter(pk=row.pk).update(plan=plan, weight_reason=sealed)

    def describe(self) -> str:
        return "Seal what was written about a dose, out of its plan"


class Migration(migrations.Migration):

    dependencies = [
        ("chairside", "0004_who_answered_for_what"),
    ]

    operations = [
        migrations.AddField(
            model_name="sessionorder",
            name="weight_reason",
            field=SealedText(blank=True),
        ),
        AppendOnly("SessionOrder"),
        SealWordsOfThePlan(),
    ]
