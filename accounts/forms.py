"""Log-in and settings in our words; the checks themselves are allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PASSWORD_HINT = _("至少 10 个字符，不要用常见的密码，也不要和自己的姓名太像")
THEMES = [("auto", _("跟随系统")), ("light", _("浅色")), ("dark", _("深色"))]


def _word(field: forms.Field, label: Any, *, hint: Any = "", asks: Any = None) -> None:
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.error_messages["required"] = asks or _("请填写这一项")


class LoginForm(account_forms.LoginForm):
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["login"], _("用户名"), asks=_("请填写用户名"))
        _word(self.fields["password"], _("密码"), asks=_("请填写密码"))
        self.fields["remember"].label = _("在这台设备上保持登录")


class ReauthenticateForm(account_forms.ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["password"], _("密码"), asks=_("请填写密码"))


class ResetPasswordForm(account_forms.ResetPasswordForm):
    """Where to send the link for a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["email"], _("工作邮箱"), asks=_("请填写工作邮箱"))


class _NewPasswordWords(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["password1"], _("新密码"), hint=PASSWORD_HINT, asks=_("请填写新密码"))
        _word(self.fields["password2"], _("再写一遍新密码"), asks=_("请再写一遍新密码"))

    def add_error(self, field: str | None, error: Any) -> None:
        """Say in our words that the two don't match."""
        if field == "password2" and not isinstance(error, ValidationError):
            error = _("两次写的不一样")
        super().add_error(field, error)


class ResetPasswordKeyForm(_NewPasswordWords, account_forms.ResetPasswordKeyForm):
    """A new password, by the link of a mail."""


class SetPasswordForm(_NewPasswordWords, account_forms.SetPasswordForm):
    """A first password."""


class ChangePasswordForm(_NewPasswordWords, account_forms.ChangePasswordForm):
    """A new password in place of the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["oldpassword"], _("现在的密码"), asks=_("请填写现在的密码"))


def _code_words(field: forms.Field, label: Any) -> None:
    _word(field, label, asks=_("请填写校验码"))
    field.widget.attrs["inputmode"] = "numeric"


class AuthenticateForm(mfa_forms.AuthenticateForm):
    """The second step of logging in: a code of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_words(self.fields["code"], _("校验码"))
        self.fields["code"].help_text = _("验证器里的 6 位数字，也可以用一个备用码")
        self.fields["code"].widget.attrs.pop("inputmode")


class ReauthenticateCodeForm(mfa_forms.ReauthenticateForm):
    """A code once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_words(self.fields["code"], _("校验码"))


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):
    """The first code of an authenticator app, to prove that it was set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_words(self.fields["code"], _("验证器显示的 6 位数字"))


class SettingsForm(forms.Form):
    """What a member of staff may set for their own desk."""

    language = forms.ChoiceField(
        label=_("语言"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    theme = forms.ChoiceField(label=_("明暗"), choices=THEMES, widget=forms.RadioSelect)
    single_key_shortcuts = forms.BooleanField(
        label=_("使用单键快捷键"),
        required=False,
        help_text=_("在输入框里从不生效；用读屏软件或语音输入时可以关掉"),
    )
