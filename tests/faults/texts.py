"""Run as a module on an upgraded database: every free text of every table, opened."""

import json
import sys

from lysglimt.server.starting import start


def main() -> None:
    start()
    from django.apps import apps  # noqa: PLC0415 - after Django has started

    from lysglimt.clinic.sealing.fields import SealedText  # noqa: PLC0415 - likewise

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


if __name__ == "__main__":
    main()
