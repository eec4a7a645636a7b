"""Complaints of the consumer forum 黑猫投诉."""

from __future__ import annotations

import re
from typing import TypeVar

from django.utils.translation import gettext as _

from complaints.importing.meanings import Row, Source, SourceComplaint, odd_dates
from complaints.importing.refusals import BadRecord
from complaints.states import Category, Channel, Issue, Remedy

T = TypeVar("T")
_NUMBER = re.compile(r"/complaint/view/(\d{1,20})(?:[/?#]|$)")
_REMEDIES = (
    (("退款", "退费", "退还", "退息", "退会员费", "退货"), Remedy.REFUND),
    (("换货", "更换"), Remedy.REPLACE),
    (("维修", "修理"), Remedy.REPAIR),
    (("赔偿", "补偿"), Remedy.COMPENSATION),
    (("道歉",), Remedy.APOLOGY),
)
_MEANINGS = (
    (("虚假宣传", "虚假广告", "夸大"), (Category.ADVERTISING, Issue.FALSE_AD)),
    (("泄露", "个人信息", "隐私"), (Category.PRIVACY, Issue.DATA_MISUSE)),
    (("担保费", "会员费", "乱收费", "利息", "年化"), (Category.PRICE, Issue.HIDDEN_FEE)),
    (("拒绝退款", "不退款", "不予退款"), (Category.AFTER_SALE, Issue.REFUND_REFUSED)),
    (("态度", "辱骂"), (Category.SERVICE, Issue.ATTITUDE)),
)


def read_row(row: Row) -> SourceComplaint:
    """Return what a row says. Raises BadRecord for a row without usable address or date."""
    received, summary, demands = (
        row.required_moment("date"),
        row.required("summary"),
        row.text("demands"),
    )
    number = _NUMBER.search(row.required("href"))
    if number is None:
        raise BadRecord(_("「href」里没有投诉编号。"))
    category, issue = _first(_MEANINGS, summary, ("", ""))
    return SourceComplaint(
        external_ref=number[1],
        title=row.text("title", limit=120) or summary[:40],
        description=summary,
        received_at=received,
        digest=row.digest(),
        channel=Channel.CONSUMER_FORUM,
        language="zh-hans",
        currency="CNY",
        category=category,
        issue=issue,
        wished_remedy=_first(_REMEDIES, demands, Remedy.OTHER if demands else ""),
        wished_detail=demands,
        respondent=row.text("object", limit=160),
        flags=tuple(odd_dates(row.now, received=received)),
    )


def _first(table: tuple[tuple[tuple[str, ...], T], ...], text: str, default: T) -> T:
    for words, meaning in table:
        if any(word in text for word in words):
            return meaning
    return default


HEIMAO = Source(
    name="heimao",
    layouts=(("date", "title", "summary", "object", "demands", "href"),),
    date_columns=("date",),
    read=read_row,
)
