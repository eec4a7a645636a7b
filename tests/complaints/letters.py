"""Mails as consumers, machines and mischief-makers write them."""

from __future__ import annotations

import io
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

from PIL import Image

US = "care@anju.example"
ZHOU = "zhou@example.test"
STORY = "11 月 19 日晚上烧水时，水壶底座冒出白烟并有焦糊味。\n我要求退款。"


def letter(
    text: str = STORY, *, files: list[tuple[str, bytes]] | None = None, **heads: Any
) -> bytes:
    """A mail from Zhou Xiaohua; other headers by name, "_" for "-", None leaves one out."""
    message = EmailMessage()
    given = {
        "From": f"周小华 <{ZHOU}>",
        "To": US,
        "Subject": "水壶冒烟",
        "Date": "Sun, 22 Nov 2026 10:00:00 +0800",
        "Message-ID": make_msgid(domain="example.test"),
    }
    given |= {name.replace("_", "-"): value for name, value in heads.items()}
    for name, value in given.items():
        if value is not None:
            message[name] = value
    message.set_content(text)
    for name, data in files or []:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def photo(colour: str = "white") -> bytes:
    """A photograph."""
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(stream, "JPEG")
    return stream.getvalue()


def html_letter(html: str, **heads: Any) -> bytes:
    """A mail that is HTML only."""
    raw = letter("x", **heads)
    head = raw.partition(b"\n\n")[0]
    kept = [line for line in head.split(b"\n") if not line.lower().startswith(b"content-")]
    return b"\n".join([*kept, b"Content-Type: text/html; charset=utf-8", b"", html.encode()])


def bounce(message_id: str, *, status: str = "5.1.1", action: str = "failed") -> bytes:
    """What a mail server reports about a mail that it could not deliver (RFC 3464)."""
    return f"""Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.test>
To: {US}
Subject: Undelivered Mail Returned to Sender
Message-ID: {make_msgid(domain="mx.example.test")}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.test

Final-Recipient: rfc822; {ZHOU}
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

From: {US}
To: {ZHOU}
Message-ID: {message_id}

--b--
""".encode()
