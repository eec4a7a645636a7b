"""The screen of the mail folder: exists only while mail stays on this machine."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.mailbox import kept_messages

FOLDER_BACKEND = "django.core.mail.backends.filebased.EmailBackend"


@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """List what was sent; 404 where mail really leaves, and always in production."""
    if settings.PRODUCTION or settings.EMAIL_BACKEND != FOLDER_BACKEND:
        raise Http404
    context = {"messages_kept": kept_messages(settings.MAIL_FOLDER)}
    return render(request, "mailbox/list.html", context)
