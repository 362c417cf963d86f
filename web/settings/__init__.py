"""Settings. Every value that may differ between installations comes from the environment (`environment.py`)."""

from datetime import timedelta
from pathlib import Path

from web.settings.base_maps import base_maps
from web.settings.database import databases
from web.settings.environment import (
    env_bool,
    env_choice,
    env_int,
    env_key,
    env_list,
    env_networks,
    env_secret,
    env_str,
    env_token,
    env_zone,
    load_dotenv,
)
from web.settings.geometry_libraries import (
    gdal_library,
    geos_library,
    use_our_formats_only,
    use_proj_data,
)
from web.settings.live import live_address, live_sources
from web.settings.logging import logging_config
from web.settings.outside import outside_provider
from web.settings.second_factor import second_factor_roles
from web.settings.single_sign_on import provider

ROOT = Path(__file__).resolve().parent.parent.parent
load_dotenv(ROOT / ".env")
DATA = Path(env_str("WANGGE_DATA", str(ROOT / ".wangge"), "folder of the private cluster, keys and uploads"))

DEBUG = env_bool("DEBUG", False, "show tracebacks in the browser; never in production")
SECRET_KEY = env_secret("SECRET_KEY", DATA, "signs sessions and links")
PEOPLE_KEY = env_key("PEOPLE_KEY", DATA, "seals identity numbers and phones; keep it apart from the database")
SYNTHETIC_IDS = env_bool("SYNTHETIC_IDS", False, "accept identity numbers with a wrong check digit (invented people)")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"], "host names the server answers to")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", [], "origins of an HTTPS proxy in front")
HTTPS = env_bool("HTTPS", False, "behind an HTTPS proxy: secure cookies, HSTS, redirect")
TRUSTED_PROXIES = env_networks(
    "TRUSTED_PROXIES", "networks of proxies whose X-Forwarded-… is believed", ("127.0.0.1/32", "::1/128")
)

INSTALLED_APPS = [
    "gis",
    "layers",
    "web",
    "fixtures",
    # Without autodiscovery: our own site names its pages, and the packages' pages stay unreachable.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "leaflet",
    "axes",
    "csp",
    "oauth2_provider",
    "procrastinate.contrib.django",
]
AUTH_USER_MODEL = "grid.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "web.sign_in.PostingsBackend"]
MIDDLEWARE = [
    "web.proxies.TrustedProxyMiddleware",
    "web.operation.metrics.counted.CountMiddleware",
    "web.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "web.content_policy.ContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "web.plain_text.PlainTextMiddleware",
    "web.new_day.NewDayMiddleware",
    "web.scope.ScopeMiddleware",
    "axes.middleware.AxesMiddleware",
]
# Not in a cookie of their own, whose seal is made ready for every request.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
ROOT_URLCONF = "web.urls"
WSGI_APPLICATION = "web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.pages.frame.frame",
            ]
        },
    }
]

TIME_ZONE = env_zone("TIME_ZONE", "Asia/Shanghai", "time zone of dates and working hours")
DATABASES = databases(DATA, TIME_ZONE)
GDAL_LIBRARY_PATH = gdal_library()
GEOS_LIBRARY_PATH = geos_library()
use_proj_data()
use_our_formats_only()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = env_choice("LANGUAGE_CODE", "zh-hans", ["zh-hans", "en"], "language where the browser asks for none")
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "web" / "locale"]
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "media"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# Built files are named after their content.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/built/[^/]+\.[0-9A-Za-z]{8,12}\.(js|css|png)$"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "map"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SECOND_FACTOR_ROLES = second_factor_roles()
SESSION_COOKIE_AGE = env_int("SESSION_HOURS", 12, "hours after which one signs in again") * 3600
SESSION_SAVE_EVERY_REQUEST = False
FIELD_OFFLINE_DAYS = env_int("FIELD_OFFLINE_DAYS", 3, "days without contact after which a phone wipes its data")
RETENTION_MONTHS = env_list("RETENTION_MONTHS", [], "terms of records that differ from `gis/retiring/terms.csv`")
APPEAL_DAYS = env_int("APPEAL_DAYS", 15, "days after the end of a case in which who reported it may ask for it again")
REPORTER_DAYS = env_int("REPORTER_DAYS", 180, "days after the end of a case at which who reported it is forgotten")
RESIDENT_REPORTS_PER_HOUR = env_int(
    "RESIDENT_REPORTS_PER_HOUR", 60, "new cases without an account from one address; joining one is not a new case"
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # whoever watches the server asks it directly
CSRF_FAILURE_VIEW = "web.errors.forbidden"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SILENCED_SYSTEM_CHECKS = [
    "security.W005", "security.W021",  # would speak for names below ours, which may be others'
    "oauth2_provider.W008",  # http is let through to this very machine alone: `gis.accounts.client_system.is_safe`
]  # fmt: skip
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Five wrong guesses for one name from one address close that pair for a quarter of an hour.
AXES_FAILURE_LIMIT = env_int("SIGN_IN_TRIES", 5, "wrong passwords before a pause")
AXES_COOLOFF_TIME = timedelta(minutes=env_int("SIGN_IN_PAUSE_MINUTES", 15, "length of that pause"))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "web.whence.address_of"
AXES_LOCKOUT_CALLABLE = "web.sign_in.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# Reminders by e-mail. Without a mail server none is sent, and pages say so.
EMAIL_HOST = env_str("EMAIL_HOST", "", "mail server that sends reminders; empty: none are sent by e-mail")
EMAIL_PORT = env_int("EMAIL_PORT", 25, "its port")
EMAIL_HOST_USER = env_str("EMAIL_USER", "", "name to sign in there with")
EMAIL_HOST_PASSWORD = env_str("EMAIL_PASSWORD", "", "its password")
_email_security = env_choice("EMAIL_SECURITY", "starttls", ["starttls", "tls", "none"], "how the connection is sealed")
EMAIL_USE_TLS, EMAIL_USE_SSL = _email_security == "starttls", _email_security == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env_str("EMAIL_FROM", "wangge@localhost", "sender of reminders")
BACKUP_RECIPIENTS = env_list("BACKUP_RECIPIENTS", [], "public keys of age that `backup` seals to where none is given")
WAL_ARCHIVE = env_str("WAL_ARCHIVE", "", "folder of the private cluster's copies and log; empty: nothing is archived")
METRICS_TOKEN = env_token("METRICS_TOKEN", "opens /metrics to a monitor that sends it as its bearer token")
METRICS_NETWORKS = env_networks("METRICS_NETWORKS", "networks that read /metrics without a token")
SITE_URL = env_str("SITE_URL", "", "address of the pages as people reach them, for links in e-mails; empty: no links")
OAUTH2_PROVIDER_APPLICATION_MODEL = "grid.ClientSystem"
OAUTH2_PROVIDER = provider(SITE_URL, SESSION_COOKIE_AGE)
OUTSIDE_PROVIDER = outside_provider()
WEBHOOK_NETWORKS = env_networks("WEBHOOK_NETWORKS", "inner networks that webhooks may lead into, besides the outside")

BASE_MAPS = base_maps(
    env_str("TIANDITU_TK", "", "key of the Tianditu base map; empty: not offered"),
    env_str("BASE_MAP_URL", "", "an XYZ or WMTS address with {z}/{x}/{y}; empty: not offered"),
    env_str("BASE_MAP_NAME", "底图", "its name in the switcher"),
    env_choice("BASE_MAP_CRS", "wgs84", ["wgs84", "gcj02"], "coordinates it is drawn in: wgs84 or gcj02"),
    env_str("BASE_MAP_ATTRIBUTION", "", "its attribution, with the map approval number"),
)
PORT = env_int("PORT", 8000, "port of the pages, as the browser sees it")
LIVE_URL = live_address(
    env_str("LIVE_URL", "", "address of the live feed as the browser reaches it; empty: this host, its own port"),
    env_int("LIVE_PORT", 0, "port of the live feed"),
    HTTPS,
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "connect-src": ["'self'", *live_sources(LIVE_URL, ALLOWED_HOSTS)],
        "img-src": ["'self'", "data:", "blob:", *sorted({host for base in BASE_MAPS for host in base["hosts"]})],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
LEAFLET_CONFIG = {
    "TILES": [],
    "RESET_VIEW": False,
    "NO_GLOBALS": False,
    "ATTRIBUTION_PREFIX": "",
}

LOGGING = logging_config(
    env_choice("LOG_LEVEL", "INFO", ["DEBUG", "INFO", "WARNING", "ERROR"], "least urgent line that is logged")
)
