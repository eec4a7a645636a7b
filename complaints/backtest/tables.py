"""A back-test as tables for a page: cells as the table part draws them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.backtest.replaying import LATE, Replay
from complaints.backtest.reports import ClockReport, Group, Report
from complaints.backtest.totals import in_hours
from complaints.backtest.wording import (
    FLAGS,
    VERDICTS,
    Figure,
    figures,
    group_name,
    standing,
)

MOST_GROUPS = 60
MOST_CASES = 20
Cell = dict[str, Any]


@dataclass(frozen=True)
class ClockTables:
    """What a page shows of one clock."""

    name: str
    figures: list[Figure]
    standing: list[Figure]
    group_columns: list[Cell]
    group_rows: list[list[Cell]]
    groups_left_out: int
    case_columns: list[Cell]
    case_rows: list[list[Cell]]


def clock_tables(report: Report) -> list[ClockTables]:
    """Return the tables of each clock, moments in the calendar's zone."""
    zone = ZoneInfo(report.policy.calendar.zone)
    return [_tables(clock, zone) for clock in report.clocks]


def moment_text(moment: datetime | None, zone: ZoneInfo) -> str:
    """Write a moment of the log in a zone, to the minute."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "--"


def as_of_text(report: Report) -> str:
    """Write the moment for which open cases are counted, in the calendar's zone."""
    return moment_text(report.as_of, ZoneInfo(report.policy.calendar.zone))


def _tables(clock: ClockReport, zone: ZoneInfo) -> ClockTables:
    return ClockTables(
        name=clock.rule.name,
        figures=figures(clock.totals),
        standing=standing(clock.totals),
        group_columns=[
            {"label": _("分组")},
            {"label": _("案件"), "num": True},
            {"label": _("停止计时"), "num": True},
            {"label": _("按时"), "num": True},
            {"label": _("超时"), "num": True},
            {"label": _("用时中位数（小时）"), "num": True},
        ],
        group_rows=[_group_row(group) for group in clock.groups[:MOST_GROUPS]],
        groups_left_out=max(len(clock.groups) - MOST_GROUPS, 0),
        case_columns=[
            {"label": _("案件")},
            {"label": _("开始")},
            {"label": _("停止")},
            {"label": _("到期")},
            {"label": _("暂停（小时）"), "num": True},
            {"label": _("用时（小时）"), "num": True},
            {"label": _("结果")},
        ],
        case_rows=[_case_row(one, zone) for one in clock.worst(MOST_CASES)],
    )


def _group_row(group: Group) -> list[Cell]:
    totals = group.totals
    median = dict(totals.consumed.percentiles).get(50) if totals.consumed else None
    return [
        {"text": group_name(group.values)},
        *({"text": n, "num": True} for n in (totals.cases, totals.stopped)),
        *({"text": n, "num": True} for n in (totals.on_time, totals.late)),
        {"text": "--" if median is None else f"{median:,.2f}", "num": True},
    ]


def _case_row(one: Replay, zone: ZoneInfo) -> list[Cell]:
    flags = pgettext("list separator", "、").join(str(FLAGS[flag]) for flag in one.flags)
    verdict = VERDICTS.get(one.verdict)
    result = (
        {"chip": verdict, "tone": "danger" if one.verdict == LATE else "ok"}
        if verdict
        else {"text": "--"}
    )
    return [
        {"text": one.case, "note": flags},
        {"text": moment_text(one.started, zone)},
        {"text": moment_text(one.stopped, zone)},
        {"text": moment_text(one.due, zone)},
        {"text": f"{in_hours(one.paused):,.2f}", "num": True},
        {"text": f"{in_hours(one.consumed):,.2f}", "num": True},
        result,
    ]
