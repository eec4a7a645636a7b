"""Who has to prove what, by date and category. Pure: facts in, rules with their articles out.

Sources: 消费者权益保护法 art 23(3); 民法典 arts 1202-1203 and 产品质量法 art 41(2);
个人信息保护法 art 69; 电子商务法 art 62; 民事诉讼法 art 67; 预付式消费解释 art 25.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

SIX_MONTHS = 6
OPERATOR, PRODUCER, CLAIMANT = "operator", "producer", "claimant"
FLAW_IN_SIX_MONTHS = "flaw_in_six_months"
PRODUCT_DEFENCES = "product_defences"
PERSONAL_DATA = "personal_data"
PREPAID_RECORDS = "prepaid_records"
ONLINE_RECORDS = "online_records"
WHO_CLAIMS_PROVES = "who_claims_proves"
ARTICLES = {
    FLAW_IN_SIX_MONTHS: "《消费者权益保护法》第二十三条第三款",
    PRODUCT_DEFENCES: "《产品质量法》第四十一条第二款，《民法典》第一千二百零二条",
    PERSONAL_DATA: "《个人信息保护法》第六十九条第一款",
    PREPAID_RECORDS: "《预付式消费民事纠纷解释》第二十五条",
    ONLINE_RECORDS: "《电子商务法》第六十二条",
    WHO_CLAIMS_PROVES: "《民事诉讼法》第六十七条第一款",
}
BEARERS = {
    FLAW_IN_SIX_MONTHS: OPERATOR,
    PRODUCT_DEFENCES: PRODUCER,
    PERSONAL_DATA: OPERATOR,
    PREPAID_RECORDS: OPERATOR,
    ONLINE_RECORDS: OPERATOR,
    WHO_CLAIMS_PROVES: CLAIMANT,
}
DURABLE = (
    "汽车", "机动车", "计算机", "电脑", "笔记本", "平板", "手机", "电视", "冰箱", "空调", "洗衣机",
    "电器", "家电", "数码", "相机", "家具", "耐用", "扫地机", "机器人", "净水", "水壶", "电饭",
    "appliance", "computer", "laptop", "phone", "television", "fridge", "refrigerator",
    "washing machine", "air conditioner", "vehicle", "car ", "furniture", "durable",
)  # fmt: skip
"""Words of product categories that are durable goods; art 23(3) lists examples, not all."""
DECORATION = ("装修", "装饰", "decoration", "renovation")
ONLINE = frozenset({"ecommerce_platform"})


@dataclass(frozen=True)
class BurdenFacts:
    """What the rules ask of a case. Days are local; None is unknown."""

    category: str = ""
    issue: str = ""
    product_kind: str = ""
    channel: str = ""
    received_on: date | None = None
    flaw_on: date | None = None
    endangers: bool = False


@dataclass(frozen=True)
class Burden:
    """One rule that counts: who has to prove, by which article, and up to which day it reaches."""

    rule: str
    bearer: str
    article: str
    until: date | None = None


def burdens(facts: BurdenFacts) -> list[Burden]:
    """Return the rules that count for a case, the special ones first, the general one last."""
    found = []
    until = last_flaw_day(facts)
    if until is not None and facts.flaw_on is not None and facts.flaw_on <= until:
        found.append(_burden(FLAW_IN_SIX_MONTHS, until))
    if facts.category == "QUALITY" and (facts.endangers or facts.issue == "SAFETY"):
        found.append(_burden(PRODUCT_DEFENCES))
    if facts.category == "PRIVACY":
        found.append(_burden(PERSONAL_DATA))
    if facts.category == "PREPAID":
        found.append(_burden(PREPAID_RECORDS))
    if facts.channel in ONLINE:
        found.append(_burden(ONLINE_RECORDS))
    return [*found, _burden(WHO_CLAIMS_PROVES)]


def last_flaw_day(facts: BurdenFacts) -> date | None:
    """Return the last day on which a flaw found makes the operator prove; None where it never does.

    Only durable goods and decoration, and only from the day of receipt to six months later.
    """
    reached = is_durable(facts.product_kind) or is_decoration(facts.product_kind)
    if not reached or facts.received_on is None or facts.category not in ("QUALITY", "AFTER_SALE"):
        return None
    if facts.flaw_on is not None and facts.flaw_on < facts.received_on:
        return None
    return months_later(facts.received_on, SIX_MONTHS)


def is_durable(product_kind: str) -> bool:
    """Say whether a product category names durable goods."""
    return _names(product_kind, DURABLE)


def is_decoration(product_kind: str) -> bool:
    """Say whether a product category names decoration or renovation."""
    return _names(product_kind, DECORATION)


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or that month's last day (民法典 art 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _names(product_kind: str, words: tuple[str, ...]) -> bool:
    told = f"{product_kind.casefold()} "
    return any(word in told for word in words)


def _burden(rule: str, until: date | None = None) -> Burden:
    return Burden(rule=rule, bearer=BEARERS[rule], article=ARTICLES[rule], until=until)
