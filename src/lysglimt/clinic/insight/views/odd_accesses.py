"""Accesses of a week that the unit's leader should ask about."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from lysglimt.clinic.insight.odd_accesses import looked_at
from lysglimt.clinic.insight.wordings import ODD
from lysglimt.clinic.people.access import PatientPage, SignedInRequest, allowed
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.wordings import ROLES

SHOWN = 10
"""Patients named in one line; how many there are in all is said."""


@require_GET
@allowed("odd-accesses")
def odd_accesses(request: SignedInRequest) -> HttpResponse:
    begins = asked(request.GET.get("week", ""), today=timezone.localdate())
    week, known = looked_at(begins, unit=request.user.unit_id, by=request.user)
    named = {patient for row in week.rows for patient in row.patients[:SHOWN]}
    cards = {key: card for key, card in known.items() if key in named}
    lines = [
        {
            "row": row,
            "role": ROLES[Role(row.role)] if row.role in set(Role) else row.role,
            "cards": [cards.get(one) for one in row.patients[:SHOWN]],
            "more": max(len(row.patients) - SHOWN, 0),
            "reasons": [ODD[reason] for reason in row.reasons],
        }
        for row in week.rows
    ]
    context: dict[str, object] = {
        "week": week,
        "until": begins + timedelta(days=6),
        "lines": lines,
        "before": begins - timedelta(days=7),
        "after": begins + timedelta(days=7),
    }
    return PatientPage(request, "insight/odd_accesses.html", context, patients=cards)


def asked(day: str, *, today: date) -> date:
    """The Monday of the week that a day lies in; without one, of last week."""
    try:
        said = date.fromisoformat(day)
    except ValueError:
        said = today - timedelta(days=7)
    # The first and the last week that a calendar has are nobody's.
    said = min(max(said, date(2000, 1, 3)), today)
    return said - timedelta(days=said.weekday())
