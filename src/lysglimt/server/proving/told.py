"""Asked of a scratch copy: how its real patients are called, to search for it. Goes nowhere else."""

import json
import sys

from lysglimt.clinic.people.models import Patient

MOST = 500


def main() -> None:
    found = []
    for patient in Patient.objects.order_by("-registered_at")[:MOST]:
        said = patient.particulars()
        found += [said.identity_number, said.contact.telephone, said.contact.email]
        found += [f"{said.given_name} {said.family_name}", said.contact.address]
    sys.stdout.write(json.dumps([each for each in found if len(each) > 7]))
