"""Run by `lysglimt.server.started` on an upgraded database: every free text of every table, opened."""

import json
import sys

from django.apps import apps

from lysglimt.clinic.sealing.fields import SealedText


def main() -> None:
    found = {
        f"{model._meta.db_table}.{field.column}": sorted(
            json.dumps(said)
            for row in model._base_manager.all()
            if (said := getattr(row, field.attname))
        )
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedText)
    }
    sys.stdout.write(json.dumps(found))
