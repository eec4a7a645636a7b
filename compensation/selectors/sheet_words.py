"""What a sheet of any kind says beside its money, in words: what to choose from, days, doubts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as now_said
from django.utils.translation import gettext_lazy as _

ANSWERS: dict[str, Any] = {
    "options": _("可以选择"),
    "eligible": _("符合条件"),
    "reason": _("原因"),
    "last_day": _("最后一天"),
    "refund_due": _("最迟退款的日期"),
    "deemed_delay_after": _("这一天以后算故意拖延"),
    "period_end": _("三包到期日"),
    "replace_due": _("应当换货"),
    "loan_unit": _("应当提供备用机"),
    "depreciation": _("折旧"),
    "art23": _("符合第二十三条"),
    "in_three_guarantee_period": _("在三包有效期内"),
    "use_fee_applies": _("要付使用补偿"),
    "use_fee": _("使用补偿"),
    "substitute_car_days": _("应当提供备用车的天数"),
    "answer_due": _("最迟答复的日期"),
    "complete_due": _("最迟办完的日期"),
    "years": _("计算年限"),
    "consumed_value": _("已消费"),
    "excessive": _("违约金过高"),
    "threshold": _("过高的界线"),
    "shortfall": _("违约金不足的部分"),
    "still_due": _("仍要付的本金"),
    "effective_deposit": _("有效的定金"),
    "forfeited": _("没收的定金"),
    "route": _("要由人决定"),
    "punitive_route": _("可能有增加赔偿，基数由人决定"),
    "warning": _("注意"),
}
WORDS: dict[str, Any] = {
    "return": _("退货"),
    "replace": _("换新"),
    "repair": _("维修"),
    "replace_other_model": _("换其他型号"),
    "paid_repair": _("收费维修"),
    "replace_car": _("换车"),
    "replace_engine": _("更换发动机"),
    "replace_gearbox": _("更换变速器"),
    "replace_traction_battery": _("更换动力电池"),
    "replace_drive_motor": _("更换驱动电机"),
    "late": _("超过了期限"),
    "channel": _("不是远程购买"),
    "goods_not_intact": _("商品不完好"),
    "excluded_category": _("属于法律排除的商品"),
    "confirmed_at_purchase": _("购买时单独确认过"),
    "had_same_goods_before": _("以前得到过同样的商品或服务"),
    "not_in_force": _("当时这条规定还没有施行"),
    "not_covered": _("不属于三包的商品"),
    "no_performance_failure": _("没有性能故障"),
    "manual_review": _("人工核实"),
    "daily_rate_needed": _("需要每天的折旧率"),
    "state_rule": _("国家有三包规定，按三包核算"),
    "approver_with_six_factors": _("由审批人按六个因素决定"),
    "calendar_not_published": _("这一年的放假安排还没有公布，只按周末计算"),
    "coefficient_capped": _("使用补偿系数按上限计算"),
    "cause_not_found": _("没有认定因为谁而终止，按经营者计算"),
    "no_ground_for_distress": _("没有精神损害的依据"),
}


def answers_of(result: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """Return what a result says beside its lines, each with its label."""
    found = [(label, _said(result[name])) for name, label in ANSWERS.items() if name in result]
    return [(label, said) for label, said in found if said]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return now_said("是") if value else now_said("否")
    if isinstance(value, list):
        return now_said("、").join(_said(one) for one in value) or now_said("没有")
    if value is None:
        return ""
    if isinstance(value, str) and value.replace(".", "", 1).isdecimal() and "." in value:
        return f"¥{Decimal(value):,.2f}"
    return str(WORDS.get(str(value), value))
