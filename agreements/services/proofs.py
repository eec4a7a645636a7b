"""The audit page: what the Electronic Signature Law asks for, and the record that shows it.

Each sentence is made of what is stored with a signature or in the case's chain of events; nothing
is promised here that isn't on record.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.models import Agreement, Signer
from agreements.states import SignerRole, SignMethod
from complaints.models import CaseEvent
from documents.contexts.agreement import Proof, TrailRow

_ZONE = ZoneInfo("Asia/Shanghai")
_TOLD = ("agreement_offered", "signature_given", "sign")
_TWO_FACTORS = (SignMethod.ACCOUNT_APP, SignMethod.ACCOUNT_CODE)
_BY_CODE = (SignMethod.TYPED_CODE, SignMethod.DRAWN_CODE)


def trail_of(agreement: Agreement) -> list[TrailRow]:
    """Return the events of an agreement up to now, with their place in the chain."""
    events = CaseEvent.objects.filter(
        case=agreement.case_id, kind__in=_TOLD, data__agreement=agreement.pk
    ).order_by("sequence")
    return [
        TrailRow(
            at=moment_text(event.at),
            what=_what(event),
            sequence=str(event.sequence),
            hash=event.hash,
        )
        for event in events
    ]


def _what(event: CaseEvent) -> str:
    if event.kind == "agreement_offered":
        return _("文本定稿，提交签署")
    if event.kind == "sign":
        return _("各方签署完毕")
    return _("%(party)s签署") % {"party": _party(event.data["role"])}


def proofs_of(agreement: Agreement, signers: list[Signer]) -> list[Proof]:
    """Return each condition of article 13 with what is on record for it, signature by signature."""
    return [
        Proof(
            condition=_("签名制作数据属于签名人专有"),
            law=_("第十三条第一款第（一）项"),
            records=[_exclusive(signer) for signer in signers],
        ),
        Proof(
            condition=_("签署时签名制作数据仅由签名人控制"),
            law=_("第十三条第一款第（二）项"),
            records=[*map(_controlled, signers), *_read(signers)],
        ),
        Proof(
            condition=_("签署后对签名的任何改动能够被发现"),
            law=_("第十三条第一款第（三）项"),
            records=[*map(_mark_record, signers), _("签名写入后，数据库拒绝任何修改和删除。")],
        ),
        Proof(
            condition=_("签署后对内容和形式的任何改动能够被发现"),
            law=_("第十三条第一款第（四）项"),
            records=[*_text_records(agreement, signers), _under_seal()],
        ),
        Proof(
            condition=_("内容完整保存，能识别发件人、收件人和时间"),
            law=_("第五条、第六条"),
            records=[_("本文件只生成一次，各方拿到的文件逐字节相同；经过见下表的事件链。")],
        ),
    ]


def _party(role: str) -> str:
    names = {
        SignerRole.COMPANY: _("甲方"),
        SignerRole.CONSUMER: _("乙方"),
        SignerRole.MEDIATOR: _("调解员"),
    }
    return str(names[SignerRole(role)])


def _exclusive(signer: Signer) -> str:
    told = {"party": _who(signer), "record": signer.pk}
    if signer.method in _BY_CODE and signer.evidence.get("code"):
        told |= {"code": signer.evidence["code"][:8], "at": _iso(signer.evidence["code_sent_at"])}
        return (
            _("%(party)s：一次性校验码 %(code)s 于 %(at)s 发往本人联系方式（记录 %(record)s）。")
            % told
        )
    if signer.method in _TWO_FACTORS:
        return _by_two_factors(signer, told)
    if signer.method == SignMethod.ACCOUNT:
        return _("%(party)s：用本人的登录账号签署，账号编号 %(user)s（记录 %(record)s）。") % {
            **told,
            "user": signer.user_id,
        }
    if signer.method == SignMethod.STANDING:
        told["number"] = signer.evidence.get("standing", "")
        words = _(
            "%(party)s：按账号 %(user)s 预先的批准 %(number)s，由系统签署，"
            "签署时没有再核对本人（记录 %(record)s）。"
        )
        return words % {**told, "user": signer.user_id}
    if signer.method == SignMethod.PAPER:
        return _("%(party)s：在纸上亲笔签名，不适用本条；扫描件已存档（记录 %(record)s）。") % told
    return _("%(party)s：通过发给本人的专用入口签署（记录 %(record)s）。") % told


def _by_two_factors(signer: Signer, told: dict[str, Any]) -> str:
    told = {**told, "user": signer.user_id}
    if signer.method == SignMethod.ACCOUNT_APP:
        return (
            _("%(party)s：登录账号 %(user)s，并核对本人验证器的动态码（记录 %(record)s）。") % told
        )
    told |= {
        "code": str(signer.evidence.get("code", ""))[:8],
        "at": _iso(signer.evidence["code_sent_at"]),
    }
    words = _(
        "%(party)s：登录账号 %(user)s，再次核对密码，"
        "并核对 %(at)s 发往工作邮箱的校验码 %(code)s（记录 %(record)s）。"
    )
    return words % told


def _who(signer: Signer) -> str:
    party = _party(signer.role)
    return (
        party
        if signer.representative_id is None
        else str(_("%(party)s的代理人")) % {"party": party}
    )


def _read(signers: list[Signer]) -> list[str]:
    """Tell how long each side had the text open, where that is known."""
    return [
        _("%(party)s：%(at)s 第一次打开文本，%(time)s以后签署。")
        % {
            "party": _party(signer.role),
            "at": _iso(signer.evidence["opened_at"]),
            "time": _length(signer.evidence["read_seconds"]),
        }
        for signer in signers
        if signer.evidence.get("opened_at")
    ]


def _length(seconds: int) -> str:
    if seconds < 60:
        return ngettext("%(count)d 秒", "%(count)d 秒", seconds) % {"count": seconds}
    minutes = seconds // 60
    if minutes < 120:
        return ngettext("%(count)d 分钟", "%(count)d 分钟", minutes) % {"count": minutes}
    hours = minutes // 60
    return ngettext("%(count)d 小时", "%(count)d 小时", hours) % {"count": hours}


def _controlled(signer: Signer) -> str:
    told = {
        "party": _who(signer),
        "at": moment_text(signer.signed_at) if signer.signed_at else "",
        "address": str(signer.evidence.get("address", ""))[:16],
    }
    if signer.method in _BY_CODE:
        return (
            _("%(party)s：%(at)s 输入校验码，随即作废，十分钟内有效；网络地址摘要 %(address)s。")
            % told
        )
    if signer.method == SignMethod.STANDING:
        return _("%(party)s：%(at)s 由系统按预先的批准签署。") % told
    if signer.method == SignMethod.PAPER:
        told["day"] = signer.evidence.get("signed_on", "")
        return _("%(party)s：%(day)s 亲笔签名，%(at)s 登记。") % told
    return _("%(party)s：%(at)s 在本人登录期间签署；网络地址摘要 %(address)s。") % told


def _mark_record(signer: Signer) -> str:
    told = {"party": _party(signer.role), "sha256": signer.evidence.get("mark_sha256", "")}
    if signer.scan is not None:
        return _("%(party)s：签名扫描件 SHA-256 %(sha256)s。") % {
            **told,
            "sha256": signer.scan.sha256,
        }
    if told["sha256"]:
        return _("%(party)s：加密保存的签名 SHA-256 %(sha256)s。") % told
    return _("%(party)s：签名即账号与时间，记入事件链。") % told


def _text_records(agreement: Agreement, signers: list[Signer]) -> list[str]:
    """Tell the digests of the text that each side signed: one line when all signed the same."""
    digests = {signer.evidence.get("text_sha256", "") for signer in signers} - {""}
    records = [
        _("各方签署的文本：数据 SHA-256 %(sha256)s。") % {"sha256": found} for found in digests
    ]
    read = pdf_before_signing(agreement, signers)
    if read:
        records.append(_("签署前供阅读的 PDF：SHA-256 %(sha256)s。") % {"sha256": read})
    return sorted(records, reverse=True)


def pdf_before_signing(agreement: Agreement, signers: list[Signer]) -> str:
    """Return the SHA-256 of the PDF for reading, if the consumer could read it first; else "".

    Printed later, it is not what was read: that was the page with the whole text.
    """
    document = agreement.unsigned
    if document is None or not document.is_ready:
        return ""
    read = [row.evidence.get("pdf_sha256") for row in signers if row.role == SignerRole.CONSUMER]
    return document.sha256 if document.sha256 in read else ""


def _under_seal() -> str:
    return _("本文件整体加盖公司电子印章（PAdES），改动任何一处，印章即失效。")


def moment_text(moment: datetime) -> str:
    """Return a moment in the zone of our documents."""
    return f"{moment.astimezone(_ZONE):%Y-%m-%d %H:%M:%S}"


def _iso(text: str) -> str:
    return moment_text(datetime.fromisoformat(text))
