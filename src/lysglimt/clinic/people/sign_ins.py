"""A sign-in as the server keeps it: since when, how, and when somebody was last there."""

from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db.models import CharField, DateTimeField
from django.http import HttpRequest
from django.utils import timezone

from lysglimt.clinic.people.asked import Question
from lysglimt.clinic.sealing.values import Place, Unreadable, opened, seal

STORED, SINCE = "stored", "since"
SECOND_FACTOR = "second-factor"
"""In a sign-in: what was shown beside a password, or why nothing has to be."""

SHARED = "shared"
"""In a sign-in: its device is marked as one that several use."""

STEADY = 8
"""A sign-in is stored anew after an eighth of the idle time: most requests write nothing."""


UNFINISHED = Place("django_session", "", SECRET_SESSION_KEY)
"""Where the secret of an app is sealed until its first digits are typed."""


class SessionStore(db.SessionStore):
    """Django's own; each says when it began and when it was last stored.

    Nothing that a browser sends has a say in either.
    """

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        """Asked at every request, in a question that is made once."""
        found = next(iter(KEPT.rows(self.session_key, timezone.now())), None)
        if found is None:
            self._session_key = None
        return found

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        data[STORED] = timezone.now().isoformat()
        data.setdefault(SINCE, data[STORED])
        return super().create_model_instance(data)

    def encode(self, session_dict: dict[str, Any]) -> str:
        """While an app is being set up its secret is here, and stored as sealed as later on."""
        if secret := session_dict.get(SECRET_SESSION_KEY):
            hidden = seal(secret, UNFINISHED).hex()
            session_dict = session_dict | {SECRET_SESSION_KEY: hidden}
        return super().encode(session_dict)

    def decode(self, session_data: Any) -> dict[str, Any]:
        said: dict[str, Any] = super().decode(session_data)
        if hidden := said.get(SECRET_SESSION_KEY):
            try:
                said[SECRET_SESSION_KEY] = opened(bytes.fromhex(hidden), UNFINISHED)
            except (Unreadable, ValueError):
                del said[SECRET_SESSION_KEY]  # the page that sets it up makes another
        return said


def kept(key: Any, now: Any) -> Any:
    return SessionStore.get_model_class().objects.filter(session_key=key, expire_date__gt=now)


KEPT = Question[AbstractBaseSession](kept, of=(CharField(), DateTimeField()))


def begin(request: HttpRequest, *, second_factor: str) -> None:
    """Of a sign-in that was just made."""
    request.session[SINCE] = timezone.now().isoformat()
    request.session[SECOND_FACTOR] = second_factor
    request.session[SHARED] = is_shared(request)


def idle_limit(request: HttpRequest) -> timedelta:
    shared = request.session.get(SHARED) or is_shared(request)
    minutes = settings.SHARED_IDLE_MINUTES if shared else settings.IDLE_MINUTES
    return timedelta(minutes=minutes)


def has_run_out(request: HttpRequest) -> bool:
    """Nobody was there for too long, or the shift is over."""
    now = timezone.now()
    shift = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return (
        now - when(request, STORED) > idle_limit(request) or now - when(request, SINCE) > shift
    )


def keep_steady(request: HttpRequest) -> None:
    """Somebody is there: store it, unless it was stored a moment ago."""
    if timezone.now() - when(request, STORED) > idle_limit(request) / STEADY:
        request.session.modified = True


def when(request: HttpRequest, what: str) -> datetime:
    """A sign-in that does not say counts as run out."""
    said = request.session.get(what)
    return datetime.fromisoformat(said) if said else datetime.min.replace(tzinfo=UTC)


# A device that several use is marked by a signed cookie, which lasts.

SHARED_FOR = 400 * 24 * 60 * 60
SHARED_SALT = "people.shared-device"


def is_shared(request: HttpRequest) -> bool:
    name = settings.SHARED_COOKIE_NAME
    marked = request.get_signed_cookie(name, "", salt=SHARED_SALT, max_age=SHARED_FOR)
    return bool(marked)
