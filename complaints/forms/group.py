"""Forms of a joint complaint."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class MemberForm(forms.Form):
    """Somebody who complains together with the others."""

    name = forms.CharField(
        label=_("姓名"), max_length=80, error_messages={"required": _("请填写姓名")}
    )
    phone = forms.CharField(label=_("手机"), max_length=40, required=False)
    email = forms.EmailField(
        label=_("邮箱"),
        required=False,
        error_messages={"invalid": _("邮箱写成 name@example.com 这样")},
    )


class GroupConsentForm(forms.Form):
    """How a person said that they agree to the settlement, or do not."""

    source = forms.CharField(label=_("什么时候、怎样表示的"), max_length=200, required=False)
