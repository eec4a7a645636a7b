"""Stored files: bytes before rows, nothing half-kept, nothing altered without being noticed."""

import hashlib
import io
import os
from datetime import timedelta

import pytest
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from documents.errors import FileMissing, FileQuarantined, FileRefused, FileTampered
from documents.filetypes import MEGABYTE, PHOTOS
from documents.models import StoredFile
from documents.services import files
from documents.states import FileKind, ScanStatus
from documents.storage import PrivateFileStorage, file_storage
from tests.documents import makers
from tests.documents.conftest import kept_files

pytestmark = pytest.mark.django_db


def stored(name="照片.jpg", data=None, **options):
    data = makers.HONEST[name] if data is None else data
    return files.store_file(io.BytesIO(data), name=name, **options)


@pytest.mark.parametrize("name", makers.HONEST)
def test_store_file_keeps_what_was_sent(name, files_root):
    row = stored(name)
    assert files.read_bytes(row) == makers.HONEST[name]
    assert row.sha256 == hashlib.sha256(makers.HONEST[name]).hexdigest()
    assert (row.size, row.media_type) == (len(makers.HONEST[name]), makers.MEDIA_TYPES[name])
    assert (row.original_name, row.kind) == (name, FileKind.UPLOAD)
    assert row.scan_status == ScanStatus.NOT_SCANNED
    assert kept_files(files_root) == [files_root / row.storage_name]
    assert kept_files(files_root)[0].stat().st_mode & 0o777 == 0o600


def test_store_file_takes_an_upload():
    upload = SimpleUploadedFile("a.jpg", makers.picture())
    assert files.store_file(upload, name=upload.name).size == len(makers.picture())


@pytest.mark.parametrize(
    "name",
    [
        "../../../../tmp/evil.jpg",
        "..\\..\\evil.jpg",
        "/etc/cron.d/evil.jpg",
        "a\x00.jpg",
        "x" * 5000 + ".jpg",
        "\u202egpj.jpg",
        "CON.jpg",
        "-rf.jpg",
        "%2e%2e%2fevil.jpg",
        "a;b|c`d`.jpg",
        "<script>.jpg",
    ],
)
def test_tricky_names_stay_text(name, files_root):
    row = stored(name, makers.picture())
    assert row.storage_name == f"{row.created_at:%Y/%m}/{row.pk}.jpg"
    assert kept_files(files_root) == [files_root / row.storage_name]
    assert len(row.original_name) <= 150
    assert not set(row.original_name) & set("/\\\x00\u202e")


@pytest.mark.parametrize(
    ("name", "data"),
    [pytest.param(*liar[1:3], id=liar[0]) for liar in makers.LIARS[::7]],
)
def test_refused_files_leave_nothing(name, data, files_root):
    with pytest.raises(FileRefused):
        stored(name, data)
    assert kept_files(files_root) == []
    assert not StoredFile.objects.exists()


def test_store_file_refuses_what_the_caller_does_not_allow():
    with pytest.raises(FileRefused) as caught:
        stored("invoice.pdf", allow=PHOTOS)
    assert caught.value.code == "type_not_allowed"


class Endless:
    """A stream that never ends and counts what was taken from it."""

    def __init__(self):
        self.taken = 0

    def read(self, size=-1):
        self.taken += size
        return b"\xff" * size


def test_store_file_stops_reading_at_the_limit(files_root):
    endless = Endless()
    with pytest.raises(FileRefused) as caught:
        files.store_file(endless, name="a.jpg", allow=PHOTOS)
    assert caught.value.code == "too_large"
    assert endless.taken <= 21 * MEGABYTE
    assert "20 MB" in str(caught.value)
    assert kept_files(files_root) == []


def test_a_document_may_not_be_as_big_as_a_film():
    data = makers.picture() + b"\0" * (20 * MEGABYTE)
    with pytest.raises(FileRefused) as caught:
        stored("a.jpg", data)
    assert caught.value.code == "too_large"
    film = makers.film() + makers.box(b"free", b"\0" * (20 * MEGABYTE))
    assert stored("a.mp4", film).size > 20 * MEGABYTE


def test_the_caller_may_lower_the_limit():
    with pytest.raises(FileRefused) as caught:
        stored("a.jpg", makers.picture("JPEG", size=(2000, 2000)), max_bytes=4000)
    assert caught.value.code == "too_large"


def test_a_crash_after_the_bytes_leaves_no_row_and_the_janitor_cleans_up(files_root, monkeypatch):
    class Crash(BaseException):
        """Stands for a kill between the bytes and the row."""

    def crash(*_args, **_options):
        raise Crash

    with monkeypatch.context() as broken, pytest.raises(Crash):
        broken.setattr(StoredFile, "save", crash)
        stored()
    kept = stored("scan.png")
    assert len(kept_files(files_root)) == 2
    assert files.remove_orphans() == 0
    assert files.remove_orphans(older_than=timedelta(seconds=-1)) == 1
    assert kept_files(files_root) == [files_root / kept.storage_name]


def test_a_crash_while_writing_leaves_no_file_under_its_name(files_root, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken, pytest.raises(OSError, match="No space"):
        broken.setattr(os, "fsync", full)
        stored()
    assert kept_files(files_root) == []
    assert not StoredFile.objects.exists()


def test_the_janitor_passes_by_a_file_that_vanishes_meanwhile(files_root, monkeypatch):
    (files_root / "2026").mkdir(parents=True)
    (files_root / "2026" / "upload.png.part").write_bytes(b"half")

    def gone(_storage, name):
        raise FileNotFoundError(name)

    monkeypatch.setattr(PrivateFileStorage, "get_modified_time", gone)
    assert files.remove_orphans(older_than=timedelta(seconds=-1)) == 0


def test_the_janitor_works_before_the_first_file(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "not-yet"
    assert files.remove_orphans() == 0


def test_storage_never_overwrites_and_has_no_address(files_root):
    storage = file_storage()
    assert isinstance(storage, PrivateFileStorage)
    row = stored()
    with pytest.raises(ValueError, match="no public address"):
        storage.url(row.storage_name)
    with pytest.raises(FileExistsError):
        storage._save(row.storage_name, File(io.BytesIO(b"other")))
    assert files.read_bytes(row) == makers.HONEST["照片.jpg"]


def test_another_storage_can_be_configured(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "files": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    row = stored()
    assert files.read_bytes(row) == makers.HONEST["照片.jpg"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda _data: b"",
    ],
)
def test_changed_bytes_are_noticed(files_root, spoil):
    row = stored()
    path = files_root / row.storage_name
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(FileTampered), files.open_verified(row):
        pytest.fail("not one byte may be handed out")


def test_lost_bytes_are_noticed(files_root):
    row = stored()
    (files_root / row.storage_name).unlink()
    with pytest.raises(FileMissing):
        files.read_bytes(row)


def test_quarantined_files_are_not_opened():
    row = makers.quarantined(stored())
    with pytest.raises(FileQuarantined):
        files.read_bytes(row)
    assert StoredFile.objects.get().is_quarantined


@pytest.mark.parametrize("column", ["sha256", "size", "storage_name", "media_type", "kind"])
def test_the_database_refuses_to_alter_a_file(column):
    row = stored()
    other = {"sha256": "0" * 64, "size": 1, "kind": FileKind.RENDERED}.get(column, "x")
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=row.pk).update(**{column: other})
    assert getattr(StoredFile.objects.get(), column) == getattr(row, column)


def test_the_database_refuses_raw_sql_on_a_file():
    stored()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE documents_storedfile SET sha256 = repeat('0', 64)")


def test_a_name_may_be_erased():
    row = stored()
    StoredFile.objects.filter(pk=row.pk).update(original_name="file.jpg")
    assert StoredFile.objects.get().original_name == "file.jpg"


def test_copies_must_be_stripped_and_belong_to_an_original():
    row = stored()
    for wrong in (
        {"kind": FileKind.VIEW},
        {"kind": FileKind.VIEW, "derived_from": row},
        {"kind": FileKind.UPLOAD, "derived_from": row},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            StoredFile.objects.create(
                original_name="x",
                storage_name="x",
                media_type="x",
                size=1,
                sha256="0" * 64,
                **wrong,
            )


def test_a_hash_must_be_one():
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.create(
            original_name="x", storage_name="x", media_type="x", size=1, sha256="?"
        )


def test_discard_file_removes_rows_and_then_bytes(files_root, django_capture_on_commit_callbacks):
    row = stored()
    with django_capture_on_commit_callbacks(execute=True):
        files.discard_file(row)
        assert len(kept_files(files_root)) == 1
    assert kept_files(files_root) == []
    assert not StoredFile.objects.exists()


def test_discard_file_spares_what_is_needed():
    row = stored()
    files.store_own_file(
        makers.picture(), name="v.jpg", key="jpg", kind=FileKind.VIEW, derived_from=row
    )
    with pytest.raises(ProtectedError):
        row.delete()
    files.discard_file(row)
    assert not StoredFile.objects.exists()


def test_kinds_of_files_are_told():
    assert stored().is_photo
    assert stored("film.mp4").is_video
    assert not stored("chat.txt").is_photo
    assert not stored("chat.txt").is_video
