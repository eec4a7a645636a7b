"""Forms of the online chat, the visitor's and the agent's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from complaints.forms.files import FilesField, FilesInput
from complaints.forms.intake import CleanText
from complaints.models import BusinessCalendar
from complaints.normalising import normalised_phone
from complaints.selectors.people import teams
from complaints.services.chatting import LONGEST_LINE
from complaints.services.intake import ContactData

_TOO_LONG = _("一次最多写 %(limit_value)d 字，请分几次发")


class LineForm(forms.Form):
    """One thing to say. `nonce` names it, so that a second send is the same."""

    text = CleanText(
        label=_("要说的话"),
        lines=True,
        max_length=LONGEST_LINE,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        error_messages={"required": _("请写点内容再发送"), "max_length": _TOO_LONG},
    )
    nonce = forms.RegexField(r"^[\w-]{16,64}$", widget=forms.HiddenInput)


class FilesLineForm(LineForm):
    """A line with files, or files alone."""

    files = FilesField(
        label=_("附上照片或文件"),
        required=False,
        widget=FilesInput(attrs={"multiple": True}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("text") and not data.get("files") and not self.errors:
            self.add_error("text", _("请写点内容再发送"))
        return data

    @property
    def said(self) -> dict[str, Any]:
        """What was said, as `say_with_files` takes it."""
        data = self.cleaned_data
        return {"text": data["text"], "nonce": data["nonce"], "uploads": data["files"]}


class BeginForm(LineForm):
    """The first line; `key` becomes the chat's secret."""

    key = forms.RegexField(r"^[\w-]{30,64}$", widget=forms.HiddenInput)


class ContactFields(forms.Form):
    """How to reach somebody: a name, and a phone number or an e-mail address."""

    must_be_reachable = True

    name = CleanText(
        label=_("怎么称呼你？"),
        max_length=60,
        error_messages={"required": _("请填写你的称呼")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = CleanText(
        label=_("手机号或固定电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("邮箱"),
        max_length=200,
        required=False,
        error_messages={"invalid": _("请填写完整的邮箱地址，如 name@example.com")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if phone and not normalised_phone(phone):
            raise forms.ValidationError(_("请填写 11 位手机号，或者带区号的电话"))
        return phone

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        given = set(self.errors) | {name for name, value in answers.items() if value}
        if self.must_be_reachable and not {"phone", "email"} & given:
            self.add_error("phone", _("手机号和邮箱至少填一个"))
        return answers

    @property
    def contact(self) -> ContactData:
        """What was given."""
        data = self.cleaned_data
        return ContactData(name=data["name"], phone=data["phone"], email=data["email"])


class ComplainForm(ContactFields):
    """What a complaint needs beside what was said."""

    danger = forms.BooleanField(
        label=_("有人受伤，或现在仍有危险"),
        required=False,
        help_text=_("冒烟、漏电、起火、食物中毒都算。勾上后 2 小时内联系你"),
    )


class WrittenComplaintForm(ComplainForm):
    """A complaint taken while nobody answers: the words and how to reach who wrote them."""

    text = CleanText(
        label=_("遇到了什么问题？"),
        lines=True,
        max_length=LONGEST_LINE,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("请写一写遇到的问题"), "max_length": _TOO_LONG},
    )
    key = forms.RegexField(r"^[\w-]{30,64}$", widget=forms.HiddenInput)
    nonce = forms.RegexField(r"^[\w-]{16,64}$", widget=forms.HiddenInput)
    field_order = ("text", "danger", "name", "phone", "email")


class DeskCaseForm(ContactFields):
    """What an agent adds when a chat becomes a case; the contact may be missing."""

    must_be_reachable = False

    title = CleanText(label=_("一句话概括"), max_length=120, required=False)
    product_text = CleanText(label=_("商品"), max_length=120, required=False)
    order_number = CleanText(label=_("订单号"), max_length=60, required=False)
    danger = forms.BooleanField(label=_("有人身危险"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("消费者姓名")
        self.fields["name"].required = False


class JoinForm(forms.Form):
    """Into which case a chat goes."""

    reference = CleanText(
        label=_("案件编号"), max_length=20, error_messages={"required": _("请填写案件编号")}
    )


class EndForm(forms.Form):
    """Why a chat is no complaint."""

    reason = CleanText(
        label=_("为什么不立案"),
        max_length=200,
        help_text=_("例如：只是问营业时间，已经答复"),
        error_messages={"required": _("请写明为什么不立案")},
    )


class OriginForm(forms.Form):
    """A site that may show the chat."""

    origin = CleanText(
        label=_("网站地址"),
        max_length=200,
        help_text=_("如 https://shop.example，不带路径"),
        error_messages={"required": _("请填写网站地址")},
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    note = CleanText(label=_("说明"), max_length=100, required=False)


class RulesForm(forms.Form):
    """When people answer, and how long a chat may wait."""

    is_on = forms.BooleanField(label=_("开放在线客服"), required=False)
    calendar = forms.ModelChoiceField(
        label=_("服务时间按哪个工作日历"),
        queryset=BusinessCalendar.objects.none(),
        required=False,
        empty_label=_("公司的工作日历"),
    )
    teams = forms.ModelMultipleChoiceField(
        label=_("哪些团队接待"),
        queryset=Team.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("有人等的时候提醒这些团队在岗的客服；一个也不选就提醒所有客服"),
    )
    wait_minutes = forms.IntegerField(
        label=_("等多久没人回复就立案（分钟）"),
        min_value=1,
        max_value=1440,
        help_text=_("24 小时的答复期限从消费者的第一句话起算"),
        error_messages={"required": _("请填写分钟数")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["calendar"].queryset = BusinessCalendar.objects.order_by("name")
        self.fields["teams"].queryset = teams()
