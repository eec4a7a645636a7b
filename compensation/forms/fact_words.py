"""What the facts of the rules are called on forms, which are asked for, and what to choose from."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

KIND_WORDS: dict[str, Any] = {
    "return": _("退货"),
    "warranty": _("三包"),
    "car": _("家用汽车"),
    "injury": _("人身损害"),
    "prepaid": _("预付卡"),
    "contract": _("违约金和定金"),
}
SECTIONS: dict[str, list[tuple[Any, str]]] = {
    "return": [
        (
            _("买了什么"),
            "channel received_date request_date price_paid return_freight reason goods_intact"
            " excluded_category merchant_promised_no_reason unsuitable_by_nature"
            " confirmed_at_purchase",
        ),
        (_("质量"), "quality_ok state_rule rescission_condition authority_found_nonconforming"),
        (_("退回以后"), "goods_returned_date"),
    ],
    "warranty": [
        (_("买了什么"), "regime invoice_date price_paid period_months replaced_on covered"),
        (
            _("故障和修理"),
            "report_date performance_failure human_damage failed_repairs total_repair_days"
            " days_in_repair current_repair_days wait_for_parts_days repairer_fault_days",
        ),
        (_("要求和损失"), "consumer_wants same_model_in_stock daily_depreciation"),
    ],
    "car": [
        (_("车辆"), "price days km months in_three_guarantee_period request_date"),
        (
            _("故障和修理"),
            "failure needs_replacement serious_safety_repairs assembly_replacements"
            " same_fault_repairs total_repair_days single_repair_days",
        ),
        (
            _("退车的结算"),
            "ground n registration_fee accessories_after_depreciation seller_service_fees",
        ),
    ],
    "injury": [
        (
            _("医疗和误工"),
            "medical transport nutrition lost_days daily_income_lost hospital_days meal_rate"
            " nursing_days nursing_rate nursing_persons nursing_years annual_nursing losses",
        ),
        (
            _("伤残或者死亡"),
            "age coefficient capacity_loss urban_disposable_income urban_consumption monthly_wage"
            " dependants",
        ),
        (
            _("其他"),
            "product_value other_property claimant_fault serious_distress distress_approved"
            " claimant_fabricated",
        ),
    ],
    "prepaid": [
        (
            _("付了什么"),
            "paid bonus paid_date request_date had_same_goods_before cause refund_already_paid",
        ),
        (
            _("用了多少"),
            "used discounted_unit list_unit consumed_face consumed_value total_days elapsed_days",
        ),
        (_("要求和损失"), "annual_rate days absconded fraud_found consumer_requests_extra"),
    ],
    "contract": [
        (_("违约金"), "penalty loss malicious claimant_fault"),
        (_("逾期"), "principal daily_rate days_late"),
        (_("定金"), "contract deposit_paid breaching_party"),
    ],
}
LABELS: dict[str, Any] = {
    "absconded": _("经营者收款后停业、失联"),
    "accessories_after_depreciation": _("加装件折旧后的价值"),
    "age": _("受害人的年龄"),
    "annual_nursing": _("每年的护理费"),
    "annual_rate": _("年利率"),
    "assembly_replacements": _("更换总成或者同一主要零件的次数"),
    "authority_found_nonconforming": _("行政部门认定不合格"),
    "bonus": _("赠送的金额"),
    "breaching_party": _("哪一方违约"),
    "capacity_loss": _("丧失劳动能力的程度"),
    "cause": _("因为谁而终止"),
    "channel": _("购买渠道"),
    "claimant_fabricated": _("索赔的事实是编造的"),
    "claimant_fault": _("消费者自己的过错"),
    "coefficient": _("伤残赔偿系数"),
    "confirmed_at_purchase": _("购买时单独确认过"),
    "consumed_face": _("消费的面额（含赠送）"),
    "consumed_value": _("消费的金额"),
    "consumer_requests_extra": _("消费者要求增加赔偿"),
    "consumer_wants": _("消费者要什么"),
    "contract": _("合同金额"),
    "covered": _("属于三包的商品"),
    "current_repair_days": _("这一次修了几天"),
    "daily_depreciation": _("每天的折旧率"),
    "daily_income_lost": _("每天少的收入"),
    "daily_rate": _("每天的违约金比例"),
    "days": _("天数"),
    "days_in_repair": _("修理占用的天数"),
    "days_late": _("逾期几天"),
    "dependants": _("被扶养人"),
    "deposit_paid": _("已付的定金"),
    "discounted_unit": _("每次的优惠价"),
    "distress_approved": _("审批人决定的精神损害抚慰金"),
    "elapsed_days": _("已经过去的天数"),
    "excluded_category": _("属于法律排除的商品"),
    "failed_repairs": _("修过几次仍不能用"),
    "failure": _("故障"),
    "fraud_found": _("认定欺诈"),
    "goods_intact": _("商品完好"),
    "goods_returned_date": _("商品退回的日期"),
    "ground": _("退换的依据"),
    "had_same_goods_before": _("以前得到过同样的商品或服务"),
    "hospital_days": _("住院天数"),
    "human_damage": _("人为损坏"),
    "in_three_guarantee_period": _("在三包有效期内"),
    "invoice_date": _("发票日期"),
    "km": _("行驶里程（公里）"),
    "list_unit": _("每次的原价"),
    "loss": _("实际损失"),
    "losses": _("已经核定的护理、误工、伙食和其他损失"),
    "lost_days": _("误工天数"),
    "malicious": _("恶意违约"),
    "meal_rate": _("每天的伙食补助"),
    "medical": _("医疗费"),
    "merchant_promised_no_reason": _("商家承诺过无理由退货"),
    "monthly_wage": _("职工月平均工资"),
    "months": _("购车几个月"),
    "n": _("使用补偿系数"),
    "needs_replacement": _("要更换什么"),
    "nursing_days": _("护理天数"),
    "nursing_persons": _("护理人数"),
    "nursing_rate": _("每天的护理费"),
    "nursing_years": _("护理几年"),
    "nutrition": _("营养费"),
    "other_property": _("其他财产损失"),
    "paid": _("已付的钱"),
    "paid_date": _("付款日期"),
    "penalty": _("约定的违约金"),
    "performance_failure": _("有性能故障"),
    "period_months": _("三包几个月"),
    "price": _("车价"),
    "price_paid": _("实付价款"),
    "principal": _("没有付的本金"),
    "product_value": _("商品本身的价值"),
    "quality_ok": _("质量符合要求"),
    "reason": _("退货原因"),
    "received_date": _("收到商品的日期"),
    "refund_already_paid": _("已经退还的货款"),
    "regime": _("适用的规定"),
    "registration_fee": _("登记费"),
    "repairer_fault_days": _("修理者延误的天数"),
    "replaced_on": _("换货的日期"),
    "report_date": _("报修的日期"),
    "request_date": _("提出要求的日期"),
    "rescission_condition": _("符合解除合同的条件"),
    "return_freight": _("退货的运费"),
    "same_fault_repairs": _("同一故障修过几次"),
    "same_model_in_stock": _("有同型号的商品"),
    "seller_service_fees": _("销售者收的服务费"),
    "serious_distress": _("造成严重精神损害"),
    "serious_safety_repairs": _("严重安全故障修过几次"),
    "single_repair_days": _("单次修理的天数"),
    "state_rule": _("国家有三包规定"),
    "total_days": _("总天数"),
    "total_repair_days": _("累计修理的天数"),
    "transport": _("交通费"),
    "unsuitable_by_nature": _("性质不宜退货"),
    "urban_consumption": _("城镇居民人均消费支出（年）"),
    "urban_disposable_income": _("城镇居民人均可支配收入（年）"),
    "used": _("用过几次"),
    "wait_for_parts_days": _("等配件的天数"),
}
OWN_LABELS: dict[tuple[str, str], Any] = {
    ("car", "days"): _("交车以后几天"),
    ("prepaid", "days"): _("计息几天"),
}
HINTS: dict[str, Any] = {
    "annual_rate": _("写成小数，例如 0.03"),
    "claimant_fault": _("写成小数，例如 0.3"),
    "coefficient": _("写成小数，例如 0.1"),
    "capacity_loss": _("写成小数，例如 0.5"),
    "daily_depreciation": _("写成小数，例如 0.0005"),
    "daily_rate": _("写成小数，例如 0.0005"),
    "losses": _("损失清单里核定的；上面按天数算过的不要重复"),
    "n": _("不超过 0.005"),
    "dependants": _("年龄/扶养人数，例如 10/2；多人用分号隔开"),
    "distress_approved": _("由审批人决定，规则不会算"),
}
_REMEDIES = [("return", _("退货")), ("replace", _("换新")), ("repair", _("维修"))]
CHOICES: dict[tuple[str, str], list[tuple[str, Any]]] = {
    ("return", "channel"): [
        *[("online", _("网络")), ("live_stream", _("直播")), ("tv", _("电视"))],
        *[("phone", _("电话")), ("mail", _("邮购")), ("in_store", _("门店"))],
    ],
    ("return", "reason"): [("no_reason", _("无理由")), ("quality", _("质量问题"))],
    ("return", "excluded_category"): [
        ("custom_made", _("定作的商品")),
        ("perishable", _("鲜活易腐的商品")),
        ("digital", _("下载或拆封的音像、软件")),
        ("newspaper", _("交付的报纸、期刊")),
    ],
    ("warranty", "regime"): [("CN-1995", _("国家规定")), ("CN-ZJ", _("浙江规定"))],
    ("warranty", "consumer_wants"): _REMEDIES,
    ("car", "failure"): [
        ("steering", _("转向系统失效")),
        ("brake_failure", _("制动系统失效")),
        ("body_crack", _("车身开裂")),
        ("fuel_leak", _("燃油泄漏")),
        ("battery_fire", _("动力电池起火")),
        ("other", _("其他故障")),
    ],
    ("car", "needs_replacement"): [
        ("engine_main_part", _("发动机或其主要零件")),
        ("gearbox_main_part", _("变速器或其主要零件")),
        ("traction_battery", _("动力电池")),
        ("drive_motor", _("驱动电机")),
        ("other", _("其他零件")),
    ],
    ("car", "ground"): [
        ("art22", _("第二十二条：七日内")),
        ("art23", _("第二十三条：六十日内严重安全故障")),
        ("art24", _("第二十四条：三包有效期内多次修理")),
    ],
    ("prepaid", "cause"): [("operator", _("经营者")), ("consumer", _("消费者"))],
    ("contract", "breaching_party"): [("payer", _("付定金的一方")), ("payee", _("收定金的一方"))],
}
