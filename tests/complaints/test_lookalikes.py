"""The same picture elsewhere: found however it was stored, told apart from others, by the index."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Evidence, PictureMark
from complaints.picture_marks import BITS, MOST, SURE, Mark, mark_of_image, signed, unsigned
from complaints.selectors import lookalikes as looking
from complaints.selectors.lookalikes import lookalikes
from complaints.services import vault
from complaints.services.vault import prepare_waiting
from tests.complaints.vault_makers import add, drawing, encoded
from tests.factories import make_case, make_user, staff

SEEDS = st.integers(0, 2**32)
NUMBERS = st.integers(0, 2**64 - 1)


def recompressed(image: Image.Image, quality: int) -> Image.Image:
    return Image.open(io.BytesIO(encoded(image, quality=quality)))


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "halved": lambda image: image.resize((image.width // 2, image.height // 2)),
    "thumbnail": lambda image: image.resize((120, 90)),
    "enlarged": lambda image: image.resize((image.width * 2, image.height * 2)),
    "recompressed": lambda image: recompressed(image, 40),
    "brightened": lambda image: ImageEnhance.Brightness(image).enhance(1.05),
    "darkened": lambda image: ImageEnhance.Brightness(image).enhance(0.9),
    "sent on": lambda image: recompressed(image.resize((360, 270)), 60),
}


def mark(image: Image.Image) -> Mark:
    made = mark_of_image(image)
    assert made is not None
    return made


@pytest.mark.parametrize("change", CHANGES)
@settings(max_examples=25, derandomize=True)
@given(seed=SEEDS)
def test_a_changed_picture_keeps_its_mark(change: str, seed: int) -> None:
    image = drawing(seed)
    assert mark(image).distance(mark(CHANGES[change](image))) <= MOST


@settings(max_examples=150, derandomize=True)
@given(one=SEEDS, other=SEEDS)
def test_different_pictures_have_different_marks(one: int, other: int) -> None:
    if one != other:
        assert mark(drawing(one)).distance(mark(drawing(other))) > MOST


@given(rows=NUMBERS, columns=NUMBERS, places=st.sets(st.integers(0, BITS - 1), max_size=SURE))
def test_marks_that_are_near_share_a_band(rows: int, columns: int, places: set[int]) -> None:
    one, bits = Mark(rows, columns), sum(1 << place for place in places)
    other = Mark(rows ^ bits >> 64, columns ^ bits & (1 << 64) - 1)
    assert one.distance(other) == len(places)
    assert set(one.bands) & set(other.bands)


@given(NUMBERS)
def test_numbers_survive_the_database(number: int) -> None:
    assert -(1 << 63) <= signed(number) < 1 << 63
    assert unsigned(signed(number)) == number


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (800, 600), "white"),
        Image.new("RGB", (1, 1), "red"),
        Image.new("RGBA", (300, 300), (0, 0, 0, 0)),
        Image.linear_gradient("L").resize((64, 2)).crop((0, 0, 64, 1)),
    ],
    ids=["white page", "one pixel", "clear", "line"],
)
def test_a_picture_without_drawing_has_no_mark(image: Image.Image) -> None:
    assert mark_of_image(image) is None


def placed(data: bytes, **case: object) -> Evidence:
    return add(make_case(**case), data)


@pytest.mark.django_db
def test_same_picture_of_another_case_is_shown_and_says_how_alike(client: Client) -> None:
    image = drawing(7)
    here = placed(encoded(image, quality=95))
    same = placed(encoded(image, quality=95))
    small = placed(encoded(image.resize((240, 180)), quality=70))
    other = placed(encoded(drawing(8)))
    prepare_waiting()
    found = lookalikes(here, staff(Role.AGENT))
    assert [each.evidence for each in found] == [same, small]
    assert found[0].is_same_file and not found[1].is_same_file
    client.force_login(make_user(Role.AGENT))
    assert here.case and same.case and small.case and other.case
    address = reverse("complaints:evidence", args=[here.case.reference, here.pk])
    page = client.get(address).content.decode()
    assert same.case.reference in page and "完全相同的文件" in page
    assert small.case.reference in page and f"相似度 {found[1].percent}%" in page
    assert other.case.reference not in page


@pytest.mark.django_db
def test_page_marks_a_picture_that_nobody_has_prepared(client: Client) -> None:
    here, there = placed(encoded(drawing(7))), placed(encoded(drawing(7), quality=50))
    prepare_waiting(most=1)
    assert PictureMark.objects.count() == 1
    client.force_login(make_user(Role.AGENT))
    assert there.case and here.case
    address = reverse("complaints:evidence", args=[there.case.reference, there.pk])
    assert here.case.reference in client.get(address).content.decode()


@pytest.mark.django_db
def test_one_picture_that_kills_its_worker_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = placed(encoded(drawing(7))), placed(encoded(drawing(8)))

    def die(_encoded: bytes) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(vault, "mark_of", die)
        with pytest.raises(KeyboardInterrupt):
            prepare_waiting()
    prepare_waiting()
    assert [mark.file_id for mark in PictureMark.objects.all()] == [second.file_id]
    assert vault.prepare_again() == 1
    assert PictureMark.objects.filter(file=first.file).exists()
    assert vault.prepare_again() == 0


@pytest.mark.django_db
def test_pictures_of_cases_that_are_not_yours_to_see_stay_unseen() -> None:
    here, _there = placed(encoded(drawing(7))), placed(encoded(drawing(7)))
    prepare_waiting()
    assert len(lookalikes(here, staff(Role.AGENT))) == 1
    assert lookalikes(here, staff(Role.FINANCE)) == []


@pytest.mark.django_db
def test_the_same_case_drafts_and_blank_pages_are_no_lookalikes() -> None:
    case = make_case()
    here = add(case, encoded(drawing(7)))
    add(case, encoded(drawing(7), quality=60))
    blank, other_blank = (
        placed(encoded(Image.new("RGB", (60, 40), colour))) for colour in ("white", "#fefefe")
    )
    prepare_waiting()
    assert lookalikes(here, staff(Role.AGENT)) == []
    assert lookalikes(blank, staff(Role.AGENT)) == []
    assert PictureMark.objects.get(file=other_blank.file).rows is None


@pytest.mark.django_db
def test_other_files_are_compared_by_their_bytes() -> None:
    note = "型号和批次".encode()
    here, there = (add(make_case(), note, "说明.txt") for _ in range(2))
    prepare_waiting()
    (found,) = lookalikes(here, staff(Role.AGENT))
    assert found.evidence == there and found.is_same_file and found.percent == 100


@pytest.mark.django_db
def test_near_marks_are_found_by_the_index_and_not_by_a_scan() -> None:
    here = placed(encoded(drawing(7)))
    prepare_waiting()
    known = PictureMark.objects.get(file=here.file)
    draw = random.Random(1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET session_replication_role = replica")
        for _ in range(20):
            marks = [Mark(draw.getrandbits(64), draw.getrandbits(64)) for _ in range(500)]
            cursor.executemany(
                "INSERT INTO complaints_picturemark (file_id, rows, columns, bands)"
                " VALUES (gen_random_uuid(), %s, %s, %s)",
                [(signed(m.rows), signed(m.columns), m.bands) for m in marks],
            )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE complaints_picturemark")
        asked = {"rows": known.rows, "columns": known.columns, "bands": known.bands}
        asked |= {"file": here.file_id, "most": MOST, "limit": looking.MOST_CANDIDATES}
        cursor.execute(f"EXPLAIN {looking.NEAR}", asked)
        plan = "\n".join(row for (row,) in cursor.fetchall())
        cursor.execute("DELETE FROM complaints_picturemark WHERE file_id <> %s", [here.file_id])
    assert "complaints_picture_bands" in plan and "Seq Scan" not in plan
    assert lookalikes(here, Actor.system()) == []
