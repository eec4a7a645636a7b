"""The facts of a case for the legal floor. It checks shape; what they give is the rules'."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compensation.forms.plan import money_field
from compensation.models import EntitlementSheet
from complaints.models import Case

MONEY = (
    "price_paid",
    "refund_already_paid",
    "compensation_already_paid",
    "other_losses",
    "distress_approved",
)
FLAGS = (
    "return_and_refund",
    "consumer_requests_extra",
    "fraud_found",
    "food_unsafe",
    "drug_fake_or_inferior",
    "operator_knew",
    "label_only_defect",
    "affects_safety",
    "misleading",
    "claimant_fabricated",
    "serious_distress",
)


def _tick(label: Any, hint: Any = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=hint)


class SheetForm(forms.Form):
    """What was bought, what a person found, what is asked for, what was lost."""

    price_paid = money_field(_("有关商品或服务的实付价款"), hint=_("只算受影响的，已扣优惠"))
    contract_date = forms.DateField(
        label=_("购买日期"),
        required=False,
        help_text=_("按这一天有效的法律计算；不填按今天"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("日期写成 2026-11-02 这样")},
    )
    consumption_purpose = forms.ChoiceField(
        label=_("用途"),
        choices=[("household", _("生活消费")), ("business", _("经营使用"))],
        initial="household",
    )
    role = forms.ChoiceField(
        label=_("我们的角色"),
        choices=[("seller", _("销售者")), ("producer", _("生产者")), ("importer", _("进口商"))],
        initial="seller",
    )
    return_and_refund = _tick(_("退货退款"), _("商品退回，退还货款"))
    as_described = _tick(_("商品与约定或说明不符，或质量不合格"))
    refund_already_paid = money_field(_("已经退还的货款"), required=False)
    compensation_already_paid = money_field(_("已经给过的赔偿"), required=False)
    fraud_found = _tick(_("认定欺诈"), _("故意告知虚假情况，或者隐瞒真实情况"))
    food_unsafe = _tick(_("食品不符合安全标准"))
    drug_fake_or_inferior = _tick(_("假药或者劣药"))
    operator_knew = _tick(_("经营者明知"), _("包括过了保质期、没有进货来源这类推定明知"))
    label_only_defect = _tick(_("只是标签、说明书的瑕疵"))
    affects_safety = _tick(_("瑕疵影响安全或质量"))
    misleading = _tick(_("瑕疵会误导消费者"))
    claimant_fabricated = _tick(_("索赔的事实是编造的"))
    confirmed = _tick(_("以上认定我已核对证据，由我确认"))
    consumer_requests_extra = _tick(_("消费者要求增加赔偿"), _("没有提出的不会主动加上"))
    merchant_promise_multiple = forms.IntegerField(
        label=_("商家承诺赔几倍"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("例如承诺「假一赔十」填 10"),
    )
    other_losses = money_field(_("证实的其他损失"), required=False, hint=_("运费、误工等，合计"))
    claimant_fault = forms.IntegerField(
        label=_("消费者自己的过错（%）"), required=False, min_value=0, max_value=100
    )
    serious_distress = _tick(_("造成严重精神损害"))
    distress_approved = money_field(_("审批人决定的精神损害抚慰金"), required=False)

    def facts(self) -> dict[str, Any]:
        """Return what was entered as the rules read it; what is left blank is not known."""
        data = self.cleaned_data
        found: dict[str, Any] = {
            name: f"{data[name]:.2f}" for name in MONEY if data.get(name) is not None
        }
        found |= {name: True for name in FLAGS if data.get(name)}
        found |= {name: data[name] for name in ("consumption_purpose", "role")}
        found["return_and_refund"] = bool(data.get("return_and_refund"))
        if data.get("as_described"):
            found["as_described"] = False
        if data.get("contract_date"):
            found["contract_date"] = data["contract_date"].isoformat()
        if data.get("merchant_promise_multiple"):
            found["merchant_promise_multiple"] = data["merchant_promise_multiple"]
        if data.get("claimant_fault"):
            found["claimant_fault"] = str(Decimal(data["claimant_fault"]) / 100)
        return found


def sheet_initial(case: Case, sheet: EntitlementSheet | None) -> dict[str, Any]:
    """Return what the form begins with: the facts of the last sheet, or what the case tells.

    Findings are never filled in beforehand as confirmed.
    """
    if sheet is None:
        begun = {"price_paid": case.amount_paid, "contract_date": case.purchased_on}
        return {**begun, "return_and_refund": True}
    facts = dict(sheet.facts)
    if "claimant_fault" in facts:
        facts["claimant_fault"] = int(Decimal(facts["claimant_fault"]) * 100)
    facts["as_described"] = facts.get("as_described") is False
    return facts
