"""Run as a module on a scratch copy: a made-up person whom nobody else is called like, and staff who may see them."""

import json
import sys
from datetime import date, timedelta
from itertools import islice
from uuid import uuid4

from lysglimt.server.starting import start

GIVEN, FAMILY, BORN = "Xenobine", "Quistgaardson", date(1971, 6, 5)
TELEPHONE, ADDRESS = "40917263", "Zirkonveien 871"


def main() -> None:
    start()
    from django.conf import settings  # noqa: PLC0415 - after Django has started
    from django.utils import timezone  # noqa: PLC0415 - likewise

    from lysglimt.clinic.people.identity import made_up_numbers  # noqa: PLC0415 - likewise
    from lysglimt.clinic.people.models import Contact, Particulars  # noqa: PLC0415 - likewise

    from .people import charted, colleagues, staffed  # noqa: PLC0415 - likewise
    from .signing import cookies  # noqa: PLC0415 - likewise

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


if __name__ == "__main__":
    main()
