"""`manage.py retry_documents`: put the documents in line again that could not be printed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from documents.models import Document
from documents.services.rendering import retry_document
from documents.states import DocumentStatus


class Command(BaseCommand):
    """Line up every failed document, once its cause (a full disk, a missing font) was mended."""

    help = "Put the documents in line again that could not be printed."

    def handle(self, *args: Any, **options: Any) -> None:
        for document in Document.objects.filter(status=DocumentStatus.FAILED).order_by("pk"):
            self.stdout.write(f"{document.key}: {document.last_error}")
            retry_document(document)
