"""The variables of an agreement's wording, and their values from the data that is printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

Context = Mapping[str, Any]


@dataclass(frozen=True)
class Variable:
    """One name that a wording may use, and where its value comes from; "" where there is none."""

    code: str
    meaning: Any
    value: Callable[[Context], str]


def _at(*path: str) -> Callable[[Context], str]:
    def find(context: Context) -> str:
        found: Any = context
        for key in path:
            found = found[key] if found is not None else None
        return str(found or "")

    return find


def _flag(name: str, *, wanted: bool = True) -> Callable[[Context], str]:
    return lambda context: "1" if bool(context[name]) is wanted else ""


VARIABLES: tuple[Variable, ...] = (
    Variable("number", _("协议编号"), _at("number")),
    Variable("case_number", _("案件编号"), _at("case_number")),
    Variable("company", _("公司名称"), _at("operator", "name")),
    Variable("consumer", _("消费者姓名"), _at("consumer", "name")),
    Variable("item", _("商品或服务"), _at("purchase", "item")),
    Variable("bought_on", _("购买日期"), _at("purchase", "bought_on")),
    Variable("order_number", _("订单编号"), _at("purchase", "order_number")),
    Variable("batch", _("产品批次"), _at("purchase", "batch")),
    Variable("price", _("实际支付的价款"), _at("purchase", "price_shown")),
    Variable("complaint", _("消费者反映的情况"), _at("complaint")),
    Variable("findings", _("查明的情况"), _at("findings")),
    Variable("liability", _("责任的表述"), _at("liability")),
    Variable(
        "without_admission",
        _("不以承认责任为前提（只用作条件）"),
        _flag("admits_liability", wanted=False),
    ),
    Variable("total", _("合计金额"), _at("total_shown")),
    Variable("total_capitals", _("合计金额（大写）"), _at("total_capitals")),
    Variable("due_on", _("最晚履行日期"), _at("performance", "due_on")),
    Variable("method", _("履行方式"), _at("performance", "method")),
    Variable("goods_return", _("退回商品和运费"), _at("performance", "goods_return")),
    Variable("invoice", _("发票"), _at("performance", "invoice")),
    Variable("penalty_rate", _("逾期违约金每日比例"), _at("penalty_rate")),
    Variable("grace_days", _("不计违约金的宽限天数"), _at("grace_days")),
    Variable("penalty_cap", _("违约金的上限"), _at("penalty_cap")),
    Variable(
        "acceleration_days",
        _("一期逾期超过几天，余款可以要求一次付清"),
        lambda context: str(context.get("acceleration_days") or ""),
    ),
    Variable("security", _("分期的担保"), _at("performance", "security")),
    Variable("confidential", _("双方对金额保密（只用作条件）"), _flag("confidential")),
    Variable("arbitration", _("约定的仲裁机构"), _at("arbitration")),
    Variable("mediator", _("调解员"), _at("mediator", "name")),
    Variable("mediator_organisation", _("调解组织"), _at("mediator", "organisation")),
    Variable("copies", _("份数"), _at("copies")),
    Variable("reading_time", _("阅读时间"), _at("reading_time")),
)
KNOWN = frozenset(variable.code for variable in VARIABLES)


def values_of(context: Context) -> dict[str, str]:
    """Return the value of every variable for the data of one agreement."""
    return {variable.code: variable.value(context) for variable in VARIABLES}
