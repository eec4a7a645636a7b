"""Scans: said plainly, tried again, quarantined for everybody, released by a manager."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, CaseEvent, Evidence, IntakeDraft, Notification, OutboxMessage
from complaints.moments import now
from complaints.selectors.custody import custody_of
from complaints.services import custody, vault
from complaints.services.evidence import add_draft_file
from complaints.services.intake import submit_complaint
from complaints.tasks import tend_evidence, verify_evidence
from documents.errors import FileQuarantined
from documents.models import FileScan, StoredFile
from documents.services.files import read_bytes
from documents.services.scanning import PAUSES
from documents.services.viewing import thumbnail, viewing_copy
from documents.states import ScanStatus
from tests.clamd import EICAR, ENGINE, Daemon, serving
from tests.complaints.vault_makers import add, drawing, encoded, meddle
from tests.factories import complaint, make_case, make_user, staff

pytestmark = pytest.mark.django_db
PHOTO = encoded(drawing(1))
BAD_PHOTO = encoded(drawing(2), comment=EICAR)
BAD_TEXT = b"note: " + EICAR


@pytest.fixture
def daemon(settings: LazySettings) -> Iterator[Daemon]:
    with serving(Daemon()) as running:
        settings.CLAMD_ADDRESS, settings.CLAMD_SECONDS = running.address, 20
        yield running


def owned() -> Case:
    case = make_case()
    case.owner = make_user(Role.AGENT)
    case.save(update_fields=["owner"])
    return case


def told(evidence: Evidence) -> list[tuple[str, str]]:
    return [(entry.kind, entry.detail) for entry in custody_of(evidence).entries[1:]]


def due_now() -> None:
    FileScan.objects.exclude(next_at=None).update(next_at=timezone.now() - timedelta(seconds=1))


def page(client: Client, evidence: Evidence) -> str:
    assert evidence.case is not None
    address = reverse("complaints:evidence", args=[evidence.case.reference, evidence.pk])
    return client.get(address).content.decode()


def test_without_a_scanner_files_say_so_plainly(client: Client) -> None:
    client.force_login(make_user(Role.AGENT))
    evidence = add(make_case(), PHOTO)
    tend_evidence()
    assert not FileScan.objects.exists()
    text = page(client, evidence)
    assert "未扫描" in text and "正在等待" not in text and "没有发现问题" not in text
    assert evidence.case is not None
    tab = client.get(reverse("desk:case_tab", args=[evidence.case.reference, "evidence"]))
    assert "未扫描" in tab.content.decode()


def test_clean_file_says_by_whom_and_when(daemon: Daemon, client: Client) -> None:
    client.force_login(make_user(Role.AGENT))
    evidence = add(make_case(), PHOTO)
    tend_evidence()
    assert daemon.received == [PHOTO]
    assert told(evidence) == [("scanned", ENGINE)]
    text = page(client, evidence)
    assert "没有发现问题" in text and ENGINE in text
    tend_evidence()
    assert len(daemon.received) == 1


def test_infected_file_is_quarantined_for_everybody(daemon: Daemon, client: Client) -> None:
    case = owned()
    evidence = add(case, BAD_PHOTO)
    copy = viewing_copy(evidence.file)
    tend_evidence()
    assert told(evidence) == [("quarantined", "Eicar-Signature")]
    evidence = Evidence.objects.select_related("file", "case").get()
    for stored in (evidence.file, StoredFile.objects.get(pk=copy.pk)):
        with pytest.raises(FileQuarantined):
            read_bytes(stored)
    for make in (viewing_copy, thumbnail):
        with pytest.raises(FileQuarantined):
            make(evidence.file)
    client.force_login(make_user(Role.MANAGER))
    args = [case.reference, evidence.pk]
    for name in ("evidence_picture", "evidence_thumb", "evidence_copy"):
        answer = client.get(reverse(f"complaints:{name}", args=args))
        assert answer.status_code == 409 and "隔离" in answer.content.decode()
    address = reverse("complaints:evidence_original", args=args)
    assert client.post(address, {"purpose": "handling"}).status_code == 409
    assert told(evidence) == [("quarantined", "Eicar-Signature")]
    assert "已隔离" in page(client, evidence) and "Eicar-Signature" in page(client, evidence)


def test_file_in_quarantine_is_still_compared_with_its_hash(daemon: Daemon) -> None:
    make_user(Role.MANAGER)
    evidence = add(make_case(), BAD_TEXT, "说明.txt")
    tend_evidence()
    evidence = Evidence.objects.select_related("file", "case").get()
    assert custody.verify_evidence(evidence, by=staff(Role.AGENT))
    assert told(evidence)[-1] == ("verified", "")
    meddle(evidence, lambda data: data + b"!")
    assert not custody.verify_evidence(evidence, by=staff(Role.AGENT))
    assert told(evidence)[-1] == ("mismatch", "changed")


def test_who_answers_for_the_case_is_told_of_a_quarantine(daemon: Daemon) -> None:
    case = owned()
    add(case, BAD_TEXT, "说明.txt")
    tend_evidence()
    notice = Notification.objects.get(kind="evidence_quarantined")
    assert notice.user == case.owner
    assert OutboxMessage.objects.filter(kind="evidence_quarantined").count() == 1
    assert CaseEvent.objects.filter(case=case, kind="evidence_quarantined").exists()


def test_only_a_manager_releases_and_says_why(daemon: Daemon, client: Client) -> None:
    evidence = add(make_case(), BAD_TEXT, "说明.txt")
    tend_evidence()
    evidence = Evidence.objects.select_related("file", "case__consumer").get()
    assert evidence.case is not None
    address = reverse("complaints:evidence_release", args=[evidence.case.reference, evidence.pk])
    client.force_login(make_user(Role.AGENT))
    assert client.post(address, {"note": "误报"}).status_code == 403
    client.force_login(make_user(Role.MANAGER))
    assert "Eicar-Signature" in client.get(address).content.decode()
    assert client.post(address, {"note": " "}).status_code == 422
    assert client.post(address, {"note": "用另一程序复查过"}).status_code == 303
    stored = StoredFile.objects.get(pk=evidence.file_id)
    assert stored.scan_status == ScanStatus.RELEASED and read_bytes(stored) == BAD_TEXT
    assert told(evidence)[-1][0] == "released"
    assert client.post(address, {"note": "再来一次"}).status_code == 422
    tend_evidence()
    assert StoredFile.objects.get(pk=evidence.file_id).scan_status == ScanStatus.RELEASED


def test_consumer_is_asked_for_another_file(daemon: Daemon, client: Client) -> None:
    receipt = submit_complaint(complaint(), by=Actor.consumer())
    evidence = add(receipt.case, BAD_PHOTO)
    tend_evidence()
    client.get(f"/t/{receipt.secret}/", follow=True)
    page = client.get(reverse("mine:files", args=[receipt.case.reference])).content.decode()
    assert "请换一份重新上传" in page and "/thumbnail/" not in page
    file = client.get(reverse("mine:file", args=[receipt.case.reference, evidence.pk]))
    assert file.status_code == 409 and "隔离" in file.content.decode()


def test_release_is_refused_below_the_page_too(daemon: Daemon) -> None:
    add(make_case(), BAD_TEXT, "说明.txt")
    tend_evidence()
    evidence = Evidence.objects.select_related("file", "case__consumer").get()
    with pytest.raises(CaseError, match="主管"):
        vault.release_evidence(evidence, by=staff(Role.AGENT), note="误报")
    with pytest.raises(CaseError, match="理由"):
        vault.release_evidence(evidence, by=staff(Role.MANAGER), note="")


def test_scanner_that_fails_is_asked_again_with_patience(daemon: Daemon, client: Client) -> None:
    client.force_login(make_user(Role.AGENT))
    daemon.answer = lambda _daemon, _data: b"stream: Can't open file ERROR\0"
    evidence = add(make_case(), PHOTO)
    tend_evidence()
    scan = FileScan.objects.get()
    assert (scan.attempts, scan.problem) == (1, "unclear")
    assert scan.next_at is not None
    assert timedelta(0) < scan.next_at - timezone.now() <= PAUSES[0]
    assert "未扫描，正在等待扫描" in page(client, evidence)
    tend_evidence()
    assert len(daemon.received) == 1
    for _ in PAUSES:
        due_now()
        tend_evidence()
    assert FileScan.objects.get().next_at is None and len(daemon.received) == len(PAUSES) + 1
    assert "没有给出结果" in page(client, evidence) and told(evidence) == []
    daemon.answer = Daemon().answer
    verify_evidence()
    tend_evidence()
    assert ("scanned", ENGINE) in told(evidence)


def test_too_large_is_said_and_not_tried_again(daemon: Daemon, client: Client) -> None:
    client.force_login(make_user(Role.AGENT))
    daemon.limit = 10
    evidence = add(make_case(), b"hello, world", "说明.txt")
    tend_evidence()
    assert FileScan.objects.get().next_at is None
    assert "超过扫描程序的上限" in page(client, evidence)
    verify_evidence()
    assert FileScan.objects.get().next_at is None


def test_evidence_from_before_there_was_a_scanner_is_caught_up(settings: LazySettings) -> None:
    evidence = add(make_case(), PHOTO)
    tend_evidence()
    with serving(Daemon()) as running:
        settings.CLAMD_ADDRESS = running.address
        verify_evidence()
        tend_evidence()
    assert ("scanned", ENGINE) in told(evidence)


def test_file_that_does_not_fit_is_not_sent_to_the_scanner(daemon: Daemon) -> None:
    make_user(Role.MANAGER)
    evidence = add(make_case(), "烧水时底座不加热。".encode(), "说明.txt")
    meddle(evidence, lambda data: data + b"!")
    tend_evidence()
    assert daemon.received == []
    assert told(evidence) == [("mismatch", "changed")]
    assert FileScan.objects.get().problem == "file_fault"


def test_files_of_drafts_wait_until_they_are_sent(daemon: Daemon) -> None:
    draft = IntakeDraft.objects.create(language="zh-hans", created_at=now(), saved_at=now())
    add_draft_file(draft, upload=io.BytesIO(PHOTO), name="底座.jpg")
    tend_evidence()
    assert daemon.received == []


def test_a_verdict_that_cannot_be_told_is_not_kept(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError("no notices today")

    evidence = add(owned(), BAD_TEXT, "说明.txt")
    monkeypatch.setattr(vault, "tell_staff", fail)
    with pytest.raises(RuntimeError):
        tend_evidence()
    stored = StoredFile.objects.get(pk=evidence.file_id)
    assert stored.scan_status == ScanStatus.NOT_SCANNED and told(evidence) == []
