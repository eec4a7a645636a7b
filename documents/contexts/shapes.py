"""Checks a JSON value against a TypedDict and names the first datum that does not fit."""

from __future__ import annotations

import re
import types
from dataclasses import dataclass
from datetime import date
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    TypedDict,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from documents.errors import ContextInvalid

MAX_TEXT = 20_000
MAX_ROWS = 200


@dataclass(frozen=True)
class Form:
    """The form that a text must have, and how to say so."""

    pattern: str
    meaning: str


Said = Annotated[str, Form(r"(?s).*\S.*", "must not be empty")]
Amount = Annotated[str, Form(r"[0-9]{1,12}\.[0-9]{2}", "must be an amount such as 1437.00")]
Percent = Annotated[str, Form(r"[0-9]{1,3}(\.[0-9]{1,2})?", "must be a percentage such as 60")]
DateText = Annotated[str, Form(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "must be a date such as 2026-11-22")]
MomentText = Annotated[
    str,
    Form(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?",
        "must be a moment such as 2026-11-22 14:08",
    ),
]
Sha256 = Annotated[str, Form(r"[0-9a-f]{64}", "must be a SHA-256 in lower-case hex")]
# Absolute and relative moves, lines and curves: what a signature pad draws.
PathData = Annotated[
    str, Form(r"[MmLlCcQqHhVvSsTtZz0-9 ,.+-]*", "must be the path data of a drawn line")
]


class Issuer(TypedDict):
    """Who issues a document."""

    name: Said
    credit_code: str
    address: str
    contact: str


class Signature(TypedDict):
    """One signature; `path` is empty when not drawn, `signed_at` while it is missing."""

    role: Literal["operator", "consumer", "mediator", "member"]
    name: Said
    signed_at: str
    method: str
    path: PathData
    width: int
    height: int


class Route(TypedDict):
    """A way to go on when one disagrees."""

    name: Said
    how: Said
    until: str


def check_shape(value: Any, shape: Any, *, field: str = "") -> None:
    """Raise ContextInvalid for the first datum that does not have the shape."""
    origin = get_origin(shape)
    if is_typeddict(shape):
        _check_dict(value, shape, field)
    elif origin is Annotated:
        base, form = get_args(shape)[:2]
        check_shape(value, base, field=field)
        _check_form(value, form, field)
    elif origin is list:
        _check_list(value, get_args(shape)[0], field)
    elif origin is Literal:
        if value not in get_args(shape):
            raise ContextInvalid(field, f"must be one of {', '.join(get_args(shape))}")
    elif origin in (Union, types.UnionType):
        inner = next(option for option in get_args(shape) if option is not type(None))
        if value is not None:
            check_shape(value, inner, field=field)
    else:
        _check_plain(value, shape, field)


def _check_dict(value: Any, shape: Any, field: str) -> None:
    if not isinstance(value, dict):
        raise ContextInvalid(field or shape.__name__, "must be a mapping")
    hints = get_type_hints(shape, include_extras=True)
    for name in sorted(set(value) - set(hints)):
        raise ContextInvalid(_below(field, name), "is not part of this document")
    for name, hint in hints.items():
        optional = get_origin(hint) is NotRequired
        inner = get_args(hint)[0] if optional else hint
        if name not in value:
            if optional:
                continue
            raise ContextInvalid(_below(field, name), "is missing")
        check_shape(value[name], inner, field=_below(field, name))


def _check_list(value: Any, inner: Any, field: str) -> None:
    if not isinstance(value, list):
        raise ContextInvalid(field, "must be a list")
    if len(value) > MAX_ROWS:
        raise ContextInvalid(field, f"must have at most {MAX_ROWS} rows")
    for number, item in enumerate(value):
        check_shape(item, inner, field=f"{field}[{number}]")


def _check_plain(value: Any, shape: type, field: str) -> None:
    if not isinstance(value, shape) or (shape is int and isinstance(value, bool)):
        raise ContextInvalid(field, f"must be {shape.__name__}")
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise ContextInvalid(field, f"must have at most {MAX_TEXT} characters")
    if isinstance(value, int) and not 0 <= value <= 1_000_000:
        raise ContextInvalid(field, "must be between 0 and 1000000")


def _check_form(value: str, form: Form, field: str) -> None:
    if not re.fullmatch(form.pattern, value):
        raise ContextInvalid(field, form.meaning)
    if form.pattern.startswith("[0-9]{4}-"):
        try:
            date.fromisoformat(value[:10])
        except ValueError as error:
            raise ContextInvalid(field, form.meaning) from error


def _below(field: str, name: str) -> str:
    return f"{field}.{name}" if field else str(name)
