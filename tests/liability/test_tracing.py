"""Tables of the supply chain come in row by row; a serial leads to all that belongs to it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import StepForbidden
from complaints.importing.refusals import FileRefused
from complaints.models import Batch, Product
from complaints.services.intake import submit_complaint
from liability.models import BatchSupply, BatchTest, SerialNumber, SupplierPaper, UnitsSold
from liability.services.trace_imports import TraceReport, import_trace_file
from tests.factories import complaint, make_case, make_product, staff
from tests.liability.doors import staff_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch() -> Batch:
    return Batch.objects.create(product=make_product(), code="B-0722", units_sold=5000)


def taken(tmp_path: Path, table: str, *rows: tuple[str, ...]) -> TraceReport:
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return import_trace_file(table, path, by=staff(Role.INVESTIGATOR))


def chain(tmp_path: Path) -> None:
    """The whole chain of the batch B-0722."""
    taken(tmp_path, "serials", ("序列号", "批次", "生产日期"), ("SN-1", "B-0722", "2026-07-22"))
    taken(tmp_path, "supplies", ("批次", "供货者", "部件"), ("B-0722", "华昱温控", "温控器"))
    header = ("批次", "环节", "日期", "地点或产线", "异常")
    taken(tmp_path, "production", header, ("B-0722", "装配", "2026-07-22", "二线", "换过料"))
    papers = ("供货者", "种类", "编号", "名称", "生效日期", "到期日期")
    old = ("华昱温控", "认证证书", "ISO-1", "ISO 9001", "2020-01-01", "2023-01-01")
    taken(
        tmp_path, "papers", papers, old, ("华昱温控", "质量协议", "Q-7", "协议", "2026-01-01", "")
    )
    header = ("批次", "报告编号", "检测日期", "检测单位", "检测项目", "抽样数", "不合格数")
    taken(tmp_path, "tests", header, ("B-0722", "T-1", "2026-08-01", "省检", "耐久", "32", "3"))
    taken(tmp_path, "units", ("批次", "期间开始", "销量"), ("B-0722", "2026-08-01", "1,200"))


def test_bad_rows_are_told_and_good_ones_kept(tmp_path, batch):
    report = taken(
        tmp_path,
        "serials",
        ("序列号", "批次", "生产日期"),
        ("SN-1", "B-0722", "2026-07-22"),
        ("SN-1", "B-0722", "2026-07-22"),
        ("SN-2", "B-9999", ""),
        ("SN-3", "B-0722", "22 July"),
        ("", "B-0722", ""),
        ("SN-4", "B-0722", ""),
    )
    assert (report.read, report.added) == (6, 2)
    assert [problem.line for problem in report.bad] == [3, 4, 5, 6]
    assert "SN-1" in report.bad[0].reason
    assert "B-9999" in report.bad[1].reason
    assert set(SerialNumber.objects.values_list("number", flat=True)) == {"SN-1", "SN-4"}


def test_second_run_adds_nothing(tmp_path, batch):
    rows = (("序列号", "批次"), ("SN-1", "B-0722"), ("SN-2", "B-0722"))
    assert taken(tmp_path, "serials", *rows).added == 2
    again = taken(tmp_path, "serials", *rows)
    assert (again.added, again.known, again.bad) == (0, 2, [])


def test_row_that_says_something_else_changes_nothing_and_is_told(tmp_path, batch):
    taken(tmp_path, "serials", ("序列号", "批次", "售出日期"), ("SN-1", "B-0722", "2026-08-01"))
    header = ("序列号", "批次", "售出日期")
    report = taken(tmp_path, "serials", header, ("SN-1", "B-0722", "2026-09-01"))
    assert (report.added, report.known, len(report.bad)) == (0, 0, 1)
    assert "内容不一样" in report.bad[0].reason
    assert SerialNumber.objects.get().sold_on.isoformat() == "2026-08-01"


def test_products_and_batches_come_in_and_a_batch_needs_its_product(tmp_path, db):
    header = ("型号", "商品", "品类", "标价", "保修月数")
    report = taken(
        tmp_path,
        "products",
        header,
        ("K9", "电热水壶 K9", "小家电", "1,299.00", "24"),
        ("K8", "电热水壶 K8", "", "", ""),
        ("K7", "电热水壶 K7", "", "12.345", ""),
        ("K6", "电热水壶 K6", "", "-3", ""),
    )
    assert (report.added, [problem.line for problem in report.bad]) == (2, [4, 5])
    product = Product.objects.get(model="K9")
    assert (str(product.list_price), product.warranty_months) == ("1299.00", 24)
    assert Product.objects.get(model="K8").warranty_months == 12
    rows = (("型号", "批次", "已售数量"), ("K9", "B-1", "300"), ("K0", "B-1", "1"))
    report = taken(tmp_path, "batches", *rows)
    assert (report.added, len(report.bad)) == (1, 1)
    assert "K0" in report.bad[0].reason
    assert taken(tmp_path, "batches", *rows).known == 1
    assert taken(tmp_path, "serials", ("序列号", "批次"), ("SN-9", "B-1")).added == 1


def test_same_code_of_two_products_needs_the_model(tmp_path, batch):
    other = Batch.objects.create(product=make_product(), code="B-0722")
    report = taken(
        tmp_path,
        "serials",
        ("序列号", "型号", "批次"),
        ("SN-1", "", "B-0722"),
        ("SN-2", other.product.model, "B-0722"),
    )
    assert (report.added, len(report.bad)) == (1, 1)
    assert SerialNumber.objects.get().batch == other


def test_whole_chain_comes_in(tmp_path, batch):
    chain(tmp_path)
    assert BatchSupply.objects.get().supplier.name == "华昱温控"
    assert SupplierPaper.objects.count() == 2
    assert (BatchTest.objects.get().sampled, UnitsSold.objects.get().units) == (32, 1200)


@pytest.mark.parametrize(
    ("table", "header", "row"),
    [
        (
            "tests",
            "批次,报告编号,检测日期,检测单位,检测项目,抽样数,不合格数",
            "B-0722,T,2026-01-01,a,b,3,4",
        ),
        (
            "tests",
            "批次,报告编号,检测日期,检测单位,检测项目,抽样数,不合格数",
            "B-0722,T,2026-01-01,a,b,0,0",
        ),
        ("papers", "供货者,种类,编号,名称,生效日期", "没有这家,审核,1,a,2026-01-01"),
        ("production", "批次,环节,日期,地点", "B-0722,唱歌,2026-01-01,二线"),
        ("units", "批次,期间开始,销量", "B-0722,2026-01-01,-5"),
    ],
)
def test_impossible_rows_are_refused(tmp_path, batch, table, header, row):
    report = taken(tmp_path, table, tuple(header.split(",")), tuple(row.split(",")))
    assert (report.added, len(report.bad)) == (0, 1)
    assert report.bad[0].reason


def test_missing_column_refuses_the_file_and_an_agent_may_not(tmp_path, batch):
    with pytest.raises(FileRefused):
        taken(tmp_path, "serials", ("序列号",), ("SN-1",))
    with pytest.raises(StepForbidden):
        import_trace_file("serials", tmp_path / "table.csv", by=staff(Role.AGENT))


def test_workbook_is_taken_on_the_page(batch):
    book, kept = Workbook(), io.BytesIO()
    for row in [("serial", "batch", "sold_on"), ("SN-1", "B-0722", None), ("SN-2", "B-1", None)]:
        book.active.append(row)
    book.save(kept)
    client = staff_client(Role.INVESTIGATOR)
    file = SimpleUploadedFile("serials.xlsx", kept.getvalue())
    page = reverse("liability:trace_import")
    answer = client.post(page, {"table": "serials", "file": file})
    assert answer.status_code == 200
    assert "没有批次 B-1" in answer.content.decode()
    assert SerialNumber.objects.get().number == "SN-1"
    assert client.post(page, {"table": "serials"}).status_code == 422


@pytest.mark.parametrize("asked", ["SN-1", "B-0722", "b-0722", "华昱温控"])
def test_one_view_shows_stage_supplier_and_siblings(tmp_path, batch, asked):
    chain(tmp_path)
    by_batch = submit_complaint(
        complaint(product_id=batch.product_id, batch_code=batch.code), by=Actor.consumer()
    ).case
    by_serial = make_case(serial_number="SN-1")
    page = staff_client(Role.INVESTIGATOR).get(reverse("liability:trace"), {"q": asked})
    shown = page.content.decode()
    for words in ("装配", "换过料", "华昱温控", "ISO 9001", "今天不在有效期内", "耐久", "1,200"):
        assert words in shown
    assert by_batch.reference in shown
    assert by_serial.reference in shown


def test_nothing_found_says_so(batch):
    page = staff_client(Role.AGENT).get(reverse("liability:trace"), {"q": "<none>"})
    assert "没有找到" in page.content.decode()
    assert "&lt;none&gt;" in page.content.decode()


def test_case_leads_to_its_trace_and_a_mismatch_is_told(tmp_path, batch):
    chain(tmp_path)
    other = Batch.objects.create(product=batch.product, code="B-0801")
    case = submit_complaint(
        complaint(product_id=batch.product_id, batch_code=other.code, serial_number="SN-1"),
        by=Actor.consumer(),
    ).case
    client = staff_client(Role.AGENT)
    tab = client.get(reverse("desk:case_tab", args=[case.reference, "liability"]))
    address = reverse("liability:case_trace", args=[case.reference])
    assert address in tab.content.decode()
    assert "不一致" in client.get(address).content.decode()


def test_page_asks_the_database_the_same_for_many_cases(
    tmp_path, batch, django_assert_max_num_queries
):
    chain(tmp_path)
    client = staff_client(Role.INVESTIGATOR)
    for _ in range(6):
        submit_complaint(
            complaint(product_id=batch.product_id, batch_code=batch.code), by=Actor.consumer()
        )
    with django_assert_max_num_queries(24):
        client.get(reverse("liability:trace_batch", args=[batch.pk]))
