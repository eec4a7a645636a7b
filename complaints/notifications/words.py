"""Why a notice did not get through, in plain words, from the code that was kept."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_WORDS = {
    "Undeliverable": gettext_lazy("没有可用的收件地址：对方没有留，或者账号、推送地址已停用。"),
    "worker_died": gettext_lazy("发送程序在发送途中多次中断，不能确定对方有没有收到。"),
    "SMTPServerDisconnected": gettext_lazy("邮件服务器中途断开了连接。"),
    "SMTPConnectError": gettext_lazy("邮件服务器不接受连接。"),
    "SMTPAuthenticationError": gettext_lazy("邮件服务器不认我们的账号和密码。请检查邮件设置。"),
    "SMTPRecipientsRefused": gettext_lazy("邮件服务器不接受这个收件人。"),
    "ConnectionRefusedError": gettext_lazy("服务器没有开启，连接不上。"),
    "TimeoutError": gettext_lazy("服务器太久没有回应。"),
    "timeout": gettext_lazy("对方系统太久没有回应。"),
    "gaierror": gettext_lazy("找不到服务器的地址。请检查设置。"),
    "TemplateDoesNotExist": gettext_lazy("这种通知没有文字模板。请联系管理员。"),
    "bounced": gettext_lazy("邮件发出后被退回：地址不存在、邮箱已满，或者对方不收我们的邮件。"),
    "bad_url": gettext_lazy("推送地址写得不对。"),
    "not_https": gettext_lazy("推送地址要以 https:// 开头。"),
    "private_address": gettext_lazy("推送地址指向内部网络，没有发送。"),
    "unknown_host": gettext_lazy("找不到推送地址里的主机名。"),
    "bad_certificate": gettext_lazy("对方的加密证书有问题，没有发送。"),
    "no_connection": gettext_lazy("连接不上对方系统，或者连接中途断开。"),
}


def error_words(code: str) -> str:
    """Say what an error code means, and what to do where a person can do something."""
    if code in _WORDS:
        return str(_WORDS[code])
    family, _separator, status = code.partition("_")
    if family == "bounced":
        return _bounce_words(status)
    if family == "smtp" and status.isdecimal():
        return _smtp_words(int(status))
    if family == "http" and status.isdecimal():
        return _http_words(int(status))
    return _("发送时出错（%(code)s）。") % {"code": code} if code else ""


def _bounce_words(status: str) -> str:
    if status.startswith("5.1."):
        return _("邮件发出后被退回（代码 %(status)s）：没有这个邮箱地址。") % {"status": status}
    if status.startswith(("4.2.", "5.2.")):
        return _("邮件发出后被退回（代码 %(status)s）：对方的邮箱已满或者停用。") % {
            "status": status
        }
    return _("邮件发出后被退回（代码 %(status)s）：对方不收我们的邮件。") % {"status": status}


def _smtp_words(status: int) -> str:
    if status < 500:
        return _("邮件服务器暂时不收（代码 %(status)d）。") % {"status": status}
    return _("邮件服务器拒收（代码 %(status)d）：地址不存在，或者对方不收我们的邮件。") % {
        "status": status
    }


def _http_words(status: int) -> str:
    if 300 <= status < 400:
        return _("对方要求转到别的地址（代码 %(status)d），我们不跟随。请改推送地址。") % {
            "status": status
        }
    if status == 410:
        return _("对方说这个推送地址已经取消（代码 410）。")
    if status < 500:
        return _("对方系统不接受（代码 %(status)d）。") % {"status": status}
    return _("对方系统出错（代码 %(status)d）。") % {"status": status}
