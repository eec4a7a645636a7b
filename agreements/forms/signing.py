"""What people fill in to sign for the company, on paper, or in somebody else's place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms.fields import CHOOSE, day, line, proof, text
from agreements.services.factors import Factor
from agreements.services.representing import Named
from agreements.states import RepresentScope


class CompanySignForm(forms.Form):
    """The company's signature: one's account, and a second proof of who one is."""

    code = forms.CharField(
        label=_("校验码"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("请先获取校验码，再填在这里。")},
    )
    password = forms.CharField(
        label=_("你的密码"),
        max_length=200,
        strip=False,
        help_text=_("再输入一次，确认是你本人"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请填写密码")},
    )
    position = line(_("你的职务"), most=80, required=True)
    consent = forms.BooleanField(
        label=_("我已阅读协议，有权代表公司签署"),
        error_messages={"required": _("请先勾选「我已阅读协议」。")},
    )

    def __init__(self, *args: Any, has_app: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.help_text = _("工作邮箱里的六位数字，10 分钟内有效")
        if has_app:
            del self.fields["password"]
            code.label, code.help_text = _("动态码"), _("验证器里的 6 位数字")
            code.error_messages["required"] = _("请填写验证器里的动态码。")

    def factor(self) -> Factor:
        """Return the second proof."""
        data = self.cleaned_data
        return Factor(code=data["code"], password=data.get("password", ""))


class PaperForm(forms.Form):
    """A signature on paper."""

    signed_on = day(_("消费者签名的日期"))
    scan = proof(_("签名页的照片或扫描件"))


class PaperCopyForm(forms.Form):
    """The consumer's own scan of what was printed and signed."""

    signed_on = day(_("你签名的日期"))
    scan = proof(_("签好的协议：照片或 PDF"), hint=_("要能看清全文和签名；多页时合成一个 PDF"))


class CheckForm(forms.Form):
    """Accept what was handed in, or say why not."""

    decision = forms.ChoiceField(
        label=_("结论"),
        choices=[("accept", _("接受")), ("reject", _("不接受"))],
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    compared = forms.BooleanField(label=_("我逐页核对过"), required=False)
    reason = text(_("不接受的原因"), rows=2, hint=_("消费者会看到"))

    def __init__(self, *args: Any, compared: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["compared"].label = compared

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "accept" and not data.get("compared"):
            self.add_error("compared", _("请先核对，再勾选这一项。"))
        return data


class RepresentativeForm(forms.Form):
    """Who signs for the consumer, and the power of attorney."""

    name = line(_("代理人姓名"), required=True)
    relation = line(_("和消费者的关系"), most=60, hint=_("例如：女儿、律师"))
    phone = line(_("代理人手机号"), most=40, hint=_("手机号和邮箱填一个，签署的校验码发到那里"))
    email = forms.EmailField(
        label=_("代理人邮箱"),
        required=False,
        error_messages={"invalid": _("邮箱写成 name@example.com 这样")},
    )
    scope = forms.ChoiceField(
        label=_("授权范围"),
        choices=RepresentScope.choices,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    valid_until = day(_("授权到哪天"))
    file = proof(
        _("授权委托书"), hint=_("写明代理人、授权范围和期限，有消费者本人签名；照片或 PDF")
    )

    def __init__(self, *args: Any, mine: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if mine:
            self.fields["relation"].label = _("和你的关系")

    def named(self) -> Named:
        """Return who was named."""
        names = ("name", "relation", "phone", "email", "scope", "valid_until")
        return Named(**{name: self.cleaned_data[name] for name in names})
