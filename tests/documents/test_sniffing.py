"""What a file really is decides; liars, bombs and hybrids are refused, each with its reason."""

import io
import resource

import pytest
from PIL import Image

from documents.errors import FileRefused
from documents.filetypes import EVIDENCE, MAX_PIXELS
from documents.refusals import MESSAGES
from documents.sniffing import archives, identify, pictures
from documents.text import clean_name
from tests.documents import makers


def identified(name, data):
    return identify(io.BytesIO(data), name, allow=EVIDENCE)


@pytest.mark.parametrize("name", makers.HONEST)
def test_identify_takes_honest_files(name):
    assert identified(name, makers.HONEST[name]).media_type == makers.MEDIA_TYPES[name]


def test_identify_takes_a_picture_under_the_extension_of_another():
    assert identified("wechat.jpg", makers.picture("WEBP")).media_type == "image/webp"


def test_identify_takes_a_moving_photo():
    assert identified("live.jpg", makers.picture() + makers.film()).media_type == "image/jpeg"


def test_there_are_enough_liars():
    assert len(makers.LIARS) >= 40


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [pytest.param(*liar[1:], id=liar[0]) for liar in makers.LIARS],
)
def test_identify_refuses_liars(name, data, code):
    with pytest.raises(FileRefused) as caught:
        identified(clean_name(name), data)
    assert caught.value.code == code
    assert clean_name(name) in str(caught.value)


def test_every_reason_to_refuse_is_reached():
    reached = {liar[3] for liar in makers.LIARS}
    elsewhere = {"too_large", "too_many_pixels", "archive_too_big"}
    assert reached | elsewhere == set(MESSAGES)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bomb.png", makers.png_claiming(12_000, 12_000)),
        ("bomb.png", makers.png_claiming(100_000, 100_000)),
        ("bomb.jpg", makers.jpg_claiming(60_000, 60_000)),
        ("bomb.gif", makers.gif_claiming(65_000, 65_000)),
        ("bomb.webp", makers.webp_claiming(16_000, 16_000)),
    ],
)
def test_identify_refuses_picture_bombs_by_their_header(name, data):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FileRefused) as caught:
        identified(name, data)
    assert caught.value.code == "too_many_pixels"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_identify_takes_a_picture_of_exactly_the_most_pixels():
    data = makers.jpg_claiming(8_000, MAX_PIXELS // 8_000)
    assert identified("large.jpg", data).key == "jpg"
    with pytest.raises(FileRefused):
        identified("larger.jpg", makers.jpg_claiming(8_000, MAX_PIXELS // 8_000 + 1))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(makers.zip_bomb(), id="unpacks to 400 MB"),
        pytest.param(makers.docx(**{f"word/{n}.xml": b"" for n in range(1001)}), id="1003 entries"),
        pytest.param(makers.docx(word__big=b"\0" * 3_000_000), id="ratio over 100"),
    ],
)
def test_identify_refuses_zip_bombs_without_unpacking(data):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FileRefused) as caught:
        identified("bomb.docx", data)
    assert caught.value.code == "archive_too_big"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_find_directory_needs_a_real_one():
    assert archives.find_directory(io.BytesIO(b"x" * 100 + b"PK\5\6")) is None
    assert archives.find_directory(io.BytesIO(makers.ZIP)) is not None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_picture_size_reads_headers(kind):
    mode, colour = ("P", 0) if kind == "GIF" else ("RGB", "red")
    data = makers.picture(kind, size=(123, 45), mode=mode, colour=colour)
    key = {"JPEG": "jpg"}.get(kind, kind.lower())
    assert pictures.picture_size(io.BytesIO(data), key) == (123, 45)


def test_picture_size_reads_lossless_and_see_through_webp():
    lossless, clear = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (70, 30)).save(lossless, "WEBP", lossless=True)
    Image.new("RGBA", (70, 30), (1, 2, 3, 99)).save(clear, "WEBP", quality=50)
    assert pictures.picture_size(lossless, "webp") == (70, 30)
    assert pictures.picture_size(clear, "webp") == (70, 30)
