"""Run as a module on a scratch copy: the key of the newest revision of each entry."""

import json
import sys

from lysglimt.server.starting import start


def main() -> None:
    start()
    from lysglimt.clinic.chairside.models import VitalSet  # noqa: PLC0415 - after Django has started

    rows = VitalSet.objects.in_force().filter(entry__in=json.load(sys.stdin))
    sys.stdout.write(json.dumps({str(row.entry): row.pk for row in rows}))


if __name__ == "__main__":
    main()
