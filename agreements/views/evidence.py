"""Where a signature comes from, as far as a request tells."""

from __future__ import annotations

from django.http import HttpRequest

from agreements.services.signing import SignEvidence
from complaints.views.doors import caller_address


def sign_evidence(request: HttpRequest) -> SignEvidence:
    """Return the address and the browser of a request."""
    return SignEvidence(
        address=caller_address(request),
        browser=request.headers.get("User-Agent", ""),
    )
