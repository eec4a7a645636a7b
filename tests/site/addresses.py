"""Every address of the site, read from the URL conf, with values that lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

# Who a page is for, by the beginning of its address; the longest beginning wins.
AUDIENCES = {
    "": "public",  # the start page alone
    "about/": "public",
    "account/": "account",
    "admin/": "administrator",
    "api/v1/": "machine",
    "chat/": "public",
    "chat-widget.js": "public",
    "complain/": "public",
    "consult/": "guest",
    "desk/": "staff",
    "gallery/": "public",
    "healthz/": "public",
    "i18n/": "public",
    "mail/": "machine",
    "mailbox/": "administrator",
    "mediation/": "guest",
    "metrics": "public",  # whom it answers is told by tests/config/test_metrics.py
    "my/": "consumer",
    "payments/": "machine",
    "result/": "guest",
    "survey/": "guest",
    "t/": "public",
    "theme/": "public",
    "track/": "public",
    "verify/": "public",
}
VALUES = {
    "code": "iso_ack",
    "calendar": "default",
    "secret": "not-a-secret",
    "step": "product",
    "tab": "talk",
    "by": "batch",
    "which": "unsigned",
    "other": "RD-2026-999999",
    "uidb64": "x",
    "uidb36": "x",
    "key": "x-y",
    "level": "category",
    "page": "standards",
    "phrase": "received",
    "kept_class": "paid",
    "act": "ask",
}


@dataclass(frozen=True)
class Address:
    """One pattern of the URL conf."""

    route: str
    name: str
    converters: tuple[tuple[str, str], ...]

    @property
    def audience(self) -> str | None:
        """Who it is for, or None when its beginning is in no table."""
        if not self.route:
            return AUDIENCES[""]
        known = [start for start in AUDIENCES if start and self.route.startswith(start)]
        return AUDIENCES[max(known, key=len)] if known else None

    def path(self, *, reference: str) -> str:
        """Return a path of this address, for one case."""
        values: dict[str, object] = {}
        for parameter, kind in self.converters:
            if parameter == "reference":
                values[parameter] = reference
            elif kind == "IntConverter":
                values[parameter] = 1
            elif kind == "UUIDConverter":
                values[parameter] = "00000000-0000-4000-8000-000000000000"
            else:
                values[parameter] = VALUES.get(parameter, "x")
        return reverse(self.name, kwargs=values)


def addresses() -> list[Address]:
    """Return every named address of the site; Django's own administration is left to Django."""
    return [
        address
        for address in _walk(get_resolver().url_patterns, "", "", ())
        if not address.route.startswith("admin/")
    ]


def _walk(
    patterns: list[URLPattern | URLResolver],
    before: str,
    space: str,
    given: tuple[tuple[str, str], ...],
) -> Iterator[Address]:
    for pattern in patterns:
        route, converters = before + str(pattern.pattern), given + _parameters(pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, route, inner, converters)
        elif pattern.name:
            yield Address(route=route, name=space + pattern.name, converters=converters)


def _parameters(pattern: URLPattern | URLResolver) -> tuple[tuple[str, str], ...]:
    kinds = pattern.pattern.converters
    if kinds:
        return tuple((key, type(value).__name__) for key, value in kinds.items())
    expression = getattr(pattern.pattern, "regex", None)
    return tuple((key, "text") for key in expression.groupindex) if expression else ()
