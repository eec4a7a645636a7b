"""Settings: every refusal names the variable; production accepts no development value."""

import base64
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import environ
import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from config.environment import (
    SAMPLE,
    Environment,
    development_fernet_key,
    development_secret,
)
from documents.signing.development import make_development
from launcher.places import places
from tests.documents.seals import seal_source

CHECKOUT = Path(__file__).resolve().parents[2]
A_KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
SEAL = seal_source()
MARKED = make_development("安居电器").decode()
PRODUCTION = {
    "REDRESS_ENV": "production",
    "REDRESS_SECRET_KEY": "s" * 50,
    "REDRESS_FIELD_KEYS": A_KEY,
    "REDRESS_INDEX_KEY": "i" * 50,
    "DATABASE_URL": "postgres://redress:word@db:5432/redress",
    "REDIS_URL": "redis://broker:6379/0",
    "REDRESS_ALLOWED_HOSTS": "redress.example",
    "REDRESS_PUBLIC_URL": "https://redress.example",
    "REDRESS_SMS_BACKEND": "config.sms.HttpBackend",
    "REDRESS_SMS_URL": "https://sms.example/send",
    "REDRESS_SMS_TOKEN": "gateway-word",
    "EMAIL_URL": "smtp+tls://user:word@mail.example:587",
    "REDRESS_SEAL_CERTIFICATE": SEAL.certificate,
    "REDRESS_SEAL_KEY": SEAL.key,
}


Loader = Callable[[dict[str, str]], SimpleNamespace]


@pytest.fixture
def load_settings(monkeypatch: pytest.MonkeyPatch) -> Loader:
    """Run the settings file on variables of the test's own, leaving the run's settings alone."""

    def load(variables: dict[str, str]) -> SimpleNamespace:
        monkeypatch.setattr(os, "environ", dict(variables))
        monkeypatch.setattr(environ.Env, "read_env", lambda _file: None)
        return SimpleNamespace(**runpy.run_path(str(CHECKOUT / "config/settings.py")))

    return load


def test_production_starts_with_everything_set(load_settings: Loader) -> None:
    settings = load_settings(PRODUCTION)

    assert settings.DEBUG is False
    assert settings.SESSION_COOKIE_SECURE
    assert settings.CSRF_COOKIE_SECURE
    assert settings.SECURE_HSTS_SECONDS > 0
    assert settings.EMAIL_HOST == "mail.example"
    assert settings.DATABASES["default"]["HOST"] == "db"
    assert settings.CELERY_BROKER_URL == "redis://broker:6379/0"


@pytest.mark.parametrize("name", sorted(set(PRODUCTION) - {"REDRESS_ENV"}))
def test_production_names_what_is_missing(load_settings: Loader, name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"{name} .*{SAMPLE}"):
        load_settings({k: v for k, v in PRODUCTION.items() if k != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDRESS_SECRET_KEY", development_secret("secret")),
        ("REDRESS_INDEX_KEY", development_secret("index")),
        ("REDRESS_FIELD_KEYS", development_fernet_key()),
        ("REDRESS_FIELD_KEYS", f"{A_KEY},{development_fernet_key()}"),
        ("REDRESS_DEBUG", "1"),
        ("REDRESS_SECRET_KEY", "too-few"),
        ("REDRESS_INDEX_KEY", "too-few"),
        ("REDRESS_ALLOWED_HOSTS", "*"),
        ("REDRESS_PUBLIC_URL", "http://redress.example"),
        ("REDRESS_SMS_BACKEND", "config.sms.FolderBackend"),
        ("REDRESS_IMAP_SECURITY", "none"),
        ("REDRESS_MAIL_TOKEN", "too-few"),
        ("REDRESS_SEAL_CERTIFICATE", "unset"),
        ("REDRESS_SEAL_CERTIFICATE", MARKED),
        ("REDRESS_SEAL_CERTIFICATE", "no/such/certificate.pem"),
        ("REDRESS_SEAL_KEY", "-----BEGIN nothing"),
        ("REDRESS_SEAL_KEY", MARKED),
    ],
)
def test_production_refuses_what_is_unsafe(load_settings: Loader, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name) as refusal:
        load_settings({**PRODUCTION, name: value})

    assert len(value) < 3 or value not in str(refusal.value), "a message must not show a secret"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDRESS_ENV", "staging"),
        ("REDRESS_DEBUG", "perhaps"),
        ("REDRESS_FIELD_KEYS", "no-key"),
        ("DATABASE_URL", "mysql://db/redress"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "postgres://db"),
        ("DATABASE_URL", "postgres://db:port/redress"),
        ("REDIS_URL", "http://broker"),
        ("EMAIL_URL", "carrier-pigeon://coop"),
        ("PORT", "eighty"),
        ("REDRESS_WEBHOOK_NETWORKS", "10.0.0.0/8, the office"),
        ("REDRESS_LOG_LEVEL", "verbose"),
        ("REDRESS_LOG_LEVEL", "info"),
        ("REDRESS_MAIL_ADDRESS", "care@a.example, b@a.example"),
        ("REDRESS_MAIL_ADDRESS", "nobody"),
        ("REDRESS_IMAP_SECURITY", "perhaps"),
        ("REDRESS_IMAP_PORT", "imap"),
    ],
)
def test_wrong_value_names_its_variable(load_settings: Loader, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"{name} .*{SAMPLE}"):
        load_settings({name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDRESS_SMS_URL", "sms.example/send"),
        ("REDRESS_SMS_URL", "ftp://sms.example/"),
        ("REDRESS_SMS_URL", "https://user:word@sms.example/"),
        ("REDRESS_SMS_URL", "https://sms.example:port/"),
        ("REDRESS_SMS_URL", "https:///send"),
        ("REDRESS_SMS_TOKEN", "two words"),
        ("REDRESS_SMS_TOKEN", "密"),
    ],
)
def test_sms_gateway_is_checked(load_settings: Loader, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"{name} .*{SAMPLE}"):
        load_settings({**PRODUCTION, name: value})


def test_other_sms_backend_needs_no_gateway(load_settings: Loader) -> None:
    others = {k: v for k, v in PRODUCTION.items() if not k.startswith("REDRESS_SMS_")}
    assert load_settings({**others, "REDRESS_SMS_BACKEND": "outside.Sms"}).SMS_URL == ""


@pytest.mark.parametrize(
    "path",
    ["outside.Sms", "config.sms.PigeonBackend", "nonsense", "config.sms.json", "pathlib.Path"],
)
def test_start_stops_without_an_sms_backend(settings: Any, path: str) -> None:
    """The apps are loaded first, then the class: whatever serves, works or sweeps stops there."""
    settings.SMS_BACKEND = path
    with pytest.raises(ImproperlyConfigured, match=f"REDRESS_SMS_BACKEND .*{SAMPLE}"):
        apps.get_app_config("config").ready()


def test_production_names_no_private_network_by_itself(load_settings: Loader) -> None:
    assert load_settings(PRODUCTION).WEBHOOK_NETWORKS == []
    named = load_settings({**PRODUCTION, "REDRESS_WEBHOOK_NETWORKS": "10.0.0.0/8,fd00::/8"})
    assert [str(network) for network in named.WEBHOOK_NETWORKS] == ["10.0.0.0/8", "fd00::/8"]
    assert all(network.is_loopback for network in load_settings({}).WEBHOOK_NETWORKS)


def test_a_token_needs_no_key_of_ours(load_settings: Loader) -> None:
    token = {"REDRESS_SEAL_PKCS11_MODULE": "/usr/lib/token.so", "REDRESS_SEAL_PKCS11_LABEL": "seal"}
    others = {name: value for name, value in PRODUCTION.items() if name != "REDRESS_SEAL_KEY"}

    assert load_settings({**others, **token}).SEAL_SOURCE.module == "/usr/lib/token.so"
    with pytest.raises(ImproperlyConfigured, match=f"REDRESS_SEAL_PKCS11_LABEL .*{SAMPLE}"):
        load_settings({**others, "REDRESS_SEAL_PKCS11_MODULE": "/usr/lib/token.so"})


def test_time_stamps_come_from_a_service_that_is_named(load_settings: Loader) -> None:
    told = {"REDRESS_TSA_URL": "https://tsa.example/rfc3161", "REDRESS_TSA_USER": "us"}

    assert load_settings(PRODUCTION).SEAL_TIMES is None
    assert load_settings({**PRODUCTION, **told}).SEAL_TIMES.user == "us"
    with pytest.raises(ImproperlyConfigured, match="REDRESS_TSA_URL"):
        load_settings({**PRODUCTION, "REDRESS_TSA_URL": "tsa"})


def test_production_passes_the_deployment_checks() -> None:
    """Django's own list of what a public site must set."""
    answer = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], **PRODUCTION, "REDRESS_SECRET_KEY": "aB3-" * 20 + "xyz"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 0, answer.stderr


def test_development_needs_no_variable(load_settings: Loader) -> None:
    settings = load_settings({})

    assert settings.DATABASES["default"]["HOST"] == str(places().sockets)
    assert settings.CELERY_BROKER_URL == f"redis+socket://{places().valkey_socket}"


def test_content_security_policy_allows_nothing_inline(load_settings: Loader) -> None:
    directives = load_settings(PRODUCTION).CONTENT_SECURITY_POLICY["DIRECTIVES"]

    assert directives["default-src"] == ["'none'"]
    assert directives["script-src"] == directives["style-src"] == ["'self'"]
    assert not any("unsafe" in source for sources in directives.values() for source in sources)


def test_sample_names_every_variable_that_is_read() -> None:
    """The sample and the settings tell the same list; what Docker Compose needs is there too."""
    readers = ("settings", "environment", "seal")
    source = "".join((CHECKOUT / f"config/{name}.py").read_text() for name in readers)
    read = set(re.findall(r"""["']((?:REDRESS_[A-Z0-9_]+)|[A-Z]+_URL|PORT)["']""", source))
    sample = (CHECKOUT / ".env.sample").read_text()
    told = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", sample, re.MULTILINE))
    launcher_and_compose = {"REDRESS_DEMO", "POSTGRES_PASSWORD", "MAIL_PORT"}

    assert told - launcher_and_compose == read
    assert launcher_and_compose <= told


def test_text_ignores_surrounding_space_and_takes_empty_as_unset() -> None:
    environment = Environment({"A": "  word ", "B": "   "})

    assert environment.text("A") == "word"
    assert environment.text("B", "default") == "default"
    with pytest.raises(ImproperlyConfigured, match="C is not set"):
        environment.text("C")


def test_first_field_key_is_the_one_that_encrypts() -> None:
    keys = [Fernet.generate_key().decode() for _ in range(2)]

    assert Environment({"KEYS": ", ".join(keys)}).fernet_keys("KEYS") == keys
