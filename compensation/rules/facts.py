"""Facts as strangers hand them in: read strictly, each error naming the fact that is wrong.

Money is a string of a plain decimal number with at most two places, days are ISO dates, counts are
whole numbers, findings are true or false. Nothing is rounded, guessed or converted on the way in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, cast

MOST_MONEY = Decimal("999999999999.99")
MOST_PARTS = 1000
FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2200, 12, 31)
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,12})?", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9_.\- ]{0,79}", re.ASCII)

Reader = Callable[[str, Any], Any]


class FactError(ValueError):
    """A fact is missing, unknown or can't be; `field` names it, the message says why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


class Facts:
    """Facts that were checked, by name."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) is not None

    def has(self, *names: str) -> bool:
        """Say whether all of these facts are known."""
        return all(name in self for name in names)

    def any(self, *names: str) -> bool:
        """Say whether one of these facts is known."""
        return any(name in self for name in names)

    def named(self, name: str) -> bool:
        """Say whether a fact was handed in, were it as unknown."""
        return name in self._values

    def get(self, name: str, default: Any = None) -> Any:
        """Return a fact, or `default` where it is not known."""
        value = self._values.get(name)
        return default if value is None else value

    def need(self, name: str) -> Any:
        """Return a fact. Raises FactError where it is not known."""
        value = self._values.get(name)
        if value is None:
            raise FactError(name, "is needed here")
        return value

    def money(self, name: str) -> Decimal:
        """Return an amount, nothing where it is not known."""
        return cast(Decimal, self.get(name, Decimal(0)))

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a finding; one that nobody made is `default`."""
        return cast(bool, self.get(name, default))


def read_facts(raw: Any, schema: Mapping[str, Reader]) -> Facts:
    """Return the facts of a case, each read by its schema. Raises FactError."""
    if not isinstance(raw, Mapping):
        raise FactError("facts", "must be an object of named facts")
    return Facts(_read_object("", raw, schema))


def _read_object(path: str, raw: Mapping[Any, Any], schema: Mapping[str, Reader]) -> dict[str, Any]:
    found = {}
    for name, value in raw.items():
        field = f"{path}{name}"
        if name not in schema:
            raise FactError(field, "is not a fact of this kind")
        found[name] = schema[name](field, value)
    return found


def money(field: str, raw: Any) -> Decimal:
    """Read an amount: a string, not negative, at most two places."""
    amount = _decimal(field, raw, 'an amount written as a string, such as "1299.00"')
    if amount != amount.quantize(Decimal("0.01")):
        raise FactError(field, "has more than two decimal places")
    if amount > MOST_MONEY:
        raise FactError(field, "is larger than any amount we handle")
    return amount


def _decimal(field: str, raw: Any, what: str) -> Decimal:
    if not isinstance(raw, str):
        raise FactError(field, f"must be {what}")
    if raw.startswith("-"):
        raise FactError(field, "must not be negative")
    if not _NUMBER.fullmatch(raw):
        raise FactError(field, f"must be {what}")
    return Decimal(raw)


def ratio(most: str = "1") -> Reader:
    """Return a reader of a number from 0 to `most`, written as a string or a whole number."""

    def read(field: str, raw: Any) -> Decimal:
        if isinstance(raw, int) and not isinstance(raw, bool):
            raw = str(raw)
        value = _decimal(field, raw, 'a number written as a string, such as "0.20"')
        if value > Decimal(most):
            raise FactError(field, f"must not be over {most}")
        return value

    return read


def count(least: int = 0, most: int = 100_000) -> Reader:
    """Return a reader of a whole number."""

    def read(field: str, raw: Any) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise FactError(field, "must be a whole number")
        if not least <= raw <= most:
            raise FactError(field, f"must be from {least} to {most}")
        return raw

    return read


def flag(field: str, raw: Any) -> bool:
    """Read a finding: true or false, nothing else."""
    if not isinstance(raw, bool):
        raise FactError(field, "must be true or false")
    return raw


def day(field: str, raw: Any) -> date:
    """Read a day like 2026-11-02."""
    if not isinstance(raw, str) or len(raw) != 10:
        raise FactError(field, "must be a day like 2026-11-02")
    try:
        found = date.fromisoformat(raw)
    except ValueError as error:
        raise FactError(field, "must be a day like 2026-11-02") from error
    if not FIRST_DAY <= found <= LAST_DAY:
        raise FactError(field, "is too long ago or too far ahead")
    return found


def token(*allowed: str) -> Reader:
    """Return a reader of a word: one of `allowed`, or any word where none are named."""

    def read(field: str, raw: Any) -> str:
        if not isinstance(raw, str) or not _TOKEN.fullmatch(raw):
            raise FactError(field, "must be a word")
        if allowed and raw not in allowed:
            raise FactError(field, f"must be one of {', '.join(allowed)}")
        return raw

    return read


def words(*known: str) -> Reader:
    """Return a reader of a word made of parts, such as `unsealed_software`, one of them known."""
    allowed = frozenset(known)

    def read(field: str, raw: Any) -> str:
        if not isinstance(raw, str) or not _TOKEN.fullmatch(raw):
            raise FactError(field, "must be a word")
        if allowed.isdisjoint((raw, *raw.split("_"))):
            raise FactError(field, f"has none of {', '.join(known)}")
        return raw

    return read


def text(field: str, raw: Any) -> str:
    """Read a short text that can be written anywhere: no half of a surrogate pair."""
    if not isinstance(raw, str) or not 0 < len(raw.strip()) <= 200:
        raise FactError(field, "must be a short text")
    if any(0xD800 <= ord(one) < 0xE000 for one in raw):
        raise FactError(field, "has a character that can't be written")
    return raw


def unknown_or(reader: Reader) -> Reader:
    """Return a reader that takes null for "not known"."""

    def read(field: str, raw: Any) -> Any:
        return None if raw is None else reader(field, raw)

    return read


def list_of(reader: Reader, *, least: int = 0) -> Reader:
    """Return a reader of a list."""

    def read(field: str, raw: Any) -> list[Any]:
        if not isinstance(raw, Sequence) or isinstance(raw, str):
            raise FactError(field, "must be a list")
        if not least <= len(raw) <= MOST_PARTS:
            raise FactError(field, f"must have from {least} to {MOST_PARTS} entries")
        return [reader(f"{field}[{number}]", part) for number, part in enumerate(raw)]

    return read


def one_or_more(reader: Reader) -> Reader:
    """Return a reader of one value, or of a list of them that are to be judged each."""
    several = list_of(reader, least=1)

    def read(field: str, raw: Any) -> Any:
        return several(field, raw) if isinstance(raw, list) else reader(field, raw)

    return read


def object_of(schema: Mapping[str, Reader], *needed: str) -> Reader:
    """Return a reader of an object with facts of its own."""

    def read(field: str, raw: Any) -> Facts:
        if not isinstance(raw, Mapping):
            raise FactError(field, "must be an object")
        found = _read_object(f"{field}.", raw, schema)
        for name in needed:
            if found.get(name) is None:
                raise FactError(f"{field}.{name}", "is needed here")
        return Facts(found)

    return read


def share(field: str, raw: Any) -> tuple[str, Decimal]:
    """Read a party and its weight, as a list of two."""
    if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) != 2:
        raise FactError(field, "must be a party and its share")
    return text(f"{field}[0]", raw[0]), ratio("1000000")(f"{field}[1]", raw[1])


def check(field: str, holds: bool, message: str) -> None:
    """Raise FactError unless facts that speak of each other agree."""
    if not holds:
        raise FactError(field, message)


def in_order(facts: Facts, *names: str) -> None:
    """Raise FactError, naming the later fact, unless these days follow each other."""
    known = [(name, facts.get(name)) for name in names if name in facts]
    for (before, first), (name, then) in pairwise(known):
        check(name, first <= then, f"is before {before}")
