"""The printed receipt: asked for by the consumer, made by a worker, fetched when it is ready."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from complaints.access import consumer_case
from complaints.selectors.receipts import receipt_of
from complaints.services.receipts import ask_for_receipt
from documents.views import serve_file

PART = "complaints/intake/_receipt.html"


@require_POST
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Have the receipt printed; asking twice prints once."""
    case = consumer_case(request, reference)
    receipt = ask_for_receipt(case)
    if request.headers.get("HX-Request"):
        return render(request, PART, {"case": case, "receipt": receipt})
    return HttpResponseRedirect(reverse("intake:done", args=[reference]) + "#receipt", status=303)


@require_GET
def state(request: HttpRequest, reference: str) -> HttpResponse:
    """Tell whether the receipt is ready; 204 while it is being printed."""
    case = consumer_case(request, reference)
    receipt = receipt_of(case)
    if receipt is None or receipt.status in {"pending", "rendering"}:
        return HttpResponse(status=204)
    return render(request, PART, {"case": case, "receipt": receipt})


@require_GET
def download(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Hand out the printed receipt, byte for byte what was stored."""
    receipt = receipt_of(consumer_case(request, reference))
    if receipt is None or receipt.file is None:
        raise Http404("no receipt yet")
    return serve_file(receipt.file, inline=True)
