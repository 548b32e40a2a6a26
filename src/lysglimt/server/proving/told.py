"""Run as a module on a scratch copy: how its real patients are called, to search for it. Goes nowhere else."""

import json
import sys

from lysglimt.server.starting import start

MOST = 500


def main() -> None:
    start()
    from lysglimt.clinic.people.models import Patient  # noqa: PLC0415 - after Django has started

    found = []
    for patient in Patient.objects.order_by("-registered_at")[:MOST]:
        said = patient.particulars()
        found += [said.identity_number, said.contact.telephone, said.contact.email]
        found += [f"{said.given_name} {said.family_name}", said.contact.address]
    sys.stdout.write(json.dumps([each for each in found if len(each) > 7]))


if __name__ == "__main__":
    main()
