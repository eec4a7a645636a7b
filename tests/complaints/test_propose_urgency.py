"""`manage.py propose_urgency`, end to end."""

import gzip
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

ROWS = '编号,内容\r\n1,"热水壶漏电，\n孩子被烫伤"\r\n2,颜色不对\r\n\r\n3,\r\n'


def run(path, *, text="内容", **options):
    out = StringIO()
    call_command("propose_urgency", path, text=text, stdout=out, **options)
    return out.getvalue()


def rows(path, **options):
    return [json.loads(line) for line in run(path, json=True, **options).splitlines()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_each_row_has_its_proposal_reasons_and_words(tmp_path, encoding):
    path = tmp_path / "history.csv"
    path.write_bytes(ROWS.encode(encoding))

    first, second, third = rows(path)

    assert (first["row"], first["line"]) == (1, 2)
    assert (first["urgency"], first["severity"], first["safety"]) == ("emergency", "severe", True)
    assert {"shock", "injury", "child"} <= {reason["code"] for reason in first["reasons"]}
    assert "漏电" in first["words"]
    text = "热水壶漏电，\n孩子被烫伤"
    for finding in first["findings"]:
        start, end = finding["span"]
        assert text[start:end] == finding["words"]
    assert (second["urgency"], second["reasons"], second["words"]) == ("normal", [], [])
    assert (third["row"], third["line"], third["urgency"]) == (3, 6, "normal")


def test_a_compressed_file_and_another_delimiter_are_read(tmp_path):
    path = tmp_path / "history.csv.gz"
    path.write_bytes(gzip.compress(b"id\tCDESCR\n1\tThe engine caught fire\n"))

    assert [row["urgency"] for row in rows(path, text="CDESCR")] == ["emergency"]


def test_an_unknown_column_is_answered_with_those_found(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text("编号,内容\n1,好\n", encoding="utf-8")

    with pytest.raises(
        CommandError, match="没有名为「正文」的列。文件里的列是：编号、内容"
    ) as caught:
        run(path, text="正文")

    assert caught.value.returncode == 2


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "空的"), (b"a,b\n1,\xff\xff\xff\xff\n", "编码")]
)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path, content, words):
    path = tmp_path / "history.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=words):
        run(path, text="b")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(CommandError, match="打不开文件"):
        run(tmp_path / "absent.csv")


def test_a_row_without_the_column_is_named_and_the_rest_is_read(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text("编号,内容\n1\n2,充电器冒烟了\n", encoding="utf-8")

    short, whole = rows(path)

    assert (short["row"], "problem" in short) == (1, True)
    assert whole["urgency"] == "emergency"


def test_a_megabyte_in_one_cell_is_read(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text("内容\n" + "很好。" * 350_000 + "充电器冒烟\n", encoding="utf-8")

    (row,) = rows(path)

    assert row["urgency"] == "emergency"


def test_people_read_it_in_words(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text("内容\n充电器冒烟了\n", encoding="utf-8")

    assert run(path) == "第 1 行：紧急，严重。起火、冒烟或爆炸「冒烟」\n"
