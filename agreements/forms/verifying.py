"""What a stranger hands in to have a sealed agreement checked."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from agreements.services.verifying import MOST_BYTES


class FileForm(forms.Form):
    """The PDF itself."""

    file = forms.FileField(
        label=_("协议文件（PDF）"),
        help_text=_("把文件拖到这里，或者点一下选择。最大 5 MB，看完就删，不会保存"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": _("请选择要核验的 PDF 文件。")},
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is larger than any document of ours."""
        found: UploadedFile = self.cleaned_data["file"]
        if found.size is None or found.size > MOST_BYTES:
            raise forms.ValidationError(
                _("这个文件超过 5 MB。我们的协议没有这么大，请选协议原件。")
            )
        return found


class NumberForm(forms.Form):
    """The number and the code that stand on the audit page."""

    number = forms.CharField(
        label=_("协议编号"),
        max_length=40,
        help_text=_("例如 AG-2026-000001"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("请填写协议编号。")},
    )
    code = forms.CharField(
        label=_("校验码"),
        max_length=40,
        help_text=_("印在审计页二维码旁边，12 位，例如 7K2M-QF4X-9T3B"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("请填写校验码。")},
    )
