"""What all pages of the chat have in common: who may frame them, their language, whose forms.

In a frame on another site a browser keeps our cookies away. So these pages need none: the chat's
address is the key to it, and a form counts only when it comes from a page of our own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from complaints.selectors.chats import is_allowed_origin, normalised_origin

LANGUAGES = ("zh-hans", "en")
POLLS_A_MINUTE = 60
View = Callable[..., HttpResponseBase]


def framed_site(request: HttpRequest) -> str:
    """Return the listed site in whose page we are asked to appear; "" for none or another."""
    origin = normalised_origin(request.GET.get("site", ""))
    return origin if is_allowed_origin(origin) else ""


def carried(request: HttpRequest) -> str:
    """Return the part of the address that every page of a framed chat hands on."""
    kept = {name: request.GET[name] for name in ("site", "lang") if request.GET.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def chat_page(view: View) -> View:
    """Let a view be framed by the listed site that it was asked for, and by no other.

    Forms need no cookie; one that comes from a page that is not ours is refused (403).
    """

    @csrf_exempt
    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language = request.GET.get("lang", "")
        if language in LANGUAGES:
            translation.activate(language)
        site = framed_site(request)
        if request.method == "POST" and not _is_own_form(request):
            return _refused(request)
        response = view(request, *args, **kwargs)
        if site:
            response._csp_replace = {"frame-ancestors": [site]}
            response.xframe_options_exempt = True
        return response

    return answer


def _is_own_form(request: HttpRequest) -> bool:
    """Say whether a form was sent from a page of ours; programs that are no browsers may send it.

    Browsers name the origin with every POST, and a page can't make them lie.
    """
    origin = request.headers.get("Origin")
    own = f"{request.scheme}://{request.get_host()}"
    fetched_by = request.headers.get("Sec-Fetch-Site", "same-origin")
    return origin in (None, own) and fetched_by in ("same-origin", "none")


def _refused(request: HttpRequest) -> HttpResponse:
    context = {"message": _("这个表单不是从我们的页面发出的，没有收下。"), "forbidden": True}
    return render(request, "desk/refused_outside.html", context, status=403)


def polls_too_often(key: str) -> bool:
    """Count one look for news, and say whether there were too many within a minute."""
    name = f"chat-poll:{key}"
    if cache.add(name, 1, timeout=60):
        return False
    try:
        return cache.incr(name) > POLLS_A_MINUTE
    except ValueError:
        return False
