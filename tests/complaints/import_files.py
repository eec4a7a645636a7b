"""Small files in the layouts of other systems."""

from __future__ import annotations

import csv
from pathlib import Path

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
