"""A back-test in words: what its figures are called, and the lines that a terminal shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from complaints.backtest.replaying import (
    LATE,
    NO_DEADLINE,
    ON_TIME,
    PAUSED_AT_THE_END,
    STOP_BEFORE_START,
    STOP_WITHOUT_START,
    Replay,
)
from complaints.backtest.reports import ClockReport, Report
from complaints.backtest.totals import Spread, Totals, in_hours

MOST_LATE = 20
FLAGS = {
    STOP_BEFORE_START: gettext_lazy("停止早于开始"),
    STOP_WITHOUT_START: gettext_lazy("有停止，没有开始"),
    PAUSED_AT_THE_END: gettext_lazy("暂停后一直没有继续"),
    NO_DEADLINE: gettext_lazy("没有写期限"),
}
VERDICTS = {ON_TIME: gettext_lazy("按时"), LATE: gettext_lazy("超时")}
Figure = tuple[str, str]


def group_name(values: tuple[str, ...]) -> str:
    """Name a group by what its columns hold."""
    return " / ".join(value or pgettext("group of cases", "（空）") for value in values)


def hours_text(hours: float) -> str:
    """Return hours with two places, as people read them."""
    return _("%(hours)s 小时") % {"hours": f"{hours:,.2f}"}


def percentile_name(share: float) -> str:
    """Name a percentile of the time that cases took."""
    if share == 50:
        return _("中位数")
    return _("%(share)g%% 的案件不超过") % {"share": share}


def share_text(count: int, totals: Totals) -> str:
    """Write a number of cases as a share of those that stopped; empty where none did."""
    return f"{count / totals.stopped:.1%}" if totals.stopped else ""


def counts(totals: Totals) -> list[Figure]:
    """Return how many cases did what over the whole log, each figure with its name."""
    rows = [
        (_("开始计时"), str(totals.started)),
        (_("停止计时"), str(totals.stopped)),
        (_("一直没有停止"), str(totals.never_stopped)),
    ]
    if totals.paused_cases:
        rows += [
            (_("暂停过的案件"), str(totals.paused_cases)),
            (_("暂停合计"), hours_text(totals.paused_hours)),
        ]
    for hours, _gross, consumed in totals.within:
        name = _("用时不超过 %(hours)g 小时") % {"hours": hours}
        rows.append((name, _with_share(consumed, totals)))
    return rows + [(str(FLAGS[flag]), str(count)) for flag, count in totals.flags]


def figures(totals: Totals) -> list[Figure]:
    """Return all that is told of the whole log, each figure with its name."""
    rows = [(_("案件"), str(totals.cases)), *counts(totals)]
    if totals.on_time or totals.late:
        rows += [
            (_("按时"), _with_share(totals.on_time, totals)),
            (_("超时"), _with_share(totals.late, totals)),
        ]
    if totals.gross and totals.paused_cases:
        rows += _spread(_("用时（含暂停）"), totals.gross)
    if totals.consumed:
        rows += _spread(_("用时（不含暂停）"), totals.consumed)
    return rows


def standing(totals: Totals) -> list[Figure]:
    """Return how the clocks stood at the moment asked for, each figure with its name."""
    names = {
        "not_started": _("还没有开始"),
        "stopped": _("已停止"),
        "open": _("未结"),
        "paused": _("其中暂停中"),
        "overdue": _("其中已超时"),
    }
    rows = [(names[name], str(count)) for name, count in totals.standing]
    for days, count in totals.due_within:
        rows.append((_("其中 %(days)d 天内到期") % {"days": days}, str(count)))
    return rows


def report_lines(report: Report, *, cases: bool) -> Iterator[str]:
    """Yield what a terminal shows; with `cases` a line for each case, else only for the latest."""
    yield _("案件 %(cases)d 件，事件 %(events)d 条，截至 %(moment)s。") % {
        "cases": report.cases,
        "events": report.events,
        "moment": report.as_of.isoformat(),
    }
    yield from report.warnings
    for clock in report.clocks:
        yield ""
        yield f"== {clock.rule.name}"
        for name, value in figures(clock.totals):
            yield f"  {name}  {value}"
        yield "  " + _("截至 %(moment)s：") % {"moment": report.as_of.isoformat()}
        for name, value in standing(clock.totals):
            yield f"    {name}  {value}"
        yield from _group_lines(clock)
        for one in clock.replays if cases else clock.worst(MOST_LATE):
            yield "  " + _case_line(one)


def _group_lines(clock: ClockReport) -> Iterator[str]:
    for group in clock.groups:
        yield "  " + _(
            "%(group)s：案件 %(cases)d，停止 %(stopped)d，按时 %(on_time)d，超时 %(late)d"
        ) % {
            "group": group_name(group.values),
            "cases": group.totals.cases,
            "stopped": group.totals.stopped,
            "on_time": group.totals.on_time,
            "late": group.totals.late,
        }


def _case_line(one: Replay) -> str:
    facts = {
        "case": one.case,
        "started": _moment(one.started),
        "stopped": _moment(one.stopped),
        "paused": f"{in_hours(one.paused):.2f}",
        "consumed": f"{in_hours(one.consumed):.2f}",
        "due": _moment(one.due),
        "result": VERDICTS.get(one.verdict, "—"),
    }
    return (
        _(
            "%(case)s：开始 %(started)s，停止 %(stopped)s，暂停 %(paused)s 小时，"
            "用时 %(consumed)s 小时，到期 %(due)s，%(result)s"
        )
        % facts
    )


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else "—"


def _with_share(count: int, totals: Totals) -> str:
    share = share_text(count, totals)
    return f"{count} ({share})" if share else str(count)


def _spread(name: str, spread: Spread) -> list[Figure]:
    parts = [(percentile_name(share), hours) for share, hours in spread.percentiles]
    return [
        (_("%(what)s，%(part)s") % {"what": name, "part": part}, hours_text(hours))
        for part, hours in [*parts, (_("平均"), spread.mean), (_("最长"), spread.longest)]
    ]
