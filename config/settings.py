"""All settings, read from the environment; `.env.sample` tells each variable's meaning."""

from email.utils import parseaddr
from pathlib import Path

from kombu import Queue

from config.environment import development_secret, read_environment
from config.logs import logging_config
from config.seal import read_seal, read_times
from documents.scanner import read_address
from launcher.places import places

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
env = read_environment(BASE_DIR / ".env")
TESTING = env.mode == "test"
PRODUCTION = env.production
PRIVATE = places("test" if TESTING else "development", BASE_DIR)

# --- Secrets ---------------------------------------------------------------------------------
SECRET_KEY = env.required_in_production("REDRESS_SECRET_KEY", development_secret("secret"))
FIELD_KEYS = env.fernet_keys("REDRESS_FIELD_KEYS")
INDEX_KEY = env.required_in_production("REDRESS_INDEX_KEY", development_secret("index"))
DEBUG = env.flag("REDRESS_DEBUG", default=env.mode == "development")
if PRODUCTION and DEBUG:
    raise env.wrong("REDRESS_DEBUG", "must be off in production")
if PRODUCTION and min(len(SECRET_KEY), len(INDEX_KEY)) < 32:
    short = "REDRESS_SECRET_KEY" if len(SECRET_KEY) < 32 else "REDRESS_INDEX_KEY"
    raise env.wrong(short, "must have at least 32 characters")

# --- Where we are reached --------------------------------------------------------------------
LOOPBACK = "localhost,127.0.0.1,[::1]"
ALLOWED_HOSTS = env.names("REDRESS_ALLOWED_HOSTS", default="" if PRODUCTION else LOOPBACK)
if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise env.wrong("REDRESS_ALLOWED_HOSTS", "must name the hosts of the site")
PORT = env.integer("PORT", default=8000, least=1)
PUBLIC_URL = env.required_in_production("REDRESS_PUBLIC_URL", f"http://127.0.0.1:{PORT}")
if not PUBLIC_URL.startswith(("http://", "https://") if not PRODUCTION else "https://"):
    raise env.wrong("REDRESS_PUBLIC_URL", "must be the https:// address of the site")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PRODUCTION else []
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

# --- Apps ------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config",
    "insights",
    "reviews",
    "agreements",
    "compensation",
    "liability",
    "complaints",
    "documents",
    "accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "config.apps.CollectedStaticFilesConfig",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "template_partials",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "lucide",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.AnswersProbes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.middleware.RefusesLargeBodies",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.privacy.ConsumerPages",
    "config.middleware.RefusesNul",
    "config.middleware.ReadableRefusals",
]
# django-template-partials wraps the loaders itself: file system, then apps, cached.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database, cache, broker -----------------------------------------------------------------
DATABASES = {
    "default": {
        **env.database(
            "DATABASE_URL",
            private={
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "redress",
                "USER": "redress",
                "HOST": str(PRIVATE.sockets),
            },
        ),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": f"test_redress{env.text('REDRESS_TEST_DB', '')}"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL", None if PRODUCTION else "unset")
if REDIS_URL == "unset":
    REDIS_CACHE_URL = f"unix://{PRIVATE.valkey_socket}?db=1"
    CELERY_BROKER_URL = f"redis+socket://{PRIVATE.valkey_socket}"
elif REDIS_URL.startswith(("redis://", "rediss://")):
    REDIS_CACHE_URL = CELERY_BROKER_URL = REDIS_URL
else:
    raise env.wrong("REDIS_URL", "must be like redis://host:6379/0")
LOCAL_CACHE = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
REDIS_CACHE = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": REDIS_CACHE_URL,
    "KEY_PREFIX": "redress",
}
CACHES = {"default": LOCAL_CACHE if TESTING else REDIS_CACHE}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Celery: tasks are safe to run twice, and are given back when a worker dies ----------------
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
# What people wait for is done by workers of its own: however much there is to print or to import,
# a mail is taken and a clock swept. A worker that is given no queue serves both.
CELERY_TASK_DEFAULT_QUEUE = "prompt"
CELERY_TASK_QUEUES = [Queue("prompt"), Queue("slow")]
CELERY_TASK_CREATE_MISSING_QUEUES = False
SLOW_TASKS = [
    "agreements.tasks.send_payouts",
    "compensation.tasks.screen_claims",
    "complaints.tasks.purge_expired",
    "complaints.tasks.tend_evidence",
    "complaints.tasks.verify_evidence",
    "complaints.tasks.work_bulk",
    "complaints.tasks.work_imports",
    "documents.tasks.remove_orphan_files",
    "documents.tasks.render_document",
    "documents.tasks.render_pending",
    "liability.tasks.watch_for_batches",
    "reviews.tasks.make_packs",
    "reviews.tasks.propose_erasure",
    "reviews.tasks.work_erasures",
]
CELERY_TASK_ROUTES = {name: {"queue": "slow"} for name in SLOW_TASKS}
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
# Who hands work over never waits for a broker that is down: rows and the beat stand behind it.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "max_retries": 0,
    "socket_connect_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")

# --- Language and time: Simplified Chinese is the language of the source texts ------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- Log-in ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
}
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateCodeForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
TIME_SHIFT_ALLOWED = not PRODUCTION
ACCOUNT_RATE_LIMITS = {} if TESTING else {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Redress"
MFA_TOTP_TOLERANCE = 1

# --- Security headers ------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
CSRF_FAILURE_VIEW = "config.views.pages.form_expired"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
LANGUAGE_COOKIE_AGE = 31_536_000
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz/", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
# Preloading binds a whole domain for years: its owner decides, not this application.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
BEHIND_PROXY = env.flag("REDRESS_BEHIND_PROXY", default=False)
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Files -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
PLAIN_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": PLAIN_STATIC if DEBUG or TESTING else "config.storage.HashedStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or TESTING
FILES_ROOT = Path(env.text("REDRESS_FILES_ROOT", str(PRIVATE.var / "files")))
MEDIA_ROOT = FILES_ROOT
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
CLAMD_ADDRESS = env.text("REDRESS_CLAMD", "")
if CLAMD_ADDRESS:
    try:
        read_address(CLAMD_ADDRESS)
    except ValueError as error:
        raise env.wrong("REDRESS_CLAMD", str(error)) from error
CLAMD_SECONDS = env.integer("REDRESS_CLAMD_SECONDS", default=60, least=1)

# --- Mail and SMS ----------------------------------------------------------------------------
MAIL_FOLDER = Path(env.text("REDRESS_MAIL_FOLDER", str(PRIVATE.var / "mail")))
vars().update(env.email("EMAIL_URL", folder=MAIL_FOLDER))
SMS_BACKEND = env.required_in_production("REDRESS_SMS_BACKEND", "config.sms.FolderBackend")
SMS_BY_HTTP = SMS_BACKEND == "config.sms.HttpBackend"
SMS_URL = env.web_address("REDRESS_SMS_URL") if SMS_BY_HTTP else ""
SMS_TOKEN = env.token("REDRESS_SMS_TOKEN") if SMS_BY_HTTP else ""
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("REDRESS_FROM_EMAIL", "care@anju.example")

# --- Mail that comes in: each way is off until it is named ---------------------------------------
_, FROM_ADDRESS = parseaddr(DEFAULT_FROM_EMAIL)
MAIL_ADDRESS = env.mail_address("REDRESS_MAIL_ADDRESS", default=FROM_ADDRESS)
MAIL_TAGS = env.flag("REDRESS_MAIL_TAGS", default=not PRODUCTION)
MAIL_MAX_BYTES = env.integer("REDRESS_MAIL_MAX_MB", default=30, least=1) * 1024 * 1024
MAIL_TOKEN = env.text("REDRESS_MAIL_TOKEN", "")
if MAIL_TOKEN and len(MAIL_TOKEN) < 32:
    raise env.wrong("REDRESS_MAIL_TOKEN", "must have at least 32 characters")
MAIL_AUTHSERV = env.text("REDRESS_MAIL_AUTHSERV", "")
SMTP_LISTEN = env.text("REDRESS_SMTP_LISTEN", "")
IMAP_HOST = env.text("REDRESS_IMAP_HOST", "")
IMAP_SECURITY = env.choice(
    "REDRESS_IMAP_SECURITY", choices=("ssl", "starttls", "none"), default="ssl"
)
if PRODUCTION and IMAP_SECURITY == "none":
    raise env.wrong("REDRESS_IMAP_SECURITY", "must be ssl or starttls in production")
IMAP_PORT = env.integer(
    "REDRESS_IMAP_PORT", default=993 if IMAP_SECURITY == "ssl" else 143, least=1
)
IMAP_USER = env.text("REDRESS_IMAP_USER") if IMAP_HOST else ""
IMAP_PASSWORD = env.text("REDRESS_IMAP_PASSWORD") if IMAP_HOST else ""
IMAP_FOLDER = env.text("REDRESS_IMAP_FOLDER", "INBOX")
IMAP_DONE_FOLDER = env.text("REDRESS_IMAP_DONE_FOLDER", "Redress")
# How long a reply of staff can be taken back; tests that are about it ask for a wait.
UNDO_SECONDS = env.integer("REDRESS_UNDO_SECONDS", default=0 if TESTING else 10)
if UNDO_SECONDS > 120:
    raise env.wrong("REDRESS_UNDO_SECONDS", "must be at most 120")
# Messages to many at once wait longer: who sees the first results can still stop them all.
BULK_UNDO_SECONDS = env.integer("REDRESS_BULK_UNDO_SECONDS", default=120 if UNDO_SECONDS else 0)
if BULK_UNDO_SECONDS > 3600:
    raise env.wrong("REDRESS_BULK_UNDO_SECONDS", "must be at most 3600")
TAKES_REPLIES = bool(IMAP_HOST or SMTP_LISTEN or MAIL_TOKEN)

# --- Webhooks: private networks into which events may be sent; development's own machine is one ---
LOOPBACK_NETWORKS = "" if PRODUCTION else "127.0.0.0/8,::1/128"
WEBHOOK_NETWORKS = env.networks("REDRESS_WEBHOOK_NETWORKS", default=LOOPBACK_NETWORKS)

# --- The company whose complaints are handled --------------------------------------------------
COMPANY_NAME = env.text("REDRESS_COMPANY_NAME", "安居电器")
COMPANY_NAME_EN = env.text("REDRESS_COMPANY_NAME_EN", "Anju Appliances")
COMPANY_HOTLINE = env.text("REDRESS_COMPANY_HOTLINE", "400-820-0000")
COMPANY_HOTLINE_HOURS = env.text("REDRESS_HOTLINE_HOURS", "9:00–21:00")
COMPANY_CREDIT_CODE = env.text("REDRESS_COMPANY_CREDIT_CODE", "91310000MA1K000000")
COMPANY_ADDRESS = env.text("REDRESS_COMPANY_ADDRESS", "上海市闵行区安居路 88 号")
COMPANY_REPRESENTATIVE = env.text("REDRESS_COMPANY_REPRESENTATIVE", "陈立安")

# --- Paying: the account money leaves from, and a provider where there is one -------------------
PAYER_NAME = env.text("REDRESS_PAYER_NAME", COMPANY_NAME)
PAYER_ACCOUNT = env.text("REDRESS_PAYER_ACCOUNT", "" if PRODUCTION else "31050161360000000018")
PAYER_BANK = env.text("REDRESS_PAYER_BANK", "" if PRODUCTION else "中国建设银行上海闵行支行")
PAYER_BANK_CODE = env.text("REDRESS_PAYER_BANK_CODE", "" if PRODUCTION else "105290061006")
PAYMENT_PROVIDER = env.text("REDRESS_PAYMENT_PROVIDER", "" if PRODUCTION else "sandbox")
PAYMENT_NOTICE_TOKEN = env.text("REDRESS_PAYMENT_NOTICE_TOKEN", "")

# --- The company's seal on signed agreements ----------------------------------------------------
SEAL_SOURCE = read_seal(env)
SEAL_FOLDER = PRIVATE.var / "seal"
SEAL_TIMES = read_times(env)

# --- API -------------------------------------------------------------------------------------
API_MAX_BYTES = 1024 * 1024
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "complaints.api.doors.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["complaints.api.doors.IsStaff"],
    "DEFAULT_THROTTLE_CLASSES": ["complaints.api.doors.Throttle"],
    "DEFAULT_THROTTLE_RATES": {"intake": "120/hour", "track": "300/hour", "staff": "6000/hour"},
    "NUM_PROXIES": 1 if BEHIND_PROXY else 0,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["complaints.api.doors.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "complaints.api.errors.handle",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Redress API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "StageEnum": "complaints.states.Stage",
        "PaperKindEnum": "liability.states.PaperKind",
        "ProductionStageEnum": "liability.states.ProductionStage",
        "ClockKindEnum": "complaints.states.ClockKind",
        "DeclineGroundEnum": "complaints.states.DeclineGround",
        "LiabilityKindEnum": "liability.states.LiabilityKind",
        "LineKindEnum": "compensation.states.LineKind",
        "OptionKindEnum": "compensation.states.OptionKind",
    },
}

# --- Figures for Prometheus: by token, or without one from this machine only --------------------
METRICS_TOKEN = env.text("REDRESS_METRICS_TOKEN", "")

# --- Logging and tests -----------------------------------------------------------------------
LOGGING_CONFIG = "config.logs.configure"
LOG_LEVEL = env.choice(
    "REDRESS_LOG_LEVEL",
    choices=("DEBUG", "INFO", "WARNING", "ERROR"),
    default="WARNING" if TESTING else "INFO",
)
LOGGING = logging_config(level=LOG_LEVEL)
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
