"""One settings file. What a clinic may change stands in configuration.py."""

from typing import Any

from csp.constants import NONE, SELF

from . import database, log, providers
from .configuration import Configuration

given = Configuration()

DEBUG = given.debug
DEMO = given.demo
SECRET_KEY = given.secret_key.get_secret_value()
ENCRYPTION_KEYS = given.sealing_keys()
INDEX_KEY = given.looking_up_key()
AUDIT_KEY = given.own_key(given.audit_key, b"audit key")
REGISTER_KEY = given.own_key(given.register_key, b"register key")
AUDIT_ANCHOR = given.audit_anchor
IDENTITY_NUMBERS = given.identity_numbers
IDLE_MINUTES = given.idle_minutes
SHARED_IDLE_MINUTES = given.shared_idle_minutes
CONFIRM_MINUTES = given.confirm_minutes
SECURITY_CONTACT = given.security_contact
ALLOWED_HOSTS = list(given.hosts)
BACKUPS = given.backups
BACKUP_HOURS = given.backup_hours
METRICS_TOKEN = given.metrics_token.get_secret_value()
DATABASES = database.databases(given.database)
SERVING_ROLE: str = DATABASES["default"].get("USER", "")
OWNED_DATABASE = database.databases(given.database_owner or given.database)["default"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "lysglimt.server.apps.ServerConfig",
    "lysglimt.clinic.sealing",
    "lysglimt.clinic.people",
    "lysglimt.clinic.audit",
    "lysglimt.clinic.scheduling",
    "lysglimt.clinic.referral",
    "lysglimt.clinic.treatment",
    "lysglimt.clinic.medicines",
    "lysglimt.clinic.suicidality",
    "lysglimt.clinic.exposure",
    "lysglimt.clinic.questionnaires",
    "lysglimt.clinic.chairside",
    "lysglimt.clinic.incidents",
    "lysglimt.clinic.cupboard",
    "lysglimt.clinic.delivery",
    "lysglimt.clinic.insight",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "lysglimt.clinic.design",  # before django.forms: its widgets are drawn by design
    "django.forms",
]
MIDDLEWARE = [
    "lysglimt.server.middleware.RequestId",
    "lysglimt.server.metrics.Measured",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # after them: an SVG runs scripts, too
    "lysglimt.server.middleware.NoStore",
    "lysglimt.server.middleware.OwnName",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lysglimt.server.middleware.ChosenLanguage",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lysglimt.clinic.people.presence.Presence",
    "lysglimt.server.troubles.Reserve",
    "lysglimt.server.middleware.Refusals",
]
ROOT_URLCONF = "lysglimt.server.urls"
WSGI_APPLICATION = "lysglimt.server.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "lysglimt.clinic.design.surroundings.page",
            ]
        },
    },
]
FORM_RENDERER = "lysglimt.clinic.design.rendering.Rendering"

USE_TZ = True
TIME_ZONE = "Europe/Oslo"
USE_I18N = True
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Norsk"), ("en", "English")]

# Signing in
AUTH_USER_MODEL = "people.Professional"
AUTHENTICATION_BACKENDS = ["lysglimt.clinic.people.who_asks.WhoAsks"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{VALIDATION}.CommonPasswordValidator"},
    {"NAME": "lysglimt.clinic.people.passwords.ClinicWords"},
]
if given.breached_passwords:
    AUTH_PASSWORD_VALIDATORS += [
        {
            "NAME": "lysglimt.clinic.people.breached.Breached",
            "OPTIONS": {"file": given.breached_passwords},
        }
    ]
SESSION_ENGINE = "lysglimt.clinic.people.sign_ins"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a shift; idle time is kept by Presence
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",  # one count for all processes
        "LOCATION": "attempts",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},  # a count that is culled counts no longer
    }
}
FORMS = "lysglimt.clinic.people.sign_in_forms"
ACCOUNT_ADAPTER = "lysglimt.clinic.people.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": f"{FORMS}.SignInForm",
    "change_password": f"{FORMS}.NewPasswordForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/5m/ip,5/5m/key",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "lysglimt.clinic.people.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = (
    not given.https
)  # a browser itself allows http on localhost alone
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Lysglimt"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TRUST_ENABLED = True  # on a shared device, for the shift
MFA_TRUST_COOKIE_AGE = SESSION_COOKIE_AGE
MFA_FORMS = {
    "authenticate": f"{FORMS}.CodeForm",
    "activate_totp": f"{FORMS}.FirstCodeForm",
    "add_webauthn": f"{FORMS}.PasskeyForm",
    "login_webauthn": f"{FORMS}.SignInByPasskeyForm",
    "authenticate_webauthn": f"{FORMS}.SecondByPasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "lysglimt.clinic.people.adapters.Providers"
SOCIALACCOUNT_AUTO_SIGNUP = SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = providers.allauth(given)
OPENID_CONNECT = given.oidc
HELSEID, HELSEID_KEY = given.helseid, given.helseid_key
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if given.https else 0

# Cookies and headers
PREFIX = "__Host-" if given.https else ""
SESSION_COOKIE_NAME = f"{PREFIX}lysglimt"
CSRF_COOKIE_NAME = f"{PREFIX}csrf"
LANGUAGE_COOKIE_NAME = f"{PREFIX}language"
PRESENCE_COOKIE_NAME = f"{PREFIX}presence"
SHARED_COOKIE_NAME = f"{PREFIX}shared"
WALL_COOKIE_NAME = f"{PREFIX}wall"
MFA_TRUST_COOKIE_NAME = f"{PREFIX}second-factor"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = given.https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = given.https
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if given.https else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if given.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = given.https
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF, *providers.origins(given)],  # a form leads to them by a redirect
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media"),
        *("geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb"),
    )
} | {"publickey-credentials-create": ["self"], "publickey-credentials-get": ["self"]}

# What a request may weigh
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# Style sheets and scripts: by hashed name once `lysglimt serve` has gathered them
STATIC_URL = "/static/"
STATIC_FILES = given.static_files
GATHERED = (STATIC_FILES / "staticfiles.json").is_file()
STATIC_ROOT = STATIC_FILES if GATHERED else None
WHITENOISE_USE_FINDERS = not GATHERED
STORAGES = {
    "staticfiles": {
        "BACKEND": "lysglimt.server.static_files.HashedFiles"
        if GATHERED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

LOGGING_CONFIG = "lysglimt.server.log.configure"
LOGGING = log.logging(debug=DEBUG)
SILENCED_SYSTEM_CHECKS = [
    "security.W021",  # preload is asked for with the header; the list itself is the site's choice
]
