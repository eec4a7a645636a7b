"""What the check of a file or number is called, in words for anybody."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class VerdictWords:
    """The tone of the notice, its heading, and what it means."""

    tone: str
    title: Promise
    text: Promise


_WORDS = {
    "unchanged": VerdictWords(
        "success",
        _("这是原件，一个字节都没有改过"),
        _("你的文件和我们存的那一份完全相同。"),
    ),
    "reading_copy": VerdictWords(
        "warning",
        _("这是签署前供阅读的文本，不是签好的协议"),
        _("文件没有改动，但上面没有签名，也没有盖章。签好的协议请向公司索取。"),
    ),
    "added": VerdictWords(
        "error",
        _("盖章的部分没有变，但后面加了别的内容"),
        _("阅读软件保存批注、填写或者另存，都会这样。加上去的内容不属于协议，请用原件。"),
    ),
    "changed": VerdictWords(
        "error",
        _("内容在盖章以后被改过"),
        _("文件上有我们的印章，但内容和盖章时不一样。不要相信这份文件。"),
    ),
    "seal_damaged": VerdictWords(
        "error",
        _("印章数据已损坏，无法核对"),
        _("文件上的印章读不出来，所以什么也证明不了。不要相信这份文件。"),
    ),
    "foreign_seal": VerdictWords(
        "error",
        _("文件上的印章不是我们的"),
        _("盖章用的证书不属于我们。这不是我们出具的协议。"),
    ),
    "unrecorded": VerdictWords(
        "error",
        _("这个文件和我们存的任何一份都不相同"),
        _("印章盖住的内容核对得上，但文件里有别的字节变了，或者它不是最后存档的那一份。请用原件。"),
    ),
    "no_seal": VerdictWords(
        "error",
        _("文件上没有电子印章"),
        _("这不是我们出具的原件：可能是重新打印、另存或者转换出来的。请用原件核验。"),
    ),
    "not_pdf": VerdictWords(
        "error",
        _("这不是 PDF 文件"),
        _("我们出具的协议都是 PDF。照片和扫描件无法核验，请用原来的文件。"),
    ),
    "unreadable": VerdictWords(
        "error",
        _("这个 PDF 读不出来"),
        _("文件可能损坏，或者下载不完整。请重新下载原件再试。"),
    ),
    "number_known": VerdictWords(
        "info",
        _("有这份协议，但还没有核对你手里的文件"),
        _("下面是我们存的那一份。要知道你的文件有没有改过，请上传文件。"),
    ),
    "number_unknown": VerdictWords(
        "warning",
        _("编号和校验码对不上"),
        _("请照着审计页再输入一遍。要确认文件真假，上传文件最可靠。"),
    ),
}


def words_of(code: str) -> VerdictWords:
    """Return the words of a verdict; a code without words of its own is told as unreadable."""
    return _WORDS.get(code, _WORDS["unreadable"])
