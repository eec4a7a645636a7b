"""Words for figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from complaints.selectors.clock_figures import PARTS, ClockFigures
from complaints.states import ClockKind
from insights import selectors
from insights.periods import Period
from insights.selectors import SMALL_SAMPLE, Figure, cases_link


def measure_names() -> dict[str, str]:
    """Return the headings of the lists behind figures."""
    return {
        "new": _("新增投诉"),
        "acknowledged": _("24 小时内应答复的案件"),
        "acknowledged_late": _("没有在 24 小时内答复的案件"),
        "closed": _("已结案的案件"),
        "paid": _("有付款的案件"),
        "rated": _("有回访评分的案件"),
        "late": _("有期限没有按时完成的案件"),
    }


def _tile(
    label: str, figure: Figure, *, unit: str, measure: str, period: Period, good: str, digits: int
) -> dict[str, Any]:
    value = "--" if figure.value is None else f"{figure.value:,.{digits}f}"
    return {
        "label": label,
        "value": value,
        "unit": unit,
        "href": cases_link(measure, period),
        "sample": figure.sample,
        **_change(figure, good=good, digits=digits),
    }


def _change(figure: Figure, *, good: str, digits: int) -> dict[str, Any]:
    if figure.change is None:
        note = _("上期没有数据") if figure.value is not None else _("本期没有数据")
        return {"delta": "", "delta_up": None, "delta_tone": "neutral", "note": note}
    before = f"{figure.before:,.{digits}f}"
    note = _("较上期 %(before)s") % {"before": before}
    if 0 < figure.sample < SMALL_SAMPLE:
        note = _("只有 %(count)d 件，变化仅供参考") % {"count": figure.sample}
    if figure.change == 0:
        return {"delta": "", "delta_up": None, "delta_tone": "neutral", "note": note}
    rises = figure.change > 0
    tone = "neutral"
    if good:
        tone = "ok" if rises == (good == "up") else "danger"
    return {
        "delta": f"{abs(figure.change):,.{digits}f}",
        "delta_up": rises,
        "delta_tone": tone,
        "note": note,
    }


def tiles(period: Period, *, moment: datetime) -> list[dict[str, Any]]:
    """Return the five tiles, ready for their part."""
    return [
        _tile(
            _("新增投诉"), selectors.new_figure(period),
            unit=_("件"), measure="new", period=period, good="", digits=0,
        ),
        _tile(
            _("24 小时答复率"), selectors.acknowledged_figure(period, moment=moment),
            unit="%", measure="acknowledged", period=period, good="up", digits=1,
        ),
        _tile(
            _("平均结案"), selectors.closing_figure(period),
            unit=_("天"), measure="closed", period=period, good="down", digits=1,
        ),
        _tile(
            _("补偿支出"), selectors.paid_figure(period),
            unit=_("元"), measure="paid", period=period, good="", digits=2,
        ),
        _tile(
            _("满意度"), selectors.satisfaction_figure(period),
            unit="/ 5", measure="rated", period=period, good="up", digits=2,
        ),
    ]  # fmt: skip


def part_title(kind: str, part: str) -> str:
    """Return the heading of the list of cases behind one number of a time limit."""
    texts = {
        "started": _("有「%(clock)s」期限的案件"),
        "kept": _("「%(clock)s」按时完成的案件"),
        "late": _("「%(clock)s」超时的案件"),
        "open": _("「%(clock)s」还没有完成的案件"),
        "risk": _("「%(clock)s」4 小时内超时的案件"),
        "paused": _("「%(clock)s」暂停过的案件"),
    }
    return texts[part] % {"clock": ClockKind(kind).label if kind else ""}


def clock_row(figures: ClockFigures, period: Period, *, team_id: int | None) -> dict[str, Any]:
    """Return a policy's figures with the links behind them; few cases are shown as counts."""
    return {
        "figures": figures,
        "links": {part: _clock_link(figures, part, period, team_id) for part in PARTS},
        "rate": _rate(figures.kept, figures.known),
        "paused": _rate(figures.paused, figures.started),
    }


def _rate(count: int, whole: int) -> str:
    if not whole:
        return "--"
    return f"{count}/{whole}" if whole < SMALL_SAMPLE else f"{count * 100 / whole:.1f}%"


def _clock_link(figures: ClockFigures, part: str, period: Period, team_id: int | None) -> str:
    query = {"code": figures.code, "kind": figures.kind, "part": part, "team": team_id or ""}
    return f"{reverse('clock_cases')}?{urlencode(query)}&{period.query()}"


def clock_bars(counted: Mapping[date, Mapping[str, int]], period: Period) -> dict[str, Any]:
    """Return the bars: clocks started each week, by how they stand now."""
    names = {"kept": _("按时"), "late": _("超时"), "waiting": _("还在期限内")}
    bars = []
    for week in period.weeks():
        row = counted.get(week.first - timedelta(days=week.first.weekday()), {})
        bars.append(
            {"label": f"{week.first:%m-%d}", "values": [row.get(name, 0) for name in names]}
        )
    return {"title": _("每周开始的期限"), "series": list(names.values()), "bars": bars}
