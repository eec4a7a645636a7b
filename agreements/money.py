"""How amounts are written in an agreement."""

from __future__ import annotations

from decimal import Decimal

SYMBOLS = {"CNY": "¥", "USD": "US$", "EUR": "€", "HKD": "HK$", "GBP": "£"}


def shown(amount: Decimal, currency: str = "CNY") -> str:
    """Return an amount in full: ¥1,437.00."""
    return f"{SYMBOLS.get(currency, f'{currency} ')}{amount:,.2f}"


def as_text(amount: Decimal) -> str:
    """Return an amount as documents take it: 1437.00."""
    return f"{amount:.2f}"
