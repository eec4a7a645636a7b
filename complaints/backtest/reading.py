"""Reading plain data with their place at hand, so that a refusal can say where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.backtest.refusals import PolicyRefused

LARGEST = 100_000
LONGEST_TEXT = 200
MOST_ENTRIES = 100


@dataclass(frozen=True)
class Place:
    """A part of a policy, and where it stands. Each reader raises PolicyRefused with that place."""

    data: Any
    path: str = ""

    def refused(self, reason: str) -> PolicyRefused:
        """Return the refusal of what stands here."""
        return PolicyRefused(self.path, reason)

    def at(self, key: str) -> Place:
        """Return the place of a key, whatever it holds."""
        value = self.data.get(key) if isinstance(self.data, dict) else None
        return Place(value, f"{self.path}.{key}" if self.path else key)

    def get(self, key: str) -> Any:
        """Return what a key holds, None where it is absent."""
        if not isinstance(self.data, dict):
            raise self.refused(_("这里要写一个 {…} 对象。"))
        return self.data.get(key)

    def allow(self, *keys: str) -> None:
        """Refuse keys that are not among these."""
        self.get("")
        for key in self.data:
            if key not in keys:
                known = pgettext("list separator", "、").join(keys)
                raise self.at(key).refused(_("没有这一项。可以写：%(keys)s。") % {"keys": known})

    def child(self, key: str) -> Place:
        """Return the object that a key holds."""
        if self.get(key) is None:
            raise self.at(key).refused(_("没有写这一项。"))
        inner = self.at(key)
        inner.get("")
        return inner

    def children(self, key: str) -> list[Place]:
        """Return the objects of a list."""
        value = self.get(key)
        if not isinstance(value, list):
            raise self.at(key).refused(_("这里要写一个 […] 列表。"))
        path = self.at(key).path
        return [Place(item, f"{path}[{number}]") for number, item in enumerate(value)]

    def text(self, key: str, *, optional: bool = False) -> str:
        """Return a text without surrounding blanks; empty only where it is optional."""
        value = self.get(key)
        if value is None and optional:
            return ""
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
            raise self.at(key).refused(
                _("要写一段文字，最多 %(most)d 个字。") % {"most": LONGEST_TEXT}
            )
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; a text alone is a list of one, an absent key an empty list."""
        value = self.get(key)
        if value is None:
            return ()
        values = value if isinstance(value, list) else [value]
        path = self.at(key)
        if not values or len(values) > MOST_ENTRIES:
            raise path.refused(_("要写 1 到 %(most)d 项。") % {"most": MOST_ENTRIES})
        if not all(isinstance(one, str) for one in values):
            raise path.refused(_("每一项都要是文字。"))
        return tuple(dict.fromkeys(one.strip() for one in values))

    def one_of(self, key: str, choices: Iterable[str]) -> str:
        """Return one of the choices, or an empty text where the key is absent."""
        value, known = self.get(key), list(choices)
        if value is None:
            return ""
        if value not in known:
            names = pgettext("list separator", "、").join(known)
            raise self.at(key).refused(_("只能写：%(choices)s。") % {"choices": names})
        return str(value)

    def amount(self, key: str, *, most: int) -> Decimal:
        """Return a number above zero; it may be written as a text, to be exact."""
        return self.at(key)._number(most=most)

    def numbers(
        self, key: str, default: Sequence[float], *, most: int = LARGEST, whole: bool = False
    ) -> tuple[float, ...]:
        """Return numbers above zero in increasing order, each once."""
        value = self.get(key)
        if value is None:
            return tuple(default)
        if not isinstance(value, list) or len(value) > MOST_ENTRIES:
            raise self.at(key).refused(_("这里要写一个 […] 列表。"))
        path = self.at(key).path
        places = [Place(one, f"{path}[{number}]") for number, one in enumerate(value)]
        found = [place._number(most=most, whole=whole) for place in places]
        return tuple(float(one) for one in sorted(set(found)))

    def _number(self, *, most: int, whole: bool = False) -> Decimal:
        good = isinstance(self.data, int | float | str) and not isinstance(self.data, bool)
        try:
            number = Decimal(str(self.data)) if good else Decimal("NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or not 0 < number <= most:
            raise self.refused(_("要写一个大于 0、不超过 %(most)d 的数。") % {"most": most})
        if whole and number != int(number):
            raise self.refused(_("要写整数。"))
        return number
