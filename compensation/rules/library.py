"""The rules that ship: each version with its article, its first day and its figures.

`source` tells whether a figure was read in the text of the provision (text), in a reproduction or
summary (secondary), is from memory (unverified: shown as "source not checked"), or is our own
choice where the law is silent (policy).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from compensation.rules.book import RuleVersion, Source
from compensation.rules.gists import GISTS

PUNITIVE, BASE, LOSS, GATE = "punitive", "base_remedy", "loss", "gate"
PARTY, MODIFIER, CONTRACT, PROCEDURE = "party", "modifier", "contract", "procedure"
COMPLIANCE, EVIDENCE, DISCRETION, POLICY = "compliance", "evidence", "discretionary", "policy"
CIVIL_CODE = date(2021, 1, 1)
CONSUMER_LAW = date(2014, 3, 15)
BEFORE_CONSUMER_LAW = date(2014, 3, 14)


def _rule(
    rule: str,
    title: str,
    article: str,
    formula: str,
    group: str,
    since: date | None,
    *,
    until: date | None = None,
    source: Source = Source.TEXT,
    region: str = "",
    label: str = "",
    shared: Mapping[str, str] | None = None,
    **figures: str,
) -> RuleVersion:
    return RuleVersion(
        rule=rule,
        title=title,
        article=article,
        formula=formula,
        group=group,
        parameters={name: Decimal(value) for name, value in {**(shared or {}), **figures}.items()},
        effective_from=since,
        effective_to=until,
        source=source,
        region=region,
        label=label,
        gist=GISTS.get(rule, "") if until is None else "",
    )


def _punitive() -> Iterable[RuleVersion]:
    title = "欺诈：增加赔偿"
    yield _rule(
        "R01",
        title,
        "消费者权益保护法（1993）第四十九条",
        "multiple×P",
        PUNITIVE,
        date(1994, 1, 1),
        until=BEFORE_CONSUMER_LAW,
        source=Source.SECONDARY,
        label="pre-2014-03-15",
        multiple="1",
        floor="0",
    )
    yield _rule(
        "R01",
        title,
        "消费者权益保护法第五十五条第一款",
        "max(multiple×P, floor)",
        PUNITIVE,
        CONSUMER_LAW,
        multiple="3",
        floor="500",
    )
    yield _rule(
        "R02",
        "明知缺陷致人严重损害：惩罚性赔偿",
        "消费者权益保护法第五十五条第二款；民法典第一千二百零七条",
        "factor×L, factor≤most",
        PUNITIVE,
        CONSUMER_LAW,
        most="2",
    )
    food = "食品不符合安全标准：惩罚性赔偿"
    yield _rule(
        "R05",
        food,
        "食品安全法（2009）第九十六条第二款",
        "price_multiple×P",
        PUNITIVE,
        date(2009, 6, 1),
        until=date(2015, 9, 30),
        source=Source.UNVERIFIED,
        label="pre-2015-10-01",
        price_multiple="10",
        loss_multiple="0",
        floor="0",
    )
    figures = {"price_multiple": "10", "loss_multiple": "3", "floor": "1000"}
    heads = "max(price_multiple×P, loss_multiple×L, floor)"
    yield _rule(
        "R05",
        food,
        "食品安全法第一百四十八条第二款",
        heads,
        PUNITIVE,
        date(2015, 10, 1),
        shared=figures,
    )
    drug = "假药、劣药：惩罚性赔偿"
    law = "药品管理法第一百四十四条第三款"
    yield _rule("R08", drug, law, heads, PUNITIVE, date(2019, 12, 1), shared=figures)
    yield _rule(
        "R26",
        "旅行社有条件履行而拒绝：增加赔偿",
        "旅游法第七十条",
        "factor×fee, least≤factor≤most",
        PUNITIVE,
        date(2013, 10, 1),
        least="1",
        most="3",
    )


def _gates() -> Iterable[RuleVersion]:
    interpretation = date(2024, 8, 22)
    yield _rule(
        "R06",
        "知假买假：合理生活消费需要",
        "食品药品惩罚性赔偿解释第十二条至第十四条",
        "P = unit×household quantity",
        GATE,
        interpretation,
    )
    flaw = "食品标签瑕疵：不适用惩罚性赔偿"
    proviso = "食品安全法第一百四十八条第二款但书"
    start = date(2015, 10, 1)
    yield _rule("R07", flaw, proviso, "no multiple", GATE, start, until=date(2024, 8, 21))
    flaws = f"{proviso}；食品药品惩罚性赔偿解释第六条至第八条"
    yield _rule("R07", flaw, flaws, "no multiple", GATE, interpretation)
    yield _rule(
        "R24",
        "非食品标签瑕疵：不适用三倍赔偿",
        "消费者权益保护法实施条例第四十九条",
        "no multiple",
        GATE,
        date(2024, 7, 1),
        source=Source.UNVERIFIED,
    )
    claims = "食品药品惩罚性赔偿解释第十五条、第十六条；实施条例第二十七条、第四十九条"
    made_up = "编造事实的索赔：由人核实"
    yield _rule("R25", made_up, claims, "manual review", GATE, None)
    void = "民法典第五百零六条；消费者权益保护法第二十六条；网络消费纠纷规定（一）第一条"
    yield _rule("R35", "无效条款", void, "void", GATE, CIVIL_CODE)


def _remedies() -> Iterable[RuleVersion]:
    law = "消费者权益保护法第"
    yield _rule("R09", "质量问题：退换修", f"{law}二十四条", "P", BASE, CONSUMER_LAW, days="7")
    free = "七日无理由退货"
    days = {"days": "7", "refund_days": "7"}
    yield _rule("R10", free, f"{law}二十五条", "P", BASE, CONSUMER_LAW, shared=days)
    yield _rule("R11", "经认定不合格：退货", f"{law}五十四条", "P", BASE, CONSUMER_LAW)
    yield _rule(
        "R14",
        "三包（国家）",
        "部分商品修理更换退货责任规定（1995）第八条至第十七条",
        "P−P×rate×(days−repair days)",
        BASE,
        date(1995, 8, 25),
        source=Source.SECONDARY,
        return_days="7",
        exchange_days="15",
        repairs="2",
        parts_days="90",
        delay_days="30",
        period_months="12",
    )
    yield _rule(
        "R15",
        "三包（浙江）",
        "浙江省实施《消费者权益保护法》办法第二十六条",
        "P",
        BASE,
        None,
        region="CN-ZJ",
        repairs="2",
        repair_days="35",
        loan_days="5",
    )
    yield _rule(
        "R16",
        "家用汽车三包",
        "家用汽车产品修理更换退货责任规定第十八条至第二十八条、第四十条",
        "price×km÷1000×n, n≤most",
        BASE,
        date(2022, 1, 1),
        most="0.005",
        new_car_days="7",
        early_days="60",
        early_km="3000",
        months="24",
        farthest="50000",
        repair_days="30",
        same_fault="4",
        safety_repairs="2",
        replacements="2",
        single_days="5",
        answer_days="10",
        done_days="20",
    )
    prepaid = "预付式消费解释第十四条至第二十三条；消费者权益保护法第五十三条"
    figures = {"days": "7", "year_days": "365"}
    yield _rule(
        "R21", "预付式消费", prepaid, "paid−consumed", BASE, date(2025, 5, 1), shared=figures
    )
    like = "产品质量法第四十条；消费者权益保护法第四十八条、第五十二条"
    yield _rule("R28", "与描述不符", like, "P", BASE, date(1993, 9, 1))
    yield _rule(
        "R30",
        "预收款未按约定提供",
        f"{law}五十三条",
        "paid + paid×rate×days÷year_days",
        BASE,
        CONSUMER_LAW,
        year_days="365",
    )


def _losses() -> Iterable[RuleVersion]:
    product = "民法典第一千二百零二条、第一千二百零三条；产品质量法第四十一条至第四十四条"
    yield _rule("R03", "产品缺陷责任", product, "L", LOSS, CIVIL_CODE)
    yield _rule(
        "R17",
        "人身损害",
        "民法典第一千一百七十九条；人身损害赔偿解释（2022）第六条至第十七条",
        "items",
        LOSS,
        date(2022, 5, 1),
        years="20",
        from_age="60",
        late_age="75",
        late_years="5",
        adult_age="18",
        funeral_months="6",
        nursing_years="20",
    )
    recall = "民法典第一千二百零六条"
    yield _rule("R27", "召回与扩大的损害", recall, "L", LOSS, CIVIL_CODE)
    breach = "民法典第五百七十七条至第五百八十四条；消费者权益保护法第五十二条"
    yield _rule("R29", "违约损失", breach, "L", LOSS, CIVIL_CODE)
    dignity = "消费者权益保护法第五十条"
    yield _rule("R32", "人格与个人信息", dignity, "decided by an approver", LOSS, CONSUMER_LAW)
    distress = "民法典第一千一百八十三条；精神损害赔偿解释第五条"
    factors = "decided by an approver by six factors"
    yield _rule("R23", "精神损害", distress, factors, DISCRETION, CIVIL_CODE)


def _others() -> Iterable[RuleVersion]:
    payer = (
        "消费者权益保护法第四十条、第四十四条、第四十五条；"
        "民法典第一千二百零三条；电子商务法第三十八条"
    )
    yield _rule("R04", "责任主体与追偿", payer, "recourse", PARTY, CIVIL_CODE)
    operator = "网络消费纠纷规定（一）第四条、第七条、第八条、第十一条、第十二条"
    yield _rule("R22", "经营者认定", operator, "operator", PARTY, date(2022, 3, 15))
    late = "侵害消费者权益行为处罚办法第八条至第十条"
    yield _rule("R12", "故意拖延、无理拒绝", late, "days", COMPLIANCE, date(2015, 3, 15), days="15")
    proof = "消费者权益保护法第二十三条第三款"
    yield _rule("R13", "六个月内由经营者举证", proof, "months", EVIDENCE, CONSUMER_LAW, months="6")
    shares = (
        "民法典第一百七十七条、第一百七十八条、第五百九十二条、"
        "第一千一百七十二条、第一千一百七十三条"
    )
    yield _rule("R18", "责任分担与过失相抵", shares, "L×(1−fault)", MODIFIER, CIVIL_CODE)
    promise = "网络消费纠纷规定（一）第十条；食品安全民事解释（一）第八条"
    yield _rule(
        "R20", "高于法定的承诺", promise, "max(promise×P, statute)", MODIFIER, date(2022, 3, 15)
    )
    yield _rule(
        "R19",
        "违约金与定金",
        "民法典第五百八十五条至第五百八十八条；合同编通则解释第六十四条、第六十五条",
        "penalty, deposit",
        CONTRACT,
        date(2023, 12, 5),
        excessive="1.3",
        deposit_share="0.2",
    )
    limits = "民法典第一百八十八条、第一百九十二条、第一百九十五条；产品质量法第四十五条"
    yield _rule("R31", "诉讼时效", limits, "years", PROCEDURE, CIVIL_CODE)
    yield _rule("R33", "支付方式", "民法典第一千一百八十七条", "schedule", PROCEDURE, CIVIL_CODE)
    signature = "电子签名法第三条、第五条、第六条、第十三条、第十四条"
    yield _rule("R34", "可靠的电子签名", signature, "four tests", PROCEDURE, date(2019, 4, 23))
    own = Source.POLICY
    yield _rule("P01", "分级补偿", "公司补偿标准", "severity", POLICY, None, source=own)
    bands = {"second": "50", "legal": "80"}
    yield _rule(
        "S01", "索赔甄别", "公司甄别标准", "Σ points", POLICY, None, source=own, shared=bands
    )


SHIPPED: tuple[RuleVersion, ...] = (
    *_punitive(),
    *_gates(),
    *_remedies(),
    *_losses(),
    *_others(),
)
