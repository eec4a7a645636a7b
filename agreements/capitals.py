"""Amounts in Chinese capital numerals (大写), as banks and contracts write them.

The rules are those of 支付结算办法 附一. Where they leave a choice, `to_capitals` writes the 零
after 元 and the 整 after 角, and `from_capitals` reads either form.
"""

from __future__ import annotations

import re
from decimal import Decimal

PREFIX = "人民币"
LARGEST = Decimal("999999999999.99")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ("亿", "万", "")
_PLAIN = re.compile(r"[0-9]+(\.[0-9]{1,2})?", re.ASCII)
_WRITTEN = re.compile(
    r"(?:(?P<yuan>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)元)?零?"
    r"(?:(?P<jiao>[壹贰叁肆伍陆柒捌玖])角)?零?(?:(?P<fen>[壹贰叁肆伍陆柒捌玖])分)?整?"
)
_FOUR = re.compile(
    r"零?(?:([壹贰叁肆伍陆柒捌玖])仟)?零?(?:([壹贰叁肆伍陆柒捌玖])佰)?零?"
    r"(?:([壹贰叁肆伍陆柒捌玖])拾)?零?([壹贰叁肆伍陆柒捌玖])?"
)


class NotCapitals(ValueError):
    """The amount can't be written in capitals, or the text is not such an amount."""


def to_capitals(amount: Decimal | str) -> str:
    """Return an amount of 0 to 999,999,999,999.99 in capitals, without the prefix 人民币.

    Nothing is rounded: negative amounts, more than two decimals and anything that is not a plain
    number raise NotCapitals.
    """
    yuan, cents = divmod(_in_cents(amount), 100)
    jiao, fen = divmod(cents, 10)
    if not yuan and not cents:
        return "零元整"
    text = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        text += "零" if yuan and yuan % 10 == 0 else ""
        text += f"{_DIGITS[jiao]}角"
    elif fen and yuan:
        text += "零"
    return text + (f"{_DIGITS[fen]}分" if fen else "整")


def from_capitals(text: str) -> Decimal:
    """Return the amount that a text in capitals says, with or without the prefix 人民币.

    Raises NotCapitals for every spelling that the rules don't allow.
    """
    body = text.removeprefix(PREFIX)
    if body == "零元整":
        return Decimal("0.00")
    match = _WRITTEN.fullmatch(body)
    if match is None:
        raise NotCapitals(text)
    yuan = _read_whole(match["yuan"]) if match["yuan"] else 0
    jiao = _DIGITS.index(match["jiao"] or "零")
    fen = _DIGITS.index(match["fen"] or "零")
    amount = Decimal(yuan * 100 + jiao * 10 + fen).scaleb(-2)
    if amount > LARGEST or body not in _spellings(amount):
        raise NotCapitals(text)
    return amount


def _in_cents(amount: Decimal | str) -> int:
    if isinstance(amount, str):
        if not _PLAIN.fullmatch(amount):
            raise NotCapitals(amount)
        amount = Decimal(amount)
    if not isinstance(amount, Decimal):
        raise NotCapitals(f"{type(amount).__name__} is neither Decimal nor text")
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -2 or not 0 <= amount <= LARGEST:
        raise NotCapitals(str(amount))
    return int(amount.scaleb(2))


def _whole(yuan: int) -> str:
    text = ""
    groups = (yuan // 10**8, yuan // 10**4 % 10**4, yuan % 10**4)
    for group, unit in zip(groups, _GROUPS, strict=True):
        if not group:
            continue
        skipped = text and (group < 1000 or not text.endswith(_expected_before(unit)))
        text += ("零" if skipped else "") + _four_digits(group) + unit
    return text


def _expected_before(unit: str) -> str:
    """Return the unit of the group just above: when the text ends otherwise, one was skipped."""
    return _GROUPS[_GROUPS.index(unit) - 1]


def _four_digits(group: int) -> str:
    text, zero = "", False
    for digit, place in zip(f"{group:04d}", _PLACES, strict=True):
        if digit == "0":
            zero = bool(text)
            continue
        text += ("零" if zero else "") + _DIGITS[int(digit)] + place
        zero = False
    return text


def _read_whole(text: str) -> int:
    rest, yuan = text, 0
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = rest.partition(unit)
        if found:
            yuan += _read_four(head) * size
            rest = tail
    return yuan + _read_four(rest)


def _read_four(text: str) -> int:
    match = _FOUR.fullmatch(text)
    if match is None:
        raise NotCapitals(text)
    value = 0
    for digit in match.groups():
        value = value * 10 + _DIGITS.index(digit or "零")
    return value


def _spellings(amount: Decimal) -> set[str]:
    """Return every spelling of an amount that the rules allow."""
    written = to_capitals(amount)
    yuan, cents = divmod(int(amount.scaleb(2)), 100)
    forms = {written}
    if yuan and yuan % 10 == 0 and cents >= 10:
        forms.add(written.replace("元零", "元"))
    if yuan >= 10**5 and yuan // 10**4 % 10 == 0 and yuan % 10**4 >= 1000:
        forms |= {form.replace("万", "万零", 1) for form in forms}
    if cents and cents % 10 == 0:
        forms |= {form.removesuffix("整") for form in forms}
    return forms
