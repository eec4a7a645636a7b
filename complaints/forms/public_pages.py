"""The form of a public page: titles, and sections in both languages side by side."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.services.public_pages import LONGEST_BODY, MOST_SECTIONS, SECTION_FIELDS

TITLES = ("title_zh", "title_en", "lead_zh", "lead_en")
_LABELS = {
    "heading_zh": _("中文小标题"),
    "heading_en": _("英文小标题"),
    "body_zh": _("中文内容"),
    "body_en": _("英文内容"),
}


class PageForm(forms.Form):
    """A draft as it is typed; what is missing is said when it is to be published."""

    title_zh = forms.CharField(label=_("中文标题"), max_length=60, required=False)
    title_en = forms.CharField(label=_("英文标题"), max_length=100, required=False)
    lead_zh = forms.CharField(label=_("中文导语"), max_length=200, required=False)
    lead_en = forms.CharField(label=_("英文导语"), max_length=300, required=False)

    def __init__(self, *args: Any, count: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = max(1, min(count, MOST_SECTIONS))
        for place in range(self.count):
            for name in SECTION_FIELDS:
                self.fields[f"s{place}-{name}"] = _section_field(name)

    def rows(self) -> list[dict[str, Any]]:
        """Return the sections with their fields, for the page."""
        return [
            {
                "number": place + 1,
                "fields": [self[f"s{place}-{name}"] for name in SECTION_FIELDS],
            }
            for place in range(self.count)
        ]

    def heads(self) -> list[Any]:
        """Return the fields of the page itself."""
        return [self[name] for name in TITLES]

    def titles(self) -> dict[str, str]:
        """Return what was typed for the page itself."""
        return {name: self.cleaned_data[name] for name in TITLES}

    def sections(self) -> list[dict[str, str]]:
        """Return what was typed for the sections."""
        return [
            {name: self.cleaned_data[f"s{place}-{name}"] for name in SECTION_FIELDS}
            for place in range(self.count)
        ]


def _section_field(name: str) -> forms.CharField:
    if name.startswith("heading"):
        return forms.CharField(label=_LABELS[name], max_length=100, required=False)
    return forms.CharField(
        label=_LABELS[name],
        max_length=LONGEST_BODY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class PublishPageForm(forms.Form):
    """Why a new version is published; everybody can read it."""

    reason = forms.CharField(
        label=_("改了什么"),
        max_length=200,
        help_text=_("和新的一版一起公开"),
        error_messages={"required": _("请写明改了什么")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
