"""Hostile and odd files through the desk's door: refused by name, or kept without being shown."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case, CustodyEntry, Evidence
from complaints.services.intake import submit_complaint
from complaints.services.vault import prepare_waiting
from documents.filetypes import MEGABYTE
from documents.models import StoredFile
from documents.services.files import read_bytes
from documents.services.viewing import viewing_copy
from tests.complaints.vault_makers import add, drawing, encoded
from tests.documents import makers
from tests.factories import complaint, make_case, make_user, staff

pytestmark = pytest.mark.django_db
PHOTO = encoded(drawing(1))


def animated(kind: str) -> bytes:
    frames = [drawing(seed) for seed in (1, 2, 3)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)


@pytest.fixture
def agent(client: Client) -> User:
    user = make_user(Role.AGENT)
    client.force_login(user)
    return user


def upload(client: Client, case: Case, name: str, data: bytes) -> Any:
    address = reverse("complaints:evidence_add", args=[case.reference])
    return client.post(address, {"files": SimpleUploadedFile(name, data), "seen": case.version})


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        pytest.param("空.jpg", b"", "是空的", id="zero bytes"),
        pytest.param("网页.jpg", makers.HTML, "对不上", id="html as jpg"),
        pytest.param("矢量.jpg", makers.SVG, "对不上", id="svg as jpg"),
        pytest.param("图.jpg", PHOTO + makers.HTML, "夹着别的内容", id="jpg and html"),
        pytest.param("图.jpg", PHOTO + makers.ZIP, "夹着别的内容", id="jpg and zip"),
        pytest.param("图.gif", b"GIF89a=1;/*" + b"\0" * 80, "打不开", id="gif that is a script"),
        pytest.param("炸弹.png", makers.png_claiming(60_000, 60_000), "尺寸太大", id="pixel bomb"),
        pytest.param("炸弹.jpg", makers.jpg_claiming(60_000, 60_000), "尺寸太大", id="jpg bomb"),
        pytest.param("炸弹.docx", makers.zip_bomb(), "展开以后太大", id="zip bomb"),
        pytest.param("截断.png", encoded(drawing(1), "PNG")[:-200], "打不开", id="png cut short"),
        pytest.param("大.txt", b"x" * (20 * MEGABYTE + 1), "超过了 20 MB", id="oversized"),
    ],
)
def test_refused_by_name_with_nothing_left(
    client: Client, agent: User, name: str, data: bytes, says: str
) -> None:
    answer = upload(client, make_case(), name, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page or ("超过" in says and "20 MB" in page)
    assert not Evidence.objects.exists()
    assert not StoredFile.objects.exists()
    assert not CustodyEntry.objects.exists()


def kept(client: Client, name: str, data: bytes) -> tuple[Evidence, str]:
    case = make_case()
    assert upload(client, case, name, data).status_code == 303
    prepare_waiting()
    evidence = Evidence.objects.select_related("file").get()
    assert read_bytes(evidence.file) == data
    address = reverse("complaints:evidence", args=[case.reference, evidence.pk])
    return evidence, client.get(address).content.decode()


def test_a_picture_of_one_pixel_is_shown(client: Client, agent: User) -> None:
    evidence, page = kept(client, "点.png", encoded(Image.new("RGB", (1, 1), "red"), "PNG"))
    assert "data-viewer" in page
    copy = viewing_copy(evidence.file)
    assert copy is not None and read_bytes(copy)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_one_frame_is_shown(client: Client, agent: User, kind: str) -> None:
    evidence, page = kept(client, f"动图.{kind.lower()}", animated(kind))
    copy = viewing_copy(evidence.file)
    assert copy is not None and "data-viewer" in page
    with Image.open(io.BytesIO(read_bytes(copy))) as shown:
        assert shown.format == "JPEG" and getattr(shown, "n_frames", 1) == 1


def test_a_photo_cut_short_is_kept_and_not_shown(client: Client, agent: User) -> None:
    evidence, page = kept(client, "截断.jpg", PHOTO[: len(PHOTO) // 2])
    assert "data-viewer" not in page and "不能在这里查看" in page
    assert evidence.case is not None
    address = reverse("desk:case_tab", args=[evidence.case.reference, "evidence"])
    assert "/thumbnail/" not in client.get(address).content.decode()


def test_consumer_gets_back_a_photo_cut_short_and_nobody_elses(client: Client) -> None:
    receipt = submit_complaint(complaint(), by=Actor.consumer())
    cut = PHOTO[: len(PHOTO) // 2]
    mine, theirs = add(receipt.case, cut), add(receipt.case, cut, by=staff(Role.AGENT))
    client.get(f"/t/{receipt.secret}/", follow=True)
    place = receipt.case.reference
    assert client.get(reverse("mine:file", args=[place, mine.pk])).content == cut
    assert client.get(reverse("mine:file", args=[place, theirs.pk])).status_code == 404


def test_heic_is_kept_as_a_file_to_download(client: Client, agent: User) -> None:
    evidence, page = kept(client, "现场.heic", makers.heic())
    assert "data-viewer" not in page and "不能在这里查看" in page
    assert evidence.case is not None
    args = [evidence.case.reference, evidence.pk]
    assert client.get(reverse("complaints:evidence_picture", args=args)).status_code == 404
    answer = client.post(
        reverse("complaints:evidence_original", args=args), {"purpose": "handling"}
    )
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")


def test_place_and_device_stay_in_the_original(client: Client, agent: User) -> None:
    evidence, _page = kept(client, "现场.jpg", makers.picture(gps=True))
    copy = viewing_copy(evidence.file)
    assert copy is not None
    with Image.open(io.BytesIO(read_bytes(copy))) as shown:
        assert not shown.getexif() and not shown.info.get("comment")
    with Image.open(io.BytesIO(read_bytes(evidence.file))) as original:
        assert original.getexif()
