"""Files by the API: the same checks, the same ledger, and a second try that does no harm."""

from __future__ import annotations

from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from complaints.actors import Actor
from complaints.models import Evidence
from complaints.selectors.custody import custody_of
from complaints.services.intake import submit_complaint
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
