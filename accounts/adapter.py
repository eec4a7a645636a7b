"""How allauth behaves here: nobody signs up, and what it says is said in our words."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.cookies import remember_shortcuts

_TOO_MANY = _("试的次数太多了。过几分钟再试")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("这个账号已停用，请联系管理员"),
        "enter_current_password": _("现在的密码不对，再看一下"),
        "incorrect_password": _("密码不对，再看一下"),
        "incorrect_code": _("校验码不对，看看是不是换了新的一组"),
        "invalid_login": _("用户名或密码不对，再看一下"),
        "username_password_mismatch": _("用户名或密码不对，再看一下"),
        "invalid_password_reset": _("这个链接已经用过或过期了，请重新获取"),
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: accounts are made in the administration."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """Give the subject as it is, without a site's name before it."""
        return subject

    def get_from_email(self) -> str:
        """Send from the same address as all other mail."""
        return settings.DEFAULT_FROM_EMAIL

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse:
        """Bring the person's choice of shortcuts to this device."""
        response = super().post_login(request, user, **kwargs)
        remember_shortcuts(response, enabled=getattr(user, "single_key_shortcuts", True))
        return response


class MFAAdapter(DefaultMFAAdapter):
    """Two-factor log-in, in our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("校验码不对，看看是不是换了新的一组"),
        "cannot_delete_authenticator": _("现在不能关闭两步验证"),
        "cannot_generate_recovery_codes": _("先开启两步验证，再生成备用码"),
    }

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """Name the account in the app by its user name."""
        return user.get_username()
