"""One settings file. What a clinic may change stands in configuration.py."""

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
TEMPLATES = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
LOGIN_URL = "/sign-in/"
