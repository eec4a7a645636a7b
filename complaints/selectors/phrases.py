"""Ready texts for replies, and the values that a case gives to their variables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.models import User
from complaints.models import Case, ReplyTemplate, ReplyTemplateVersion
from complaints.selectors.taxonomy import issue_name


@dataclass(frozen=True)
class Variable:
    """One variable: its name in a Chinese and in an English text, and where its value is from."""

    code: str
    name_zh: str
    meaning: object
    value: Callable[[Case, User | None], str]


def _day(value: date | None) -> str:
    return date_format(value, pgettext("date format", "Y 年 n 月 j 日")) if value else ""


def _moment(value: datetime | None) -> str:
    if value is None:
        return ""
    return date_format(timezone.localtime(value), pgettext("date format", "n 月 j 日 H:i"))


def _amount(case: Case) -> str:
    if case.amount_paid is None:
        return ""
    symbol = "¥" if case.currency == "CNY" else f"{case.currency} "
    return f"{symbol}{case.amount_paid:,.2f}"


def _company() -> str:
    chinese = (translation.get_language() or "").startswith("zh")
    return settings.COMPANY_NAME if chinese else settings.COMPANY_NAME_EN


def _agreed(case: Case) -> str:
    if case.amount_agreed is None:
        return ""
    symbol = "¥" if case.currency == "CNY" else f"{case.currency} "
    return f"{symbol}{case.amount_agreed:,.2f}"


VARIABLES: tuple[Variable, ...] = (
    Variable("name", "称呼", _("消费者的姓名"), lambda case, _me: case.consumer.name),
    Variable("reference", "编号", _("投诉的编号"), lambda case, _me: case.reference),
    Variable("product", "商品", _("投诉的商品"), lambda case, _me: case.product_name),
    Variable("order", "订单号", _("订单号"), lambda case, _me: case.order_number),
    Variable("paid", "实付金额", _("消费者付了多少"), lambda case, _me: _amount(case)),
    Variable("agreed", "补偿金额", _("约定的补偿金额"), lambda case, _me: _agreed(case)),
    Variable("problem", "问题", _("投诉的问题"), lambda case, _me: str(issue_name(case.issue))),
    Variable(
        "received",
        "收到日期",
        _("收到投诉的日期"),
        lambda case, _me: _day(timezone.localtime(case.received_at).date()),
    ),
    Variable("expected", "预计办结", _("预计办结日期"), lambda case, _me: _day(case.expected_on)),
    Variable("due", "下一期限", _("下一个期限"), lambda case, _me: _moment(case.next_due_at)),
    Variable("stage", "阶段", _("案件的阶段"), lambda case, _me: case.get_stage_display()),
    Variable(
        "owner",
        "负责人",
        _("案件的负责人"),
        lambda case, _me: case.owner.display_name if case.owner else "",
    ),
    Variable("me", "我", _("发这条消息的人"), lambda _case, me: me.display_name if me else ""),
    Variable("reason", "原因", _("由写的人填；不填发不出去"), lambda _case, _me: ""),
    Variable("company", "公司", _("公司名称"), lambda _case, _me: _company()),
    Variable("hotline", "客服电话", _("客服电话"), lambda _case, _me: settings.COMPANY_HOTLINE),
    Variable(
        "link",
        "进度页",
        _("进度页的地址"),
        lambda case, _me: settings.PUBLIC_URL + reverse("track:case", args=[case.reference]),
    ),
)
KNOWN = frozenset(name for each in VARIABLES for name in (each.code, each.name_zh))


def values_for(case: Case, *, me: User | None, language: str) -> dict[str, str]:
    """Return what each variable stands for in a case, in a language; "" for what is not known."""
    with translation.override(language):
        values = {each.code: each.value(case, me) or "" for each in VARIABLES}
    return values | {each.name_zh: values[each.code] for each in VARIABLES}


def current_templates(*, retired: bool = False) -> list[ReplyTemplateVersion]:
    """Return the newest version of every ready text that is offered (or of all), in order."""
    newest = ReplyTemplateVersion.objects.filter(template=OuterRef("template")).order_by("-number")
    versions = ReplyTemplateVersion.objects.filter(
        number=Subquery(newest.values("number")[:1])
    ).select_related("template", "by")
    if not retired:
        versions = versions.filter(template__retired_at=None)
    return list(versions.order_by("template__position", "template__code"))


def template_called(code: str) -> ReplyTemplate | None:
    """Return a ready text by its code."""
    return ReplyTemplate.objects.filter(code=code).first()


def versions_of(template: ReplyTemplate) -> list[ReplyTemplateVersion]:
    """Return all versions, the newest first."""
    return list(template.versions.select_related("by").order_by("-number"))
