"""For whom an evidence pack is made."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.forms.fields import CHOOSE, line_field, text_field
from reviews.states import PackFor


class PackForm(forms.Form):
    """Recipient, purpose, and whether others' material goes along."""

    kind = forms.ChoiceField(
        label=_("交给谁"),
        choices=PackFor.choices,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    recipient = line_field(_("机构名称"), most=120, hint=_("例如：上海市闵行区人民法院"))
    purpose = text_field(_("用途"), hint=_("例如：案号和举证期限；会记在操作记录里"))
    without_others = forms.BooleanField(
        label=_("不含第三方的资料"),
        required=False,
        initial=True,
        help_text=_("供应商、证人、调解员交来的文件和他们说的话留在系统里"),
    )
