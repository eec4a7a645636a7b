"""Files of a complaint that is never sent are gone with it, bytes and all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse

from complaints.models import Evidence, IntakeDraft
from complaints.moments import now
from complaints.services.drafts import start_draft, throw_away
from complaints.services.evidence import add_draft_file, remove_draft_file
from complaints.services.purging import DRAFTS_KEPT, purge
from documents.models import StoredFile
from documents.services.files import remove_orphans
from documents.services.viewing import thumbnail
from tests.complaints.intake_steps import fill_form, picture, send_form

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def root(settings, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


def kept_bytes() -> list[Path]:
    return [path for path in Path(configured.FILES_ROOT).rglob("*") if path.is_file()]


def draft_with_picture() -> tuple[IntakeDraft, Evidence]:
    draft = start_draft(address="192.0.2.1", language="zh-hans")
    evidence = add_draft_file(draft, upload=picture(), name="底座.png")
    thumbnail(evidence.file)
    assert len(kept_bytes()) >= 1
    return draft, evidence


def take_off(draft: IntakeDraft, evidence: Evidence) -> None:
    remove_draft_file(draft, evidence.pk)


def expire(draft: IntakeDraft, evidence: Evidence) -> None:
    IntakeDraft.objects.filter(pk=draft.pk).update(saved_at=now() - DRAFTS_KEPT * 2)
    purge()


@pytest.mark.parametrize("go", [take_off, lambda draft, _evidence: throw_away(draft), expire])
def test_unsent_files_are_gone_with_their_copies(go: Callable[..., None]) -> None:
    draft, evidence = draft_with_picture()

    go(draft, evidence)
    remove_orphans(older_than=timedelta(seconds=-1))

    assert not Evidence.objects.exists()
    assert not StoredFile.objects.exists()
    assert kept_bytes() == []


def test_other_drafts_and_what_another_row_needs_stay() -> None:
    draft, evidence = draft_with_picture()
    _other, theirs = draft_with_picture()
    shared = Evidence.objects.create(file=evidence.file, uploaded_by_kind="staff", at=now())

    remove_draft_file(draft, theirs.pk)
    remove_draft_file(draft, evidence.pk)

    assert set(Evidence.objects.all()) == {theirs, shared}
    assert all(
        Path(configured.FILES_ROOT, each.file.storage_name).exists()
        for each in Evidence.objects.select_related("file")
    )


def test_files_of_a_sent_complaint_stay(client: Client) -> None:
    fill_form(client)
    client.post(reverse("intake:upload"), {"files": picture()})
    send_form(client)
    IntakeDraft.objects.update(saved_at=now() - DRAFTS_KEPT * 2)

    purge()

    assert Evidence.objects.get().case is not None
    assert len(kept_bytes()) >= 1
