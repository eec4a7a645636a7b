"""The text that is signed, as it stands on a page: made from the very data that were frozen."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import translation

from agreements.models import Agreement


def full_text(agreement: Agreement | None) -> str:
    """Return the offered text as HTML, in its own language; empty before it is offered.

    It comes from the data whose digest a signature keeps, through the templates of the print, so
    that whoever signs has read the same words whether or not the PDF is there yet.
    """
    document = agreement.unsigned if agreement is not None else None
    if agreement is None or document is None:
        return ""
    context = document.context
    part = "sections" if context.get("sections") else "agreement_text"
    ending = "_en" if document.language == "en" else ""
    with translation.override(document.language):
        return render_to_string(
            f"documents/_{part}{ending}.html", {**context, "language": document.language}
        )
