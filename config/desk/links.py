"""Lists of other apps that stand among the desk's views: approvals, payments, missed promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.states import Role
from compensation.selectors.plans import plans_to_approve
from complaints.actors import Actor
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.accountability import items_waiting
from complaints.selectors.chats import waiting_chats
from complaints.selectors.dead_letters import dead_letters
from config.desk.rows import count_words
from config.mailbox import mail_stays_here


def extra_lists(actor: Actor) -> dict[str, QuerySet[Any]]:
    """Return the lists of other apps whose length the views tell."""
    lists: dict[str, QuerySet[Any]] = {"accountability": items_waiting(actor, moment=now())}
    if has_permission(actor, Permission.HANDLE_CASE):
        lists["chats"] = waiting_chats()
    if has_permission(actor, Permission.APPROVE_PLAN):
        lists["approvals"] = plans_to_approve()
    if has_permission(actor, Permission.MANAGE_NOTICES):
        lists["undelivered"] = dead_letters(actor)
    return lists


_BY_PERMISSION = (
    (
        Permission.APPROVE_FINDING,
        "liability:finding_approvals",
        _("待批准的责任认定"),
        "file-check",
    ),
    (Permission.INVESTIGATE, "liability:incidents", _("批次事件"), "siren"),
    (Permission.INVESTIGATE, "liability:trace", _("质量追溯"), "waypoints"),
    (Permission.VIEW_CUSTOMER, "complaints:customers", _("客户档案"), "contact-round"),
    (Permission.VIEW_DASHBOARD, "satisfaction", _("满意度"), "smile"),
    (Permission.MANAGE_RECOURSE, "liability:recourse", _("追偿"), "hand-coins"),
    (Permission.MANAGE_STAFF, "complaints:staff", _("人员和分配"), "users"),
    (Permission.VIEW_FUNDS, "compensation:funds", _("补偿资金"), "wallet"),
    (Permission.VIEW_CUSTOMER, "compensation:care_list", _("关怀"), "heart-handshake"),
    (Permission.MANAGE_TEMPLATES, "compensation:care_template", _("关怀模板"), "list-checks"),
    (Permission.APPROVE_PLAN, "compensation:delegations", _("审批委托"), "user-round-check"),
    (Permission.VIEW_INSTANT, "compensation:instant_list", _("即时方案"), "zap"),
    (Permission.VIEW_CONSISTENCY, "compensation:consistency", _("补偿一致性"), "chart-scatter"),
    (Permission.SCREEN_CLAIMS, "compensation:screening_list", _("异常索赔"), "scan-search"),
    (Permission.DECIDE_ACCOUNTABILITY, "complaints:pauses", _("暂停的期限"), "circle-pause"),
    (Permission.HANDLE_REPORTS, "complaints:reports", _("举报"), "megaphone"),
    (Permission.IMPORT_CASES, "complaints:imports", _("导入投诉"), "file-up"),
    (Permission.MANAGE_TAXONOMY, "complaints:taxonomy", _("投诉分类"), "tags"),
    (Permission.MANAGE_TEMPLATES, "complaints:phrases", _("话术"), "library"),
    (Permission.MANAGE_TEMPLATES, "agreements:texts", _("协议文本"), "file-text"),
    (Permission.MANAGE_TEMPLATES, "liability:plan_templates", _("调查模板"), "list-checks"),
    (Permission.MANAGE_PAGES, "complaints:public_pages", _("公开页面"), "globe"),
    (Permission.MANAGE_RETENTION, "reviews:archive", _("保存和清除"), "archive"),
    (Permission.MANAGE_POLICIES, "complaints:policies", _("时限规则"), "timer"),
    (Permission.MANAGE_POLICIES, "liability:limits", _("认定的审批限额"), "file-check"),
    (Permission.MANAGE_POLICIES, "liability:weights", _("证据权重"), "scale"),
    (Permission.MANAGE_POLICIES, "compensation:rules", _("法律规则"), "scale"),
    (Permission.MANAGE_POLICIES, "compensation:standards", _("公司补偿标准"), "gift"),
    (Permission.MANAGE_POLICIES, "compensation:statistics", _("地区统计数据"), "map-pinned"),
    (Permission.MANAGE_POLICIES, "complaints:clock_health", _("时限运行"), "activity"),
)


def extra_views(actor: Actor, counts: Mapping[str, int]) -> dict[str, list[dict[str, Any]]]:
    """Return the links that a person's roles call for, by group of views."""
    found: dict[str, list[dict[str, Any]]] = {"stage": [], "all": []}
    if "chats" in counts:
        waiting = count_words(counts["chats"]) if counts["chats"] else None
        found["stage"].append(_link("complaints:chats", _("在线客服"), "messages-square", waiting))
    if "approvals" in counts:
        waiting = count_words(counts["approvals"])
        found["stage"].append(_link("approvals", _("待我审批"), "file-check", waiting))
    if actor.has_role(Role.FINANCE):
        found["stage"].append(_link("finance", _("付款"), "badge-japanese-yen"))
    if has_permission(actor, Permission.HANDLE_CASE):
        found["stage"].append(_link("agreements:calls", _("回访电话"), "phone"))
    found["all"].append(_link("reviews_list", _("复议和调解"), "scale"))
    found["all"].append(_link("liability:consults", _("会办任务"), "message-square"))
    found["all"].append(
        _link(
            "complaints:accountability",
            _("超时问责"),
            "gavel",
            count_words(counts["accountability"]) if counts.get("accountability") else None,
        )
    )
    found["all"] += [
        _link(*link) for needed, *link in _BY_PERMISSION if has_permission(actor, needed)
    ]
    if "undelivered" in counts:
        waiting = count_words(counts["undelivered"]) if counts["undelivered"] else None
        found["all"].append(_link("desk:dead_letters", _("未送达的通知"), "mail-x", waiting))
    if has_permission(actor, Permission.ADMINISTER):
        found["all"].append(
            _link("complaints:chat_settings", _("在线客服设置"), "message-circle-more")
        )
        found["all"].append(_link("desk:webhooks", _("系统推送"), "webhook"))
        found["all"].append(_link("admin:index", _("管理系统"), "settings"))
        if mail_stays_here():
            found["all"].append(_link("mailbox", _("本机信箱"), "mail"))
    return found


def _link(name: str, label: object, icon: str, count: str | None = None) -> dict[str, Any]:
    return {"href": reverse(name), "label": str(label), "icon": icon, "count": count}
