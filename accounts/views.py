"""A person's own settings; log-in and two-factor pages are allauth's, with our templates."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import cookies
from accounts.access import current_user
from accounts.forms import SettingsForm
from accounts.services import set_shortcuts


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account_settings(request: HttpRequest) -> HttpResponse:
    """Language, theme, single keys; and the state of two-factor log-in."""
    form = SettingsForm(request.POST or None, initial=_present(request))
    if form.is_valid():
        return _saved(request, form)
    context = {"form": form, "has_mfa": is_mfa_enabled(request.user)}
    return render(request, "accounts/settings.html", context, status=422 if form.is_bound else 200)


def _present(request: HttpRequest) -> dict[str, object]:
    return {
        "language": translation.get_language(),
        "theme": request.COOKIES.get(cookies.THEME, "auto"),
        "single_key_shortcuts": request.COOKIES.get(cookies.KEYS) != "off",
    }


def _saved(request: HttpRequest, form: SettingsForm) -> HttpResponse:
    chosen = form.cleaned_data
    set_shortcuts(current_user(request), enabled=chosen["single_key_shortcuts"])
    response = HttpResponseRedirect(reverse("account_settings"), status=303)
    cookies.remember_language(response, language=chosen["language"])
    cookies.remember_theme(response, theme=chosen["theme"])
    cookies.remember_shortcuts(response, enabled=chosen["single_key_shortcuts"])
    with translation.override(chosen["language"]):
        messages.success(request, _("设置已保存"))
    return response
