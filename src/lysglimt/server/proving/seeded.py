"""Asked of a scratch copy: a made-up person whom nobody else is called like, and staff who may see them."""

import json
import sys
from datetime import date, timedelta
from itertools import islice
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from lysglimt.clinic.people.identity import made_up_numbers
from lysglimt.clinic.people.models import Contact, Particulars

from .people import charted, colleagues, staffed
from .signing import cookies

GIVEN, FAMILY, BORN = "Xenobine", "Quistgaardson", date(1971, 6, 5)
TELEPHONE, ADDRESS = "40917263", "Zirkonveien 871"


def main() -> None:
    number, another = islice(made_up_numbers(BORN, sex="f"), 2)
    someone = Particulars(
        given_name=GIVEN,
        family_name=FAMILY,
        birth_date=BORN,
        identity_number=number,
        sex="f",
        contact=Contact(telephone=TELEPHONE, address=ADDRESS),
    )
    now = timezone.now()
    nurse, doctor = staffed(f"scratch {uuid4().hex[:8]}", at=now)
    days = [now.date() + timedelta(days=ahead) for ahead in range(2)]
    charted(nurse, doctor, days, at=now, said=someone)
    said = {
        "people": [cookies(each) for each in (doctor, nurse, *colleagues(nurse.unit, at=now))],
        "csrf": settings.CSRF_COOKIE_NAME,
        "number": number,
        "another": another,
    }
    sys.stdout.write(json.dumps(said))
