"""How amounts are written in an agreement."""

from __future__ import annotations

from decimal import Decimal

SYMBOLS = {"CNY": "¥", "USD": "US$", "EUR": "€", "HKD": "HK$", "GBP": "£"}
BEFORE_CAPITALS = {"CNY": "人民币", "USD": "美元", "EUR": "欧元", "HKD": "港元", "GBP": "英镑"}
"""What stands before an amount in capital numerals: the currencies that agreements are made in."""


def shown(amount: Decimal, currency: str = "CNY") -> str:
    """Return an amount in full: ¥1,437.00."""
    return f"{SYMBOLS.get(currency, f'{currency} ')}{amount:,.2f}"


def as_text(amount: Decimal) -> str:
    """Return an amount as documents take it: 1437.00."""
    return f"{amount:.2f}"


def with_currency(capitals: str, currency: str) -> str:
    """Return an amount in capitals with its currency before it: 人民币壹仟肆佰叁拾柒元整."""
    return f"{BEFORE_CAPITALS[currency]}{capitals}"
