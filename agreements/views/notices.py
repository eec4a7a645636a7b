"""A payment provider's word that an order is decided: it makes us ask, and nothing more."""

from __future__ import annotations

import hmac
import json
import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from agreements.services.sending import hear_of_payout, the_provider
from complaints.errors import CaseError
from complaints.moments import now
from complaints.notifications.webhooks import signature

logger = logging.getLogger(__name__)
MOST_BYTES = 10_000
OLDEST_SECONDS = 300


@csrf_exempt
@require_POST
def payment_notice(request: HttpRequest) -> HttpResponse:
    """Take `{"key": "…"}` and answer 202, whether the key is ours or not.

    Signed like our webhooks, under REDRESS_PAYMENT_NOTICE_TOKEN. 404 while no token or provider is
    set, 401 for a wrong or old signature, 413 for too much, 400 for what is no such JSON.
    """
    provider = the_provider()
    if not settings.PAYMENT_NOTICE_TOKEN or provider is None:
        raise Http404("notices of payments are off")
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return JsonResponse({"error": "too_large"}, status=413)
    if not _is_signed(request, body):
        return JsonResponse({"error": "signature"}, status=401)
    key = _key_of(body)
    if key is None:
        return JsonResponse({"error": "json"}, status=400)
    try:
        hear_of_payout(key, provider=provider)
    except CaseError as refusal:
        logger.warning("payout_not_booked", extra={"reason": type(refusal).__name__})
    return JsonResponse({"taken": True}, status=202)


def _is_signed(request: HttpRequest, body: bytes) -> bool:
    timestamp = request.headers.get("Redress-Timestamp", "")
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 15):
        return False
    if abs(now().timestamp() - int(timestamp)) > OLDEST_SECONDS:
        return False
    right = signature(settings.PAYMENT_NOTICE_TOKEN, timestamp=int(timestamp), body=body)
    given = request.headers.get("Redress-Signature", "")
    return hmac.compare_digest(given.encode(), right.encode())


def _key_of(body: bytes) -> str | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    key = told.get("key") if isinstance(told, dict) else None
    return key if isinstance(key, str) and 0 < len(key) <= 35 and key.isprintable() else None
