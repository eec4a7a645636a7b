"""Why a mail met its fate, in words that say what to do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.states import MailFate

REASONS: dict[str, Any] = {
    "other_sender": gettext_lazy(
        "邮件提到一个案件，但发件地址和案件里的邮箱对不上。核对是不是消费者本人。"
    ),
    "too_many": gettext_lazy("这个地址一小时内来信太多。看看是不是重复投诉，或者自动发送的。"),
    "repeated_id": gettext_lazy("和这个地址以前的一封邮件编号相同，内容不同。看看是不是重复。"),
    "too_large": gettext_lazy("邮件太大，只收下了信头。请让发件人把文件传到进度页。"),
    "no_sender": gettext_lazy("看不出发件地址，没法回复。"),
    "forged": gettext_lazy("发件人的邮件服务器说这封信不是它发的，可能是冒名。"),
    "spam": gettext_lazy("邮件服务器认为是垃圾邮件。"),
    "empty": gettext_lazy("没有正文，也没有附件。"),
    "broken": gettext_lazy("邮件格式坏了，读不出内容。"),
    "error": gettext_lazy("处理时多次出错。请人工处理，并告诉管理员。"),
    "auto_submitted": gettext_lazy("自动发出的邮件。"),
    "auto_reply": gettext_lazy("自动回复。"),
    "absence": gettext_lazy("主题像是外出或自动回复，也可能是真人写的。看看再定。"),
    "no_return_path": gettext_lazy("没有退信地址，是机器发的。"),
    "bulk": gettext_lazy("群发邮件。"),
    "wants_no_answer": gettext_lazy("机器发的，要求不要自动答复。"),
    "no_person": gettext_lazy("来自不收信的机器地址。"),
    "loop": gettext_lazy("我们自己的邮件绕了回来。"),
    "bounce": gettext_lazy("退信：我们的一条通知没有送到，已在案件里标出。"),
    "bounce_unknown": gettext_lazy("退信，但找不到是哪一条通知。"),
    "report": gettext_lazy("投递报告，不是退信。"),
    "by_hand": gettext_lazy("由工作人员决定。"),
}
TONES = {MailFate.HELD: "warn", MailFate.CASE: "ok", MailFate.JOINED: "ok"}


def reason_words(reason: str) -> str:
    """Say why a mail met its fate; "" where its fate says all."""
    return str(REASONS.get(reason, "")) if reason else ""


def masked_sender(content: dict[str, Any]) -> str:
    """Return a sender's name and address, of which enough is left to tell two apart."""
    local, at, host = str(content.get("from", "")).partition("@")
    name = str(content.get("name", ""))[:1]
    shown = [f"{name}*" if name else "", f"{local[:1]}***@{host}" if at else ""]
    return " ".join(part for part in shown if part)


def subject_of(content: dict[str, Any]) -> str:
    """Return a mail's subject, or what stands for it."""
    if not content:
        return _("（内容已按期清除）")
    return str(content.get("subject") or _("（没有主题）"))
