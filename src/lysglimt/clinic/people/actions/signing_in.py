"""Signing in and out, what was refused, and what was typed in between."""

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit.circumstances import Accountable, Actor
from lysglimt.clinic.people.models import KeptForm, Professional
from lysglimt.clinic.people.second_factors import sealed_anew

NOBODY = Actor(username="unknown")
"""Who is at the door. What was typed as a user name may be a password: it is kept nowhere."""


def note(
    *, by: Accountable | None, at: datetime, what: str, of: str = "", reason: str = ""
) -> None:
    """Something about signing in was done, or refused. ``of`` names whose sign-in it is."""
    subject = f"{of}: {reason}" if of and reason else of or reason
    deed = audit.Deed(category="people.sign-in", reason=subject)
    audit.record(by=by or NOBODY, at=at, operation=what, deed=deed)


def note_sign_in(*, by: Professional, at: datetime, how: str = "") -> None:
    note(by=by, at=at, what="sign-in", reason=how)


def note_sign_out(*, by: Professional, at: datetime) -> None:
    """What was kept stays: it may have been typed at another device, which locked."""
    note(by=by, at=at, what="sign-out")


@transaction.atomic
def keep_form(*, text: str, of: Professional, at: datetime, until: datetime) -> KeptForm:
    """Sealed for the one who typed it. What was kept before ``until`` goes."""
    KeptForm.objects.filter(kept_at__lt=until).delete()
    kept = KeptForm(professional=of, kept_at=at)
    kept.take(text)
    kept.save(force_insert=True)
    return kept


def drop_kept(*, key: UUID, of: Professional) -> None:
    """It has been sent, or its owner does not want it."""
    KeptForm.objects.filter(pk=key, professional=of).delete()


@transaction.atomic
def end_sign_ins(
    *,
    ended: list[UserSession],
    of: Professional,
    by: Accountable,
    at: datetime,
    reason: str = "",
) -> None:
    """On whatever device: the next click there asks who one is, with the second factor, too."""
    for one in ended:
        one.end()
    of.trusted_from = at
    of.save(update_fields=["trusted_from"])
    note(by=by, at=at, what="sign-in.end", of=of.username, reason=reason)


@transaction.atomic
def reset_second_factor(
    *, professional: Professional, by: Accountable, at: datetime, reason: str
) -> None:
    """The phone is lost: app, passkeys and codes go, every sign-in ends, a new one is set up."""
    Authenticator.objects.filter(user=professional).delete()
    ended = list(UserSession.objects.filter(user=professional))
    end_sign_ins(ended=ended, of=professional, by=by, at=at, reason=reason)
    note(by=by, at=at, what="second-factor.reset", of=professional.username, reason=reason)


@transaction.atomic
def reseal_second_factor(*, key: int, by: Accountable, at: datetime) -> None:
    """Under the newest data key. Raises Unreadable; one that is gone meanwhile needs nothing."""
    row = Authenticator.objects.select_for_update().filter(pk=key).first()
    if row is not None:
        row.data = sealed_anew(row.data)
        row.save(update_fields=["data"])
        note(by=by, at=at, what="keys.seal", of=row.user.get_username(), reason=str(row.type))
