"""Signing in and out, and what was typed in between."""

from datetime import datetime

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.people.models import KeptForm, Professional


def note_sign_in(*, by: Professional, at: datetime) -> None:
    audit.record(by=by, at=at, operation="sign-in", deed=audit.Deed())


@transaction.atomic
def note_sign_out(*, by: Professional, at: datetime) -> None:
    """Whoever signs out has no more use for what was kept."""
    by.kept_forms.all().delete()
    audit.record(by=by, at=at, operation="sign-out", deed=audit.Deed())


@transaction.atomic
def keep_form(*, text: str, of: Professional, at: datetime, until: datetime) -> KeptForm:
    """Sealed for the one who typed it. What was kept before ``until`` goes."""
    KeptForm.objects.filter(kept_at__lt=until).delete()
    kept = KeptForm(professional=of, kept_at=at)
    kept.take(text)
    kept.save(force_insert=True)
    return kept
