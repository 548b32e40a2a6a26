"""Which unit has a patient in care, and who is named for them: by referral, course and task."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from lysglimt.clinic.people.standing import Tie
from lysglimt.clinic.referral.models import EligibilityDecision, Referral, WaitingContact

from .models import Course, SafetyTask


def courses_now(patient: Any, since: Any) -> QuerySet[Course]:
    """Open, or something happened in it within the last year."""
    going_on = Q(standing__open=True) | Q(standing__as_of__gte=since)
    return courses(patient).filter(going_on | Q(standing__isnull=True))


def courses(patient: Any) -> QuerySet[Course]:
    return Course.objects.filter(patient=patient)


def referrals_now(patient: Any, since: Any) -> QuerySet[Referral]:
    """Not decided, waiting, accepted and without a course yet; or decided within the last year."""
    decision = EligibilityDecision.objects.standing().filter(referral=OuterRef("pk"))
    newest = decision.order_by("-happened_at", "-pk")
    planned = Course.objects.filter(patient=OuterRef("patient"))
    return (
        referrals(patient)
        .annotate(
            decided=Subquery(newest.values("kind")[:1]),
            decided_at=Subquery(newest.values("happened_at")[:1]),
        )
        .filter(
            Q(decided__isnull=True)
            | Q(decided="wait")
            | (Q(decided="accept") & ~Exists(planned))
            | Q(decided_at__date__gte=since)
        )
    )


def referrals(patient: Any) -> QuerySet[Referral]:
    return Referral.objects.filter(patient=patient)


def contacts(patient: Any, by: Any) -> QuerySet[WaitingContact]:
    return WaitingContact.objects.current().filter(referral__patient=patient, contact=by)


def tasks(patient: Any, by: Any) -> QuerySet[SafetyTask]:
    return SafetyTask.objects.filter(patient=patient, receiver=by, acknowledgement__isnull=True)


CARE = (Tie(courses_now, courses), Tie(referrals_now, referrals))
NAMED = (contacts, tasks)
