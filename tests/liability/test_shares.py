"""Shares make exactly 100, or what is missing is told."""

from decimal import Decimal

import pytest

from liability.shares import check_shares


@pytest.mark.parametrize(
    ("shares", "missing"),
    [(["100"], "0"), (["60", "30"], "10"), (["60", "40.01"], "-0.01"), ([], "100")],
)
def test_what_is_missing_is_told(shares: list[str], missing: str) -> None:
    assert check_shares([Decimal(share) for share in shares]) == Decimal(missing)


@pytest.mark.parametrize("share", ["0", "-5", "100.01", "33.333"])
def test_what_is_no_share_is_refused(share: str) -> None:
    with pytest.raises(ValueError, match="not a share"):
        check_shares([Decimal(share)])
