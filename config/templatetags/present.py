"""How values are written for people: money, time, names, numbers, files.

Every filter gives text in the active language. Missing values are written `--`. Filters that
compare with the present take `now` as their argument; pages pass the `now` of their context so
that one page speaks of one moment.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext

from complaints import moments

register = template.Library()

MISSING = "--"
SYMBOLS = {"CNY": "¥", "USD": "US$", "EUR": "€", "HKD": "HK$", "GBP": "£"}
FILE_UNITS = ("B", "KB", "MB", "GB")
MINUTE, HOUR, DAY = 60, 3600, 86400


# --- Numbers -----------------------------------------------------------------------------------
def as_decimal(value: Any) -> Decimal | None:
    """Read a number; None where there is none."""
    try:
        return None if value is None or value == "" else Decimal(str(value))
    except InvalidOperation:
        return None


def signed(number: Decimal, *, symbol: str, digits: str) -> str:
    """Write a number with its symbol, the minus sign in front of both."""
    return f"{'-' if number < 0 else ''}{symbol}{abs(number):{digits}}"


@register.filter
def money(amount: Any, currency: str = "CNY") -> str:
    """Write an amount in full: ¥1,437.00."""
    number = as_decimal(amount)
    if number is None:
        return MISSING
    return signed(number, symbol=SYMBOLS.get(currency, f"{currency} "), digits=",.2f")


@register.filter
def money_short(amount: Any, currency: str = "CNY") -> str:
    """Write an amount for a dense list: ¥1,299, cents only where there are any."""
    number = as_decimal(amount)
    if number is None:
        return MISSING
    digits = ",.0f" if number == number.to_integral_value() else ",.2f"
    return signed(number, symbol=SYMBOLS.get(currency, f"{currency} "), digits=digits)


@register.filter
def number(value: Any) -> str:
    """Write a count or figure with thousands separators: 11,496."""
    found = as_decimal(value)
    if found is None:
        return MISSING
    return f"{found:,.0f}" if found == found.to_integral_value() else f"{found.normalize():,f}"


@register.filter
def percent(value: Any) -> str:
    """Write a number that is already in per cent: 30 gives 30%, 98.14 gives 98.1%."""
    found = as_decimal(value)
    if found is None:
        return MISSING
    rounded = round(found, 1)
    whole = rounded == rounded.to_integral_value()
    return f"{rounded:.0f}%" if whole else f"{rounded:.1f}%"


@register.filter
def percent_exact(value: Any) -> str:
    """Write per cent as they are, so that parts still make the whole: 33.34 gives 33.34%."""
    found = as_decimal(value)
    return MISSING if found is None else f"{found.normalize():f}%"


@register.filter
def share(value: Any) -> str:
    """Write a share between 0 and 1 as per cent: 0.981 gives 98.1%."""
    found = as_decimal(value)
    return MISSING if found is None else percent(found * 100)


@register.filter
def file_size(size: int | None) -> str:
    """Write a number of bytes: 3.2 MB."""
    if size is None:
        return MISSING
    amount, unit = float(size), 0
    while amount >= 1024 and unit < len(FILE_UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    whole = unit == 0 or amount >= 100 or amount == int(amount)
    return f"{amount:.0f} {FILE_UNITS[unit]}" if whole else f"{amount:.1f} {FILE_UNITS[unit]}"


@register.filter
def dash(value: Any) -> Any:
    """Write a missing value as --."""
    return MISSING if value is None or value == "" else value


# --- Spans of time ------------------------------------------------------------------------------
def span_parts(seconds: int) -> list[str]:
    """Give the parts of a span that are not zero, the largest first."""
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    parts = []
    if days:
        parts.append(ngettext("%(count)d 天", "%(count)d 天", days) % {"count": days})
    if hours:
        parts.append(ngettext("%(count)d 小时", "%(count)d 小时", hours) % {"count": hours})
    if minutes:
        parts.append(ngettext("%(count)d 分", "%(count)d 分", minutes) % {"count": minutes})
    if rest and seconds < HOUR:
        parts.append(ngettext("%(count)d 秒", "%(count)d 秒", rest) % {"count": rest})
    return parts


def as_seconds(span: timedelta | float | int) -> int:
    """Read a span as whole seconds, without its sign."""
    return abs(int(span.total_seconds() if isinstance(span, timedelta) else span))


@register.filter
def duration(span: timedelta | float | int | None) -> str:
    """Write a span in its two largest units: 2 小时 15 分, 2 天 6 小时, 48 分."""
    if span is None:
        return MISSING
    seconds = as_seconds(span)
    if seconds >= 5 * MINUTE:
        seconds -= seconds % MINUTE
    return " ".join(span_parts(seconds)[:2]) or gettext("不到 1 秒")


@register.filter
def duration_short(span: timedelta | float | int | None) -> str:
    """Write a span for a dense list: 48 分, 2 小时 15 分, 9 小时, 2 天."""
    if span is None:
        return MISSING
    seconds = as_seconds(span)
    if seconds < MINUTE:
        return gettext("不到 1 分")
    unit = DAY if seconds >= DAY else HOUR if seconds >= 4 * HOUR else MINUTE
    return " ".join(span_parts(seconds - seconds % unit)[:2])


def seconds_left(due: datetime, now: datetime | None) -> float:
    """Give the seconds until a deadline, negative after it."""
    return (due - (now or moments.now())).total_seconds()


@register.filter
def remaining(due: datetime | None, now: datetime | None = None) -> str:
    """Write what is left until a deadline as part of a sentence: 还剩 2 天 6 小时."""
    if due is None:
        return MISSING
    left = seconds_left(due, now)
    words = {"span": duration(left if abs(left) >= MINUTE else MINUTE)}
    return gettext("还剩 %(span)s") % words if left >= 0 else gettext("已超时 %(span)s") % words


@register.filter
def until(due: datetime | None, now: datetime | None = None) -> str:
    """Write the span to a deadline alone: 2 天 6 小时, or 超时 2 小时."""
    if due is None:
        return MISSING
    left = seconds_left(due, now)
    words = duration(left)
    return words if left >= 0 else gettext("超时 %(span)s") % {"span": words}


@register.filter
def time_left(due: datetime | None, now: datetime | None = None) -> str:
    """Write what is left for a dense list: 48 分, or 超时 2 小时."""
    if due is None:
        return MISSING
    left = seconds_left(due, now)
    words = duration_short(left)
    return words if left >= 0 else gettext("超时 %(span)s") % {"span": words}


@register.filter
def due_tone(due: datetime | None, now: datetime | None = None) -> str:
    """Tell how pressing a deadline is: danger (late or under 1 h), warn (under 4 h), ok."""
    if due is None:
        return "neutral"
    left = seconds_left(due, now)
    return "danger" if left < HOUR else "warn" if left < 4 * HOUR else "ok"


@register.filter
def due_icon(due: datetime | None, now: datetime | None = None) -> str:
    """Name the icon that goes with the tone of a deadline, so that colour never stands alone."""
    if due is None:
        return "clock"
    left = seconds_left(due, now)
    return "clock-alert" if left < 0 else "flame" if left < HOUR else "clock"


# --- Moments ------------------------------------------------------------------------------------
@register.filter
def date_time(moment: datetime | None) -> str:
    """Write a moment in full: 2026-11-22 14:08."""
    return MISSING if moment is None else f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


@register.filter
def iso_date(day: date | None) -> str:
    """Write a date: 2026-11-22."""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    return MISSING if day is None else day.isoformat()


@register.filter
def moment(value: datetime | None, now: datetime | None = None) -> str:
    """Write a moment beside others: 今天 09:12, 昨天 21:14, 11-20 22:40, 2025-11-20 22:40."""
    if value is None:
        return MISSING
    local, today = timezone.localtime(value), timezone.localtime(now or moments.now())
    clock = {"time": f"{local:%H:%M}"}
    match (local.date() - today.date()).days:
        case 0:
            return gettext("今天 %(time)s") % clock
        case -1:
            return gettext("昨天 %(time)s") % clock
        case 1:
            return gettext("明天 %(time)s") % clock
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"


@register.filter
def ago(value: datetime | None, now: datetime | None = None) -> str:
    """Write how long ago something was: 刚刚, 3 分钟前, and from one hour on like `moment`."""
    if value is None:
        return MISSING
    minutes = int(-seconds_left(value, now) // MINUTE)
    if minutes < 1:
        return gettext("刚刚")
    if minutes < 60:
        return ngettext("%(count)d 分钟前", "%(count)d 分钟前", minutes) % {"count": minutes}
    return moment(value, now)


@register.filter
def day_time(value: datetime | None) -> str:
    """Write a moment inside a sentence: 11 月 25 日 18:00."""
    if value is None:
        return MISSING
    return date_format(timezone.localtime(value), pgettext("date format", "n 月 j 日 H:i"))


@register.filter
def deadline(due: datetime | None, now: datetime | None = None) -> str:
    """Write a deadline, absolute and relative: 11 月 25 日 18:00，还剩 2 天 6 小时."""
    if due is None:
        return MISSING
    words = {"moment": due_day_time(due), "remaining": remaining(due, now)}
    return gettext("%(moment)s，%(remaining)s") % words


# --- Deadlines: the end of a day is written as 23:59 of that day, not as midnight of the next -----
@register.filter
def due_time(due: datetime | None) -> str:
    """Write a deadline in full: 2026-11-22 18:00, or 2026-11-22 23:59 for the end of that day."""
    return _to_the_end(due, date_time)


@register.filter
def due_day_time(due: datetime | None) -> str:
    """Write a deadline inside a sentence: 11 月 25 日 18:00, or 23:59 for the end of that day."""
    return _to_the_end(due, day_time)


@register.filter
def due_moment(due: datetime | None, now: datetime | None = None) -> str:
    """Write a deadline beside others: 今天 18:00, 明天 23:59, 11-25 23:59."""
    return _to_the_end(due, lambda at: moment(at, now))


def _to_the_end(due: datetime | None, write: Callable[[datetime], str]) -> str:
    if due is None:
        return MISSING
    at_midnight = timezone.localtime(due).time() == time()
    return write(due - timedelta(minutes=1) if at_midnight else due)


# --- People -------------------------------------------------------------------------------------
@register.filter
def mask_name(name: str | None) -> str:
    """Hide most of a name: 周*华, 周*, J***."""
    name = (name or "").strip()
    if not name:
        return MISSING
    if name.isascii():
        return f"{name[0]}***"
    return f"{name[0]}*" if len(name) == 2 else f"{name[0]}*{name[-1]}"


@register.filter
def mask_phone(phone: str | None) -> str:
    """Hide the middle of a phone number: 138 **** 2046."""
    digits = re.sub(r"\D", "", phone or "")
    if len(digits) < 7:
        return MISSING if not digits else "****"
    local = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    return f"{local[:3]} **** {local[-4:]}"


@register.filter
def mask_email(address: str | None) -> str:
    """Hide most of an address: z***@example.com."""
    name, at, domain = (address or "").partition("@")
    return f"{name[:1]}***@{domain}" if at else MISSING


@register.filter
def initial(name: str | None) -> str:
    """Give the letter of an avatar."""
    return (name or "").strip()[:1].upper() or "·"


@register.filter
def share_percent(value: float) -> str:
    """Write a share in per cent, without decimals."""
    return f"{100 * value:.0f}%"
