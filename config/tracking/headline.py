"""The sentence at the top of the tracking page: where the case is, whose turn, and until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from complaints.models import Case, Clock
from complaints.presenters import clock_words
from complaints.selectors.consumer import next_escalation
from complaints.selectors.pauses import PauseFacts, pause_of
from complaints.services.stage_clocks import pause_subject
from complaints.states import EVENT_CLOCKS, ClockKind, PauseCause, Stage
from config.templatetags.present import deadline, due_day_time, iso_date, remaining

MIDNIGHT = time(0)
CONSUMERS_TURN = frozenset({ClockKind.OFFER_REPLY, ClockKind.SIGNATURE})


@dataclass(frozen=True)
class Headline:
    """`title` says where we are, `lead` whose turn it is and until when."""

    title: str
    lead: SafeString
    due: datetime | None
    consumers_turn: bool
    late: bool
    awaits_evidence: bool = False


_TITLES = {
    Stage.RECEIVED: _("我们收到了你的投诉"),
    Stage.ACCEPTED: _("我们受理了你的投诉"),
    Stage.INVESTIGATING: _("我们正在调查"),
    Stage.LIABILITY_DETERMINED: _("责任认定出来了"),
    Stage.NEGOTIATING: _("我们在准备补偿方案"),
    Stage.MEDIATING: _("第三方正在调解"),
    Stage.AGREED: _("协议签好了"),
    Stage.FULFILLING: _("我们在履行协议"),
    Stage.BREACHED: _("我们没有按协议履行"),
    Stage.FOLLOWING_UP: _("补偿到了吗？"),
    Stage.UNDER_REVIEW: _("正在复议"),
    Stage.EXTERNAL: _("正在等外部程序的结果"),
    Stage.DECLINED: _("这件事不在我们的处理范围"),
    Stage.WITHDRAWN: _("投诉已撤回"),
    Stage.MERGED: _("和另一起相同的投诉合并处理"),
    Stage.CLOSED: _("这起投诉已经办结"),
}
_LEADS = {
    Stage.RECEIVED: _("现在不用你做什么。{due} 前有专人告诉你是否受理，{left}。"),
    Stage.ACCEPTED: _("现在不用你做什么。{due} 前告诉你怎么解决，或者为什么要调查，{left}。"),
    Stage.INVESTIGATING: _("现在不用你做什么。{due} 前完成调查并告诉你责任认定，{left}。"),
    Stage.LIABILITY_DETERMINED: _("现在不用你做什么。{due} 前告诉你下一步，{left}。"),
    Stage.NEGOTIATING: _("现在不用你做什么。{due} 前把方案发给你，{left}。"),
    Stage.MEDIATING: _("调解员会联系双方，最晚 {due} 结束，{left}。"),
    Stage.AGREED: _("现在不用你做什么。{due} 前开始履行，{left}。"),
    Stage.FULFILLING: _("现在不用你做什么。{due} 前办到，{left}。"),
    Stage.BREACHED: _("抱歉。主管在跟进，{due} 前补上，{left}。你也可以请第三方调解。"),
    Stage.FOLLOWING_UP: _("告诉我们收到没有；没有收到，我们继续办。{due} 前我们也会联系你。"),
    Stage.UNDER_REVIEW: _("由没有经手过的人重新看，{due} 前作出决定，{left}。"),
    Stage.EXTERNAL: _("这里的处理先停下，有结果就接着办。最晚 {due} 告诉你进展，{left}。"),
}
_CONFIRM_TIME = _("请在下面确认检查的时间。{due} 前完成调查并告诉你责任认定，{left}。")
_FINAL_LEADS = {
    Stage.DECLINED: _("理由和你可以怎么办，写在下面的消息里。"),
    Stage.WITHDRAWN: _("我们已经停止处理。有新情况，可以发消息请我们重新处理。"),
    Stage.MERGED: _("两起投诉一起查，进展和结果会在这里告诉你。"),
    Stage.CLOSED: _("结果和文书都在下面，随时可以下载。有新的证据，可以发消息请我们重新处理。"),
}
_BY_CLOCK = {
    ClockKind.EMERGENCY: (
        _("我们正在处理安全风险"),
        _("{due} 前有专人联系你，{left}。请先断电停用，不要自行拆开，保留原物。"),
    ),
    ClockKind.OFFER_REPLY: (
        _("请选择补偿方案"),
        _("请在 {due} 前选择，{left}；到期未选，我们会再联系你，不会自动放弃。"),
    ),
    ClockKind.AGREEMENT_DRAFT: (
        _("方案选好了，我们在准备协议"),
        _("现在不用你做什么。{due} 前把协议发给你看，{left}。"),
    ),
    ClockKind.SIGNATURE: (
        _("请阅读并签署协议"),
        _("请在 {due} 前签署，{left}。看完全文再签，签署前都可以改主意。"),
    ),
}
_SIGNED = (
    _("你签好了，等我们签署"),
    _("现在不用你做什么。{due} 前我们签署，签好就开始履行，{left}。"),
)
_PAUSED = {
    PauseCause.CONSUMERS_EVIDENCE: (
        _("等你补充材料"),
        _("轮到你了：「{clock}」暂停计时，最晚到 {due}。你发来消息或者补充材料，我们马上接着办。"),
    ),
    PauseCause.TESTING: (
        _("正在检测，等结果"),
        _("现在不用你做什么。「{clock}」因为检测暂停计时，最晚到 {due}，到时自动继续。"),
    ),
    PauseCause.AGREED_EXTENSION: (
        _("按和你的约定延期"),
        _("现在不用你做什么。「{clock}」按约定暂停计时，最晚到 {due}，到时自动继续。"),
    ),
    PauseCause.FORCE_MAJEURE: (
        _("因为不可抗力暂停"),
        _("现在不用你做什么。「{clock}」因为不可抗力暂停计时，最晚到 {due}，到时自动继续。"),
    ),
}
_LIABLE_CHOOSE = _("责任在我们，请选择补偿方案")
_LATE_WITH_DATE = _("答应你 {due} 前完成，我们没有做到，抱歉。新的时间：{new}。")
_LATE = _("答应你 {due} 前完成，我们没有做到，抱歉。已经报给主管，请打客服电话催办。")
_PASSED = {
    ClockKind.OFFER_REPLY: _("方案的期限 {due} 已经过了。内容还在下面，可以发消息请我们再发一份。"),
    ClockKind.SIGNATURE: _("签署的期限 {due} 已经过了。我们会重新准备一份协议，你的权利没有减少。"),
}


def headline_of(
    case: Case,
    running: Sequence[Clock],
    *,
    now: datetime,
    panels: dict[str, dict[str, Any]] | None = None,
    paused: Mapping[str, tuple[Clock, PauseFacts]] | None = None,
) -> Headline:
    """Return what the page says at the top.

    `running` holds the running clocks, `panels` what the apps show (`open_panels`): they know
    whether the consumer has signed and who was found liable. `paused` holds what rests, by the
    subject of the clock that ends its rest (`paused_clocks`).
    """
    clock = _leading_clock(case, running)
    if clock is not None and clock.subject in (paused or {}):
        return _paused_headline(clock, *(paused or {})[clock.subject], now=now)
    if clock is None:
        lead = escape(_FINAL_LEADS.get(Stage(case.stage), ""))
        return Headline(str(_TITLES[Stage(case.stage)]), lead, None, False, False)
    signed = clock.kind == ClockKind.SIGNATURE and _has_signed(panels or {})
    title, words = _SIGNED if signed else _words(case, clock, panels or {})
    theirs = clock.kind in CONSUMERS_TURN and not signed
    late = bool(clock.due_at and clock.due_at < now)
    lead = _late_lead(case, clock, now, theirs) if late else _filled(words, clock, now)
    return Headline(str(title), lead, clock.due_at, theirs, late and not theirs)


def paused_clocks(clocks: Sequence[Clock]) -> dict[str, tuple[Clock, PauseFacts]]:
    """Return the clocks that a person paused, by the subject of the clock that ends the pause."""
    return {
        pause_subject(clock.pk): (clock, pause) for clock in clocks if (pause := pause_of(clock))
    }


def _paused_headline(ending: Clock, clock: Clock, pause: PauseFacts, *, now: datetime) -> Headline:
    title, words = _PAUSED[PauseCause(pause.cause)]
    lead = format_html(
        str(words),
        clock=clock_words(clock.kind, clock.policy.name),
        due=format_html("<strong>{}</strong>", promised_moment(ending.due_at)),
    )
    theirs = pause.awaits_consumer
    return Headline(str(title), lead, ending.due_at, theirs, late=False, awaits_evidence=theirs)


def _has_signed(panels: dict[str, dict[str, Any]]) -> bool:
    return panels.get("agreements", {}).get("state") == "signed"


def _words(case: Case, clock: Clock, panels: dict[str, dict[str, Any]]) -> tuple[Any, Any]:
    stage, by_clock = Stage(case.stage), _BY_CLOCK.get(ClockKind(clock.kind))
    if by_clock is None:
        waits = panels.get("liability", {}).get("awaits_consumer")
        lead = _CONFIRM_TIME if waits and stage == Stage.INVESTIGATING else _LEADS[stage]
        return _TITLES[stage], lead
    finding = panels.get("liability", {}).get("finding")
    if clock.kind == ClockKind.OFFER_REPLY and finding and finding.outcome == "liable":
        return _LIABLE_CHOOSE, by_clock[1]
    return by_clock


def _leading_clock(case: Case, running: Sequence[Clock]) -> Clock | None:
    """The emergency comes first, then what the consumer must answer, then what is due next.

    Promises that only follow events, and the end of a pause, lead where no other clock runs;
    after the case's end nothing leads but an unanswered emergency.
    """
    if not case.is_open:
        return next((clock for clock in running if clock.kind == ClockKind.EMERGENCY), None)
    order = {ClockKind.EMERGENCY: 0, ClockKind.OFFER_REPLY: 1, ClockKind.SIGNATURE: 1}
    order |= {ClockKind.PAUSE_END: 3, **dict.fromkeys(EVENT_CLOCKS, 4)}
    order[ClockKind.CONSUMERS_DUTY] = 5
    return min(running, key=lambda c: (order.get(ClockKind(c.kind), 2), c.due_at), default=None)


def other_terms(running: Sequence[Clock]) -> list[str]:
    """Return the other promises that the consumer may hold us to, each with its moment."""
    words = {
        ClockKind.REGULATOR: _("监管规定的期限：{clock}，到 {due}"),
        ClockKind.CALLBACK: _("约好给你回电，{due} 前"),
        ClockKind.DATA_REQUEST: _("你的个人信息请求，{due} 前答复"),
    }
    return [
        str(words[ClockKind(clock.kind)]).format(
            clock=clock_words(clock.kind, clock.policy.name), due=promised_moment(clock.due_at)
        )
        for clock in running
        if clock.kind in words
    ]


def _late_lead(case: Case, clock: Clock, now: datetime, theirs: bool) -> SafeString:
    if theirs:
        return _filled(_PASSED[ClockKind(clock.kind)], clock, now)
    promised = _new_date(case, clock, now)
    return _filled(_LATE_WITH_DATE if promised else _LATE, clock, now, new=promised)


def _new_date(case: Case, clock: Clock, now: datetime) -> str:
    escalation = next_escalation(clock)
    if escalation is not None and escalation.due_at > now:
        return deadline(escalation.due_at, now)
    if case.expected_on and case.expected_on >= now.date():
        return iso_date(case.expected_on)
    return ""


def promised_moment(due: datetime | None) -> str:
    """Write a deadline; one at midnight is the end of the day before."""
    return due_day_time(due)


def _filled(words: Any, clock: Clock, now: datetime, *, new: str = "") -> SafeString:
    return format_html(
        str(words),
        due=format_html("<strong>{}</strong>", promised_moment(clock.due_at)),
        left=remaining(clock.due_at, now),
        new=format_html("<strong>{}</strong>", new),
    )
