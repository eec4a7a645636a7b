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
from complaints.backtest.totals import Totals, in_hours
from complaints.backtest.wording import (
    FLAGS,
    VERDICTS,
    counts,
    group_name,
    percentile_name,
    share_text,
    standing,
)

MOST_GROUPS = 60
MOST_CASES = 20
Cell = dict[str, Any]


@dataclass(frozen=True)
class ClockTables:
    """What a page shows of one clock."""

    name: str
    tiles: list[dict[str, str]]
    time_columns: list[Cell]
    time_rows: list[list[Cell]]
    count_columns: list[Cell]
    count_rows: list[list[Cell]]
    group_columns: list[Cell]
    group_rows: list[list[Cell]]
    groups_left_out: int
    case_columns: list[Cell]
    case_rows: list[list[Cell]]


def clock_tables(report: Report) -> list[ClockTables]:
    """Return the tables of each clock, moments in the calendar's zone."""
    zone = ZoneInfo(report.policy.calendar.zone)
    return [_tables(clock, zone) for clock in report.clocks]


def as_of_text(report: Report) -> str:
    """Write the moment for which open cases are counted, in the calendar's zone."""
    return moment_text(report.as_of, ZoneInfo(report.policy.calendar.zone))


def moment_text(moment: datetime | None, zone: ZoneInfo) -> str:
    """Write a moment of the log in a zone, to the minute."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "--"


def _tables(clock: ClockReport, zone: ZoneInfo) -> ClockTables:
    return ClockTables(
        name=clock.rule.name,
        tiles=_tiles(clock.totals),
        time_columns=_time_columns(clock.rule.percentiles),
        time_rows=_time_rows(clock.totals),
        count_columns=[{"label": _("项目")}, {"label": _("数目"), "num": True}],
        count_rows=[
            [{"text": name}, {"text": value, "num": True}]
            for name, value in [*counts(clock.totals), *standing(clock.totals)]
        ],
        group_columns=_columns(
            _("分组"), _("案件"), _("停止计时"), _("按时"), _("超时"), _("用时中位数（小时）")
        ),
        group_rows=[_group_row(group) for group in clock.groups[:MOST_GROUPS]],
        groups_left_out=max(len(clock.groups) - MOST_GROUPS, 0),
        case_columns=[
            *({"label": label} for label in (_("案件"), _("开始"), _("停止"), _("到期"))),
            *({"label": label, "num": True} for label in (_("暂停（小时）"), _("用时（小时）"))),
            {"label": _("结果")},
        ],
        case_rows=[_case_row(one, zone) for one in clock.worst(MOST_CASES)],
    )


def _columns(first: str, *numbers: str) -> list[Cell]:
    return [{"label": first}, *({"label": label, "num": True} for label in numbers)]


def _tiles(totals: Totals) -> list[dict[str, str]]:
    now = dict(totals.standing)
    overdue = _("其中已超时 %(count)d") % {"count": now["overdue"]}
    return [
        {"label": _("案件"), "value": str(totals.cases), "note": ""},
        {
            "label": _("按时"),
            "value": str(totals.on_time),
            "note": share_text(totals.on_time, totals),
        },
        {"label": _("超时"), "value": str(totals.late), "note": share_text(totals.late, totals)},
        {"label": _("未结"), "value": str(now["open"]), "note": overdue},
    ]


def _time_columns(percentiles: tuple[float, ...]) -> list[Cell]:
    names = [percentile_name(share) for share in percentiles]
    return _columns(_("用时（小时）"), *names, _("平均"), _("最长"))


def _time_rows(totals: Totals) -> list[list[Cell]]:
    spreads = [(_("不含暂停"), totals.consumed)]
    if totals.paused_cases:
        spreads.insert(0, (_("含暂停"), totals.gross))
    return [
        [
            {"text": name},
            *({"text": f"{hours:,.2f}", "num": True} for hours in spread.all_hours),
        ]
        for name, spread in spreads
        if spread is not None
    ]


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
