"""The screen of the mail folder: exists only while mail stays on this machine."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import current_user
from complaints.access import require_permission
from complaints.permissions import Permission
from config.mailbox import kept_messages, mail_stays_here


@login_required
@never_cache
@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """List what was sent to administrators, since codes and secret links are in it.

    404 where mail really leaves, and always in production.
    """
    if not mail_stays_here():
        raise Http404
    require_permission(current_user(request), Permission.ADMINISTER)
    context = {"messages_kept": kept_messages(settings.MAIL_FOLDER)}
    return render(request, "mailbox/list.html", context)
