"""Celery's doors to the services; each is safe to run twice."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from documents.services import files, rendering


@shared_task
def render_document(document_id: str) -> None:
    """Print one document."""
    rendering.render_document(document_id)


@shared_task
def render_pending() -> int:
    """Print what waits, whoever was to print it."""
    return rendering.render_pending()


@shared_task
def remove_orphan_files() -> int:
    """Remove bytes that a crash left without a row, or after their erasure."""
    return files.remove_orphans() + files.destroy_left(since=timezone.now() - timedelta(days=7))
