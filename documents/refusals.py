"""The sentence for each reason to refuse a file: what is wrong, and what to do instead."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from documents.errors import FileRefused

MESSAGES = {
    "empty": _("「%(name)s」是空的，请重新选择"),
    "too_large": _("「%(name)s」超过了 %(limit)s MB，请压缩后再上传，或者分成几个文件"),
    "no_extension": _("看不出「%(name)s」是什么文件，请在文件名后面加上后缀，比如 .jpg 或 .pdf"),
    "type_not_allowed": _(
        "「%(name)s」这种文件我们打不开，请换成照片、视频、PDF、Word、Excel 或文本文件"
    ),
    "type_mismatch": _("「%(name)s」的内容和后缀对不上，请用原来的软件打开，另存一份再上传"),
    "damaged": _("「%(name)s」打不开，可能没有保存完整，请重新保存一份，或者拍成照片上传"),
    "hidden_content": _("「%(name)s」里夹着别的内容，请重新拍照或者截图后再上传"),
    "active_content": _("「%(name)s」里有会自动运行的内容，请用「打印成 PDF」另存一份再上传"),
    "macros": _("「%(name)s」里有宏，请另存为不带宏的 docx 或 xlsx 再上传"),
    "too_many_pixels": _("「%(name)s」的尺寸太大，请缩小到 4000 万像素以内再上传"),
    "archive_too_big": _("「%(name)s」展开以后太大，请删去用不到的部分，或者存成 PDF 再上传"),
    "archive_nested": _("「%(name)s」里还夹着别的文件，请把它们取出来分别上传"),
}


def refusal(code: str, name: str, **facts: Any) -> FileRefused:
    """Return the error for a reason; raise it where the fault is found."""
    return FileRefused(code, name, MESSAGES[code] % {"name": name, **facts})
