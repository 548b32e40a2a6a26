"""One settings file. What a clinic may change stands in configuration.py."""

from typing import Any

import dj_database_url

from .configuration import Configuration

given = Configuration()

DEBUG = given.debug
SECRET_KEY = given.secret_key.get_secret_value()
ALLOWED_HOSTS = list(given.hosts)
DATABASES = {"default": dj_database_url.parse(given.database)}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "lysglimt.clinic.design",  # before django.forms: its widgets are drawn by design
    "django.forms",
    "lysglimt.clinic.people",
    "lysglimt.clinic.audit",
]
AUTH_USER_MODEL = "people.Professional"
ENCRYPTION_KEYS = given.sealing_keys()
INDEX_KEY = given.looking_up_key()
ROOT_URLCONF = "lysglimt.server.urls"
USE_TZ = True
TIME_ZONE = "Europe/Oslo"
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Norsk"), ("en", "English")]
STATIC_URL = "/static/"
FORM_RENDERER = "lysglimt.clinic.design.rendering.Rendering"
DEMO = False
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lysglimt.clinic.design.surroundings.page",
            ]
        },
    },
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
LOGIN_URL = "/sign-in/"
