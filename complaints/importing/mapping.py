"""Which column of a file is what of a complaint: guessed from its header, checked, and applied."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from complaints.importing.dates import DateEvidence, read_date, read_moment
from complaints.importing.meanings import SourceComplaint, odd_dates
from complaints.importing.records import Record
from complaints.importing.refusals import BadRecord, FileRefused
from documents.text import clean_text

LONGEST_STORY = 20_000
MOST_AMOUNT = Decimal("999999999999.99")


@dataclass(frozen=True)
class Target:
    """What a column can become: its label, the headers it is known by, how long it may be."""

    label: Any
    known_as: tuple[str, ...]
    limit: int = 120


TARGETS: dict[str, Target] = {
    "external_ref": Target(
        gettext_lazy("外部编号（必填）"),
        (
            "外部编号",
            "投诉编号",
            "编号",
            "工单号",
            "id",
            "complaint id",
            "external ref",
            "reference",
            "number",
            "case id",
            "ticket",
        ),
        80,
    ),
    "description": Target(
        gettext_lazy("经过（必填）"),
        (
            "经过",
            "投诉内容",
            "内容",
            "描述",
            "问题描述",
            "详情",
            "description",
            "narrative",
            "complaint",
            "text",
            "details",
            "summary",
            "content",
        ),
        LONGEST_STORY,
    ),
    "received_at": Target(
        gettext_lazy("收到时间"),
        (
            "收到时间",
            "收到日期",
            "投诉时间",
            "投诉日期",
            "提交时间",
            "日期",
            "时间",
            "received",
            "received at",
            "date received",
            "date",
            "created",
            "created at",
            "submitted",
        ),
    ),
    "title": Target(gettext_lazy("标题"), ("标题", "主题", "title", "subject", "headline")),
    "name": Target(
        gettext_lazy("消费者姓名"),
        (
            "姓名",
            "消费者",
            "投诉人",
            "联系人",
            "客户",
            "name",
            "customer",
            "consumer",
            "complainant",
        ),
        60,
    ),
    "phone": Target(
        gettext_lazy("电话"),
        ("电话", "手机", "手机号", "联系电话", "phone", "mobile", "telephone", "tel"),
        40,
    ),
    "email": Target(gettext_lazy("邮箱"), ("邮箱", "电子邮件", "email", "e-mail", "mail"), 200),
    "product_text": Target(
        gettext_lazy("商品"), ("商品", "产品", "商品名称", "product", "item", "goods", "model")
    ),
    "order_number": Target(
        gettext_lazy("订单号"),
        ("订单号", "订单编号", "订单", "order", "order number", "order id"),
        60,
    ),
    "serial_number": Target(
        gettext_lazy("序列号"), ("序列号", "机身号", "serial", "serial number", "vin"), 60
    ),
    "amount_paid": Target(
        gettext_lazy("实付金额"), ("金额", "实付金额", "价格", "amount", "price", "paid"), 40
    ),
    "purchased_on": Target(
        gettext_lazy("购买日期"),
        ("购买日期", "下单时间", "purchased", "purchase date", "order date"),
    ),
    "occurred_on": Target(
        gettext_lazy("发生日期"),
        ("发生日期", "发生时间", "occurred", "incident date", "event date"),
    ),
    "wished_detail": Target(
        gettext_lazy("诉求"),
        ("诉求", "要求", "投诉要求", "demand", "demands", "wish", "request"),
        1000,
    ),
    "respondent": Target(
        gettext_lazy("被投诉方"),
        ("被投诉方", "商家", "被投诉对象", "respondent", "company", "merchant"),
        160,
    ),
    "region": Target(gettext_lazy("地区"), ("地区", "城市", "省份", "region", "city", "state"), 60),
    "deadline": Target(
        gettext_lazy("对方要求的期限"),
        ("期限", "截止时间", "回复期限", "deadline", "due", "due date"),
    ),
}
_KEPT = (
    "external_ref",
    "description",
    "name",
    "phone",
    "email",
    "product_text",
    "order_number",
    "serial_number",
    "wished_detail",
    "respondent",
    "region",
)
REQUIRED = ("external_ref", "description")
DATES = ("received_at", "purchased_on", "occurred_on", "deadline")
_SIGNS = re.compile(r"[\s_\-.:：/()（）]+")


def guessed(columns: Sequence[str]) -> dict[str, str]:
    """Return, for columns whose header is known, what they are; each target once."""
    known = {_plain(name): key for key, target in TARGETS.items() for name in target.known_as}
    known |= {_plain(key): key for key in TARGETS}
    found: dict[str, str] = {}
    for column in columns:
        target = known.get(_plain(column))
        if target and target not in found.values():
            found[column] = target
    return found


def _plain(name: str) -> str:
    return _SIGNS.sub("", name).casefold()


def check_mapping(mapping: Mapping[str, str], columns: Sequence[str]) -> None:
    """Raise FileRefused for columns that the file has not, targets unknown, twice or missing."""
    comma = pgettext("list separator", "、")
    absent = [column for column in mapping if column not in columns]
    if absent:
        raise FileRefused(
            _("对应关系里有文件没有的列：%(absent)s。文件里的列是：%(columns)s。")
            % {"absent": comma.join(absent), "columns": comma.join(columns)}
        )
    unknown = [target for target in mapping.values() if target not in TARGETS]
    if unknown:
        raise FileRefused(_("没有这样的内容：%(names)s。") % {"names": comma.join(unknown)})
    twice = {target for target in mapping.values() if list(mapping.values()).count(target) > 1}
    if twice:
        names = comma.join(str(TARGETS[target].label) for target in sorted(twice))
        raise FileRefused(_("有两列对应同一项：%(names)s。") % {"names": names})
    missing = [target for target in REQUIRED if target not in mapping.values()]
    if missing:
        names = comma.join(str(TARGETS[target].label) for target in missing)
        raise FileRefused(_("还没有指定哪一列是：%(names)s。") % {"names": names})


def date_columns(mapping: Mapping[str, str]) -> list[str]:
    """Return the columns that hold dates."""
    return [column for column, target in mapping.items() if target in DATES]


def decided_format(evidence: DateEvidence) -> str:
    """Return how the dates are written. Raises FileRefused, asking for a choice."""
    try:
        return evidence.decide()
    except FileRefused as refusal:
        raise FileRefused(
            _("看不出日期的写法，请选择「年月日」「月日年」或「日月年」。")
        ) from refusal


@dataclass(frozen=True)
class Reading:
    """How a file's rows are read: its mapping and dates, and what holds for all of them."""

    mapping: Mapping[str, str]
    date_format: str
    channel: str
    language: str
    zone: tzinfo
    now: datetime

    def read(self, record: Record) -> SourceComplaint:
        """Return what a row says. Raises BadRecord with the first thing that is wrong."""
        if record.problem:
            raise BadRecord(record.problem)
        given = {target: record.cells.get(column, "") for column, target in self.mapping.items()}
        texts = {target: self._text(target, given.get(target, "")) for target in TARGETS}
        for target in REQUIRED:
            if not texts[target]:
                label = TARGETS[target].label
                raise BadRecord(_("「%(column)s」是空的。") % {"column": label})
        received = self._moment("received_at", texts)
        occurred = self._day("occurred_on", texts)
        kept: dict[str, Any] = {name: texts[name] for name in _KEPT}
        return SourceComplaint(
            **kept,
            title=texts["title"] or texts["description"].split("\n")[0][:40],
            received_at=received,
            occurred_on=occurred,
            purchased_on=self._day("purchased_on", texts),
            deadline=self._moment("deadline", texts),
            amount_paid=_amount(texts["amount_paid"]),
            channel=self.channel,
            language=self.language,
            currency="CNY",
            digest=_digest(texts),
            flags=tuple(odd_dates(self.now, received=received, occurred=occurred)),
        )

    def _text(self, target: str, text: str) -> str:
        cleaned = clean_text(text).strip()
        if target != "description":
            cleaned = " ".join(cleaned.split())
        if len(cleaned) > TARGETS[target].limit:
            raise BadRecord(
                _("「%(column)s」太长，最多 %(most)d 字。")
                % {"column": TARGETS[target].label, "most": TARGETS[target].limit}
            )
        return cleaned

    def _moment(self, target: str, texts: Mapping[str, str]) -> datetime | None:
        if not texts[target]:
            return None
        try:
            return read_moment(texts[target], self.date_format, self.zone)
        except ValueError as error:
            raise _wrong(target, texts[target]) from error

    def _day(self, target: str, texts: Mapping[str, str]) -> Any:
        if not texts[target]:
            return None
        try:
            return read_date(texts[target], self.date_format)
        except ValueError as error:
            raise _wrong(target, texts[target]) from error


def _amount(text: str) -> Decimal | None:
    plain = text.replace(",", "").replace("，", "").strip("¥￥元 ")
    if not plain:
        return None
    try:
        amount = Decimal(plain)
    except InvalidOperation as error:
        raise _wrong("amount_paid", text) from error
    if not (amount.is_finite() and 0 <= amount <= MOST_AMOUNT):
        raise _wrong("amount_paid", text)
    return amount.quantize(Decimal("0.01"))


def _wrong(target: str, text: str) -> BadRecord:
    return BadRecord(
        _("「%(column)s」的内容看不懂：%(value)s")
        % {"column": TARGETS[target].label, "value": text[:40]}
    )


def _digest(texts: Mapping[str, str]) -> str:
    raw = json.dumps(texts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(raw.encode()).hexdigest()
