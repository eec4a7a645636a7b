"""Mail handed over by a program: the raw mail as the body of a signed POST."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from complaints.moments import now
from complaints.notifications.webhooks import signature
from complaints.numbers import whole_number
from complaints.services.receiving import take_mail
from complaints.states import MailDoor

OLDEST_SECONDS = 300


@csrf_exempt
@require_POST
def mail_in(request: HttpRequest) -> HttpResponse:
    """Store one mail (RFC 822) and answer 202; 200 for one that came before.

    Signed like our webhooks: `Redress-Timestamp` is the Unix time, `Redress-Signature` is "v1=" and
    the HMAC-SHA256, under REDRESS_MAIL_TOKEN, of the time, a dot and the body. 404 while no token
    is set, 401 for a wrong or old signature, 413 for a mail that is too large, 400 for none.
    """
    if not settings.MAIL_TOKEN:
        raise Http404("mail by HTTP is off")
    length = whole_number(request.META.get("CONTENT_LENGTH") or "0")
    if length is None or length > settings.MAIL_MAX_BYTES:
        return JsonResponse({"error": "too_large"}, status=413)
    raw = request.read(settings.MAIL_MAX_BYTES)
    if not _is_signed(request, raw):
        return JsonResponse({"error": "signature"}, status=401)
    if not raw.strip():
        return JsonResponse({"error": "empty"}, status=400)
    is_new = take_mail(raw, door=MailDoor.HTTP)
    return JsonResponse({"taken": True, "new": is_new}, status=202 if is_new else 200)


def _is_signed(request: HttpRequest, raw: bytes) -> bool:
    timestamp = request.headers.get("Redress-Timestamp", "")
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 15):
        return False
    if abs(now().timestamp() - int(timestamp)) > OLDEST_SECONDS:
        return False
    right = signature(settings.MAIL_TOKEN, timestamp=int(timestamp), body=raw)
    given = request.headers.get("Redress-Signature", "")
    return hmac.compare_digest(given.encode(), right.encode())
