"""What each kind of customer is entitled to, over what everybody gets.

A kind only adds: what several kinds give is the union, and nobody has less than everybody has.
Amounts that the law gives are no matter of kinds at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from complaints.customer_states import CustomerKind
from complaints.states import CustomerTier

FOR_EVERYBODY = frozenset({"statutory", "time_limits", "review"})
ADDED: dict[str, frozenset[str]] = {
    CustomerKind.NEW: frozenset({"guided_call"}),
    CustomerKind.LONG_TERM: frozenset({"same_person", "goodwill"}),
    CustomerKind.VULNERABLE: frozenset({"named_person", "visit", "companion", "plain_words"}),
    CustomerKind.BUSINESS: frozenset({"account_contact", "company_invoice"}),
}
WORDS = {
    "statutory": _("法律规定的全部赔偿"),
    "time_limits": _("公开的处理时限"),
    "review": _("申请复议、调解的权利"),
    "guided_call": _("第一次投诉，由专人打电话说明流程"),
    "same_person": _("尽量由处理过的同事继续负责"),
    "goodwill": _("可以在法定赔偿之外加送延保或服务"),
    "named_person": _("指定专人负责，全程同一个人联系"),
    "visit": _("不方便出门的，上门处理"),
    "companion": _("可以由家人陪同或代为沟通"),
    "plain_words": _("用简单的话说明，需要时念给本人听"),
    "account_contact": _("固定的企业对接人"),
    "company_invoice": _("对公付款和开票"),
}


def entitlements(kinds: Iterable[str]) -> frozenset[str]:
    """Return what a customer of these kinds is entitled to."""
    return FOR_EVERYBODY.union(*(ADDED[kind] for kind in kinds))


def tier_of(kinds: Iterable[str]) -> str:
    """Return the tier by which the rules of time know a customer of these kinds."""
    held = set(kinds)
    for kind in (CustomerKind.BUSINESS, CustomerKind.LONG_TERM, CustomerKind.NEW):
        if kind in held:
            return CustomerTier(kind.value).value
    return CustomerTier.REGULAR.value


def kinds_of(*, tier: str, needs_care: bool) -> list[str]:
    """Return the kinds that a complainant's tier and need of care stand for."""
    kinds = [tier] if tier in CustomerKind.values else []
    return sorted([*kinds, *([CustomerKind.VULNERABLE.value] if needs_care else [])])
