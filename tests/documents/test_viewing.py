"""Copies for viewing hold the picture and nothing about its maker."""

import io

import pytest
from PIL import Image

from documents.models import StoredFile
from documents.services import files, viewing
from documents.states import FileKind
from tests.documents import makers

pytestmark = pytest.mark.django_db


def uploaded(data, name="a.jpg"):
    return files.store_file(io.BytesIO(data), name=name)


def opened(row):
    return Image.open(io.BytesIO(files.read_bytes(row)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_copies_hold_no_place_time_or_camera(kind):
    data = makers.picture(kind, gps=True)
    with Image.open(io.BytesIO(data)) as original:
        assert original.getexif().get_ifd(makers.GPS_IFD)
    row = uploaded(data)
    for copy in (viewing.viewing_copy(row), viewing.thumbnail(row)):
        with opened(copy) as shown:
            assert not shown.getexif()
            assert not set(shown.info) & {"exif", "comment", "icc_profile", "xmp"}
        raw = files.read_bytes(copy)
        assert b"CameraMaker" not in raw
        assert makers.COMMENT not in raw
        assert b"Exif" not in raw
        assert copy.metadata_stripped
    assert files.read_bytes(row) == data


def test_copies_are_bounded_and_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    target = io.BytesIO()
    Image.new("RGB", (4000, 3000), "red").save(target, "JPEG", exif=exif)
    row = uploaded(target.getvalue())
    assert opened(viewing.viewing_copy(row)).size == (1920, 2560)
    assert opened(viewing.thumbnail(row)).size == (240, 320)


def test_copies_of_small_pictures_are_not_blown_up():
    row = uploaded(makers.picture(size=(64, 48)))
    assert opened(viewing.viewing_copy(row)).size == (64, 48)


def test_copies_keep_transparency():
    row = uploaded(makers.picture("PNG", mode="RGBA", colour=(1, 2, 3, 128)), "a.png")
    copy = viewing.viewing_copy(row)
    assert copy.media_type == "image/png"
    assert opened(copy).mode == "RGBA"


def test_copies_are_made_once():
    row = uploaded(makers.picture())
    assert viewing.viewing_copy(row) == viewing.viewing_copy(row)
    assert viewing.thumbnail(row).derived_from == row
    assert StoredFile.objects.filter(derived_from=row).count() == 2


def test_two_makers_at_once_leave_one_copy():
    row = uploaded(makers.picture())
    first = viewing.viewing_copy(row)
    assert viewing._make_copies(row)[FileKind.VIEW] == first
    assert StoredFile.objects.filter(derived_from=row).count() == 2


@pytest.mark.parametrize("name", ["iphone.HEIC", "invoice.pdf", "film.mp4", "chat.txt"])
def test_other_files_have_no_copy(name):
    row = uploaded(makers.HONEST[name], name)
    assert viewing.viewing_copy(row) is None
    assert not viewing.can_be_viewed(row)


def test_a_picture_that_ends_too_early_has_no_copy_but_is_kept():
    target = io.BytesIO()
    Image.effect_noise((400, 400), 90).convert("RGB").save(target, "JPEG")
    row = uploaded(target.getvalue()[:-20_000])
    assert viewing.viewing_copy(row) is None
