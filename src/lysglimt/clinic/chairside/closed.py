"""Whose charts a reader of a page about many sessions may not see."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Value

from lysglimt.clinic.people.access import SignedInRequest
from lysglimt.clinic.people.models import Block
from lysglimt.clinic.people.permissions import chapters_of
from lysglimt.clinic.people.standing import blocked


def closed_to_some() -> Any:
    """Of a session: the patient has closed it to somebody, and whoever that is may pass a wall."""
    shut = Block.objects.in_force().filter(patient=OuterRef("course__patient"))
    return Exists(shut.filter(chapter__in=["", *chapters_of("session")]))


def chart_closed(request: SignedInRequest, *, at: datetime) -> Any:
    """Of a session: the reader may open no chart, or the patient has closed it to them."""
    if not request.may("session"):
        return Value(value=True)
    chapters = chapters_of("session")
    return blocked("course__patient", request.user, chapters=chapters, at=at)
