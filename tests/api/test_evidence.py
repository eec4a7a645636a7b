"""Files by the API: the same checks, the same ledger, and a second try that does no harm."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from rest_framework.test import APIClient

from complaints.actors import Actor
from complaints.models import Evidence
from complaints.selectors.custody import custody_of
from complaints.services import evidence as handing_in
from complaints.services.intake import submit_complaint
from documents.models import StoredFile
from tests.complaints.vault_makers import drawing, encoded
from tests.documents import makers
from tests.factories import complaint, make_case

pytestmark = pytest.mark.django_db
PHOTO = encoded(drawing(1))


def upload(client, path, data=PHOTO, name="底座.jpg", **fields):
    sent = {"file": SimpleUploadedFile(name, data), **fields}
    return client.post(f"/api/v1/{path}/evidence/", sent, format="multipart")


@pytest.fixture
def receipt():
    return submit_complaint(complaint(), by=Actor.consumer())


def test_staff_hand_in_a_file_and_see_it_listed(login):
    client, case = login("agent"), make_case()
    answer = upload(client, f"cases/{case.reference}", caption="底座熔化", for_consumer="false")
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["sha256"] == sha256(PHOTO).hexdigest() and body["size"] == len(PHOTO)
    assert (body["media_type"], body["scan"]) == ("image/jpeg", "not_scanned")
    assert client.get(f"/api/v1/cases/{case.reference}/evidence/").json() == [body]
    evidence = Evidence.objects.get()
    assert not evidence.for_consumer and evidence.caption == "底座熔化"
    entry = custody_of(evidence).entries[0]
    assert (entry.kind, entry.channel, entry.actor) == ("received", "api", client.user)


def test_consumer_hands_in_with_the_secret(anybody, receipt):
    path = f"complaints/{receipt.case.reference}"
    assert upload(anybody, path, secret=receipt.secret).status_code == 201
    evidence = Evidence.objects.get()
    assert (evidence.case, evidence.uploaded_by_kind) == (receipt.case, "consumer")


def test_second_try_is_the_same_evidence(anybody, receipt):
    path = f"complaints/{receipt.case.reference}"
    first = upload(anybody, path, secret=receipt.secret)
    second = upload(anybody, path, secret=receipt.secret)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json() and Evidence.objects.count() == 1


@pytest.fixture
def upload_at_once(monkeypatch, receipt):
    """Sends files so that each is stored before any is attached; gives the answers' codes."""
    store = handing_in.store_file

    def send(*files: bytes) -> list[int]:
        barrier = Barrier(len(files))

        def stored(stream, *, name):
            kept = store(stream, name=name)
            barrier.wait(timeout=30)
            return kept

        def sent(data: bytes) -> int:
            path = f"complaints/{receipt.case.reference}"
            try:
                return upload(APIClient(), path, data, secret=receipt.secret).status_code
            finally:
                connection.close()

        monkeypatch.setattr(handing_in, "store_file", stored)
        with ThreadPoolExecutor(len(files)) as pool:
            return sorted(pool.map(sent, files))

    return send


@pytest.mark.django_db(transaction=True)
def test_the_same_bytes_at_once_are_one_evidence(upload_at_once):
    assert upload_at_once(PHOTO, PHOTO, PHOTO) == [200, 200, 201]
    assert (Evidence.objects.count(), StoredFile.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_files_at_once_are_no_more_than_a_case_holds(upload_at_once, monkeypatch):
    monkeypatch.setattr(handing_in, "MOST_FILES", 2)
    codes = upload_at_once(*(encoded(drawing(number)) for number in (1, 2, 3)))
    assert codes[:2] == [201, 201] and 400 <= codes[2] < 500
    assert (Evidence.objects.count(), StoredFile.objects.count()) == (2, 2)


def test_wrong_secrets_and_strangers_leave_nothing(anybody, receipt, login):
    other = make_case()
    for reference, secret in ((receipt.case.reference, "x"), (other.reference, receipt.secret)):
        assert upload(anybody, f"complaints/{reference}", secret=secret).status_code == 404
    assert upload(anybody, f"cases/{other.reference}").status_code == 401
    assert upload(login("finance"), f"cases/{other.reference}").status_code == 404
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "code", "status"),
    [
        ("a.jpg", makers.HTML, "type_mismatch", 400),
        ("a.jpg", b"", "empty", 400),
        ("a.png", makers.png_claiming(60_000, 60_000), "too_many_pixels", 400),
        ("a.docx", makers.zip_bomb(), "archive_too_big", 400),
        ("a.txt", b"x" * (20 * 1024 * 1024 + 1), "too_large", 413),
    ],
)
def test_refused_file_says_why(login, name, data, code, status):
    answer = upload(login("agent"), f"cases/{make_case().reference}", data, name)
    assert answer.status_code == status
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"]) == ("file", code) and name in error["message"]
    assert not Evidence.objects.exists()


def test_other_bodies_are_refused(login):
    path = f"cases/{make_case().reference}"
    client = login("agent")
    address = f"/api/v1/{path}/evidence/"
    assert client.post(address, {"file": "x"}, format="json").status_code == 415
    missing = client.post(address, {}, format="multipart")
    assert missing.json()["errors"][0]["field"] == "file"
    assert upload(client, path, virus="1").json()["errors"][0]["code"] == "unknown"
