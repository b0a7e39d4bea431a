"""Django's settings; whatever differs between installations comes from the environment (config/environment.py)."""

from csp.constants import NONE, SELF

from config.embedded.places import APPLICATION_ROLE, OWNER_ROLE, Places
from config.environment import Database, kept_secret, new_key
from config.logs import log_settings
from config.start import BASE, environment

ENVIRONMENT = environment()
BASE_DIR = BASE
PLACES = Places(ENVIRONMENT.var)


def connection(database: Database, **more: object) -> dict[str, object]:
    """One entry of DATABASES."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database.name,
        "USER": database.user,
        "PASSWORD": database.password,
        "HOST": database.host,
        "PORT": database.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": "10", **database.options},
        **more,
    }


DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
SECRET_KEY = ENVIRONMENT.secret_key or kept_secret(ENVIRONMENT.var / "secret_key")

# Behind a proxy that ends TLS: nothing goes out in the clear, and the browser remembers that for a year. The proxy must set
# X-Forwarded-Proto itself, and drop what a client has sent under that name (docs/operations.md).
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.behind_tls else None
SECURE_SSL_REDIRECT = SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENVIRONMENT.behind_tls
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if ENVIRONMENT.behind_tls else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.behind_tls
# The browser takes a cookie of this name only from this very host, and only by HTTPS.
COOKIE_PREFIX = "__Host-" if ENVIRONMENT.behind_tls else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}seatwise", f"{COOKIE_PREFIX}seatwise_csrf"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a long day's work
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = list(ENVIRONMENT.trusted_origins)
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

INSTALLED_APPS = [
    "config",
    "partners",
    "customers",
    "insights",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "config.apps.AdminSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
]
MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.compression.CompressionMiddleware",
    "config.requests.RequestMiddleware",
    # Before whatever may answer by itself: a refusal gets these headers too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.TenantMiddleware",
    "config.language.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "partners.sign_in.middleware.DoorkeeperMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.errors.WrongStateMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

# `default` is the application's role, which owns nothing; `owner` migrates. Both are the same database, also in the tests.
DATABASES = {
    "default": connection(
        ENVIRONMENT.database or PLACES.database(APPLICATION_ROLE), ENGINE="config.database", TEST={"MIRROR": "owner"}
    ),
    "owner": connection(ENVIRONMENT.owner or PLACES.database(OWNER_ROLE), CONN_MAX_AGE=0, TEST={"DEPENDENCIES": []}),
}
SESSION_ENGINE = "config.sessions"
DATABASE_ROUTERS = ["config.routers.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "partners.Staff"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = ["partners.sign_in.backend.SignInBackend"]
# How the door works: docs/decisions/0007-sign-in.md. Failed passwords are counted by partners/sign_in/lockout.py, not by allauth.
ACCOUNT_ADAPTER = "partners.sign_in.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  a path
ACCOUNT_FORMS = {"login": "partners.sign_in.forms.SignInForm", "reset_password": "partners.sign_in.forms.ResetForm"}
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "5/5m/key",  # codes of the second factor, which are only asked for after the right password
    "reset_password": "20/5m/ip,5/15m/key",
    "reset_password_from_key": "20/5m/ip",
}
MFA_ADAPTER = "partners.sign_in.adapters.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are checked by the mail of the invitation
MFA_TOTP_ISSUER = "Seatwise"
MFA_TOTP_TOLERANCE = 1
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies
# The admin site has a policy of its own, a little wider: config/admin_site.py and docs/decisions/0010-admin-site.md.
UNFOLD = {
    "SITE_TITLE": "Seatwise",
    "SITE_HEADER": "Seatwise",
    "SITE_URL": "/",
    "SITE_SYMBOL": "event_seat",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "config.admin_navigation.favicon"}],
    "STYLES": ["config.admin_navigation.style_sheet"],
    # The pages' brand (static/seatwise/seatwise.css), from light to dark.
    "COLORS": {
        "primary": {
            "50": "#f0f8f7",
            "100": "#e0eeec",
            "200": "#bfdfdc",
            "300": "#8ad7d4",
            "400": "#67c5c2",
            "500": "#3f9fa2",
            "600": "#0d5c63",
            "700": "#0a464b",
            "800": "#0b4348",
            "900": "#08353a",
            "950": "#06282b",
        },
    },
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "SIDEBAR": {"navigation": "config.admin_navigation.navigation"},
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# The API's views say what differs from this (partners/api/doors.py); a view that forgets is still closed.
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Seatwise",
    "DESCRIPTION": "Deployment and usage of licences, read-only.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [],  # words to choose from stand where they are used
}

CSRF_FAILURE_VIEW = "config.errors.untrusted_form"

# Everything that a page needs comes from here, and nothing of it stands inside the page: no inline script, no inline style.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("it", "Italiano"),
    ("zh-hans", "简体中文"),
    ("es", "Español"),
    ("sv", "Svenska"),
    ("nl", "Nederlands"),
]
FORMAT_MODULE_PATH = ["config.formats"]
LOCALE_PATHS = [BASE / "locale"]
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE / "static", ("vendor/bootstrap", BASE / "node_modules" / "bootstrap" / "dist")]
STATIC_ROOT = ENVIRONMENT.var / "static"
# Collected, compressed and named by content for the web server (config/static.py); straight from their folders in DEBUG.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # Seatwise keeps no files of anybody
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG

DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.mail_from
EMAIL_TIMEOUT = 10  # seconds
if ENVIRONMENT.mail is None:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
else:
    EMAIL_HOST, EMAIL_PORT = ENVIRONMENT.mail.host, ENVIRONMENT.mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENVIRONMENT.mail.user, ENVIRONMENT.mail.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = ENVIRONMENT.mail.tls, not (ENVIRONMENT.mail.tls or ENVIRONMENT.mail.plain)

CELERY_BROKER_URL = ENVIRONMENT.broker_url or PLACES.broker_url
# Counters of sign-in: shared by all processes, in the broker's server. They are small, and may be lost.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CELERY_BROKER_URL.replace("redis+socket://", "unix://", 1),
        "KEY_PREFIX": "seatwise",
        "OPTIONS": {"socket_timeout": 5, "socket_connect_timeout": 5},
    }
}
SEATWISE_VAR = ENVIRONMENT.var
SEATWISE_UPLOADS = ENVIRONMENT.var / "uploads"  # the web server's and the workers' alike
SEATWISE_EXPORTS = ENVIRONMENT.var / "exports"  # likewise
# Seal the secrets of connections. Where people run servers of their own, no key is made for them: it must not be lost with a disk.
SEATWISE_KEYS = list(ENVIRONMENT.keys)
if not SEATWISE_KEYS and ENVIRONMENT.database is None:
    SEATWISE_KEYS = [kept_secret(ENVIRONMENT.var / "connection_key", new_key)]
VENDOR_LOGIN = ENVIRONMENT.vendor_login
VENDOR_GRAPH = ENVIRONMENT.vendor_graph
VENDOR_PARTNER_CENTER = ENVIRONMENT.vendor_partner_center
SEATWISE_RETENTION_MONTHS = ENVIRONMENT.retention_months
SEATWISE_OPERATORS_SECOND_FACTOR = ENVIRONMENT.operators_second_factor

LOGGING = log_settings(ENVIRONMENT.log_form)
