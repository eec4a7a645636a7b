"""What managers fill in to change the texts of agreements and the library of clauses."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms.fields import ASK, line, text
from agreements.wording.parsing import MOST_CHARACTERS


class WordingForm(forms.Form):
    """A text: its title, its body, and what was changed."""

    title = line(_("标题"), most=60, required=True)
    body = forms.CharField(
        label=_("正文"),
        max_length=MOST_CHARACTERS,
        help_text=_("一行一段；# 开头是标题，- 开头是列表，[[…]] 是表格和签署栏，{{…}} 是变量"),
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false"}),
        error_messages={"required": ASK},
    )
    reason = line(_("改了什么"), most=200, required=False, hint=_("保存时要写，预览时不用"))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ClauseForm(forms.Form):
    """A clause in both languages."""

    title_zh = line(_("中文标题"), most=60, required=True)
    text_zh = text(_("中文内容"), rows=4, required=True)
    title_en = line(_("英文标题"), most=100, required=True)
    text_en = text(_("英文内容"), rows=4, required=True, most=4000)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class NewClauseForm(ClauseForm):
    """A clause that is not there yet."""

    field_order = ("code",)
    code = line(_("代码"), most=40, required=True, hint=_("小写字母、数字和连字符，例如 pick-up"))
