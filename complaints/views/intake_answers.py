"""The answers of a draft as rows of the page on which they are checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.forms.intake import LANGUAGES
from complaints.models import Evidence
from complaints.selectors.drafts import STEPS, Answers
from complaints.selectors.taxonomy import category_name, issue_name
from complaints.states import Remedy

Said = dict[str, Any]


def answer_groups(answers: Answers, files: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Return every answer, step by step, each with the address where it is changed."""
    said, names = answers.all_settled(), [evidence.file.original_name for evidence in files]
    rows = [_row(step, label, value(said)) for step, label, value in _questions()]
    rows.append(_row("story", _("照片、视频或检测报告"), "\n".join(names)))
    return [
        {"title": _title(step), "rows": [row for row in rows if row["step"] == step]}
        for step in STEPS
    ]


def _row(step: str, label: str, value: Any) -> dict[str, Any]:
    href = f"{reverse('intake:step', args=[step])}?back=check"
    return {"step": step, "label": label, "value": value, "href": href}


def _title(step: str) -> str:
    return {
        "product": _("商品和订单"),
        "problem": _("问题"),
        "story": _("经过"),
        "wish": _("诉求"),
        "contact": _("联系方式"),
    }[step]


def _questions() -> list[tuple[str, str, Callable[[Said], Any]]]:
    return [
        ("product", _("商品或服务"), lambda a: a["product_text"]),
        ("product", _("订单号"), lambda a: a["order_number"]),
        ("product", _("批次号或序列号"), lambda a: a["batch_code"] or a["serial_number"]),
        ("product", _("购买日期"), lambda a: a["purchased_on"]),
        ("product", _("实付金额"), lambda a: _money(a["amount_paid"])),
        ("problem", _("问题"), _problem),
        ("story", _("发生日期"), lambda a: a["occurred_on"]),
        ("story", _("经过"), lambda a: a["description"]),
        ("story", _("受伤或危险"), lambda a: _("有，或者不确定") if a["danger"] else _("没有")),
        ("wish", _("希望的处理方式"), lambda a: Remedy(a["wished_remedy"]).label),
        ("wish", _("具体要求"), lambda a: a["wished_detail"]),
        ("wish", _("希望得到的金额"), lambda a: _money(a["wished_amount"])),
        ("contact", _("称呼"), lambda a: a["name"]),
        ("contact", _("电话"), lambda a: a["phone"]),
        ("contact", _("邮箱"), lambda a: a["email"]),
        ("contact", _("联系语言"), lambda a: dict(LANGUAGES)[a["language"]]),
        ("contact", _("需要多一些帮助"), lambda a: _("是") if a["needs_care"] else _("否")),
    ]


def _problem(said: Said) -> str:
    return _("%(category)s，%(issue)s") % {
        "category": category_name(said["category"]),
        "issue": issue_name(said["issue"]),
    }


def _money(amount: str | None) -> str:
    return _("%(amount)s 元") % {"amount": amount} if amount else ""
