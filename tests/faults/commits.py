"""Run as a module: so many commits, one after the other."""

import sys

from lysglimt.server.starting import start


def main() -> None:
    start()
    from django.utils import timezone  # noqa: PLC0415 - after Django has started

    from lysglimt.clinic.people import actions  # noqa: PLC0415 - likewise
    from lysglimt.server.proving.people import BY  # noqa: PLC0415 - likewise

    for number in range(int(sys.argv[1])):
        actions.add_entity(name=f"Sykehus {number}", by=BY, at=timezone.now())


if __name__ == "__main__":
    main()
