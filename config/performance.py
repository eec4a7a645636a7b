"""Words for the public figures about our own time limits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.selectors.public_performance import Performance, PublicPerformance
from complaints.states import BudgetUnit, ClockKind
from config.templatetags.present import number


def performance_rows(found: PublicPerformance) -> list[dict[str, Any]]:
    """Return a row for every time limit, with words; a small number gets no share."""
    return [_row(each) for each in found.rows]


def _row(each: Performance) -> dict[str, Any]:
    return {
        "name": ClockKind(each.kind).label,
        "limit": _limit(each),
        "known": each.known,
        "kept": each.kept,
        "late": each.late,
        "open": each.open,
        "share": "" if each.share is None else f"{_floor(each.share):.1f}%",
        "usual": _usual(each),
    }


def _floor(share: float) -> float:
    """Round down, so that 100% means that none was late."""
    return int(share * 10) / 10


def _limit(each: Performance) -> str:
    if each.limit is None:
        return _("约定的日期")
    units = {
        BudgetUnit.ELAPSED_HOURS: ngettext("%(n)s 小时", "%(n)s 小时", round(each.limit)),
        BudgetUnit.WORKING_HOURS: ngettext(
            "%(n)s 个工作小时", "%(n)s 个工作小时", round(each.limit)
        ),
        BudgetUnit.WORKING_DAYS: ngettext("%(n)s 个工作日", "%(n)s 个工作日", round(each.limit)),
        BudgetUnit.CALENDAR_DAYS: ngettext("%(n)s 天", "%(n)s 天", round(each.limit)),
        BudgetUnit.WEEKS: ngettext("%(n)s 周", "%(n)s 周", round(each.limit)),
        BudgetUnit.MONTHS: ngettext("%(n)s 个月", "%(n)s 个月", round(each.limit)),
        BudgetUnit.YEARS: ngettext("%(n)s 年", "%(n)s 年", round(each.limit)),
    }
    return units[BudgetUnit(each.unit)] % {"n": number(each.limit)}


def _usual(each: Performance) -> str:
    if each.usual_hours is not None:
        hours = each.usual_hours
        if hours < 1:
            minutes = max(1, round(hours * 60))
            return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}
        return _("%(n)s 小时") % {"n": f"{hours:.1f}"}
    if each.usual_share is not None:
        return _("时限的 %(n)d%%") % {"n": round(each.usual_share)}
    return ""


def weekly_bars(found: PublicPerformance) -> dict[str, Any]:
    """Return the bars: clocks begun in each of the last weeks, by how they stand."""
    names = {"kept": _("按时"), "late": _("超时"), "waiting": _("还在期限内")}
    last = timezone.localtime(found.as_of).date()
    monday = last - timedelta(days=last.weekday())
    weeks = [monday - timedelta(weeks=back) for back in range(12, -1, -1)]
    bars = [
        {
            "label": f"{week:%m-%d}",
            "values": [found.weeks.get(week, {}).get(name, 0) for name in names],
        }
        for week in weeks
    ]
    return {"title": _("每周开始的期限"), "series": list(names.values()), "bars": bars}
