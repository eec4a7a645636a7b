"""The project's settings on the benchmark's database, without throttles that loads would meet."""

from config.settings import *  # noqa: F403
from config.settings import BASE_DIR, DATABASES, REST_FRAMEWORK

DATABASES["default"]["NAME"] = "redress_bench"
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": [], "DEFAULT_THROTTLE_RATES": {}}
STATIC_ROOT = BASE_DIR / "var" / "bench-static"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
