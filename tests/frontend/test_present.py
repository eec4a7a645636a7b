"""How values are written for people."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from config.templatetags import present

NOW = datetime(2026, 11, 22, 3, 58, tzinfo=UTC)  # 11:58 in Shanghai


def later(**span: float) -> datetime:
    """Give a moment after NOW."""
    return NOW + timedelta(**span)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Decimal("1437"), "¥1,437.00"),
        ("0.5", "¥0.50"),
        (-12, "-¥12.00"),
        (0, "¥0.00"),
        (None, "--"),
        ("", "--"),
        ("many", "--"),
    ],
)
def test_money_is_written_in_full(amount: Any, words: str) -> None:
    assert present.money(amount) == words


def test_money_names_other_currencies() -> None:
    assert present.money(5, "USD") == "US$5.00"
    assert present.money(5, "JPY") == "JPY 5.00"


def test_money_in_lists_shows_cents_only_where_there_are_any() -> None:
    assert present.money_short(Decimal("1299.00")) == "¥1,299"
    assert present.money_short(Decimal("1299.50")) == "¥1,299.50"
    assert present.money_short(None) == "--"


@pytest.mark.parametrize(
    ("value", "words"),
    [(11496, "11,496"), (Decimal("4.50"), "4.5"), (0, "0"), (None, "--"), (1000000, "1,000,000")],
)
def test_number(value: Any, words: str) -> None:
    assert present.number(value) == words


@pytest.mark.parametrize(
    ("value", "words"), [(30, "30%"), (Decimal("98.14"), "98.1%"), (99.96, "100%"), (None, "--")]
)
def test_percent(value: Any, words: str) -> None:
    assert present.percent(value) == words


def test_share_is_percent_of_one() -> None:
    assert present.share(Decimal("0.981")) == "98.1%"
    assert present.share(None) == "--"


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1 KB"), (3_355_443, "3.2 MB"), (190_840_832, "182 MB"),
     (None, "--")],
)  # fmt: skip
def test_file_size(size: int | None, words: str) -> None:
    assert present.file_size(size) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=48, seconds=12), "48 分"),
        (timedelta(minutes=3, seconds=12), "3 分 12 秒"),
        (timedelta(hours=2, minutes=15), "2 小时 15 分"),
        (timedelta(days=2, hours=6, minutes=20), "2 天 6 小时"),
        (timedelta(days=2), "2 天"),
        (timedelta(0), "不到 1 秒"),
        (-3600, "1 小时"),
        (None, "--"),
    ],
)
def test_duration_has_two_units_in_words(span: Any, words: str) -> None:
    assert present.duration(span) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=20), "不到 1 分"),
        (timedelta(minutes=48, seconds=50), "48 分"),
        (timedelta(hours=3, minutes=40), "3 小时 40 分"),
        (timedelta(hours=9, minutes=50), "9 小时"),
        (timedelta(days=1, hours=23), "1 天"),
    ],
)
def test_short_duration_drops_what_does_not_matter(span: timedelta, words: str) -> None:
    assert present.duration_short(span) == words


@pytest.mark.parametrize(
    ("due", "words", "tone", "icon"),
    [
        (later(minutes=48), "48 分", "danger", "flame"),
        (later(hours=2, minutes=15), "2 小时 15 分", "warn", "clock"),
        (later(hours=9), "9 小时", "ok", "clock"),
        (later(hours=-2), "超时 2 小时", "danger", "clock-alert"),
        (None, "--", "neutral", "clock"),
    ],
)
def test_time_left_says_it_in_word_tone_and_icon(
    due: datetime | None, words: str, tone: str, icon: str
) -> None:
    assert present.time_left(due, NOW) == words
    assert present.due_tone(due, NOW) == tone
    assert present.due_icon(due, NOW) == icon


def test_remaining_reads_inside_a_sentence() -> None:
    assert present.remaining(later(days=2, hours=6), NOW) == "还剩 2 天 6 小时"
    assert present.remaining(later(hours=-3), NOW) == "已超时 3 小时"
    assert present.until(later(minutes=48), NOW) == "48 分"


def test_deadline_is_absolute_and_relative() -> None:
    due = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)

    assert present.deadline(due, NOW) == "11 月 25 日 18:00，还剩 3 天 6 小时"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (later(hours=-2), "今天 09:58"),
        (later(hours=-13), "昨天 22:58"),
        (later(hours=14), "明天 01:58"),
        (later(days=-2), "11-20 11:58"),
        (datetime(2025, 12, 31, 16, 30, tzinfo=UTC), "01-01 00:30"),
        (datetime(2025, 12, 31, 15, 30, tzinfo=UTC), "2025-12-31 23:30"),
        (None, "--"),
    ],
)
def test_moment_is_relative_near_now_in_shanghai(moment: datetime | None, words: str) -> None:
    assert present.moment(moment, NOW) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [(NOW, "刚刚"), (later(minutes=-3), "3 分钟前"), (later(hours=-2), "今天 09:58")],
)
def test_ago(moment: datetime, words: str) -> None:
    assert present.ago(moment, NOW) == words


def test_full_dates_are_in_shanghai_time() -> None:
    evening = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)

    assert present.date_time(evening) == "2026-11-23 00:30"
    assert present.iso_date(evening) == "2026-11-23"
    assert present.iso_date(date(2026, 1, 2)) == "2026-01-02"
    assert present.date_time(None) == "--"


@pytest.mark.parametrize(
    ("name", "masked"),
    [("周建华", "周*华"), ("周华", "周*"), ("欧阳修文", "欧*文"), ("John Smith", "J***"),
     ("", "--"), (None, "--")],
)  # fmt: skip
def test_names_are_masked(name: str | None, masked: str) -> None:
    assert present.mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13812342046", "138 **** 2046"), ("+86 138-1234-2046", "138 **** 2046"), ("12345", "****"),
     (None, "--")],
)  # fmt: skip
def test_phone_numbers_are_masked(phone: str | None, masked: str) -> None:
    assert present.mask_phone(phone) == masked


def test_mail_addresses_are_masked() -> None:
    assert present.mask_email("zhou@example.com") == "z***@example.com"
    assert present.mask_email("") == "--"


def test_no_number_is_formatted_by_language() -> None:
    with override("en"):
        assert present.money(Decimal("1437")) == "¥1,437.00"
