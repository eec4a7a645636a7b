"""What members of staff type into the longer forms."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image


def local_input(moment: Any) -> str:
    """A moment as a person types it into a field for date and time."""
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def day_input(moment: Any) -> str:
    """A moment's day as a person types it into a field for a date."""
    return f"{timezone.localtime(moment):%Y-%m-%d}"


def receipt() -> SimpleUploadedFile:
    """A photograph of a bank's receipt."""
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(stream, "JPEG")
    return SimpleUploadedFile("回单.jpg", stream.getvalue(), "image/jpeg")


def refund_answers(prefix: str, amount: str) -> dict[str, Any]:
    return {
        f"{prefix}-kind": "refund",
        f"{prefix}-title": "全额退款",
        f"{prefix}-arrival_text": "签署后 3 个工作日内原路退回",
        f"{prefix}-performance_days": "3",
        f"{prefix}-lines-0-kind": "refund",
        f"{prefix}-lines-0-description": "退还货款",
        f"{prefix}-lines-0-amount": amount,
        f"{prefix}-lines-0-legal_basis": "消费者权益保护法第五十二条",
    }


def new_kettle_answers(prefix: str, amount: str) -> dict[str, Any]:
    return {
        f"{prefix}-kind": "replacement",
        f"{prefix}-title": "换新并补偿运费",
        f"{prefix}-arrival_text": "签署后 5 个工作日内寄出",
        f"{prefix}-performance_days": "5",
        f"{prefix}-legal_minimum": "38.00",
        f"{prefix}-lines-0-kind": "replace",
        f"{prefix}-lines-0-description": "同款新机",
        f"{prefix}-lines-0-amount": amount,
        f"{prefix}-lines-0-unit": "台",
        f"{prefix}-lines-1-kind": "loss",
        f"{prefix}-lines-1-description": "寄回运费",
        f"{prefix}-lines-1-amount": "38.00",
        f"{prefix}-lines-1-legal_basis": "消费者权益保护法第五十二条",
    }


def distress(prefix: str, amount: str) -> dict[str, Any]:
    """A line that only an approver may promise, whatever the amount."""
    return {
        f"{prefix}-lines-1-kind": "distress",
        f"{prefix}-lines-1-description": "精神损害抚慰金",
        f"{prefix}-lines-1-amount": amount,
        f"{prefix}-lines-1-legal_basis": "民法典第一千一百八十三条",
    }
