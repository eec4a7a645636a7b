"""What a consumer types, step by step, and the walk through the form."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

STEPS: dict[str, dict[str, str]] = {
    "product": {"product_text": "安居 K7 电热水壶", "order_number": "A-1", "amount_paid": "1299"},
    "problem": {"category": "QUALITY", "issue_quality": "SAFETY"},
    "story": {
        "occurred_on": "2026-11-19",
        "description": "烧水时底座不加热，没有冒烟，也没有焦糊味。",
        "danger": "no",
    },
    "wish": {"wished_remedy": "refund", "wished_detail": "", "wished_amount": ""},
    "contact": {
        "name": "周小华",
        "phone": "138 1234 5678",
        "email": "zhou@example.test",
        "language": "zh-hans",
        "consent": "on",
    },
}


def post_step(client: Client, step: str, **changes: Any) -> HttpResponse:
    """Send one step."""
    answers = {**STEPS[step], **changes}
    sent = {name: value for name, value in answers.items() if value is not None}
    return client.post(reverse("intake:step", args=[step]), sent)


def fill_form(client: Client, **changes: dict[str, Any]) -> None:
    """Walk through all five steps; `changes` holds other answers a step."""
    for step in STEPS:
        response = post_step(client, step, **changes.get(step, {}))
        assert response.status_code == 303, (step, response.content.decode())


def send_form(client: Client) -> HttpResponse:
    """Press 提交投诉."""
    return client.post(reverse("intake:check"))


def picture(name: str = "底座.png", *, tint: str = "red") -> SimpleUploadedFile:
    """A small picture; of another tint, it is another file."""
    data = io.BytesIO()
    Image.new("RGB", (8, 8), tint).save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue(), "image/png")


def page_as_picture(name: str = "脚本.jpg") -> SimpleUploadedFile:
    """A page that says it is a picture."""
    return SimpleUploadedFile(name, b"<html><script>1</script></html>", "image/jpeg")
