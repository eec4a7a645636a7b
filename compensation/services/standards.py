"""Writing a row of the company's table: drafted by one person, published for good by another."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from compensation.models import StandardItem
from compensation.selectors.standards import versions_of
from compensation.states import Layer, LineKind, OptionKind
from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged, StepForbidden
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.policies import working_calendar

LARGEST = Decimal(10_000_000)
NOT_A_STANDARD = frozenset({LineKind.REFUND, LineKind.CREDIT, LineKind.GOODWILL})


@dataclass(frozen=True)
class StandardData:
    """A row's next version."""

    title: str
    title_en: str
    line_kind: str
    effective_from: date
    reason: str
    layer: str = Layer.STANDARD
    option_kind: str = ""
    severity: str = ""
    category: str = ""
    tier: str = ""
    amount: Decimal | None = None
    share: Decimal | None = None
    most: Decimal | None = None
    quantity: int = 1
    unit: str = ""
    market_low: Decimal | None = None
    market_high: Decimal | None = None
    market_source: str = ""
    market_link: str = ""
    market_document: str = ""
    market_on: date | None = None
    active: bool = True


def _manager(by: Actor) -> User:
    if by.user is None or not has_permission(by, Permission.MANAGE_POLICIES):
        raise StepForbidden(_("你的角色不能修改公司补偿标准。"))
    return by.user


@transaction.atomic
def save_standard(code: str, *, by: Actor, new: StandardData) -> StandardItem:
    """Write the draft of a row's next version; there is one at most. A new code begins a row.

    Raises CaseError naming the field for what can't be, StepForbidden without the right.
    """
    user = _manager(by)
    if not code or slugify(code) != code or len(code) > 40:
        raise CaseError(_("代码用小写字母、数字和短横线。"), field="code")
    _check(new)
    row = StandardItem.objects.select_for_update().filter(code=code, published_at=None).first()
    if row is None:
        published = versions_of(code)
        row = StandardItem(code=code, version=published[0].version + 1 if published else 1)
    for name, value in asdict(new).items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.created_by, row.created_at = user, now()
    row.save()
    return row


def _check(new: StandardData) -> None:
    if not new.title.strip() or not new.title_en.strip():
        raise CaseError(_("请填写中文和英文名称。"), field="title")
    if new.line_kind not in LineKind.values or new.line_kind in NOT_A_STANDARD:
        raise CaseError(_("退款、抵扣和善意补偿不写进标准。"), field="line_kind")
    if new.option_kind and new.option_kind not in OptionKind.values:
        raise CaseError(_("请选一项"), field="option_kind")
    if (new.layer == Layer.TIER_EXTRA) != bool(new.tier):
        raise CaseError(_("客户等级加成要选客户类型；公司标准对所有人一样。"), field="tier")
    if not new.reason.strip():
        raise CaseError(_("请写明修改的理由。"), field="reason")
    _check_amounts(new)
    _check_market(new)


def _check_amounts(new: StandardData) -> None:
    if (new.amount is None) == (new.share is None):
        raise CaseError(_("固定金额和比例填一项。"), field="amount")
    if new.share is not None and not (new.share.is_finite() and 0 < new.share <= 1):
        raise CaseError(_("比例要大于 0，不超过 100%。"), field="share")
    if new.most is not None and new.amount is not None:
        raise CaseError(_("固定金额不用填最高金额。"), field="most")
    for name in ("amount", "most", "market_low", "market_high"):
        value = getattr(new, name)
        if value is not None and not (value.is_finite() and 0 <= value <= LARGEST):
            raise CaseError(_("金额不能小于 0，也不能太大。"), field=name)
    if new.most is not None and new.most == 0:
        raise CaseError(_("最高金额要大于 0。"), field="most")
    if not 1 <= new.quantity <= 1_000_000:
        raise CaseError(_("数量至少是 1。"), field="quantity")


def _check_market(new: StandardData) -> None:
    low, high = new.market_low, new.market_high
    if low is None and high is None:
        if new.market_source.strip() or new.market_link.strip() or new.market_document.strip():
            raise CaseError(_("写了市场参考的来源，也要填低和高。"), field="market_low")
        return
    if low is None or high is None or low > high:
        raise CaseError(_("市场参考要填低和高，低的不超过高的。"), field="market_high")
    if not new.market_source.strip() or new.market_on is None:
        raise CaseError(_("请写明市场参考的来源和查看日期。"), field="market_source")
    if new.market_on > working_calendar().local_date(now()):
        raise CaseError(_("查看日期不能在今天之后。"), field="market_on")
    if not new.market_link.strip() and not new.market_document.strip():
        raise CaseError(_("请写明在哪里能看到：网址，或者哪一份文件。"), field="market_link")


def standard_mark(row: StandardItem) -> str:
    """Return what names this wording of a draft, so that only what was seen gets published."""
    return f"{row.pk}-{row.created_at:%Y%m%d%H%M%S%f}"


def _seen_draft(code: str, mark: str) -> StandardItem:
    row = StandardItem.objects.select_for_update().filter(code=code, published_at=None).first()
    if row is None or standard_mark(row) != mark:
        raise DraftChanged(_("草稿有变化，请再看一次。"))
    return row


@transaction.atomic
def publish_standard(code: str, *, by: Actor, mark: str) -> StandardItem:
    """Publish the draft that was seen. Raises StepForbidden for one's own, DraftChanged."""
    user = _manager(by)
    row = _seen_draft(code, mark)
    if row.created_by_id == user.pk:
        raise StepForbidden(_("自己拟定的标准要由另一位同事发布。"))
    row.published_by, row.published_at = user, now()
    row.save(update_fields=["published_by", "published_at"])
    return row


@transaction.atomic
def discard_standard(code: str, *, by: Actor, mark: str) -> None:
    """Throw the draft away. Raises DraftChanged for another wording than was seen."""
    _manager(by)
    _seen_draft(code, mark).delete()
