"""The clock certificate in words: how a due moment was counted, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from complaints.clock_arithmetic import Budget, WorkingCalendar, is_estimate
from complaints.clock_arithmetic.reckoning import Reckoning
from complaints.states import BudgetUnit

LANGUAGES = ("zh-hans", "en")
MINUTE, HOUR, DAY = 60, 3600, 86400
Words = TypeVar("Words")

HOW = {
    BudgetUnit.ELAPSED_HOURS: gettext_lazy(
        "从 %(start)s 起数 %(amount)s 小时，不分昼夜，只数计时的时间。"
    ),
    BudgetUnit.WORKING_HOURS: gettext_lazy(
        "从 %(start)s 起数 %(amount)s 个工作小时，只数工作日历里计时的工作时间。"
    ),
    BudgetUnit.WORKING_DAYS: gettext_lazy(
        "开始那天 %(day)s 不算，从第二天起数 %(amount)s 个工作日，到最后一天的 24:00。"
    ),
    BudgetUnit.CALENDAR_DAYS: gettext_lazy(
        "开始那天 %(day)s 不算，从第二天起数 %(amount)s 个自然日，到最后一天的 24:00。"
    ),
    BudgetUnit.WEEKS: gettext_lazy(
        "开始那天 %(day)s 不算，从第二天起数 %(amount)s 周，到最后一天的 24:00。"
    ),
    BudgetUnit.MONTHS: gettext_lazy(
        "开始那天 %(day)s 不算，到 %(amount)s 个月后的对应日；没有对应日的，到那个月最后一天。"
    ),
    BudgetUnit.YEARS: gettext_lazy(
        "开始那天 %(day)s 不算，到 %(amount)s 年后的对应日；没有对应日的，到那个月最后一天。"
    ),
}
VERDICTS = {
    "on_time": gettext_lazy("按时完成"),
    "late": gettext_lazy("完成时超时 %(late)s"),
    "running": gettext_lazy("计时中，还有 %(left)s"),
    "running_late": gettext_lazy("计时中，已超时 %(late)s"),
    "paused": gettext_lazy("已暂停，暂停时还没有到期"),
    "paused_late": gettext_lazy("已暂停，暂停前已超时 %(late)s"),
    "not_ours": gettext_lazy("不是我们的期限，不计超时"),
}


def in_each_language(words: Callable[[], Words]) -> dict[str, Words]:
    """Return what `words` says in Chinese and in English."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = words()
    return said


def reckoning_words(
    budget: Budget,
    found: Reckoning,
    *,
    start: datetime,
    due: datetime | None,
    calendar: WorkingCalendar,
) -> list[str]:
    """Say in whole sentences how a due moment was counted."""
    if budget.until is not None:
        said = [_("到期时间是事先约定的：%(due)s。") % {"due": local(budget.until, calendar.zone)}]
    else:
        said = [
            HOW[BudgetUnit(budget.unit)]
            % {
                "start": local(start, calendar.zone),
                "day": found.start_day.isoformat(),
                "amount": plain(budget.amount),
            }
        ]
    if found.rests:
        count = len(found.rests)
        said.append(
            ngettext(
                "暂停 %(count)s 次，暂停的时间不算。", "暂停 %(count)s 次，暂停的时间不算。", count
            )
            % {"count": count}
        )
    if found.last_day != found.counted_to:
        days = {"day": found.counted_to, "last": found.last_day}
        said.append(_("数到 %(day)s，这天休息，顺延到下一个工作日 %(last)s。") % days)
    if due is None:
        said.append(_("现在暂停，继续计时以后才有到期时间。"))
    elif is_estimate(budget, due, calendar):
        said.append(_("到期那年的节假日还没有公布，公布后会重新计算。"))
    return said


def verdict_words(verdict: dict[str, Any]) -> str:
    """Say what became of a promise."""
    spans = {"late": span(verdict["late_seconds"]), "left": span(verdict["left_seconds"])}
    return str(VERDICTS[verdict["word"]]) % spans


def span(seconds: int) -> str:
    """Return a length of time in its two largest units."""
    if seconds < MINUTE:
        return _("不到 1 分钟")
    days, rest = divmod(seconds, DAY)
    words = {"days": days, "hours": rest // HOUR, "minutes": rest % HOUR // MINUTE}
    if days:
        return _("%(days)s 天 %(hours)s 小时") % words
    return _("%(hours)s 小时 %(minutes)s 分") % words


def plain(amount: Any) -> str:
    """Return an amount without trailing zeros."""
    return f"{amount.normalize():f}"


def local(moment: datetime, zone: str = "") -> str:
    """Return a moment to the minute in a zone, and the zone's name."""
    zone = zone or settings.TIME_ZONE
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"
