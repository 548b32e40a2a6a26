"""Run by `lysglimt.server.started`: so many commits, one after the other."""

import sys

from django.utils import timezone

from lysglimt.clinic.people import actions
from lysglimt.server.proving.people import BY


def main() -> None:
    for number in range(int(sys.argv[1])):
        actions.add_entity(name=f"Sykehus {number}", by=BY, at=timezone.now())
