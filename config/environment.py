"""Reads environment variables; every refusal names its variable and where the sample is."""

import base64
import hashlib
import os
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

SAMPLE = ".env.sample"
DEVELOPMENT_MARK = "development-only-"
TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})


def development_secret(purpose: str) -> str:
    """Give a fixed, public secret, good enough for one machine and refused by production."""
    return f"{DEVELOPMENT_MARK}{purpose}-{hashlib.sha256(purpose.encode()).hexdigest()}"


def development_fernet_key() -> str:
    """Give the fixed, public Fernet key of development machines."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"redress development").digest()).decode()


class Environment:
    """A view of the variables that raises ImproperlyConfigured naming the variable at fault."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.mode = self.choice(
            "REDRESS_ENV", choices=("development", "test", "production"), default="development"
        )

    @property
    def production(self) -> bool:
        """Tell whether development defaults are refused."""
        return self.mode == "production"

    def text(self, name: str, default: str | None = None) -> str:
        """Give a variable's text; without a default the variable must be set."""
        value = self.variables.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise ImproperlyConfigured(f"{name} is not set; {SAMPLE} tells what it is for.")
        return default

    def required_in_production(self, name: str, default: str) -> str:
        """Give a variable's text, with a default that production refuses."""
        value = self.text(name, None if self.production else default)
        if self.production and (value == default or DEVELOPMENT_MARK in value):
            raise self.wrong(name, "is the development value, which production refuses")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Give a yes/no variable."""
        value = self.text(name, "1" if default else "0").lower()
        if value in TRUE:
            return True
        if value in FALSE:
            return False
        raise self.wrong(name, "must be one of 1, true, yes, on, 0, false, no, off")

    def integer(self, name: str, *, default: int, least: int = 0) -> int:
        """Give a whole number not below `least`."""
        value = self.text(name, str(default))
        if not value.isdecimal() or int(value) < least:
            raise self.wrong(name, f"must be a whole number of at least {least}")
        return int(value)

    def choice(self, name: str, *, choices: tuple[str, ...], default: str) -> str:
        """Give one of a few words."""
        value = self.text(name, default)
        if value not in choices:
            raise self.wrong(name, f"must be one of {', '.join(choices)}")
        return value

    def names(self, name: str, *, default: str = "") -> list[str]:
        """Give a comma-separated list."""
        return [part.strip() for part in self.text(name, default).split(",") if part.strip()]

    def web_address(self, name: str) -> str:
        """Give an http(s) address without credentials; the variable must be set."""
        value, fault = self.text(name), "must be like https://host/path"
        try:
            parts = urlsplit(value)
            port = parts.port
        except ValueError as error:
            raise self.wrong(name, fault) from error
        plain = value.isascii() and value.isprintable() and " " not in value
        named = parts.hostname and "@" not in parts.netloc and port != 0 and not parts.fragment
        if parts.scheme not in ("http", "https") or not named or not plain:
            raise self.wrong(name, fault)
        return value

    def token(self, name: str) -> str:
        """Give a word that can stand in a header; the variable must be set."""
        value = self.text(name)
        if not value.isascii() or not value.isprintable() or " " in value:
            raise self.wrong(name, "must be one word of ASCII characters")
        return value

    def mail_address(self, name: str, *, default: str) -> str:
        """Give one bare mail address, in lower case."""
        value = self.text(name, default).lower()
        local, at, host = value.partition("@")
        if not (local and at and host) or not value.isprintable() or set(value) & set(" <>,;+"):
            raise self.wrong(name, "must be one mail address like care@shop.example")
        return value

    def networks(self, name: str, *, default: str = "") -> list[IPv4Network | IPv6Network]:
        """Give a comma-separated list of networks, like 10.0.0.0/8."""
        try:
            return [ip_network(part) for part in self.names(name, default=default)]
        except ValueError as error:
            raise self.wrong(name, "must be networks like 10.0.0.0/8") from error

    def fernet_keys(self, name: str) -> list[str]:
        """Give one or more Fernet keys; the first encrypts, all decrypt."""
        development = development_fernet_key()
        keys = [part.strip() for part in self.required_in_production(name, development).split(",")]
        if self.production and development in keys:
            raise self.wrong(name, "holds the development key, which production refuses")
        for key in keys:
            try:
                Fernet(key)
            except ValueError as error:
                raise self.wrong(name, "must be Fernet keys separated by commas") from error
        return keys

    def database(self, name: str, *, private: dict[str, object]) -> dict[str, object]:
        """Give the database of a URL, or the private instance when unset outside production."""
        url = self.text(name, None if self.production else "unset")
        if url == "unset":
            return dict(private)
        fault = "must be like postgres://user:password@host:5432/name"
        if not url.startswith(("postgres://", "postgresql://")):
            raise self.wrong(name, fault)
        try:
            found = environ.Env.db_url_config(url)
        except ValueError as error:
            raise self.wrong(name, fault) from error
        if not found["NAME"]:
            raise self.wrong(name, fault)
        return dict(found)

    def email(self, name: str, *, folder: Path) -> dict[str, object]:
        """Give Django's e-mail settings; outside production mail is kept in a folder by default."""
        url = self.text(name, None if self.production else "folder")
        if url == "folder":
            return {
                "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
                "EMAIL_FILE_PATH": str(folder),
            }
        if not url.startswith(("smtp://", "smtps://", "smtp+tls://", "smtp+ssl://")):
            raise self.wrong(name, "must be like smtp+tls://user:password@host:587")
        return dict(environ.Env.email_url_config(url))

    @classmethod
    def check_class(cls, name: str, path: str, *, method: str) -> None:
        """Refuse a dotted path that leads to no class with `method`; needs the apps loaded."""
        fault = f"must be the dotted path of a class with {method}()"
        try:
            found = import_string(path)
        except ImportError as error:
            raise cls.wrong(name, fault) from error
        if not isinstance(found, type) or not callable(getattr(found, method, None)):
            raise cls.wrong(name, fault)

    @staticmethod
    def wrong(name: str, fault: str) -> ImproperlyConfigured:
        """Make the error that names a variable, never its value: that may be a secret."""
        return ImproperlyConfigured(f"{name} {fault}; {SAMPLE} tells what it is for.")


def read_environment(file: Path) -> Environment:
    """Read the process's variables, over those of a .env file if there is one (not in tests)."""
    if os.environ.get("REDRESS_ENV") != "test" and file.is_file():
        environ.Env.read_env(file)
    return Environment(os.environ)
