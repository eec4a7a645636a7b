"""Lists taken out: what one sees, safe in a spreadsheet, written down, in constant memory."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.states import Role
from complaints.errors import StepForbidden
from complaints.importing.cells import safe_cell
from complaints.models import Case, ExportLog
from complaints.services.exporting import export_cases
from complaints.services.intake import ContactData
from tests.factories import make_case, make_team, make_user, staff

pytestmark = pytest.mark.django_db
EVIL = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1+1", "＝1+1", "＋1", "－1", "＠x")
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.fixture
def manager(client):
    user = make_user(Role.MANAGER)
    make_team(manager=user, is_default=True)
    client.force_login(user)
    return user


def taken_out(client, query="view=all", **form):
    address = f"{reverse('complaints:export_file')}?{query}"
    answer = client.post(address, {"form": "csv", **form})
    assert answer.status_code == 200, answer.content
    return answer, b"".join(answer.streaming_content)


def test_the_list_that_one_sees_is_the_list_taken_out(client, manager):
    kept = make_case(order_number="A-1", channel="phone")
    make_case(order_number="A-2")
    page = client.get(f"{reverse('complaints:export')}?view=all&channel=phone").content.decode()
    assert "1 件" in page
    answer, raw = taken_out(client, "view=all&channel=phone")
    assert raw.startswith(b"\xef\xbb\xbf") and "attachment" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [row["reference"] for row in rows] == [kept.reference]
    log = ExportLog.objects.get()
    assert (log.user, log.query, log.form) == (manager, "view=all&channel=phone", "csv")
    assert (log.expected, log.rows) == (1, 1)


def test_no_contact_and_no_text_unless_asked_for(client, manager):
    make_case(contact=ContactData(name="周小华", phone="13812345678", email="z@example.test"))
    _answer, raw = taken_out(client)
    text = raw.decode()
    assert "周小华" not in text and "13812345678" not in text
    _answer, raw = taken_out(client, with_text="on", form="jsonl")
    assert "烧水时" in json.loads(raw.decode())["description"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_cells_are_no_formulas(client, manager, form):
    for evil in EVIL:
        make_case(product_text=evil)
    _answer, raw = taken_out(client, form=form)
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
        cells = [row["product_text"] for row in rows]
    else:
        sheet = load_workbook(io.BytesIO(raw)).active
        place = [cell.value for cell in sheet[1]].index("product_text")
        found = [row[place] for row in sheet.iter_rows(min_row=2)]
        assert all(cell.data_type == "s" for cell in found)
        cells = [cell.value for cell in found]
    assert len(cells) == len(EVIL)
    assert all(cell.startswith("'") for cell in cells)


@given(st.text() | st.builds("{}{}".format, st.sampled_from(SIGNS), st.text()))
def test_a_safe_cell_never_begins_like_a_formula(text):
    assert not str(safe_cell(text)).startswith(SIGNS)
    assert safe_cell(text).removeprefix("'") == text or safe_cell(text) == text


def test_characters_that_no_workbook_holds_are_left_out(client, manager):
    Case.objects.filter(pk=make_case().pk).update(product_text="坏\x0b了\x1f")
    _answer, raw = taken_out(client, form="xlsx")
    assert "坏了" in str(list(load_workbook(io.BytesIO(raw)).active.values))


def test_who_went_away_before_the_end_is_told_apart(client, manager):
    make_case()
    content = export_cases(
        Case.objects.all(), form="csv", query="", with_text=False, by=staff(Role.MANAGER)
    )
    next(content)
    content.close()
    assert ExportLog.objects.get().rows is None


def test_only_managers_take_lists_out(client, manager):
    with pytest.raises(StepForbidden):
        export_cases(
            Case.objects.all(), form="csv", query="", with_text=False, by=staff(Role.AGENT)
        )
    client.force_login(make_user(Role.AGENT))
    assert client.post(reverse("complaints:export_file"), {"form": "csv"}).status_code == 403
    client.force_login(manager)
    assert client.post(reverse("complaints:export_file"), {"form": "exe"}).status_code == 422
    assert not ExportLog.objects.exists()


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_memory_does_not_grow_with_the_list(manager, form):
    case = make_case(description="长" * 5000)
    rows = Case.objects.filter(pk=case.pk)

    class Many:
        """The same case again and again, as a list of any length."""

        def __init__(self, times):
            self.times = times

        def count(self):
            return self.times

        def order_by(self, _name):
            return self

        def values_list(self, *columns):
            self.row = rows.values_list(*columns)[0]
            return self

        def iterator(self, chunk_size):
            assert chunk_size
            return (self.row for _time in range(self.times))

    def peak(times):
        tracemalloc.start()
        by = staff(Role.MANAGER)
        for _piece in export_cases(Many(times), form=form, query="", with_text=True, by=by):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    assert peak(20_000) < 3 * peak(2_000) + 2_000_000
