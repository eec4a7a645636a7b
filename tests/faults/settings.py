"""The project's settings on the fault run's own instances; no mail leaves, nothing is throttled."""

import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES, REST_FRAMEWORK

DATABASE = "redress_faults"
DATABASES["default"] |= {"NAME": DATABASE, "HOST": os.environ["FAULTS_SOCKETS"]}
CELERY_BROKER_URL = f"redis+socket://{os.environ['FAULTS_VALKEY']}"
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": [], "DEFAULT_THROTTLE_RATES": {}}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
ALLOWED_HOSTS = ["127.0.0.1"]
