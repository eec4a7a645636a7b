"""Small files in the layouts of other systems."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

CFPB_COLUMNS = [
    "Date received",
    "Product",
    "Sub-product",
    "Issue",
    "Sub-issue",
    "Consumer complaint narrative",
    "Company public response",
    "Company",
    "State",
    "ZIP code",
    "Tags",
    "Consumer consent provided?",
    "Submitted via",
    "Date sent to company",
    "Company response to consumer",
    "Timely response?",
    "Consumer disputed?",
    "Complaint ID",
]


def cfpb_row(number: int, **changes: str) -> dict[str, str]:
    """A row of 18 columns with its id."""
    row = dict.fromkeys(CFPB_COLUMNS, "")
    row.update(
        {
            "Date received": "2023-02-14",
            "Product": "Mortgage",
            "Issue": "Late payment",
            "Consumer complaint narrative": "I was charged twice.",
            "Company": "ACME BANK",
            "State": "CA",
            "ZIP code": "92592",
            "Submitted via": "Web",
            "Date sent to company": "2023-02-14",
            "Complaint ID": str(number),
        }
    )
    return row | changes


def nhtsa_row(number: int, **changes: str) -> dict[str, str]:
    """A row about a vehicle that hurt nobody."""
    row = {
        "CMPLID": str(number + 1000),
        "ODINO": str(number),
        "MAKE": "FORD",
        "MODEL": "EDGE",
        "YEAR": "2018",
        "FAILDATE": "2019-01-03",
        "DATEA": "2020-01-03",
        "VIN": "2FMPK4J93JB",
        "CDESCR": "THE DOOR DOES NOT OPEN.",
        "BINNING": "DOOR LATCH | OWD",
        "CRASH": "N",
        "FIRE": "N",
        "INJURED": "0",
        "DEATHS": "0",
        "MILES": "",
        "STATE": "Indiana",
    }
    return row | changes


def heimao_row(number: int, **changes: str) -> dict[str, str]:
    """A row of the consumer forum."""
    row = {
        "date": "2025-11-23",
        "title": "信*飞",
        "summary": "借款时被扣会员费，没有享受到权益。",
        "object": "信*飞App",
        "demands": "退息费，退会员费",
        "href": f"https://tousu.sina.com.cn/complaint/view/{number}/?sld=1d3d",
    }
    return row | changes


def write_rows(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write rows under their header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_text(path: Path, text: str) -> Path:
    """Write a file as it is."""
    path.write_text(text, encoding="utf-8")
    return path


HEADER = "投诉编号,投诉内容,投诉时间,姓名,手机,金额"
ROWS = [
    "A-1,壶盖合不上,2019-03-04,周小华,13812345678,199",
    "A-2,屏幕有亮线,2019-03-05,李雷,13900001111,¥1299.50",
]


def table(*rows: str, header: str = HEADER) -> str:
    """A table of complaints as text."""
    return "\n".join([header, *rows]) + "\n"


def saved(tmp_path: Path, content: bytes | str, name: str = "f.csv") -> Path:
    """Where a file with this content is."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(rows: list[list[Any]]) -> bytes:
    """A workbook of one sheet."""
    book, stream = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def upload(client: Client, content: bytes | str, name: str = "投诉.csv") -> Any:
    """Upload a file on the page of imports; returns the answer."""
    raw = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile(name, raw)
    sent = {"file": file, "source_name": "淘宝", "channel": "import", "language": "zh-hans"}
    return client.post(reverse("complaints:imports"), sent)
