"""What the desk fills in about duties: instalments, proofs, and goods that come back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.forms.fields import day, line
from agreements.instalments import (
    FORTNIGHTLY,
    MONTHLY,
    MOST_INSTALMENTS,
    WEEKLY,
    amounts,
    days,
)
from agreements.states import Debtor, Handover, ObligationKind
from agreements.terms import Undertaking

EVERY = [
    (MONTHLY, gettext_lazy("每月一期")),
    (FORTNIGHTLY, gettext_lazy("每两周一期")),
    (WEEKLY, gettext_lazy("每周一期")),
]
_NONE = ("", gettext_lazy("不用退回"))
ACCELERATION_DAYS = 15
"""What the shipped text on instalments has always said."""


def duty_fields(undertakings: tuple[Undertaking, ...]) -> dict[str, forms.Field]:
    """Return the fields about these duties: instalments where money is paid, proofs, goods."""
    fields: dict[str, forms.Field] = {}
    if any(_is_our_money(duty) for duty in undertakings):
        fields["instalments"] = forms.IntegerField(
            label=gettext_lazy("分几期付"),
            required=False,
            min_value=1,
            max_value=MOST_INSTALMENTS,
            help_text=gettext_lazy("不分期就留空；第一期是上面的最晚日期，各期相差不超过一分钱"),
        )
        fields["every"] = forms.ChoiceField(
            label=gettext_lazy("多久一期"), choices=EVERY, required=False
        )
        fields["acceleration_days"] = forms.IntegerField(
            label=gettext_lazy("一期逾期超过几天，消费者可以要求一次付清余款"),
            required=False,
            min_value=1,
            max_value=90,
            initial=ACCELERATION_DAYS,
            help_text=gettext_lazy("只用于分期；留空表示没有这样约定"),
            error_messages={"invalid": gettext_lazy("写成 15 这样的整数")},
        )
        fields["security"] = line(
            gettext_lazy("分期的担保"),
            most=200,
            hint=gettext_lazy("消费者要求担保的，写明是什么，例如：保证金、第三方保证"),
        )
    for number, duty in enumerate(undertakings):
        if not _is_our_money(duty):
            label = gettext_lazy("要什么凭证：%(text)s") % {"text": duty.description}
            fields[f"proof_{number}"] = line(
                label, hint=gettext_lazy("写了的，没有凭证不能登记为已履行")
            )
            fields[f"proof_{number}"].initial = duty.proof
    return fields | {
        "handover": forms.ChoiceField(
            label=gettext_lazy("商品怎样退回"),
            choices=[_NONE, *Handover.choices],
            required=False,
        ),
        "goods": line(gettext_lazy("退回什么"), hint=gettext_lazy("例如：K7 电热水壶，含底座")),
        "freight": forms.ChoiceField(
            label=gettext_lazy("退回的运费由谁付"), choices=Debtor.choices, required=False
        ),
        "goods_due": day(gettext_lazy("最晚退回日期"), required=False),
    }


def _is_our_money(duty: Undertaking) -> bool:
    return duty.kind == ObligationKind.PAYMENT and duty.debtor == Debtor.COMPANY


def faults_of_duties(
    data: dict[str, Any], undertakings: tuple[Undertaking, ...]
) -> list[tuple[str, Any]]:
    """Return (field, sentence) of what does not fit together."""
    faults: list[tuple[str, Any]] = []
    count = data.get("instalments") or 1
    for duty in undertakings:
        if _is_our_money(duty) and duty.amount is not None and duty.amount * 100 < count:
            faults.append(("instalments", _("每期至少一分钱，请少分几期。")))
    if count == 1 and data.get("security"):
        faults.append(("security", _("担保只用于分期支付，请填写分几期，或者去掉担保。")))
    if data.get("handover"):
        if not data.get("goods"):
            faults.append(("goods", _("请写明退回什么。")))
        if not data.get("goods_due"):
            faults.append(("goods_due", _("请填写最晚退回日期。")))
    return faults


def agreed_parts(data: dict[str, Any]) -> dict[str, Any]:
    """Return what was agreed for instalments alone; nothing where money is paid at once."""
    if (data.get("instalments") or 1) == 1:
        return {"acceleration_days": 0, "security": ""}
    return {
        "acceleration_days": data.get("acceleration_days") or 0,
        "security": (data.get("security") or "").strip(),
    }


def agreed_duties(
    data: dict[str, Any], undertakings: tuple[Undertaking, ...], *, language: str
) -> tuple[Undertaking, ...]:
    """Return the duties with their days: money in instalments, and goods that come back."""
    agreed: list[Undertaking] = []
    with translation.override(language):
        for number, duty in enumerate(undertakings):
            dated = replace(duty, due_on=data[f"due_{number}"])
            if _is_our_money(duty):
                agreed += _instalments(dated, data.get("instalments") or 1, data.get("every"))
            else:
                agreed.append(replace(dated, proof=data.get(f"proof_{number}") or ""))
        if data.get("handover"):
            agreed.append(_goods(data))
    return tuple(agreed)


def _instalments(duty: Undertaking, count: int, every: str | None) -> list[Undertaking]:
    if count == 1 or duty.amount is None or duty.due_on is None:
        return [duty]
    parts = zip(
        amounts(duty.amount, count), days(duty.due_on, count, every=every or MONTHLY), strict=True
    )
    return [
        replace(
            duty,
            description=_("%(text)s（第 %(number)s 期，共 %(count)s 期）")
            % {"text": duty.description, "number": number, "count": count},
            amount=amount,
            due_on=due_on,
        )
        for number, (amount, due_on) in enumerate(parts, start=1)
    ]


def _goods(data: dict[str, Any]) -> Undertaking:
    freight = data.get("freight") or Debtor.COMPANY
    ways = {
        Handover.PICKUP: _("甲方上门取件"),
        Handover.SHIP: _("乙方寄回"),
        Handover.SHOP: _("乙方送到门店"),
    }
    payer = _("运费甲方承担") if freight == Debtor.COMPANY else _("运费乙方承担")
    words = _("退回商品：%(goods)s（%(way)s，%(payer)s）") % {
        "goods": data["goods"],
        "way": ways[Handover(data["handover"])],
        "payer": payer,
    }
    return Undertaking(
        kind=ObligationKind.RETURN_OF_GOODS,
        description=words[:300],
        due_on=data["goods_due"],
        debtor=Debtor.CONSUMER,
        pickup=data["handover"],
        freight=freight,
    )
