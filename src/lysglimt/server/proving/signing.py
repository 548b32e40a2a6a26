"""A sign-in on a scratch copy, without the sign-in page: the promise tried is another."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.sign_ins import SECOND_FACTOR

CSRF = "a" * 32


def cookies(professional: Professional) -> dict[str, str]:
    """What the browser of someone who has signed in sends."""
    browser = import_module(settings.SESSION_ENGINE).SessionStore()
    browser[SESSION_KEY] = str(professional.pk)
    browser[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    browser[HASH_SESSION_KEY] = professional.get_session_auth_hash()
    browser[SECOND_FACTOR] = "proof"
    browser.create()
    return {settings.SESSION_COOKIE_NAME: browser.session_key, settings.CSRF_COOKIE_NAME: CSRF}
