"""The settings, read top to bottom; installations differ only by their environment."""

from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = env.folder("VAR_DIR", BASE_DIR / "var")

# Safe by default: development opts out.
DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1")
SECURE = env.flag("SECURE", default=True)  # served over https

# What the service calls today; unset, it is the real day.
BUSINESS_DAY = env.day("BUSINESS_DAY")
DEMONSTRATION = env.flag("DEMONSTRATION")
# The key that turns an NDTMS attributor into a client's pseudonym. Changing it makes everyone new.
CLIENT_KEY = env.text("CLIENT_KEY")
# A plan of 200 lines and ten streams is a form of some five thousand cells.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
UPLOAD_LIMIT_BYTES = env.number("UPLOAD_LIMIT_MB", 200) * 1024 * 1024

INSTALLED_APPS = [
    "reporting",
    "aftercare",
    "pathways",
    "providers",
    "commissioning",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "axes",
    "crispy_forms",
    "crispy_forms_gds",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "commissioning.middleware.NeverCache",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "commissioning.context.shell",
            ],
        },
    }
]

# PostgreSQL everywhere. DATABASE_URL is the serving role; DATABASE_OWNER_URL (manage.py) migrates.
DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL"), conn_max_age=60, conn_health_checks=True
    )
}
STATEMENT_TIMEOUT_MS = env.number("STATEMENT_TIMEOUT_MS", 30000)
DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
    f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout=5000 -c jit=off"
)

# Redis protocol: 0 the queue, 1 the shared memory of web processes.
REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
        "OPTIONS": {"db": 1},
    }
}

# People.
AUTH_USER_MODEL = "commissioning.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_ADAPTER = "commissioning.accounts.InvitationOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation is sent to the address: that verifies it
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no letters to strangers
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # axes locks out
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "commissioning.accounts.address_tried"
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
AXES_RESET_ON_SUCCESS = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 10 * 60 * 60

# Transport and content.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# Files.
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = ["pathways.forms.uploading.LimitedUpload"]  # straight to disk
FILE_UPLOAD_PERMISSIONS = 0o600

# Jobs. Their truth is a row in PostgreSQL; the queue is a doorbell.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 1800
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_timeout": 4,
    "socket_connect_timeout": 2,
    # A web request rings once and goes on: left to itself it would wait for a dead broker.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE = "Europe/London"

# Words and days.
LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True

# Mail.
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR_DIR / "mail"
SITE_URL = env.text("SITE_URL", "http://localhost:8000")  # in mail that no page asked for
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Treatment commissioning <no-reply@localhost>")

# Forms, tables and the API.
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_CLASS_CONVERTERS = {"dropdown": "govuk-select"}
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "gds"
DJANGO_TABLES2_TEMPLATE = "components/table.html"
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "commissioning.api.keys.KeyAuthentication",  # first: its challenge makes a refusal a 401
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "EXCEPTION_HANDLER": "commissioning.api.errors.as_response",
    "PAGE_SIZE": 100,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Treatment commissioning",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {"AreaKindEnum": "reporting.choices.AreaKind"},
}

SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # addresses are unique, whatever their case, by a named constraint
    "axes.W006",  # a partnership shares one address on the net: locking that would lock it out
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"axes": {"level": "WARNING"}},
}

# Which tasks follow which event. The only place where the two are joined.
EVENT_TASKS: dict[str, list[str]] = {
    "upload.received": ["pathways.check_upload"],
    "upload.checked": ["reporting.preview_upload"],
    "upload.confirmed": ["pathways.load_upload"],
    "return.loaded": ["reporting.refresh_touched", "reporting.find_long_waits"],
    "return.undone": ["reporting.refresh_touched", "reporting.find_long_waits"],
    "refresh.asked": ["reporting.refresh_everything", "reporting.find_long_waits"],
    "plan.monitored": [],
    "money.moved": ["reporting.forecast_plan"],
}
