"""What browsers send to the pages of this app."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from agreements.days import today
from reviews.models import Review


def blank_rows(prefix: str, count: int = 4) -> dict[str, str]:
    """The management fields of a set of rows that were left blank."""
    return {f"{prefix}-TOTAL_FORMS": str(count), f"{prefix}-INITIAL_FORMS": "0"}


def decision_post(review: Review, decision: str = "uphold", **fields: Any) -> dict[str, Any]:
    """A whole decision; a substitution also says what is found instead."""
    post = {
        "decision": decision,
        "reasons": "视频和检测结论不矛盾。",
        "outcome_text": "维持原来的决定。",
        **{f"ground_{row.pk}": "理由不成立。" for row in review.grounds.all()},
        **blank_rows("outward"),
        **blank_rows("inward"),
    }
    for row in range(4):
        post[f"outward-{row}-kind"] = "several"
    return post | fields


def seller_bears_all(**fields: Any) -> dict[str, Any]:
    """A finding that the seller bears all of it."""
    return {
        "outcome": "liable",
        "reasons_consumer": "视频说明是底座缺陷。",
        "outward-0-party": "seller",
        "outward-0-share": "100",
        "outward-0-kind": "several",
        "outward-0-ground": "消费者权益保护法第五十二条",
        **fields,
    }


def terms_post(**fields: Any) -> dict[str, Any]:
    """One line of money, and the payment of it in ten days."""
    post = {
        "name": "周小华",
        "findings": "双方确认水壶底座有缺陷。",
        "liability": "公司承担责任。",
        "method": "原路退回",
        "gives_up": "无",
        "minimum_waiver": "",
        **blank_rows("lines", 2),
        **blank_rows("duties", 2),
        "lines-0-label": "退款和补偿",
        "lines-0-amount": "320.00",
        "lines-0-basis": "双方协商",
        "duties-0-kind": "payment",
        "duties-0-description": "支付补偿款",
        "duties-0-amount": "320.00",
        "duties-0-due_on": (today() + timedelta(days=10)).isoformat(),
    }
    for row in range(2):
        post[f"duties-{row}-debtor"] = "company"
    return post | fields
