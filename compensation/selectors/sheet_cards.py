"""A sheet as people read it: lines with article and reckoning, what was left out and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from compensation.models import EntitlementSheet
from compensation.regions import Region
from compensation.rules.book import Source
from compensation.selectors.sheet_words import answers_of
from compensation.states import LineKind

BLOCKS: dict[str, Any] = {
    "R01": _("购买的那天，这条规定还没有施行"),
    "R07": _("只是食品标签的瑕疵，不影响安全，也不会误导"),
    "R22": _("出售的人不是经营者"),
    "R24": _("只是标签的瑕疵，不影响质量，也不会误导"),
    "R25": _("索赔的事实需要人工核实"),
    "operator_knew=false": _("没有认定经营者明知"),
    "food_unsafe=false": _("没有认定食品不符合安全标准"),
    "consumption_purpose=business": _("购买不是为了生活消费"),
}
FINDING_WORDS: dict[str, Any] = {
    "fraud_found": _("欺诈"),
    "food_unsafe": _("食品不符合安全标准"),
    "drug_fake_or_inferior": _("假药或者劣药"),
    "operator_knew": _("经营者明知"),
    "label_only_defect": _("只是标签、说明书的瑕疵"),
    "claimant_fabricated": _("索赔的事实是编造的"),
    "serious_distress": _("造成严重精神损害"),
}
NAMES: dict[str, Any] = {
    "P": _("P 价款"),
    "L": _("L 损失"),
    "refunded": _("已退"),
    "paid": _("已付"),
    "promise": _("承诺倍数"),
    "decided": _("审批人决定"),
    "fault": _("自身过错"),
    "share": _("责任比例"),
    "years": _("计算年限"),
    "funeral_months": _("月数"),
    "lost_days": _("误工天数"),
    "daily_income_lost": _("每天的收入"),
    "hospital_days": _("住院天数"),
    "meal_rate": _("每天的伙食补助"),
    "nursing_days": _("护理天数"),
    "nursing_rate": _("每天的护理费"),
    "nursing_persons": _("护理人数"),
    "nursing_years": _("护理几年"),
    "annual_nursing": _("每年的护理费"),
    "urban_disposable_income": _("人均可支配收入"),
    "urban_consumption": _("人均消费支出"),
    "monthly_wage": _("职工月平均工资"),
    "coefficient": _("伤残赔偿系数"),
    "capacity_loss": _("丧失劳动能力的程度"),
}
ITEMS: dict[str, Any] = {
    "medical": _("医疗费"),
    "transport": _("就医交通"),
    "nutrition": _("营养费"),
    "lost_earnings": _("误工费"),
    "hospital_meals": _("住院伙食补助"),
    "nursing": _("护理费"),
    "disability": _("残疾赔偿金"),
    "death": _("死亡赔偿金"),
    "funeral": _("丧葬费"),
    "dependants_living": _("被扶养人生活费"),
    "product_value": _("商品本身的损失"),
    "other_property": _("其他财产损失"),
}
"""What the items of an injury are called; their lines bear the item's name as formula."""
SOURCE = "source_"


@dataclass(frozen=True)
class SheetLineShown:
    """A line: what, by which article, reckoned how."""

    label: Any
    title: str
    article: str
    gist: str
    formula: str
    inputs: Sequence[tuple[Any, str]]
    amount: Decimal
    unchecked: bool


@dataclass(frozen=True)
class SheetShown:
    """A sheet; `others` are heads that the chosen one excludes."""

    row: EntitlementSheet
    lines: Sequence[SheetLineShown]
    others: Sequence[SheetLineShown]
    blocked: Any
    on_request: Decimal | None
    findings: Sequence[Any]
    answers: Sequence[tuple[Any, str]]
    unchecked: Sequence[str]


def shown_sheet(sheet: EntitlementSheet | None) -> SheetShown | None:
    """Return a sheet ready to be read, or None where there is none."""
    if sheet is None:
        return None
    block = sheet.result.get("blocked_by", "")
    asked = sheet.result.get("available_on_request")
    return SheetShown(
        row=sheet,
        lines=[_line(line) for line in sheet.lines],
        others=[_line(line) for line in sheet.other_heads],
        blocked=BLOCKS.get(block, block),
        on_request=None if asked is None else Decimal(asked),
        findings=[FINDING_WORDS.get(name, name) for name in sheet.findings],
        answers=answers_of(sheet.result) if sheet.kind != "compensation" else [],
        unchecked=sheet.result.get("source_not_checked", ()),
    )


def _line(line: dict[str, Any]) -> SheetLineShown:
    amount = Decimal(line["amount"])
    kind = LineKind(line["kind"])
    return SheetLineShown(
        label=item_words(line) or kind.label,
        title=line["title"],
        article=line["article"],
        gist=line["gist"],
        formula=ITEMS.get(line["formula"], line["formula"]),
        inputs=[_input(name, value) for name, value in line["inputs"].items()],
        amount=-abs(amount) if kind == LineKind.CREDIT else amount,
        unchecked=line["source"] == Source.UNVERIFIED,
    )


def item_words(line: Mapping[str, Any]) -> Any:
    """Return what an item of an injury is called, or "" for a line that is none."""
    return ITEMS.get(str(line["formula"]), "") if line["kind"] == LineKind.LOSS else ""


def _input(name: str, value: str) -> tuple[Any, str]:
    """Return an input in words; a source begins with its region's code."""
    if not name.startswith(SOURCE):
        return NAMES.get(name, ITEMS.get(name, name)), value
    code, _space, rest = value.partition(" ")
    region = Region(code).label if code in Region.values else code
    return _("数据来源"), f"{region} {rest}"
