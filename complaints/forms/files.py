"""A field for several files at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _


class FilesInput(forms.FileInput):
    """A file control that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of files; what each of them is, `documents` finds out when it is stored."""

    widget = FilesInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"required": _("请选择文件")})
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            super().clean(None, initial)
            return []
        return [file for file in (super(FilesField, self).clean(one) for one in given) if file]
