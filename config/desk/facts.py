"""Facts beside a case as the parts of the page take them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.models import Case, Clock
from complaints.permissions import Permission, has_permission
from complaints.presenters import clock_words
from complaints.selectors.outside import Body
from complaints.selectors.pauses import PauseFacts, may_be_paused, pause_of
from complaints.selectors.policies import is_provisional
from complaints.selectors.taxonomy import category_name, issue_name
from complaints.states import BudgetUnit, ClockKind, ClockState, PauseCause
from config.templatetags import present


def clock_facts(
    case: Case,
    clocks: list[Clock],
    *,
    now: datetime,
    may_handle: bool,
    bodies: Sequence[Body] = (),
) -> dict[str, Any]:
    """Return the clock that is due next, the others, and breaches that wait for a decision.

    With several `bodies` each one's clock carries the name and number of the body.

    The end of a pause is told with the clock that rests; a paused clock comes first only where
    nothing else of the case itself runs.
    """
    names = {body.subject: str(body) for body in bodies} if len(bodies) > 1 else {}
    shown = [
        clock
        for clock in clocks
        if clock.state != ClockState.STOPPED and clock.kind != ClockKind.PAUSE_END
    ]
    running = [clock for clock in shown if clock.state == ClockState.RUNNING]
    ours = [clock for clock in running if clock.kind != ClockKind.DATA_REQUEST]
    paused = [clock for clock in shown if pause_of(clock)]
    first = next(iter(ours or paused or running), None)
    return {
        "first": _ring(case, first, now, names, may_handle=may_handle) if first else None,
        "others": [
            _line(case, clock, now, names, may_handle=may_handle)
            for clock in shown
            if clock is not first
        ],
        "items": [
            {
                "href": reverse("complaints:accountability_item", args=[item.pk]),
                "label": _("「%(clock)s」超时") % {"clock": _name(clock, names)},
                "state": item.get_status_display(),
            }
            for clock in clocks
            if (item := getattr(clock, "accountability", None)) is not None
        ],
    }


def _name(clock: Clock, names: Mapping[str, str]) -> str:
    if clock.subject in names:
        return _("%(body)s 要求的期限") % {"body": names[clock.subject]}
    return clock_words(clock.kind, clock.policy.name)


def _ring(
    case: Case, clock: Clock, now: datetime, names: Mapping[str, str], *, may_handle: bool
) -> dict[str, Any]:
    line = _line(case, clock, now, names, may_handle=may_handle)
    if clock.due_at is None:
        return {**line, "percent": 0, "label": line["name"], "rule": _rule(clock)}
    whole = (clock.due_at - clock.started_at).total_seconds()
    used = (now - clock.started_at).total_seconds()
    words = {"clock": line["name"], "moment": present.due_moment(clock.due_at, now)}
    return {
        **line,
        "percent": 100 if whole <= 0 else max(0, min(100, round(100 * used / whole))),
        "label": _("%(clock)s，%(moment)s 到期") % words,
        "rule": _rule(clock),
    }


def _rule(clock: Clock) -> str:
    policy = clock.policy
    if policy.unit == BudgetUnit.FIXED or clock.fixed_due_at is not None:
        return _("约定的日期")
    words = {"amount": present.number(policy.amount), "unit": policy.get_unit_display()}
    return _("规定 %(amount)s %(unit)s") % words


def _line(
    case: Case, clock: Clock, now: datetime, names: Mapping[str, str], *, may_handle: bool
) -> dict[str, Any]:
    pause = pause_of(clock)
    actions = _clock_actions(case, clock, now, paused=pause is not None) if may_handle else {}
    return {
        "name": _name(clock, names),
        "due": clock.due_at,
        "provisional": clock.state == ClockState.RUNNING and is_provisional(clock),
        "paused": clock.state == ClockState.PAUSED,
        "pause": _pause_words(pause, now) if pause else None,
        **actions,
    }


def _pause_words(pause: PauseFacts, now: datetime) -> dict[str, Any]:
    until = present.due_moment(pause.until, now)
    cause = PauseCause(pause.cause).label if pause.cause in PauseCause.values else pause.cause
    why = {"cause": cause, "who": pause.by}
    return {
        "words": _("已暂停，到 %(moment)s 为止") % {"moment": until},
        "why": _("%(cause)s，由%(who)s暂停") % why if pause.by else str(cause),
        "after_reply": pause.after_reply,
    }


def _clock_actions(case: Case, clock: Clock, now: datetime, *, paused: bool) -> dict[str, Any]:
    pages = {
        ClockKind.DATA_REQUEST: ("complaints:data_requests", _("答复")),
        ClockKind.CALLBACK: ("complaints:callback", _("登记回电")),
        ClockKind.FINDING_NOTICE: ("complaints:finding_told", _("登记已告知")),
    }
    found: dict[str, Any] = {}
    if paused and case.is_open:
        found["resume"] = reverse("complaints:clock_resume", args=[case.reference, clock.pk])
    elif may_be_paused(clock, now):
        found["action"] = reverse("complaints:clock_pause", args=[case.reference, clock.pk])
        found["action_label"] = _("暂停计时")
    elif clock.kind in pages and clock.state == ClockState.RUNNING:
        page, found["action_label"] = pages[ClockKind(clock.kind)]
        found["action"] = reverse(page, args=[case.reference])
    return found


def consumer_rows(case: Case, actor: Actor) -> list[dict[str, Any]]:
    """Return the consumer's facts, masked; who may look gets a link to do so."""
    consumer = case.consumer
    contact = consumer.contact
    may_look = has_permission(actor, Permission.REVEAL_CONTACT)
    reveal = {
        "action": _("显示"),
        "action_href": reverse("complaints:contact", args=[case.reference]),
    }
    rows: list[dict[str, Any]] = [
        {"label": _("姓名"), "value": present.mask_name(contact.get("name"))},
        {
            "label": _("手机"),
            "value": present.mask_phone(contact.get("phone")),
            **(reveal if may_look else {}),
        },
        {"label": _("邮箱"), "value": present.mask_email(contact.get("email"))},
        {"label": _("类型"), "value": consumer.get_tier_display()},
    ]
    if consumer.channel:
        rows.append({"label": _("联系方式"), "value": consumer.get_channel_display()})
    if consumer.customer_id and has_permission(actor, Permission.VIEW_CUSTOMER):
        file = reverse("desk:customer", args=[consumer.customer_id])
        number = f"C-{consumer.customer_id:06d}"
        rows.append({"label": _("档案"), "value": number, "href": f"{file}?case={case.reference}"})
    if consumer.needs_care:
        rows.append({"label": _("照顾"), "chip": _("老年、残障或未成年"), "tone": "purple"})
    return rows


def order_rows(case: Case, *, siblings: int) -> list[dict[str, Any]]:
    """Return what was bought, when, for how much, and how many others complained of the batch."""
    bought = [
        present.iso_date(case.purchased_on) if case.purchased_on else "",
        present.money(case.amount_paid, case.currency) if case.amount_paid is not None else "",
    ]
    rows: list[dict[str, Any]] = [{"label": _("商品"), "value": case.product_name}]
    if case.batch is not None:
        related = reverse("desk:related", args=[case.reference, "batch"])
        others = _("另有 %(count)d 起投诉") % {"count": siblings}
        rows.append({"label": _("批次"), "value": case.batch.code, "href": related, "note": others})
    rows.append({"label": _("购买"), "value": " · ".join(part for part in bought if part)})
    if case.order_number:
        rows.append({"label": _("订单号"), "value": case.order_number})
    if (ends := _warranty_end(case)) is not None:
        inside = ends >= timezone.localdate(case.received_at)
        rows.append(
            {
                "label": _("三包"),
                "chip": _("保修期内") if inside else _("保修期已过"),
                "tone": "ok" if inside else "",
            }
        )
    return rows


def _warranty_end(case: Case) -> date | None:
    if case.purchased_on is None or case.product is None:
        return None
    months = case.purchased_on.month - 1 + case.product.warranty_months
    year, month = case.purchased_on.year + months // 12, months % 12 + 1
    return date(year, month, min(case.purchased_on.day, monthrange(year, month)[1]))


def case_rows(
    case: Case, *, merged: int, linked: int, bodies: Sequence[Body] = ()
) -> list[dict[str, Any]]:
    """Return how the case is filed: owner, team, classification, wish, source, other cases."""
    wish = [
        case.get_wished_remedy_display(),
        present.money(case.wished_amount, case.currency) if case.wished_amount is not None else "",
    ]
    kind = [category_name(case.category), issue_name(case.issue)]
    rows: list[dict[str, Any]] = [
        {
            "label": _("负责人"),
            "value": case.owner.display_name if case.owner else _("未分配"),
            "action": _("为什么"),
            "action_href": reverse("complaints:ownership", args=[case.reference]),
        },
        {"label": _("小组"), "value": case.team.name if case.team else ""},
        {"label": _("分类"), "value": " · ".join(str(word) for word in kind if word)},
        {"label": _("严重程度"), "value": case.get_severity_display()},
        {"label": _("诉求"), "value": " · ".join(str(word) for word in wish if word)},
        {"label": _("收到"), "value": present.date_time(case.received_at)},
    ]
    if case.expected_on:
        rows.append({"label": _("预计办结"), "value": present.iso_date(case.expected_on)})
    if bodies:
        rows.append({"label": _("来源"), "value": " · ".join(map(str, bodies))})
    rows.append(_other_cases(case, merged=merged, linked=linked))
    return rows


def _other_cases(case: Case, *, merged: int, linked: int) -> dict[str, Any]:
    words = []
    if merged:
        words.append(_("并入本案 %(count)d 起") % {"count": merged})
    if linked:
        words.append(_("关联 %(count)d 起") % {"count": linked})
    return {
        "label": _("其他案件"),
        "value": " · ".join(words) or _("查重、关联"),
        "href": reverse("complaints:duplicates", args=[case.reference]),
    }
